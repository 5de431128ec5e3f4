using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>The standard Laplace distribution, <c>f(u) = ½e^(−|u|)</c>: its regression is that of the median (least absolute deviations).</summary>
/// <remarks>
/// The density has a corner, so there is no observed information about the location: minus the second derivative is zero wherever it exists. The expected
/// information <c>E[s²] = 1/scale²</c> does exist, and standard errors come from it. Within <see cref="Corner"/> of the corner <c>|u|</c> is
/// <c>√(u² + ε²)</c>, so that the score passes through zero where zero is a subgradient, and the estimate is found to about <c>ε</c> of a scale.
/// </remarks>
public readonly struct Laplace : IStandardDistribution
{
    /// <summary>ε: half the width of the corner, in scales.</summary>
    public const double Corner = 1e-7;

    /// <inheritdoc/>
    public static string Name => "laplace";

    /// <inheritdoc/>
    public static string LogName => "log-laplace";

    /// <inheritdoc/>
    public static T LogDensity<T>(T u) where T : struct, IScalar<T> => LogDensity(u, Corner);

    /// <summary><c>−√(u² + ε²) − log 2</c>.</summary>
    internal static T LogDensity<T>(T u, double corner) where T : struct, IScalar<T> => -T.Sqrt(T.Square(u) + corner * corner) - Math.Log(2);

    /// <inheritdoc/>
    public static DistributionalModel Rounded(double corner) => new DistributionalModel<RoundedLaplace>(new(corner));

    /// <inheritdoc/>
    public static T LogCumulative<T>(T u) where T : struct, IScalar<T> => LogTail(-u);

    /// <inheritdoc/>
    public static T LogSurvival<T>(T u) where T : struct, IScalar<T> => LogTail(u);

    /// <summary><c>diag(1, 1)</c>.</summary>
    public static StandardInformation Information => new(1, 0, 1);

    /// <inheritdoc/>
    public static double Centre => 0;

    /// <summary>Zero, the median: the mean of <c>e^(σU)</c> is infinite for scales from 1 on.</summary>
    public static T LogMeanOfExponential<T>(T scale) where T : struct, IScalar<T> => 0.0;

    /// <inheritdoc/>
    public static double Quantile(double probability) => probability < 0.5 ? Math.Log(2 * probability) : -Math.Log(2 * (1 - probability));

    static T LogTail<T>(T u) where T : struct, IScalar<T> => u.Value > 0 ? -u - Math.Log(2) : T.Log1P(-0.5 * T.Exp(u));
}
