using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>The normal distribution with mean <c>location</c> and standard deviation <c>scale</c>: regression of both.</summary>
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
    public ReadOnlySpan<DistributionParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public bool Supports(in Outcome outcome) => double.IsFinite(outcome.Value);

    /// <inheritdoc/>
    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T> =>
        -0.5 * T.Square((outcome.Value - parameters[0]) / parameters[1]) - T.Log(parameters[1]) - Transcendental.LogSqrtTwoPi;

    /// <summary><c>diag(1, 2)/scale²</c>.</summary>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information)
    {
        var precision = 1 / (parameters[1] * parameters[1]);
        (information[0], information[1], information[2], information[3]) = (precision, 0, 0, 2 * precision);
        return true;
    }

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
