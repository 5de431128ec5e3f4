using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CsvHelper;

namespace FisherFlow.Data.Sources;

/// <summary>Records that were read before their time, kept until they are asked for: by the reader that looked ahead, or by a thread that encodes them.</summary>
/// <remarks>
/// A record without quotes is kept as it stands and split where it is used; of others the fields are kept, as the CSV reader made them out.
/// <b>Allocates</b>: nothing once its arrays have grown. <b>Threads</b>: one at a time.
/// </remarks>
sealed class RecordBatch
{
    /// <summary>Looking ahead ends when the records kept are larger than this together.</summary>
    internal const int MaximumBytes = 32 * 1024 * 1024;

    /// <summary>Bytes in front of every field, and behind, that may be read along.</summary>
    const int Margin = 32;

    Place[] _places = new Place[64];
    byte[] _bytes = new byte[64 * 1024];
    int[] _ends = new int[256];
    int[] _starts = [];
    int[] _stops = [];
    int _length = Margin;
    int _keptEnds;
    int _count;
    int _next;

    /// <summary>Where a record stood, and where it is kept: behind <see cref="Start"/>, its separator if it is whole, or else the number of its first field's end.</summary>
    internal readonly record struct Place(string FileName, long Line, int FieldCount, int Start, int Length, byte Separator, int FirstEnd);

    /// <summary>Records kept and not yet moved past.</summary>
    internal int Waiting => _count - _next;

    /// <summary>Records kept.</summary>
    internal int Count => _count;

    internal bool IsFull => _length >= MaximumBytes;

    /// <summary>Bytes kept.</summary>
    internal int Length => _length;

    /// <summary>Forgets all records.</summary>
    internal void Clear() => (_length, _keptEnds, _count, _next) = (Margin, 0, 0, 0);

    /// <summary>Goes back to before a record.</summary>
    internal void Rewind(int record) => _next = record;

    /// <summary>Keeps a copy of the record that a CSV reader is at, if its text is that of its fields.</summary>
    /// <returns>Whether it is; else nothing was kept.</returns>
    internal bool TryAddWhole(CsvReader csv, string fileName)
    {
        var raw = csv.RawRecord;
        if (csv.Separator > 0x7f || csv.FieldCount == 0 || raw.Contains((byte)'"')) { return false; }
        Reserve(raw.Length);
        raw.CopyTo(_bytes.AsSpan(_length));
        Keep(new(fileName, csv.LineNumber, csv.FieldCount, _length, raw.Length, (byte)csv.Separator, 0));
        _length += raw.Length;
        return true;
    }

    /// <summary>Keeps a copy of a record, field by field.</summary>
    /// <param name="record">The reader, at the record.</param>
    internal void Add(RecordReader record)
    {
        var columns = record.Columns.Count;
        var (start, first) = (_length, _keptEnds);
        for (var column = 0; column < columns; column++)
        {
            var field = record.Field(column);
            Reserve(field.Length);
            field.CopyTo(_bytes.AsSpan(_length));
            _length += field.Length;
            if (_keptEnds == _ends.Length) { Array.Resize(ref _ends, 2 * _keptEnds); }
            _ends[_keptEnds++] = _length;
        }
        Keep(new(record.FileName, record.Line, record.FieldCount, start, _length - start, 0, first));
    }

    /// <summary>Moves to the next record and says where it stands.</summary>
    /// <param name="columns">The fields that may be asked for.</param>
    internal Place Next(int columns) => MoveTo(_next, columns);

    /// <summary>Moves to a record and says where it stands.</summary>
    internal Place MoveTo(int record, int columns)
    {
        _next = record + 1;
        ref readonly var place = ref _places[record];
        if (_starts.Length < Math.Max(columns, place.FieldCount)) { (_starts, _stops) = (new int[Math.Max(columns, place.FieldCount)], new int[Math.Max(columns, place.FieldCount)]); }
        if (place.Separator != 0)
        {
            Split(place);
            for (var column = place.FieldCount; column < columns; column++) { _starts[column] = _stops[column] = place.Start; }
        }
        else
        {
            for (var column = 0; column < columns; column++)
            {
                _starts[column] = column == 0 ? place.Start : _ends[place.FirstEnd + column - 1];
                _stops[column] = _ends[place.FirstEnd + column];
            }
        }
        return place;
    }

    /// <summary>A field of the record moved to last; empty where it is too short.</summary>
    internal ReadOnlySpan<byte> Field(int column)
    {
        var start = _starts[column];
        return FieldParser.Trim(_bytes.AsSpan(start, _stops[column] - start));
    }

    /// <summary>The number in a field of the record moved to last, if it is a plain one: digits, perhaps with a sign and a point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryPlainNumber(int column, out double value) => PlainNumber.TryRead(_bytes, _starts[column], _stops[column], out value);

    void Keep(in Place place)
    {
        if (_count == _places.Length) { Array.Resize(ref _places, 2 * _count); }
        _places[_count++] = place;
    }

    void Reserve(int bytes)
    {
        if (_bytes.Length - _length < bytes + Margin) { Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + bytes + Margin)); }
    }

    /// <summary>Finds the fields between separators, 32 bytes at a time.</summary>
    void Split(in Place place)
    {
        ref var bytes = ref MemoryMarshal.GetArrayDataReference(_bytes);
        var (starts, stops) = (_starts, _stops);
        var (end, start, field) = (place.Start + place.Length, place.Start, 0);
        var separator = Vector256.Create(place.Separator);
        for (var at = place.Start; at < end; at += Vector256<byte>.Count)
        {
            var found = Vector256.Equals(Vector256.LoadUnsafe(ref bytes, (nuint)at), separator).ExtractMostSignificantBits();
            if (end - at < Vector256<byte>.Count) { found &= (1u << (end - at)) - 1; }
            for (; found != 0; found &= found - 1)
            {
                var stop = at + System.Numerics.BitOperations.TrailingZeroCount(found);
                (starts[field], stops[field++]) = (start, stop);
                start = stop + 1;
            }
        }
        (starts[field], stops[field]) = (start, end);
        System.Diagnostics.Debug.Assert(field + 1 == place.FieldCount, "a record without quotes has a field more than separators");
    }
}
