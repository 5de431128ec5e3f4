using System.Text;

namespace FisherFlow.Data.Sources;

/// <summary>Decides what a column is from the fields it is shown.</summary>
sealed class ColumnProfiler(string name)
{
    const int FieldsForOneOdd = 20;

    readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    readonly List<string> _levels = [];
    int _fields;
    int _numbers;
    int _dates;
    bool _boolean = true;

    internal void Add(ReadOnlySpan<byte> field)
    {
        if (FieldParser.IsMissing(field)) { return; }

        // An infinite value is a number all the same: its row is rejected, not its column made text.
        _fields++;
        _numbers += FieldParser.TryNumber(field, out var number) || !double.IsFinite(number) ? 1 : 0;
        _dates += FieldParser.TryDate(field, out _) ? 1 : 0;
        _boolean = _boolean && FieldParser.TryBoolean(field, out _);
        if (_levels.Count == ColumnProfile.MaximumLevels) { return; }
        var text = Encoding.UTF8.GetString(field);
        if (_seen.Add(text)) { _levels.Add(text); }
    }

    internal ColumnProfile Profile() => new(name, Kind, _levels);

    ColumnKind Kind => Most(_numbers) ? ColumnKind.Numeric : _boolean ? ColumnKind.Boolean : Most(_dates) ? ColumnKind.Date : ColumnKind.Text;

    /// <summary>Whether all fields are of a kind but for dirt: then it is the odd rows that are rejected, and a typing error does not turn a number into a factor.</summary>
    bool Most(int fields) => _fields - fields <= _fields / FieldsForOneOdd;
}
