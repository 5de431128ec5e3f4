namespace FisherFlow.Models.Distributions;

/// <summary>What is common to distributions of counts.</summary>
static class CountMass
{
    /// <summary>What a count is, in words.</summary>
    public const string Support = "a count 0, 1, 2, …";

    /// <summary>Whether the response is a whole number not below zero.</summary>
    public static bool IsCount(in Outcome outcome) =>
        outcome.Value >= 0 && double.IsFinite(outcome.Value) && outcome.Value == Math.Floor(outcome.Value) && outcome.Status == Censoring.None;

    /// <summary>Starts counts by the moments of the responses above zero, whose mean is shrunk as if Poisson's zeros were missing.</summary>
    /// <param name="sample">The responses.</param>
    /// <param name="zeros">The share of zeros.</param>
    /// <param name="parameters">The parameters of the counts <c>[K]</c>.</param>
    public static void StartAboveZero<TCount>(in OutcomeSample sample, double zeros, Span<double> parameters) where TCount : ICountDistribution
    {
        var share = Math.Max(1 - zeros, 1e-6);
        var mean = Math.Max(sample.Mean / share, 1.1);
        var variance = sample.MeanOf(y => y > 0 ? (y - mean) * (y - mean) : 0) / share;
        TCount.Start(mean * (1 - Math.Exp(1 - mean)) + 0.1, variance, parameters);
    }

    /// <summary>The smallest count with <c>P(Y ≤ y) ≥ probability</c>, by doubling and bisection.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public static double Quantile<TDistribution>(TDistribution distribution, double probability, ReadOnlySpan<double> parameters) where TDistribution : IDistribution
    {
        if (distribution.Cumulative(0, parameters) >= probability) { return 0; }
        var (below, above) = (0.0, 1.0);
        while (above < 1e15 && distribution.Cumulative(above, parameters) < probability) { (below, above) = (above, 2 * above); }
        while (above - below > 1)
        {
            var middle = Math.Floor(0.5 * (below + above));
            if (distribution.Cumulative(middle, parameters) < probability) { below = middle; }
            else { above = middle; }
        }
        return above;
    }
}
