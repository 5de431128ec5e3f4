using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>The standard distribution of smallest values, <c>P(U &gt; u) = exp(−eᵘ)</c>: the logarithm of a Weibull time.</summary>
public readonly struct SmallestExtreme : IStandardDistribution
{
    /// <inheritdoc/>
    public static string Name => "smallest-extreme";

    /// <inheritdoc/>
    public static string LogName => "weibull";

    /// <inheritdoc/>
    public static T LogDensity<T>(T u) where T : struct, IScalar<T> => u - T.Exp(u);

    /// <inheritdoc/>
    public static T LogCumulative<T>(T u) where T : struct, IScalar<T> => T.LogOneMinusExp(-T.Exp(u));

    /// <inheritdoc/>
    public static T LogSurvival<T>(T u) where T : struct, IScalar<T> => -T.Exp(u);

    /// <summary><c>[[1, 1 − γ], [·, π²/6 + (1 − γ)²]]</c>.</summary>
    public static StandardInformation Information => Gumbel.Information with { Cross = 1 - Gumbel.Euler };

    /// <inheritdoc/>
    public static double Centre => -Gumbel.Euler;

    /// <summary><c>log Γ(1 + σ)</c>.</summary>
    public static T LogMeanOfExponential<T>(T scale) where T : struct, IScalar<T> => T.LogGamma(1 + scale);

    /// <inheritdoc/>
    public static double Quantile(double probability) => Math.Log(-Transcendental.Log1P(-probability));
}
