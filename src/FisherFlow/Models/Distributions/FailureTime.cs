using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>Accelerated failure times: <c>log y = location + scale·U</c>, the time itself or a range that it lies in.</summary>
/// <remarks>Source: Kalbfleisch &amp; Prentice (2002), <i>The Statistical Analysis of Failure Time Data</i>, §2.3 and §3.6. Log-likelihoods are those of the times, not of their logarithms.</remarks>
static class FailureTime
{
    /// <summary>Positive times; limits of censoring may be zero.</summary>
    public static bool Supports(in Outcome outcome) => double.IsFinite(outcome.Value) && outcome.Status switch
    {
        Censoring.None or Censoring.Left => outcome.Value > 0,
        Censoring.Right => outcome.Value >= 0,
        _ => outcome.Value >= 0 && outcome.Upper > outcome.Value,
    };

    /// <summary>The log-density of a time, or the log-probability of its range.</summary>
    public static T LogDensity<TStandard, T>(in Outcome outcome, T location, T scale)
        where TStandard : IStandardDistribution where T : struct, IScalar<T>
    {
        var status = outcome.Status;
        if (outcome.Value <= 0)   // beyond zero is nothing; from zero to a limit is below that limit
        {
            return status == Censoring.Interval ? TStandard.LogCumulative((Math.Log(outcome.Upper) - location) / scale) : 0.0;
        }
        var logarithm = Math.Log(outcome.Value);
        var u = (logarithm - location) / scale;
        return status switch
        {
            Censoring.None => TStandard.LogDensity(u) - T.Log(scale) - logarithm,
            Censoring.Interval => StandardPosition.LogProbability<TStandard, T>(status, u, (Math.Log(outcome.Upper) - location) / scale),
            _ => StandardPosition.LogProbability<TStandard, T>(status, u, u),
        };
    }
}
