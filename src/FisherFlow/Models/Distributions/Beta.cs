using FisherFlow.Differentiation;
using MathNet.Numerics;

namespace FisherFlow.Models.Distributions;

/// <summary>The beta distribution of a share by mean μ and precision φ: shapes <c>μφ</c> and <c>(1 − μ)φ</c>, variance <c>μ(1 − μ)/(1 + φ)</c>.</summary>
/// <remarks>Source: Ferrari &amp; Cribari-Neto (2004), §2, with information in the appendix; Smithson &amp; Verkuilen (2006) for predictors of φ.</remarks>
public readonly struct Beta : IDistribution
{
    static readonly DistributionParameter[] _parameters = [new("mean", Interval.Unit), new("precision", Interval.Positive)];

    /// <inheritdoc/>
    public string Name => "beta";

    /// <inheritdoc/>
    public string Support => "a number strictly between 0 and 1";

    /// <inheritdoc/>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public ReadOnlySpan<DistributionParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public bool Supports(in Outcome outcome) => outcome.Value > 0 && outcome.Value < 1 && outcome.Status == Censoring.None;

    /// <inheritdoc/>
    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T>
    {
        var a = parameters[0] * parameters[1];
        var b = parameters[1] - a;
        return (a - 1) * Math.Log(outcome.Value) + (b - 1) * Transcendental.Log1P(-outcome.Value) - T.LogBeta(a, b);
    }

    /// <summary>With <c>a = μφ</c>, <c>b = (1 − μ)φ</c>: <c>φ²(ψ′(a) + ψ′(b))</c>, <c>φ(μψ′(a) − (1 − μ)ψ′(b))</c>, <c>μ²ψ′(a) + (1 − μ)²ψ′(b) − ψ′(φ)</c>.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information)
    {
        var (mean, precision) = (parameters[0], parameters[1]);
        var (first, second) = (Transcendental.Trigamma(mean * precision), Transcendental.Trigamma((1 - mean) * precision));
        information[0] = precision * precision * (first + second);
        information[1] = information[2] = precision * (mean * first - (1 - mean) * second);
        information[3] = mean * mean * first + (1 - mean) * (1 - mean) * second - Transcendental.Trigamma(precision);
        return true;
    }

    /// <inheritdoc/>
    public void Start(in OutcomeSample sample, Span<double> parameters)
    {
        var mean = sample.Mean is > 0 and < 1 ? sample.Mean : 0.5;
        (parameters[0], parameters[1]) = (mean, Math.Max(0.5, mean * (1 - mean) / sample.Variance - 1));
    }

    /// <inheritdoc/>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => parameters[0];

    /// <inheritdoc/>
    public double Cumulative(double value, ReadOnlySpan<double> parameters) =>
        value <= 0 ? 0 : value >= 1 ? 1 : SpecialFunctions.BetaRegularized(parameters[0] * parameters[1], (1 - parameters[0]) * parameters[1], value);

    /// <inheritdoc/>
    public double Quantile(double probability, ReadOnlySpan<double> parameters) =>
        MathNet.Numerics.Distributions.Beta.InvCDF(parameters[0] * parameters[1], (1 - parameters[0]) * parameters[1], probability);
}
