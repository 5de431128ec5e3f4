using System.Text;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;

namespace FisherFlow.Data.Design;

/// <summary>The numbers that a row's programs read: every column is parsed once a row, whatever asks for it.</summary>
sealed class RowInputs
{
    const int LongestQuoted = 100;
    const double Largest = 1e50;   // products of three such numbers, and their sums, are still far from overflow

    readonly List<Column> _columns = [];
    readonly List<Column> _owners = [];
    double[] _values = [];
    Bound[] _bound = [];

    /// <summary>Whether a number can be computed with: finite, and at most 1e50 in size.</summary>
    public static bool IsUsable(double value) => Math.Abs(value) <= Largest;

    /// <summary>The row's numbers <c>[inputs]</c>, once the row is read.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Names of the columns that are read.</summary>
    public IEnumerable<string> Names => _columns.Select(column => column.Name);

    /// <summary>How many numbers are read.</summary>
    public int Count => _owners.Count;

    /// <summary>What each number is, in the words of an expression.</summary>
    public IEnumerable<string> Labels => Enumerable.Range(0, _owners.Count).Select(input =>
    {
        var owner = _owners[input];
        var (reading, text, _) = owner.Readings.Find(r => r.Input == input);
        return reading switch
        {
            Reading.Number or Reading.Truth => owner.Name,
            Reading.Equality => $"{owner.Name} == \"{Encoding.UTF8.GetString(text)}\"",
            _ => $"{reading.ToString().ToLowerInvariant()}({owner.Name})",
        };
    });

    /// <summary>The input that holds a column's number.</summary>
    public int Number(string column) => Input(column, Reading.Number, "");

    /// <summary>The input that holds a truth value as 1 or 0.</summary>
    public int Truth(string column) => Input(column, Reading.Truth, "");

    /// <summary>The input that holds a part of a date.</summary>
    public int Date(string column, DatePart part) => Input(column, Reading.Hour + (int)part, "");

    /// <summary>The input that is 1 where a column's text is the given one, and 0 elsewhere.</summary>
    public int Equality(string column, string text) => Input(column, Reading.Equality, text);

    /// <summary>Where in the header an input comes from.</summary>
    public int Position(int input) => input < 0 ? -1 : _owners[input].Position;

    /// <summary>Takes the columns' positions from a header.</summary>
    public void Bind(IReadOnlyDictionary<string, int> positions)
    {
        foreach (var column in _columns) { column.Position = positions[column.Name]; }
        _bound = [.. _columns.Select(column => new Bound(column.Position, column.Readings is [{ Reading: Reading.Number } only] ? only.Input : -1, [.. column.Readings]))];
    }

    /// <summary>Parses the row, or says which field made that impossible.</summary>
    public bool TryRead(RecordReader record, out Rejection rejection)
    {
        var batch = record.Batch;
        foreach (var column in _bound)
        {
            // Nearly every field is a plain number, which is usable as it is.
            if (batch is not null && column.Only >= 0 && batch.TryPlainNumber(column.Position, out _values[column.Only])) { continue; }
            var field = record.Field(column.Position);
            foreach (var (reading, text, input) in column.Readings)
            {
                if (!TryParse(field, reading, text, out _values[input]))
                {
                    rejection = Reject(Reason(field, reading, _values[input]), column.Position, field);
                    return false;
                }
            }
        }
        rejection = default;
        return true;
    }

    /// <summary>A rejection that quotes the field, shortened where it is long.</summary>
    public static Rejection Reject(RejectionReason reason, int position, ReadOnlySpan<byte> field)
    {
        var text = Encoding.UTF8.GetString(field.Length > 4 * LongestQuoted ? field[..(4 * LongestQuoted)] : field);
        return new(reason, position, text.Length > LongestQuoted ? text[..LongestQuoted] + "…" : text);
    }

    static bool TryParse(ReadOnlySpan<byte> field, Reading reading, byte[] text, out double value)
    {
        switch (reading)
        {
            case Reading.Number:
                return FieldParser.TryNumber(field, out value);
            case Reading.Truth:
                var isTruth = FieldParser.TryBoolean(field, out var truth);
                value = truth ? 1 : 0;
                return isTruth;
            case Reading.Equality:
                value = field.SequenceEqual(text) ? 1 : 0;
                return value == 1 || !FieldParser.IsMissing(field);
            default:
                var isDate = FieldParser.TryDate(field, out var date);
                value = reading switch
                {
                    Reading.Hour => date.Hour,
                    Reading.Month => date.Month,
                    _ => date.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek,
                };
                return isDate;
        }
    }

    static RejectionReason Reason(ReadOnlySpan<byte> field, Reading reading, double value)
    {
        if (FieldParser.IsMissing(field)) { return RejectionReason.Missing; }
        if (reading is Reading.Hour or Reading.Weekday or Reading.Month) { return RejectionReason.NotADate; }
        return double.IsFinite(value) ? RejectionReason.NotNumeric : RejectionReason.NotFinite;
    }

    int Input(string name, Reading reading, string text)
    {
        var column = _columns.Find(column => column.Name == name);
        if (column is null) { _columns.Add(column = new(name)); }
        var utf8 = Encoding.UTF8.GetBytes(text);
        foreach (var known in column.Readings)
        {
            if (known.Reading == reading && known.Text.AsSpan().SequenceEqual(utf8)) { return known.Input; }
        }
        column.Readings.Add((reading, utf8, _owners.Count));
        _owners.Add(column);
        _values = new double[_owners.Count];
        return _owners.Count - 1;
    }

    enum Reading
    {
        Number,
        Truth,
        Equality,
        Hour,
        Weekday,
        Month,
    }

    /// <summary>A column as the rows are read: where it stands, the input that is its number if it is read as nothing else, and everything that it is read as.</summary>
    readonly record struct Bound(int Position, int Only, (Reading Reading, byte[] Text, int Input)[] Readings);

    sealed class Column(string name)
    {
        public string Name => name;

        public int Position { get; set; } = -1;

        public List<(Reading Reading, byte[] Text, int Input)> Readings { get; } = [];
    }
}
