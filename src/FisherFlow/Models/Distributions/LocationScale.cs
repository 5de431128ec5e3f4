using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>A standard distribution moved and stretched, <c>y = location + scale·U</c>; responses may be censored (tobit models).</summary>
/// <typeparam name="TStandard">The distribution of U.</typeparam>
public readonly struct LocationScale<TStandard> : IDistribution where TStandard : IStandardDistribution
{
    static readonly DistributionParameter[] _parameters = [new("location", Interval.Line), new("scale", Interval.Positive)];

    /// <inheritdoc/>
    public string Name => TStandard.Name;

    /// <inheritdoc/>
    public string Support => "a number";

    /// <inheritdoc/>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public bool TakesCensored => true;

    /// <inheritdoc/>
    public bool PrefersObserved => TStandard.HasHeavyTails;

    /// <inheritdoc/>
    public DistributionalModel? Rounded(double corner) => TStandard.Rounded(corner);

    /// <inheritdoc/>
    public ReadOnlySpan<DistributionParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public bool Supports(in Outcome outcome) => double.IsFinite(outcome.Value) && (outcome.Status != Censoring.Interval || outcome.Upper > outcome.Value);

    /// <inheritdoc/>
    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T>
    {
        var u = (outcome.Value - parameters[0]) / parameters[1];
        return outcome.Status switch
        {
            Censoring.None => TStandard.LogDensity(u) - T.Log(parameters[1]),
            Censoring.Interval => StandardPosition.LogProbability<TStandard, T>(outcome.Status, u, (outcome.Upper - parameters[0]) / parameters[1]),
            _ => StandardPosition.LogProbability<TStandard, T>(outcome.Status, u, u),
        };
    }

    /// <summary>The standard distribution's over <c>scale²</c>; none for censored responses.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information)
    {
        if (outcome.Status != Censoring.None) { return false; }
        var (at, precision) = (TStandard.Information, 1 / (parameters[1] * parameters[1]));
        (information[0], information[1], information[2], information[3]) = (precision * at.Location, precision * at.Cross, precision * at.Cross, precision * at.Scale);
        return true;
    }

    /// <inheritdoc/>
    public void Start(in OutcomeSample sample, Span<double> parameters) => (parameters[0], parameters[1]) = StandardPosition.Start<TStandard>(sample, y => y);

    /// <inheritdoc/>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => parameters[0] + TStandard.Centre * parameters[1];

    /// <inheritdoc/>
    public double Cumulative(double value, ReadOnlySpan<double> parameters) => Math.Exp(TStandard.LogCumulative<Real>((value - parameters[0]) / parameters[1]).Value);

    /// <inheritdoc/>
    public double Quantile(double probability, ReadOnlySpan<double> parameters) => parameters[0] + parameters[1] * TStandard.Quantile(probability);
}
