using FisherFlow.Differentiation;
using MathNet.Numerics;

namespace FisherFlow.Models.Distributions;

/// <summary>The gamma distribution by mean and shape, both of which may follow predictors; the variance is <c>mean²/shape</c>.</summary>
/// <remarks>The family <c>gamma</c> estimates the mean alone and scales by Pearson's dispersion; here the shape is a parameter with its own standard error.</remarks>
public readonly struct GammaShape : IDistribution
{
    static readonly DistributionParameter[] _parameters = [new("mean", Interval.Positive), new("shape", Interval.Positive)];

    /// <inheritdoc/>
    public string Name => "gamma-shape";

    /// <inheritdoc/>
    public string Support => "a positive number";

    /// <inheritdoc/>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public ReadOnlySpan<DistributionParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public bool Supports(in Outcome outcome) => outcome.Value > 0 && double.IsFinite(outcome.Value) && outcome.Status == Censoring.None;

    /// <inheritdoc/>
    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T>
    {
        var (mean, shape) = (parameters[0], parameters[1]);
        var logarithm = Math.Log(outcome.Value);
        return shape * (T.Log(shape) - T.Log(mean) + logarithm - outcome.Value / mean) - logarithm - T.LogGamma(shape);
    }

    /// <summary><c>diag(shape/mean², ψ′(shape) − 1/shape)</c>.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information)
    {
        var (mean, shape) = (parameters[0], parameters[1]);
        (information[0], information[1], information[2], information[3]) = (shape / (mean * mean), 0, 0, Transcendental.TrigammaLessInverse(shape));
        return true;
    }

    /// <inheritdoc/>
    public void Start(in OutcomeSample sample, Span<double> parameters) =>
        (parameters[0], parameters[1]) = sample.Mean > 0 ? (sample.Mean, sample.Mean * sample.Mean / sample.Variance) : (1, 1);

    /// <inheritdoc/>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => parameters[0];

    /// <inheritdoc/>
    public double Cumulative(double value, ReadOnlySpan<double> parameters) =>
        value <= 0 ? 0 : Families.IncompleteGamma.Lower(parameters[1], value * parameters[1] / parameters[0]);

    /// <inheritdoc/>
    public double Quantile(double probability, ReadOnlySpan<double> parameters) =>
        Families.QuantileSearch.Positive(default(Families.Gamma), probability, parameters[0], 1 / parameters[1], 1);
}
