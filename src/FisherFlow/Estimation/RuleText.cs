using System.Globalization;

namespace FisherFlow.Estimation;

/// <summary>Rules as users write them: a word, or a word and a number with a colon between.</summary>
static class RuleText
{
    /// <summary>The word, and what follows the first colon or null.</summary>
    public static (string Name, string? Number) Split(string? text)
    {
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return colon < 0 ? (text ?? "", null) : (text![..colon], text[(colon + 1)..]);
    }

    /// <summary>The number, or one that is not.</summary>
    public static double Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : double.NaN;

    /// <summary>A word with its number.</summary>
    public static string Write(string name, double number) => string.Create(CultureInfo.InvariantCulture, $"{name}:{number:R}");
}
