using FisherFlow.Data.Sources;

namespace FisherFlow.Data;

/// <summary>A source that a state has read.</summary>
/// <param name="Name">Its name when it was read.</param>
/// <param name="Records">Records consumed, rejected ones included.</param>
/// <param name="Fingerprints">One for every file.</param>
/// <param name="IsComplete">Whether it was read to its end.</param>
public sealed record SourceRecord(string Name, long Records, IReadOnlyList<string> Fingerprints, bool IsComplete);

/// <summary>What every kind of fit demands of the sources it has read and of the next one.</summary>
static class SourceHistory
{
    /// <summary>The fingerprints of everything read so far.</summary>
    public static HashSet<string> Fingerprints(IEnumerable<SourceRecord> sources) => sources.SelectMany(s => s.Fingerprints).ToHashSet();

    /// <summary>Refuses data that the state already holds: learning them twice would count them twice.</summary>
    /// <param name="source">The source being read.</param>
    /// <param name="fingerprints">Its files so far.</param>
    /// <param name="known">What was read before it.</param>
    public static void RequireNew(DataSource source, IReadOnlyList<string> fingerprints, HashSet<string> known)
    {
        foreach (var fingerprint in fingerprints)
        {
            if (known.Contains(fingerprint)) { throw new DataException($"{source.Name} is already inside this state (fingerprint {fingerprint}); learning it again would count its rows twice"); }
        }
    }

    /// <summary>Takes the source in which the state's only fit stopped, to be learnt from where it stopped; null when it was read to its end.</summary>
    /// <exception cref="DataException">The state's source is another one, or not its only one.</exception>
    public static SourceRecord? TakeUnfinished(string path, List<SourceRecord> sources, DataSource source)
    {
        var last = sources[^1];
        if (sources.Count != 1 || last.Name != source.Name)
        {
            throw new DataException($"{path} {(last.IsComplete ? "holds the finished fit of" : "stopped inside")} {string.Join(", ", sources.Select(s => s.Name))}; it cannot be resumed with {source.Name}");
        }
        if (last.IsComplete) { return null; }
        sources.Clear();
        return last;
    }

    /// <summary>Refuses a checkpoint whose source begins with other bytes today.</summary>
    /// <param name="source">The source being read.</param>
    /// <param name="passed">Fingerprints of what was passed over.</param>
    /// <param name="begun">Those of the checkpoint; null without one.</param>
    public static void RequireUnchanged(DataSource source, IReadOnlyList<string> passed, IReadOnlyList<string>? begun)
    {
        if (begun is not null && !passed.SequenceEqual(begun)) { throw new DataException($"{source.Name} is not what it was when the checkpoint was made: its first 64 KiB have changed; begin anew without --resume"); }
    }

    /// <summary>Refuses to learn more before the last source is read to its end.</summary>
    public static void RequireComplete(IReadOnlyList<SourceRecord> sources)
    {
        if (sources.Count > 0 && !sources[^1].IsComplete) { throw new DataException($"the state stopped inside {sources[^1].Name} after {sources[^1].Records} records; resume that fit first (fit … --resume)"); }
    }

    /// <summary>Why a source of which no row could be used gives no fit.</summary>
    public static DataException NoRows(DataSource source, RejectionLog rejections) => new(rejections.Count == 0
        ? $"{source.Name} has a header and no rows"
        : $"{source.Name}: no row could be used\n{string.Join('\n', rejections.Describe())}");
}
