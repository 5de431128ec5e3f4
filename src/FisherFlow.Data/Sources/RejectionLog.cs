using FisherFlow.Snapshots;

namespace FisherFlow.Data.Sources;

/// <summary>Rows that were left out: how many for each reason, and the first few of them.</summary>
public sealed class RejectionLog
{
    /// <summary>The examples that are kept.</summary>
    public const int MaximumExamples = 5;

    /// <summary>The characters that are kept of a field.</summary>
    public const int MaximumTextLength = 40;

    static readonly RejectionReason[] _reasons = Enum.GetValues<RejectionReason>();

    readonly long[] _counts = new long[_reasons.Length];
    readonly List<RejectionExample> _examples = [];

    /// <summary>Rows left out.</summary>
    public long Count => _counts.Sum();

    /// <summary>The first rows left out, at most <see cref="MaximumExamples"/>.</summary>
    public IReadOnlyList<RejectionExample> Examples => _examples;

    /// <summary>Rows left out for a reason.</summary>
    /// <param name="reason">The reason.</param>
    public long CountBy(RejectionReason reason) => _counts[(int)reason];

    /// <summary>Counts a row, and keeps it as an example while there are few.</summary>
    /// <param name="rejection">Why it was left out.</param>
    /// <param name="file">The file it is in.</param>
    /// <param name="line">The line at which it starts, from 1.</param>
    /// <param name="column">The name of the column at fault; empty when the record as a whole is.</param>
    /// <param name="text">The field as it stands in the data; the rejection's own text when null.</param>
    public void Add(in Rejection rejection, string file, long line, string column, string? text = null)
    {
        _counts[(int)rejection.Reason]++;
        if (_examples.Count < MaximumExamples)
        {
            _examples.Add(new(file, line, column, rejection.Reason, Shorten(text ?? rejection.Text ?? "")));
        }
    }

    /// <summary>Adds the counts of another log, and its examples behind these while there are few.</summary>
    /// <param name="other">The other log, which stays as it is.</param>
    public void Merge(RejectionLog other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < _counts.Length; i++) { _counts[i] += other._counts[i]; }
        _examples.AddRange([.. other._examples.Take(MaximumExamples - _examples.Count)]);
    }

    /// <summary>Lines for a person: the counts by reason, then the examples, indented; none when no row was left out.</summary>
    public IReadOnlyList<string> Describe()
    {
        var count = Count;
        if (count == 0) { return []; }
        var parts = _reasons.Where(reason => CountBy(reason) > 0).Select(reason => $"{CountBy(reason)} {Name(reason)}");
        List<string> lines = [$"{count} {(count == 1 ? "row" : "rows")} rejected: {string.Join(", ", parts)}"];
        lines.AddRange(_examples.Select(example => $"  {example}"));
        return lines;
    }

    /// <summary>Writes the log into a state.</summary>
    /// <param name="writer">The state.</param>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_counts.Length);
        foreach (var count in _counts) { writer.Write(count); }
        writer.Write(_examples.Count);
        foreach (var example in _examples)
        {
            writer.Write(example.File);
            writer.Write(example.Line);
            writer.Write(example.Column);
            writer.Write((int)example.Reason);
            writer.Write(example.Text);
        }
    }

    /// <summary>Reads the log back.</summary>
    /// <param name="reader">The state, at the place where <see cref="Save"/> wrote.</param>
    /// <exception cref="InvalidDataException">What stands there is not a log.</exception>
    public static RejectionLog Load(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var log = new RejectionLog();
        var reasons = reader.ReadInt32();
        if (reasons != _reasons.Length) { throw new InvalidDataException($"a rejection log has {reasons} reasons where {_reasons.Length} are known"); }
        for (var i = 0; i < reasons; i++) { log._counts[i] = reader.ReadInt64(); }
        var examples = reader.ReadInt32();
        if (examples is < 0 or > MaximumExamples) { throw new InvalidDataException($"a rejection log has {examples} examples where {MaximumExamples} are the most"); }
        for (var i = 0; i < examples; i++)
        {
            var (file, line, column, reason) = (reader.ReadText(), reader.ReadInt64(), reader.ReadText(), (RejectionReason)reader.ReadInt32());
            if (!Enum.IsDefined(reason)) { throw new InvalidDataException($"a rejection has the unknown reason {(int)reason}"); }
            log._examples.Add(new(file, line, column, reason, reader.ReadText()));
        }
        return log;
    }

    static string Name(RejectionReason reason) => reason switch
    {
        RejectionReason.Missing => "missing",
        RejectionReason.NotNumeric => "not numeric",
        RejectionReason.NotFinite => "not finite",
        RejectionReason.NotADate => "not a date",
        RejectionReason.UnknownLevel => "unknown level",
        RejectionReason.OutsideSupport => "outside the family's support",
        _ => "wrong number of fields",
    };

    static string Shorten(string text)
    {
        var line = string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
        if (line.Length <= MaximumTextLength) { return line; }
        var end = MaximumTextLength - 1;
        if (char.IsHighSurrogate(line[end - 1])) { end--; }
        return line[..end] + "…";
    }
}
