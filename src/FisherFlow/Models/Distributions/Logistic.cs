using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>The standard logistic distribution, <c>P(U ≤ u) = 1/(1 + e⁻ᵘ)</c>; on the logarithmic scale log-logistic times.</summary>
public readonly struct Logistic : IStandardDistribution
{
    /// <inheritdoc/>
    public static string Name => "logistic";

    /// <inheritdoc/>
    public static string LogName => "loglogistic";

    /// <inheritdoc/>
    public static T LogDensity<T>(T u) where T : struct, IScalar<T> => -(T.SoftPlus(u) + T.SoftPlus(-u));

    /// <inheritdoc/>
    public static T LogCumulative<T>(T u) where T : struct, IScalar<T> => -T.SoftPlus(-u);

    /// <inheritdoc/>
    public static T LogSurvival<T>(T u) where T : struct, IScalar<T> => -T.SoftPlus(u);

    /// <summary><c>diag(1/3, (3 + π²)/9)</c>.</summary>
    public static StandardInformation Information => new(1.0 / 3, 0, (3 + Math.PI * Math.PI) / 9);

    /// <inheritdoc/>
    public static double Centre => 0;

    /// <summary>Zero, the median: the mean of a log-logistic time is infinite for shapes up to 1.</summary>
    public static T LogMeanOfExponential<T>(T scale) where T : struct, IScalar<T> => 0.0;

    /// <inheritdoc/>
    public static double Quantile(double probability) => Math.Log(probability / (1 - probability));
}
