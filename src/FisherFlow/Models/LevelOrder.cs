using System.Globalization;

namespace FisherFlow.Models;

/// <summary>Orders levels as people do: numbers by value, everything else in ordinal order, numbers first.</summary>
public sealed class LevelOrder : IComparer<string>
{
    /// <summary>The one instance.</summary>
    public static LevelOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var xIsNumber = double.TryParse(x, NumberStyles.Float, CultureInfo.InvariantCulture, out var a);
        var yIsNumber = double.TryParse(y, NumberStyles.Float, CultureInfo.InvariantCulture, out var b);
        if (xIsNumber && yIsNumber && a != b) { return a.CompareTo(b); }
        if (xIsNumber != yIsNumber) { return xIsNumber ? -1 : 1; }
        return string.CompareOrdinal(x, y);
    }
}
