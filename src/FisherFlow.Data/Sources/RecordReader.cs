namespace FisherFlow.Data.Sources;

/// <summary>Reads records one after the other.</summary>
public sealed class RecordReader : IDisposable
{
    readonly byte[] _bytes;
    readonly List<(int Start, int Length)> _fields = [];
    int _position;

    internal RecordReader(Stream input)
    {
        using var copy = new MemoryStream();
        input.CopyTo(copy);
        _bytes = copy.ToArray();
        Read();
        Columns = [.. _fields.Select(field => System.Text.Encoding.UTF8.GetString(_bytes, field.Start, field.Length))];
        Records = 0;
    }

    /// <summary>The header.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Fields of this record.</summary>
    public int FieldCount => _fields.Count;

    /// <summary>Where the record starts, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The file.</summary>
    public string FileName { get; } = "standard input";

    /// <summary>Records read.</summary>
    public long Records { get; private set; }

    /// <summary>Looks ahead.</summary>
    public IReadOnlyList<ColumnProfile> Profile(int records = 1000)
    {
        var (position, line, read) = (_position, Line, Records);
        var levels = Columns.Select(_ => new List<string>()).ToArray();
        for (var r = 0; r < records && Read(); r++)
        {
            for (var c = 0; c < levels.Length; c++)
            {
                var text = System.Text.Encoding.UTF8.GetString(Field(c));
                if (!FieldParser.IsMissing(Field(c)) && !levels[c].Contains(text)) { levels[c].Add(text); }
            }
        }
        (_position, Line, Records) = (position, line, read);
        return [.. Columns.Select((name, c) => new ColumnProfile(name, Kind(levels[c]), levels[c]))];
    }

    static ColumnKind Kind(List<string> levels)
    {
        static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
        if (levels.TrueForAll(level => FieldParser.TryNumber(Utf8(level), out _))) { return ColumnKind.Numeric; }
        if (levels.TrueForAll(level => FieldParser.TryBoolean(Utf8(level), out _))) { return ColumnKind.Boolean; }
        return levels.TrueForAll(level => FieldParser.TryDate(Utf8(level), out _)) ? ColumnKind.Date : ColumnKind.Text;
    }

    /// <summary>Goes to the next record.</summary>
    public bool Read()
    {
        if (_position >= _bytes.Length) { return false; }
        _fields.Clear();
        var start = _position;
        for (; _position < _bytes.Length && _bytes[_position] != (byte)'\n'; _position++)
        {
            if (_bytes[_position] == (byte)',')
            {
                _fields.Add((start, _position - start));
                start = _position + 1;
            }
        }
        _fields.Add((start, _position++ - start));
        Line++;
        Records++;
        return true;
    }

    /// <summary>A field of this record.</summary>
    public ReadOnlySpan<byte> Field(int column) =>
        column < _fields.Count ? _bytes.AsSpan(_fields[column].Start, _fields[column].Length) : default;

    /// <inheritdoc/>
    public void Dispose()
    {
        // nothing is held: the text was read whole
    }
}
