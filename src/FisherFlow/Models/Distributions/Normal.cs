using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>The normal distribution with mean <c>location</c> and standard deviation <c>scale</c>: regression of both; responses may be censored (tobit models).</summary>
public readonly struct Normal : IDistribution
{
    static readonly DistributionParameter[] _parameters = [new("location", Interval.Line), new("scale", Interval.Positive)];

    /// <inheritdoc/>
    public string Name => "normal";

    /// <inheritdoc/>
    public string Support => "a number";

    /// <inheritdoc/>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public bool TakesCensored => true;

    /// <inheritdoc/>
    public ReadOnlySpan<DistributionParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public bool Supports(in Outcome outcome) => default(LocationScale<StandardNormal>).Supports(outcome);

    /// <inheritdoc/>
    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T> =>
        default(LocationScale<StandardNormal>).LogDensity(outcome, parameters);

    /// <summary><c>diag(1, 2)/scale²</c>; none for censored responses.</summary>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information) =>
        default(LocationScale<StandardNormal>).TryExpectedInformation(outcome, parameters, information);

    /// <inheritdoc/>
    public void Start(in OutcomeSample sample, Span<double> parameters) => (parameters[0], parameters[1]) = (sample.Mean, Math.Sqrt(sample.Variance));

    /// <inheritdoc/>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => parameters[0];

    /// <inheritdoc/>
    public double Cumulative(double value, ReadOnlySpan<double> parameters) => Transcendental.NormalTail((parameters[0] - value) / parameters[1]);

    /// <inheritdoc/>
    public double Quantile(double probability, ReadOnlySpan<double> parameters) =>
        parameters[0] + parameters[1] * MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, probability);
}
