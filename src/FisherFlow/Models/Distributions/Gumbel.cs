using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>The standard Gumbel distribution of largest values, <c>P(U ≤ u) = exp(−e⁻ᵘ)</c>; on the logarithmic scale Fréchet's.</summary>
public readonly struct Gumbel : IStandardDistribution
{
    /// <summary>γ, the mean of the distribution.</summary>
    internal const double Euler = 0.57721566490153286061;

    /// <inheritdoc/>
    public static string Name => "gumbel";

    /// <inheritdoc/>
    public static string LogName => "frechet";

    /// <inheritdoc/>
    public static T LogDensity<T>(T u) where T : struct, IScalar<T> => -u - T.Exp(-u);

    /// <inheritdoc/>
    public static T LogCumulative<T>(T u) where T : struct, IScalar<T> => -T.Exp(-u);

    /// <inheritdoc/>
    public static T LogSurvival<T>(T u) where T : struct, IScalar<T> => T.LogOneMinusExp(-T.Exp(-u));

    /// <summary><c>[[1, −(1 − γ)], [·, π²/6 + (1 − γ)²]]</c>.</summary>
    public static StandardInformation Information => new(1, Euler - 1, Math.PI * Math.PI / 6 + (1 - Euler) * (1 - Euler));

    /// <inheritdoc/>
    public static double Centre => Euler;

    /// <summary>Zero: the mean of a Fréchet variable is infinite for shapes up to 1.</summary>
    public static T LogMeanOfExponential<T>(T scale) where T : struct, IScalar<T> => 0.0;

    /// <inheritdoc/>
    public static double Quantile(double probability) => -Math.Log(-Math.Log(probability));
}
