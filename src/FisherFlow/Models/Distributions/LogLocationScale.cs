using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>A standard distribution on the logarithmic scale, <c>log y = location + scale·U</c>: the lognormal distribution and its accelerated failure times.</summary>
/// <typeparam name="TStandard">The distribution of U.</typeparam>
public readonly struct LogLocationScale<TStandard> : IDistribution where TStandard : IStandardDistribution
{
    static readonly DistributionParameter[] _parameters = [new("location", Interval.Line), new("scale", Interval.Positive)];

    /// <inheritdoc/>
    public string Name => TStandard.LogName;

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
        FailureTime.LogDensity<TStandard, T>(outcome, parameters[0], parameters[1]);

    /// <summary>The standard distribution's over <c>scale²</c>; none for censored responses.</summary>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information) =>
        default(LocationScale<TStandard>).TryExpectedInformation(outcome, parameters, information);

    /// <inheritdoc/>
    public void Start(in OutcomeSample sample, Span<double> parameters) => (parameters[0], parameters[1]) = StandardPosition.Start<TStandard>(sample, Math.Log);

    /// <inheritdoc/>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => T.Exp(parameters[0] + TStandard.LogMeanOfExponential(parameters[1]));

    /// <inheritdoc/>
    public double Cumulative(double value, ReadOnlySpan<double> parameters) =>
        value <= 0 ? 0 : Math.Exp(TStandard.LogCumulative<Real>((Math.Log(value) - parameters[0]) / parameters[1]).Value);

    /// <inheritdoc/>
    public double Quantile(double probability, ReadOnlySpan<double> parameters) => Math.Exp(parameters[0] + parameters[1] * TStandard.Quantile(probability));
}
