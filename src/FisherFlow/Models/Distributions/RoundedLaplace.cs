using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>The Laplace distribution with its corner rounded off to <c>√(u² + ε²)</c>: smooth, so that Newton's method finds its maximum, which for small ε is the vertex of median regression.</summary>
/// <remarks>It normalises to slightly less than one, and is never reported. Source: Hunter &amp; Lange (2000), quantile regression via an MM algorithm, for the perturbed absolute value.</remarks>
/// <param name="corner">ε, in scales.</param>
readonly struct RoundedLaplace(double corner) : IDistribution
{
    static LocationScale<Laplace> Sharp => default;

    /// <inheritdoc/>
    public string Name => Laplace.Name;

    /// <inheritdoc/>
    public string Support => Sharp.Support;

    /// <inheritdoc/>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public bool TakesCensored => true;

    /// <inheritdoc/>
    public ReadOnlySpan<DistributionParameter> Parameters => Sharp.Parameters;

    /// <inheritdoc/>
    public bool Supports(in Outcome outcome) => Sharp.Supports(outcome);

    /// <inheritdoc/>
    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => outcome.Status == Censoring.None
        ? Laplace.LogDensity((outcome.Value - parameters[0]) / parameters[1], corner) - T.Log(parameters[1])
        : Sharp.LogDensity(outcome, parameters);

    /// <summary>None: the observed one is what the rounding is for.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information) => false;

    /// <inheritdoc/>
    public void Start(in OutcomeSample sample, Span<double> parameters) => Sharp.Start(sample, parameters);

    /// <inheritdoc/>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => Sharp.Mean(parameters);

    /// <inheritdoc/>
    public double Cumulative(double value, ReadOnlySpan<double> parameters) => Sharp.Cumulative(value, parameters);

    /// <inheritdoc/>
    public double Quantile(double probability, ReadOnlySpan<double> parameters) => Sharp.Quantile(probability, parameters);
}
