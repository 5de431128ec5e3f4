using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>A distribution of counts from which zeros may be taken out or put in: a type without instances.</summary>
public interface ICountDistribution
{
    /// <summary>The family's name.</summary>
    static abstract string Name { get; }

    /// <summary>Its parameters <c>[K]</c>; the first is the mean.</summary>
    static abstract ReadOnlySpan<DistributionParameter> Parameters { get; }

    /// <summary><c>log P(Y = y)</c>.</summary>
    /// <param name="count">y.</param>
    /// <param name="parameters">θ <c>[K]</c>.</param>
    static abstract T LogMass<T>(double count, ReadOnlySpan<T> parameters) where T : struct, IScalar<T>;

    /// <summary><c>P(Y ≤ y)</c>.</summary>
    /// <param name="value">y ≥ 0.</param>
    /// <param name="parameters">θ <c>[K]</c>.</param>
    static abstract double Cumulative(double value, ReadOnlySpan<double> parameters);

    /// <summary>Starting values from the mean and variance of counts.</summary>
    /// <param name="mean">Their mean, above zero.</param>
    /// <param name="variance">Their variance.</param>
    /// <param name="parameters">θ <c>[K]</c>.</param>
    static abstract void Start(double mean, double variance, Span<double> parameters);
}

/// <summary>Poisson counts by their mean.</summary>
public readonly struct PoissonCounts : ICountDistribution
{
    static readonly DistributionParameter[] _parameters = [new("mean", Interval.Positive)];

    /// <inheritdoc/>
    public static string Name => "poisson";

    /// <inheritdoc/>
    public static ReadOnlySpan<DistributionParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public static T LogMass<T>(double count, ReadOnlySpan<T> parameters) where T : struct, IScalar<T> =>
        (count == 0 ? (T)0.0 : count * T.Log(parameters[0])) - parameters[0] - Transcendental.LogFactorial(count);

    /// <inheritdoc/>
    public static double Cumulative(double value, ReadOnlySpan<double> parameters) =>
        Families.IncompleteGamma.Upper(Math.Floor(value) + 1, parameters[0]);

    /// <inheritdoc/>
    public static void Start(double mean, double variance, Span<double> parameters) => parameters[0] = mean;
}

/// <summary>Negative binomial counts by mean and size θ, <c>Var = μ + μ²/θ</c>.</summary>
public readonly struct NegativeBinomialCounts : ICountDistribution
{
    static readonly DistributionParameter[] _parameters = [new("mean", Interval.Positive), new("size", Interval.Positive)];

    /// <inheritdoc/>
    public static string Name => "negative-binomial";

    /// <inheritdoc/>
    public static ReadOnlySpan<DistributionParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public static T LogMass<T>(double count, ReadOnlySpan<T> parameters) where T : struct, IScalar<T>
    {
        var (mean, size) = (parameters[0], parameters[1]);
        var zeros = -size * T.Log1P(mean / size);
        return count == 0 ? zeros
            : T.LogGamma(size + count) - T.LogGamma(size) - Transcendental.LogFactorial(count) + zeros + count * (T.Log(mean) - T.Log(size + mean));
    }

    /// <inheritdoc/>
    public static double Cumulative(double value, ReadOnlySpan<double> parameters) =>
        MathNet.Numerics.SpecialFunctions.BetaRegularized(parameters[1], Math.Floor(value) + 1, parameters[1] / (parameters[1] + parameters[0]));

    /// <inheritdoc/>
    public static void Start(double mean, double variance, Span<double> parameters) =>
        (parameters[0], parameters[1]) = (mean, variance > mean ? Math.Clamp(mean * mean / (variance - mean), 0.1, 100) : 10);
}
