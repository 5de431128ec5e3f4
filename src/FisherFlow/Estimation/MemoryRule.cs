namespace FisherFlow.Estimation;

/// <summary>How long evidence counts.</summary>
public enum MemoryKind
{
    /// <summary>For ever.</summary>
    Stationary,
    /// <summary>A row's weight halves every so many rows.</summary>
    Exponential,
    /// <summary>The last rows count, the others not.</summary>
    Window,
    /// <summary>For ever, until a change is detected.</summary>
    Adaptive,
}

/// <summary>A memory as users write it: <c>stationary</c>, <c>exponential:HALF_LIFE</c>, <c>window:ROWS</c>, <c>adaptive</c>.</summary>
/// <param name="Kind">How long evidence counts.</param>
/// <param name="Rows">Half-life or length in rows; 0 where there is none.</param>
public readonly record struct MemoryRule(MemoryKind Kind, double Rows = 0)
{
    /// <summary>What can be written, for messages.</summary>
    public const string Legal = "stationary, exponential:HALF_LIFE (rows after which a row counts half), window:ROWS or adaptive";

    /// <summary>Share of a row's weight that is left after each further row, <c>λ = 2^(−1/half-life)</c>; 1 but for exponential memory.</summary>
    public double Retention => Kind == MemoryKind.Exponential ? Math.Pow(2, -1 / Rows) : 1;

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out MemoryRule rule)
    {
        rule = default;
        var (name, number) = RuleText.Split(text);
        switch (name)
        {
            case "stationary" when number is null: return true;
            case "adaptive" when number is null: rule = new(MemoryKind.Adaptive); return true;
            case "exponential" when RuleText.Number(number) is >= 1 and <= 1e12 and var halfLife: rule = new(MemoryKind.Exponential, halfLife); return true;
            case "window" when RuleText.Number(number) is >= 1 and <= 1e9 and var rows && rows == Math.Floor(rows): rule = new(MemoryKind.Window, rows); return true;
            default: return false;
        }
    }

    /// <summary>The memory as users write it.</summary>
    public override string ToString() => Kind switch
    {
        MemoryKind.Exponential => RuleText.Write("exponential", Rows),
        MemoryKind.Window => RuleText.Write("window", Rows),
        MemoryKind.Adaptive => "adaptive",
        _ => "stationary",
    };
}
