using System.Text;

namespace FisherFlow.Data.Formulas;

/// <summary>A formula that cannot be used; the message shows the formula, a caret under the character, and says what would be legal.</summary>
public sealed class FormulaException : Exception
{
    const int Window = 60;

    /// <summary>Points at a character of a formula.</summary>
    /// <param name="problem">What is wrong and what would be legal.</param>
    /// <param name="position">The character, counted from 0; the formula's length means its end.</param>
    /// <param name="formula">The formula as it was written.</param>
    public FormulaException(string problem, int position, string formula)
        : base($"{problem}\n{Point(formula, position)}")
    {
        Problem = problem;
        Position = position;
    }

    /// <summary>What is wrong and what would be legal, without the picture.</summary>
    public string Problem { get; }

    /// <summary>The character at fault, counted from 0; the formula's length means its end.</summary>
    public int Position { get; }

    /// <summary>Two lines: the formula (long ones around the character only) and a caret.</summary>
    static string Point(string formula, int position)
    {
        var start = Math.Max(0, position - Window);
        var end = Math.Min(formula.Length, position + Window);
        var line = new StringBuilder("  ");
        if (start > 0) { line.Append('…'); }
        var caret = line.Length + position - start;
        foreach (var c in formula.AsSpan(start, end - start)) { line.Append(char.IsControl(c) ? ' ' : c); }
        if (end < formula.Length) { line.Append('…'); }
        return line.Append('\n').Append(' ', caret).Append('^').ToString();
    }
}
