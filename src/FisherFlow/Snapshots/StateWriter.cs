using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace FisherFlow.Snapshots;

/// <summary>Writes a state's fields in a fixed order, little-endian; what each type writes is its own affair.</summary>
public sealed class StateWriter
{
    readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Writes an integer of 32 bits.</summary>
    public void Write(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    /// <summary>Writes an integer of 64 bits.</summary>
    public void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    /// <summary>Writes a double, bit for bit.</summary>
    public void Write(double value) => Write(BitConverter.DoubleToInt64Bits(value));

    /// <summary>Writes a truth value.</summary>
    public void Write(bool value) => Write(value ? 1 : 0);

    /// <summary>Writes a text as UTF-8 with its length; null is kept apart from empty.</summary>
    public void Write(string? value)
    {
        if (value is null)
        {
            Write(-1);
            return;
        }
        var bytes = Encoding.UTF8.GetBytes(value);
        Write(bytes.Length);
        _buffer.Write(bytes);
    }

    /// <summary>Writes numbers <c>[n]</c> with their count.</summary>
    public void Write(ReadOnlySpan<double> values)
    {
        Write(values.Length);
        _buffer.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Writes integers <c>[n]</c> with their count.</summary>
    public void Write(ReadOnlySpan<int> values)
    {
        Write(values.Length);
        _buffer.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Writes texts with their count.</summary>
    public void Write(IReadOnlyCollection<string> values)
    {
        Write(values.Count);
        foreach (var value in values) { Write(value); }
    }
}
