using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>Counts with more zeros: zero with probability <c>zero</c>, and otherwise a count that may be zero too.</summary>
/// <remarks>Source: Lambert (1992), §2. The mean that is predicted is that of the response, <c>(1 − zero)·mean</c>.</remarks>
/// <typeparam name="TCount">The counts.</typeparam>
public readonly struct ZeroInflated<TCount> : IDistribution where TCount : ICountDistribution
{
    static readonly DistributionParameter[] _parameters = [.. TCount.Parameters, new("zero", Interval.Unit)];

    /// <inheritdoc/>
    public string Name => $"zero-inflated-{TCount.Name}";

    /// <inheritdoc/>
    public string Support => CountMass.Support;

    /// <inheritdoc/>
    public bool IsDiscrete => true;

    /// <inheritdoc/>
    public ReadOnlySpan<DistributionParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public bool Supports(in Outcome outcome) => CountMass.IsCount(outcome);

    /// <inheritdoc/>
    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T>
    {
        var zero = parameters[^1];
        var count = T.Log1P(-zero) + TCount.LogMass(outcome.Value, parameters[..^1]);
        return outcome.Value == 0 ? T.LogSumExp(T.Log(zero), count) : count;
    }

    /// <summary>No closed form.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information) => false;

    /// <summary>The counts above zero start the mean; of the zeros, half are taken for zeros of their own.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public void Start(in OutcomeSample sample, Span<double> parameters)
    {
        var zeros = sample.MeanOf(y => y == 0 ? 1 : 0);
        CountMass.StartAboveZero<TCount>(sample, zeros, parameters[..^1]);
        parameters[^1] = Math.Clamp(0.5 * zeros, 0.01, 0.99);
    }

    /// <summary><c>(1 − zero)·mean</c>.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => (1 - parameters[^1]) * parameters[0];

    /// <inheritdoc/>
    public double Cumulative(double value, ReadOnlySpan<double> parameters) =>
        value < 0 ? 0 : parameters[^1] + (1 - parameters[^1]) * TCount.Cumulative(value, parameters[..^1]);

    /// <inheritdoc/>
    public double Quantile(double probability, ReadOnlySpan<double> parameters) => CountMass.Quantile(this, probability, parameters);
}
