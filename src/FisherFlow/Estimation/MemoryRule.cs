using System.Globalization;

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
    /// <summary>Coefficients walk at random: a Kalman filter.</summary>
    RandomWalk,
    /// <summary>Coefficients have slopes, and both walk at random: a Kalman filter.</summary>
    LocalTrend,
}

/// <summary>A memory as users write it: <c>stationary</c>, <c>exponential:HALF_LIFE</c>, <c>window:ROWS</c>, <c>adaptive</c>, <c>random-walk:Q</c>, <c>local-trend:Q,Q</c>.</summary>
/// <param name="Kind">How long evidence counts.</param>
/// <param name="Rows">Half-life or length in rows; 0 where there is none.</param>
public readonly record struct MemoryRule(MemoryKind Kind, double Rows = 0)
{
    /// <summary>Of drifting coefficients: the variance of a coefficient's step from row to row, in units of the dispersion; not a number to estimate it.</summary>
    public double Drift { get; init; }

    /// <summary>Of coefficients with slopes: the variance of a slope's step; not a number to estimate it.</summary>
    public double SlopeDrift { get; init; }

    /// <summary>Whether coefficients drift: a Kalman filter's memory.</summary>
    public bool Drifts => Kind is MemoryKind.RandomWalk or MemoryKind.LocalTrend;

    /// <summary>What can be written, for messages.</summary>
    public const string Legal = "stationary, exponential:HALF_LIFE (rows after which a row counts half: 1 to 1e12), window:ROWS (1 to 1e9), adaptive, random-walk:Q (0 to 1e12, the variance of a coefficient's step from row to row, in units of the dispersion, or auto) or local-trend:Q1,Q2 (the same for coefficients and their slopes, or auto)";

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
            case "random-walk" when Variance(number) is { } q: rule = new(MemoryKind.RandomWalk) { Drift = q }; return true;
            case "local-trend" when number == "auto": rule = new(MemoryKind.LocalTrend) { Drift = double.NaN, SlopeDrift = double.NaN }; return true;
            case "local-trend" when number?.Split(',') is [var level, var slope] && Variance(level) is { } q && Variance(slope) is { } s && double.IsNaN(q) == double.IsNaN(s):
                rule = new(MemoryKind.LocalTrend) { Drift = q, SlopeDrift = s };
                return true;
            default: return false;
        }
    }

    /// <summary>The memory with the variances that were used: what was asked for as it is, and estimates with the digits that mean something.</summary>
    internal MemoryRule With(double drift, double slopeDrift)
    {
        var isEstimated = double.IsNaN(Drift);
        return this with { Drift = Shown(drift), SlopeDrift = Shown(slopeDrift) };

        double Shown(double variance) => isEstimated && variance > 0 ? double.Parse(variance.ToString("E5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : variance;
    }

    /// <summary>A variance that is not negative, or not a number for <c>auto</c>; null for anything else.</summary>
    static double? Variance(string? text) => text == "auto" ? double.NaN : RuleText.Number(text) is >= 0 and <= 1e12 and var q ? q : null;

    static string Write(double variance) => double.IsNaN(variance) ? "auto" : variance.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The memory as users write it.</summary>
    public override string ToString() => Kind switch
    {
        MemoryKind.Exponential => RuleText.Write("exponential", Rows),
        MemoryKind.Window => RuleText.Write("window", Rows),
        MemoryKind.Adaptive => "adaptive",
        MemoryKind.RandomWalk => $"random-walk:{Write(Drift)}",
        MemoryKind.LocalTrend => $"local-trend:{Write(Drift)},{Write(SlopeDrift)}",
        _ => "stationary",
    };
}
