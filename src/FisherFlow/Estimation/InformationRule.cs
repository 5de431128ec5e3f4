using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>How information is estimated, as users write it: <c>expected</c>, <c>observed</c>, <c>empirical</c>, <c>monte-carlo:K</c>.</summary>
/// <param name="Kind">The estimate.</param>
/// <param name="Samples">Outcomes sampled for each row; 1 at least, for Monte Carlo.</param>
public readonly record struct InformationRule(InformationKind Kind, int Samples = 0)
{
    const int MostSamples = 10_000;

    /// <summary>What can be written, for messages.</summary>
    public const string Legal = "expected, observed, empirical or monte-carlo:K (K outcomes, 1 to 10000, sampled for each row)";

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out InformationRule rule)
    {
        rule = default;
        var (name, number) = RuleText.Split(text);
        switch (name)
        {
            case "expected" when number is null: return true;
            case "observed" when number is null: rule = new(InformationKind.Observed); return true;
            case "empirical" when number is null: rule = new(InformationKind.Empirical); return true;
            case "monte-carlo" when RuleText.Number(number) is >= 1 and <= MostSamples and var samples && samples == Math.Floor(samples):
                rule = new(InformationKind.MonteCarlo, (int)samples);
                return true;
            default: return false;
        }
    }

    /// <summary>The estimate as users write it.</summary>
    public override string ToString() => Kind switch
    {
        InformationKind.Observed => "observed",
        InformationKind.Empirical => "empirical",
        InformationKind.MonteCarlo => RuleText.Write("monte-carlo", Samples),
        _ => "expected",
    };
}
