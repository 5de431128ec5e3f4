using System.Text;

namespace FisherFlow.Data.Sources;

/// <summary>Decides what a column is from the fields it is shown.</summary>
sealed class ColumnProfiler(string name)
{
    readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    readonly List<string> _levels = [];
    bool _numeric = true;
    bool _boolean = true;
    bool _date = true;

    internal void Add(ReadOnlySpan<byte> field)
    {
        if (FieldParser.IsMissing(field)) { return; }

        // An infinite value is a number all the same: its row is rejected, not its column made text.
        _numeric = _numeric && (FieldParser.TryNumber(field, out var number) || !double.IsFinite(number));
        _boolean = _boolean && FieldParser.TryBoolean(field, out _);
        _date = _date && FieldParser.TryDate(field, out _);
        if (_levels.Count == ColumnProfile.MaximumLevels) { return; }
        var text = Encoding.UTF8.GetString(field);
        if (_seen.Add(text)) { _levels.Add(text); }
    }

    internal ColumnProfile Profile() => new(name, Kind, _levels);

    ColumnKind Kind => _numeric ? ColumnKind.Numeric : _boolean ? ColumnKind.Boolean : _date ? ColumnKind.Date : ColumnKind.Text;
}
