using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace FisherFlow.Snapshots;

/// <summary>Reads a state's fields in the order in which <see cref="StateWriter"/> wrote them.</summary>
/// <exception cref="InvalidDataException">Thrown by every read that runs past the end or finds an impossible length.</exception>
public sealed class StateReader(ReadOnlyMemory<byte> bytes)
{
    int _position;

    /// <summary>Bytes left to read.</summary>
    public int Remaining => bytes.Length - _position;

    /// <summary>Reads an integer of 32 bits.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>Reads an integer of 64 bits.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>Reads a double, bit for bit.</summary>
    public double ReadDouble() => BitConverter.Int64BitsToDouble(ReadInt64());

    /// <summary>Reads a truth value.</summary>
    public bool ReadBoolean() => ReadInt32() switch
    {
        0 => false,
        1 => true,
        var other => throw new InvalidDataException($"a truth value reads {other}; 0 or 1 was expected"),
    };

    /// <summary>Reads a text that may be null.</summary>
    public string? ReadOptionalText()
    {
        var length = ReadInt32();
        return length == -1 ? null : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>Reads a text.</summary>
    public string ReadText() => ReadOptionalText() ?? throw new InvalidDataException("a text is missing");

    /// <summary>Reads numbers.</summary>
    public double[] ReadDoubles() => MemoryMarshal.Cast<byte, double>(Take(8L * ReadInt32())).ToArray();

    /// <summary>Reads integers.</summary>
    public int[] ReadInt32s() => MemoryMarshal.Cast<byte, int>(Take(4L * ReadInt32())).ToArray();

    /// <summary>Reads texts.</summary>
    public string[] ReadTexts()
    {
        var count = ReadInt32();
        if (count < 0 || count > Remaining / 4) { throw new InvalidDataException($"a list claims {count} texts where {Remaining} bytes are left"); }
        var texts = new string[count];
        for (var i = 0; i < count; i++) { texts[i] = ReadText(); }
        return texts;
    }

    ReadOnlySpan<byte> Take(long length)
    {
        if (length < 0 || length > Remaining) { throw new InvalidDataException($"the state ends early: {length} bytes wanted, {Remaining} left"); }
        var span = bytes.Span.Slice(_position, (int)length);
        _position += (int)length;
        return span;
    }
}
