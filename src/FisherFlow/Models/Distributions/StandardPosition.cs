using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>What is common to families made of a standard distribution: the log-probability of a range, and robust starting values.</summary>
static class StandardPosition
{
    /// <summary>The log-probability of what is known of a censored response, from its standardised limits.</summary>
    /// <remarks>An interval is taken from the tail that it lies in, so that nothing cancels.</remarks>
    public static T LogProbability<TStandard, T>(Censoring status, T lower, T upper)
        where TStandard : IStandardDistribution where T : struct, IScalar<T>
    {
        switch (status)
        {
            case Censoring.Right: return TStandard.LogSurvival(lower);
            case Censoring.Left: return TStandard.LogCumulative(lower);
            default:
                if (lower.Value + upper.Value > 0)
                {
                    var (near, far) = (TStandard.LogSurvival(lower), TStandard.LogSurvival(upper));
                    return near + T.LogOneMinusExp(far - near);
                }
                var (most, least) = (TStandard.LogCumulative(upper), TStandard.LogCumulative(lower));
                return most + T.LogOneMinusExp(least - most);
        }
    }

    /// <summary>Location and scale at which the middle half of responses is where the standard distribution has it.</summary>
    /// <param name="sample">The responses.</param>
    /// <param name="map">What is done to a response first.</param>
    public static (double Location, double Scale) Start<TStandard>(in OutcomeSample sample, Func<double, double> map) where TStandard : IStandardDistribution
    {
        var (low, middle, high) = (map(sample.Quantile(0.25)), map(sample.Quantile(0.5)), map(sample.Quantile(0.75)));
        var scale = (high - low) / (TStandard.Quantile(0.75) - TStandard.Quantile(0.25));
        if (!(scale > 0 && double.IsFinite(scale))) { scale = 1; }
        var location = middle - scale * TStandard.Quantile(0.5);
        return (double.IsFinite(location) ? location : 0, scale);
    }
}
