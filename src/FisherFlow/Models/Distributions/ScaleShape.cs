using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>A standard distribution on the logarithmic scale in the customary parameters, <c>y = scale·e^(U/shape)</c>: Weibull and log-logistic times.</summary>
/// <remarks>R's <c>survreg</c> calls <c>log scale</c> the linear predictor and <c>1/shape</c> the scale.</remarks>
/// <typeparam name="TStandard">The distribution of U.</typeparam>
public readonly struct ScaleShape<TStandard> : IDistribution where TStandard : IStandardDistribution
{
    static readonly DistributionParameter[] _parameters = [new("scale", Interval.Positive), new("shape", Interval.Positive)];

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
        FailureTime.LogDensity<TStandard, T>(outcome, T.Log(parameters[0]), 1 / parameters[1]);

    /// <summary><c>[[a·shape²/scale², −c/scale], [·, b/shape²]]</c> with the standard distribution's a, c, b; none for censored responses.</summary>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information)
    {
        if (outcome.Status != Censoring.None) { return false; }
        var at = TStandard.Information;
        var (scale, shape) = (parameters[0], parameters[1]);
        var ratio = shape / scale;
        (information[0], information[3]) = (at.Location * ratio * ratio, at.Scale / (shape * shape));
        information[1] = information[2] = -at.Cross / scale;
        return true;
    }

    /// <inheritdoc/>
    public void Start(in OutcomeSample sample, Span<double> parameters)
    {
        var (location, scale) = StandardPosition.Start<TStandard>(sample, Math.Log);
        (parameters[0], parameters[1]) = (Math.Exp(location), 1 / scale);
    }

    /// <inheritdoc/>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => parameters[0] * T.Exp(TStandard.LogMeanOfExponential(1 / parameters[1]));

    /// <inheritdoc/>
    public double Cumulative(double value, ReadOnlySpan<double> parameters) =>
        value <= 0 ? 0 : Math.Exp(TStandard.LogCumulative<Real>(parameters[1] * Math.Log(value / parameters[0])).Value);

    /// <inheritdoc/>
    public double Quantile(double probability, ReadOnlySpan<double> parameters) => parameters[0] * Math.Exp(TStandard.Quantile(probability) / parameters[1]);
}
