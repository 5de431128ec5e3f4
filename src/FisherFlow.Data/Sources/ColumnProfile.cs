namespace FisherFlow.Data.Sources;

/// <summary>What a look at the first records tells about a column.</summary>
/// <param name="Name">The column's name in the header.</param>
/// <param name="Kind">What its texts are; numbers or dates even when one in twenty is something else, which rejects its row; numeric when nothing but missing fields was seen.</param>
/// <param name="Levels">Its distinct texts in the order seen (numbers too, missing ones not), at most <see cref="MaximumLevels"/> of them.</param>
public sealed record ColumnProfile(string Name, ColumnKind Kind, IReadOnlyList<string> Levels)
{
    /// <summary>The most distinct texts that a profile holds.</summary>
    public const int MaximumLevels = 1000;
}
