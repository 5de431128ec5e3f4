using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>The number of failures before the first success of given <c>probability</c>.</summary>
public readonly struct Geometric : IDistribution
{
    static readonly DistributionParameter[] _parameters = [new("probability", Interval.Unit)];

    /// <inheritdoc/>
    public string Name => "geometric";

    /// <inheritdoc/>
    public string Support => CountMass.Support;

    /// <inheritdoc/>
    public bool IsDiscrete => true;

    /// <inheritdoc/>
    public ReadOnlySpan<DistributionParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public bool Supports(in Outcome outcome) => CountMass.IsCount(outcome);

    /// <inheritdoc/>
    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T> =>
        T.Log(parameters[0]) + outcome.Value * T.Log1P(-parameters[0]);

    /// <summary><c>1/(p²(1 − p))</c>.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information)
    {
        information[0] = 1 / (parameters[0] * parameters[0] * (1 - parameters[0]));
        return true;
    }

    /// <inheritdoc/>
    public void Start(in OutcomeSample sample, Span<double> parameters) => parameters[0] = 1 / (1 + Math.Max(0.01, sample.Mean));

    /// <summary><c>(1 − p)/p</c>.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => (1 - parameters[0]) / parameters[0];

    /// <inheritdoc/>
    public double Cumulative(double value, ReadOnlySpan<double> parameters) =>
        value < 0 ? 0 : -Transcendental.ExpM1((Math.Floor(value) + 1) * Transcendental.Log1P(-parameters[0]));

    /// <inheritdoc/>
    public double Quantile(double probability, ReadOnlySpan<double> parameters) => CountMass.Quantile(this, probability, parameters);
}
