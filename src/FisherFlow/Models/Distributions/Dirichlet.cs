using FisherFlow.Differentiation;
using MathNet.Numerics;

namespace FisherFlow.Models.Distributions;

/// <summary>The Dirichlet distribution of shares that sum to one: every component has its own <c>alpha</c> and predictor.</summary>
/// <remarks>The response is <c>cbind(a, b, c)</c>. The mean that is predicted is the first component's, <c>α₁/Σα</c>.</remarks>
public readonly struct Dirichlet : IDistribution
{
    const double Rounding = 1e-6;   // what shares written to seven digits may miss of one

    readonly DistributionParameter[] _parameters;

    /// <summary>Shares of that many components.</summary>
    /// <param name="components">Two to five.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two components, or more than five.</exception>
    public Dirichlet(int components)
    {
        if (components is < 2 or > 5) { throw new ArgumentOutOfRangeException(nameof(components), components, "a Dirichlet response has two to five components"); }
        _parameters = [.. Enumerable.Range(1, components).Select(i => new DistributionParameter($"alpha{i}", Interval.Positive))];
    }

    /// <inheritdoc/>
    public string Name => $"dirichlet({_parameters.Length})";

    /// <inheritdoc/>
    public string Support => $"{_parameters.Length} shares, strictly between 0 and 1, that sum to 1";

    /// <inheritdoc/>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public int Components => _parameters.Length;

    /// <inheritdoc/>
    public ReadOnlySpan<DistributionParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public bool Supports(in Outcome outcome)
    {
        var (sum, legal) = (outcome.Value, outcome.Value is > 0 and < 1 && outcome.Others.Length == _parameters.Length - 1);
        foreach (var share in outcome.Others)
        {
            sum += share;
            legal &= share is > 0 and < 1;
        }
        return legal && Math.Abs(sum - 1) <= Rounding;
    }

    /// <inheritdoc/>
    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T>
    {
        var total = parameters[0];
        var density = Component(parameters[0], outcome.Value);
        for (var i = 1; i < parameters.Length; i++)
        {
            total += parameters[i];
            density += Component(parameters[i], outcome.Others[i - 1]);
        }
        return density + T.LogGamma(total);
    }

    /// <summary><c>diag(ψ′(αᵢ)) − ψ′(Σα)·11ᵀ</c>.</summary>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information)
    {
        var total = 0.0;
        foreach (var alpha in parameters) { total += alpha; }
        information.Fill(-Transcendental.Trigamma(total));
        for (var i = 0; i < parameters.Length; i++) { information[i * (parameters.Length + 1)] += Transcendental.Trigamma(parameters[i]); }
        return true;
    }

    /// <inheritdoc/>
    public void Start(in OutcomeSample sample, Span<double> parameters)
    {
        parameters.Clear();
        var weight = 0.0;
        for (var row = 0; row < sample.Count; row++)
        {
            var outcome = sample[row];
            var w = sample.Weight(row);
            parameters[0] += w * outcome.Value;
            for (var i = 1; i < parameters.Length; i++) { parameters[i] += w * outcome.Others[i - 1]; }
            weight += w;
        }
        var first = weight > 0 ? parameters[0] / weight : 0.5;
        var total = Math.Max(1, first * (1 - first) / sample.Variance - 1);
        foreach (ref var alpha in parameters) { alpha = weight > 0 ? Math.Max(0.01, total * alpha / weight) : 1; }
    }

    /// <summary>The first component's, <c>α₁/Σα</c>.</summary>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T>
    {
        var total = parameters[0];
        for (var i = 1; i < parameters.Length; i++) { total += parameters[i]; }
        return parameters[0] / total;
    }

    /// <summary>The first component's, a beta distribution's.</summary>
    public double Cumulative(double value, ReadOnlySpan<double> parameters) =>
        value <= 0 ? 0 : value >= 1 ? 1 : SpecialFunctions.BetaRegularized(parameters[0], Rest(parameters), value);

    /// <summary>The first component's, a beta distribution's.</summary>
    public double Quantile(double probability, ReadOnlySpan<double> parameters) =>
        MathNet.Numerics.Distributions.Beta.InvCDF(parameters[0], Rest(parameters), probability);

    static T Component<T>(T alpha, double share) where T : struct, IScalar<T> => (alpha - 1) * Math.Log(share) - T.LogGamma(alpha);

    static double Rest(ReadOnlySpan<double> parameters)
    {
        var rest = 0.0;
        foreach (var alpha in parameters[1..]) { rest += alpha; }
        return rest;
    }
}
