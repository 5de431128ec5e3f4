// Replaced at integration by the formulas room.
namespace FisherFlow.Data.Formulas;

/// <summary>A wrong formula.</summary>
public sealed class FormulaException(string message) : Exception(message);

/// <summary>A formula.</summary>
public sealed class Formula
{
    Formula(string text) => Text = text;
    /// <summary>Its text.</summary>
    public string Text { get; }
    /// <summary>Parses.</summary>
    public static Formula Parse(string text) => text.Contains('~', StringComparison.Ordinal) ? new(text) : throw new FormulaException($"no ~ in the formula\n  {text}\n  ^");
}
