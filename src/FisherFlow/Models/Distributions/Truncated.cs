using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>A distribution of location and scale of which only responses between two limits are ever seen, <c>f(y)/P(lower &lt; Y &lt; upper)</c>.</summary>
/// <remarks>
/// Location and scale are those before truncation; the mean that is predicted is the location. A censored response is one that was seen at its limit: for that see
/// <see cref="LocationScale{TStandard}"/>.
/// </remarks>
/// <typeparam name="TStandard">The distribution before truncation.</typeparam>
public readonly struct Truncated<TStandard> : IDistribution where TStandard : IStandardDistribution
{
    readonly double _lower;
    readonly double _upper;

    /// <summary>Responses above zero.</summary>
    public Truncated()
        : this(0, double.PositiveInfinity)
    {
    }

    /// <summary>Responses between limits.</summary>
    /// <param name="lower">The lower limit, −∞ for none.</param>
    /// <param name="upper">The upper limit, +∞ for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lower limit is not below the upper one.</exception>
    public Truncated(double lower, double upper)
    {
        if (!(lower < upper)) { throw new ArgumentOutOfRangeException(nameof(lower), lower, FormattableString.Invariant($"the lower limit lies below the upper one, {upper}")); }
        (_lower, _upper) = (lower, upper);
    }

    /// <inheritdoc/>
    public string Name => _lower == 0 && double.IsPositiveInfinity(_upper) ? $"truncated-{TStandard.Name}" : FormattableString.Invariant($"truncated-{TStandard.Name}({_lower},{_upper})");

    /// <inheritdoc/>
    public string Support => FormattableString.Invariant($"a number between {_lower} and {_upper}");

    /// <inheritdoc/>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public ReadOnlySpan<DistributionParameter> Parameters => default(LocationScale<TStandard>).Parameters;

    /// <inheritdoc/>
    public bool Supports(in Outcome outcome) => double.IsFinite(outcome.Value) && outcome.Value >= _lower && outcome.Value <= _upper && outcome.Status == Censoring.None;

    /// <inheritdoc/>
    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T>
    {
        var (location, scale) = (parameters[0], parameters[1]);
        return TStandard.LogDensity((outcome.Value - location) / scale) - T.Log(scale) - LogSeen(location, scale);
    }

    /// <summary>No closed form but the normal's, and that one cancels: observed.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information) => false;

    /// <inheritdoc/>
    public void Start(in OutcomeSample sample, Span<double> parameters) => (parameters[0], parameters[1]) = StandardPosition.Start<TStandard>(sample, y => y);

    /// <summary>The centre before truncation.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => default(LocationScale<TStandard>).Mean(parameters);

    /// <inheritdoc/>
    public double Cumulative(double value, ReadOnlySpan<double> parameters)
    {
        if (value <= _lower) { return 0; }
        if (value >= _upper) { return 1; }
        Real location = parameters[0], scale = parameters[1];
        var below = double.IsNegativeInfinity(_lower)
            ? TStandard.LogCumulative((value - location) / scale)
            : StandardPosition.LogProbability<TStandard, Real>(Censoring.Interval, (_lower - location) / scale, (value - location) / scale);
        return Math.Exp(below.Value - LogSeen(location, scale).Value);
    }

    /// <inheritdoc/>
    public double Quantile(double probability, ReadOnlySpan<double> parameters)
    {
        var whole = default(LocationScale<TStandard>);
        var below = double.IsNegativeInfinity(_lower) ? 0 : whole.Cumulative(_lower, parameters);
        var above = double.IsPositiveInfinity(_upper) ? 1 : whole.Cumulative(_upper, parameters);
        return Math.Clamp(whole.Quantile(below + probability * (above - below), parameters), _lower, _upper);
    }

    T LogSeen<T>(T location, T scale) where T : struct, IScalar<T> => (double.IsNegativeInfinity(_lower), double.IsPositiveInfinity(_upper)) switch
    {
        (true, true) => 0.0,
        (false, true) => TStandard.LogSurvival((_lower - location) / scale),
        (true, false) => TStandard.LogCumulative((_upper - location) / scale),
        _ => StandardPosition.LogProbability<TStandard, T>(Censoring.Interval, (_lower - location) / scale, (_upper - location) / scale),
    };
}
