// Replaced at integration by the sources room.
namespace FisherFlow.Data.Sources;

/// <summary>What to read.</summary>
public sealed class DataSource
{
    DataSource() { }
    /// <summary>Files.</summary>
    public static DataSource From(IReadOnlyList<string> pathsOrGlobs) => throw new InvalidOperationException("the facade is not merged yet");
    /// <summary>Whether it can be read twice.</summary>
    public bool CanReread { get; init; }
    /// <summary>For messages.</summary>
    public string Name { get; init; } = "";
}

/// <summary>Why.</summary>
public enum RejectionReason
{
    /// <summary>Missing.</summary>
    Missing,
}

/// <summary>Rejected rows.</summary>
public sealed class RejectionLog
{
    /// <summary>How many.</summary>
    public long Count { get; init; }
    /// <summary>How many by reason.</summary>
    public long CountBy(RejectionReason reason) => reason == RejectionReason.Missing ? Count : 0;
    /// <summary>Lines.</summary>
    public IReadOnlyList<string> Describe() => [$"{Count}"];
}
