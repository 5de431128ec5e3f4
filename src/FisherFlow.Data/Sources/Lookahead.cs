namespace FisherFlow.Data.Sources;

/// <summary>Records that were read before their time, kept until they are asked for.</summary>
sealed class Lookahead
{
    /// <summary>Looking ahead ends when the records kept are larger than this together.</summary>
    internal const int MaximumBytes = 32 * 1024 * 1024;

    readonly List<Place> _places = [];
    readonly List<int> _ends = [];
    byte[] _bytes = new byte[64 * 1024];
    int _length;
    int _next;
    int _columns;

    internal readonly record struct Place(string FileName, long Line, int FieldCount);

    /// <summary>Records kept and not yet moved past.</summary>
    internal int Waiting => _places.Count - _next;

    internal bool IsFull => _length >= MaximumBytes;

    /// <summary>Keeps a copy of a record.</summary>
    /// <param name="record">The reader, at the record.</param>
    internal void Add(RecordReader record)
    {
        _columns = record.Columns.Count;
        _places.Add(new(record.FileName, record.Line, record.FieldCount));
        for (var column = 0; column < _columns; column++)
        {
            var field = record.Field(column);
            if (_bytes.Length - _length < field.Length) { Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + field.Length)); }
            field.CopyTo(_bytes.AsSpan(_length));
            _length += field.Length;
            _ends.Add(_length);
        }
    }

    /// <summary>Moves to the next record and says where it stands.</summary>
    internal Place Next() => _places[_next++];

    /// <summary>A field of the record moved to last.</summary>
    internal ReadOnlySpan<byte> Field(int column) => FieldOf(_next - 1, column);

    /// <summary>Where a waiting record stands.</summary>
    internal Place WaitingPlace(int record) => _places[_next + record];

    /// <summary>A field of a waiting record.</summary>
    internal ReadOnlySpan<byte> WaitingField(int record, int column) => FieldOf(_next + record, column);

    ReadOnlySpan<byte> FieldOf(int record, int column)
    {
        var index = (record * _columns) + column;
        var start = index == 0 ? 0 : _ends[index - 1];
        return _bytes.AsSpan(start, _ends[index] - start);
    }
}
