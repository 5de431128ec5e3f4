using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>The exponential distribution with mean <c>scale</c>: times without memory, which may be censored.</summary>
public readonly struct Exponential : IDistribution
{
    static readonly DistributionParameter[] _parameters = [new("scale", Interval.Positive)];

    /// <inheritdoc/>
    public string Name => "exponential";

    /// <inheritdoc/>
    public string Support => "a positive number";

    /// <inheritdoc/>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public bool TakesCensored => true;

    /// <inheritdoc/>
    public ReadOnlySpan<DistributionParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public bool Supports(in Outcome outcome) => FailureTime.Supports(outcome);

    /// <inheritdoc/>
    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T> =>
        FailureTime.LogDensity<SmallestExtreme, T>(outcome, T.Log(parameters[0]), 1.0);

    /// <summary><c>1/scale²</c>; none for censored responses.</summary>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information)
    {
        information[0] = 1 / (parameters[0] * parameters[0]);
        return outcome.Status == Censoring.None;
    }

    /// <inheritdoc/>
    public void Start(in OutcomeSample sample, Span<double> parameters) => parameters[0] = sample.Mean > 0 ? sample.Mean : 1;

    /// <inheritdoc/>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => parameters[0];

    /// <inheritdoc/>
    public double Cumulative(double value, ReadOnlySpan<double> parameters) => value <= 0 ? 0 : -Transcendental.ExpM1(-value / parameters[0]);

    /// <inheritdoc/>
    public double Quantile(double probability, ReadOnlySpan<double> parameters) => -parameters[0] * Transcendental.Log1P(-probability);
}
