using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>Counts whose zeros are a matter of their own: zero with probability <c>zero</c>, and otherwise a count known to be above zero.</summary>
/// <remarks>
/// <c>mean</c> is that of the counts before zero is taken out. R's <c>pscl::hurdle</c> models the probability of a count above zero: its coefficients have the other sign.
/// Source: Mullahy (1986), §2.
/// </remarks>
/// <typeparam name="TCount">The counts.</typeparam>
public readonly struct Hurdle<TCount> : IDistribution where TCount : ICountDistribution
{
    static readonly DistributionParameter[] _parameters = [.. TCount.Parameters, new("zero", Interval.Unit)];

    /// <inheritdoc/>
    public string Name => $"hurdle-{TCount.Name}";

    /// <inheritdoc/>
    public string Support => CountMass.Support;

    /// <inheritdoc/>
    public bool IsDiscrete => true;

    /// <inheritdoc/>
    public ReadOnlySpan<DistributionParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public bool Supports(in Outcome outcome) => CountMass.IsCount(outcome);

    /// <inheritdoc/>
    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => outcome.Value == 0
        ? T.Log(parameters[^1])
        : T.Log1P(-parameters[^1]) + TCount.LogMass(outcome.Value, parameters[..^1]) - T.LogOneMinusExp(TCount.LogMass(0, parameters[..^1]));

    /// <summary>No closed form.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information) => false;

    /// <summary>The counts above zero start the mean.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public void Start(in OutcomeSample sample, Span<double> parameters)
    {
        var zeros = sample.MeanOf(y => y == 0 ? 1 : 0);
        CountMass.StartAboveZero<TCount>(sample, zeros, parameters[..^1]);
        parameters[^1] = Math.Clamp(zeros, 0.01, 0.99);
    }

    /// <summary><c>(1 − zero)·mean/(1 − P(0))</c>.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> =>
        (1 - parameters[^1]) * parameters[0] / -T.ExpM1(TCount.LogMass(0, parameters[..^1]));

    /// <inheritdoc/>
    public double Cumulative(double value, ReadOnlySpan<double> parameters)
    {
        if (value < 0) { return 0; }
        var none = TCount.Cumulative(0, parameters[..^1]);
        return parameters[^1] + (1 - parameters[^1]) * (TCount.Cumulative(value, parameters[..^1]) - none) / (1 - none);
    }

    /// <inheritdoc/>
    public double Quantile(double probability, ReadOnlySpan<double> parameters) => CountMass.Quantile(this, probability, parameters);
}
