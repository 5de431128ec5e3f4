using System.Globalization;

namespace FisherFlow.Models;

/// <summary>Orders levels as people do: numbers by value, everything else in ordinal order, numbers first and what stands for all others last.</summary>
public sealed class LevelOrder : IComparer<string>
{
    /// <summary>The level that stands for all that a factor has no room for.</summary>
    public const string Other = "(other)";

    /// <summary>The one instance.</summary>
    public static LevelOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var xIsNumber = double.TryParse(x, NumberStyles.Float, CultureInfo.InvariantCulture, out var a);
        var yIsNumber = double.TryParse(y, NumberStyles.Float, CultureInfo.InvariantCulture, out var b);
        if (xIsNumber && yIsNumber && a != b) { return a.CompareTo(b); }
        if (xIsNumber != yIsNumber) { return xIsNumber ? -1 : 1; }
        if (x == Other || y == Other) { return (x == Other).CompareTo(y == Other); }
        return string.CompareOrdinal(x, y);
    }
}
