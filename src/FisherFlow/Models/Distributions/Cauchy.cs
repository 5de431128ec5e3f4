using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>The standard Cauchy distribution: no mean, and yet an ordinary Fisher information.</summary>
/// <remarks>
/// The observed information of one response about the location, <c>2(1 − u²)/(1 + u²)²</c>, is negative with probability ½: steps are taken by the expected one,
/// and intervals by the observed sum, which follows the sample at hand. Source: Efron &amp; Hinkley (1978), §1.
/// </remarks>
public readonly struct Cauchy : IStandardDistribution
{
    /// <inheritdoc/>
    public static string Name => "cauchy";

    /// <inheritdoc/>
    public static string LogName => "log-cauchy";

    /// <inheritdoc/>
    public static T LogDensity<T>(T u) where T : struct, IScalar<T> => -T.Log1P(T.Square(u)) - Math.Log(Math.PI);

    /// <inheritdoc/>
    public static T LogCumulative<T>(T u) where T : struct, IScalar<T> => LogTail(-u);

    /// <inheritdoc/>
    public static T LogSurvival<T>(T u) where T : struct, IScalar<T> => LogTail(u);

    /// <summary><c>diag(½, ½)</c>.</summary>
    public static StandardInformation Information => new(0.5, 0, 0.5);

    /// <summary>Yes.</summary>
    public static bool HasHeavyTails => true;

    /// <summary>The median; there is no mean.</summary>
    public static double Centre => 0;

    /// <summary>Zero: there is no mean.</summary>
    public static T LogMeanOfExponential<T>(T scale) where T : struct, IScalar<T> => 0.0;

    /// <inheritdoc/>
    public static double Quantile(double probability) => Math.Tan(Math.PI * (probability - 0.5));

    /// <summary><c>log P(U &gt; u)</c>, which is <c>arctan(1/u)/π</c> for u &gt; 0.</summary>
    static T LogTail<T>(T u) where T : struct, IScalar<T> => u.Value > 1
        ? T.Log(T.Atan(1 / u)) - Math.Log(Math.PI)
        : T.Log(0.5 - T.Atan(u) / Math.PI);
}
