using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>The standard normal distribution; on the logarithmic scale lognormal times.</summary>
public readonly struct StandardNormal : IStandardDistribution
{
    /// <inheritdoc/>
    public static string Name => "normal";

    /// <inheritdoc/>
    public static string LogName => "lognormal";

    /// <inheritdoc/>
    public static T LogDensity<T>(T u) where T : struct, IScalar<T> => -0.5 * T.Square(u) - Transcendental.LogSqrtTwoPi;

    /// <inheritdoc/>
    public static T LogCumulative<T>(T u) where T : struct, IScalar<T> => T.LogNormalCdf(u);

    /// <inheritdoc/>
    public static T LogSurvival<T>(T u) where T : struct, IScalar<T> => T.LogNormalCdf(-u);

    /// <summary><c>diag(1, 2)</c>.</summary>
    public static StandardInformation Information => new(1, 0, 2);

    /// <inheritdoc/>
    public static double Centre => 0;

    /// <summary><c>σ²/2</c>.</summary>
    public static T LogMeanOfExponential<T>(T scale) where T : struct, IScalar<T> => 0.5 * T.Square(scale);

    /// <inheritdoc/>
    public static double Quantile(double probability) => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, probability);
}
