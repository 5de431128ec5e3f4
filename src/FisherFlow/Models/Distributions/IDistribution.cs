using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>A distribution of a response with parameters that may each follow a linear predictor: a struct that carries its constants if it has any (fixed degrees of freedom, limits), so that loops over it are compiled for it.</summary>
/// <remarks>
/// Parameters are on their natural scale, in the order of <see cref="Parameters"/>; transforms to predictors, derivatives, estimation, states and reports are the engine's.
/// A distribution has one to five of them.
/// </remarks>
public interface IDistribution
{
    /// <summary>As the command line calls it, with its constants if it has any: <c>student-t</c>, <c>student-t(5)</c>.</summary>
    string Name { get; }

    /// <summary>The responses it may have, in words that follow "needs": <c>a positive number</c>.</summary>
    string Support { get; }

    /// <summary>Whether responses are whole numbers.</summary>
    bool IsDiscrete { get; }

    /// <summary>Its parameters <c>[K]</c>; the first is the one that the formula's right side speaks of.</summary>
    ReadOnlySpan<DistributionParameter> Parameters { get; }

    /// <summary>Whether responses may be censored: <see cref="LogDensity"/> then knows the log-probability of a range. The engine takes late entries off by it (<see cref="Outcome.Entry"/>).</summary>
    bool TakesCensored => false;

    /// <summary>Components of a response, <c>cbind(a, b, c)</c>.</summary>
    /// <value>1.</value>
    int Components => 1;

    /// <summary>Whether intervals come from the observed information although the expected one is known: with heavy tails it follows the sample at hand (Efron &amp; Hinkley 1978).</summary>
    bool PrefersObserved => false;

    /// <summary>The distribution with the corners of its log-density rounded off, so that it has an observed information; null where there are none.</summary>
    /// <remarks>Estimation walks down such corners from wide ones to those of the density itself, where the estimate lies in general.</remarks>
    /// <param name="corner">Half the width of the rounding, in scales.</param>
    /// <value>Null.</value>
    DistributionalModel? Rounded(double corner) => null;

    /// <summary>Whether the response can occur; asked at the door, not in the loop.</summary>
    bool Supports(in Outcome outcome);

    /// <summary><c>log p(y | θ)</c> in full (or the log-probability of the range of a censored response), over any scalar.</summary>
    /// <remarks>Write it in forms that keep their digits: <c>T.LogNormalCdf</c>, <c>T.Log1P</c>, <c>T.LogSumExp</c>. NaN or −∞ means that θ is out of its domain there.</remarks>
    /// <param name="outcome">The response.</param>
    /// <param name="parameters">θ <c>[K]</c>.</param>
    T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T>;

    /// <summary>The expected information of one observation about θ, if it has a closed form; false leaves it to the observed one.</summary>
    /// <param name="outcome">The response's circumstances (trials, censoring); not its value.</param>
    /// <param name="parameters">θ <c>[K]</c>.</param>
    /// <param name="information"><c>E[s sᵀ] [K, K]</c>, row by row, both triangles.</param>
    bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information);

    /// <summary>Legal starting values, from the moments of the first responses.</summary>
    /// <param name="sample">The responses.</param>
    /// <param name="parameters">θ <c>[K]</c>.</param>
    void Start(in OutcomeSample sample, Span<double> parameters);

    /// <summary>The mean over any scalar, which <c>predict</c> gives; the median where there is no mean.</summary>
    /// <param name="parameters">θ <c>[K]</c>.</param>
    T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T>;

    /// <summary><c>P(Y ≤ y)</c>.</summary>
    /// <param name="value">y.</param>
    /// <param name="parameters">θ <c>[K]</c>.</param>
    double Cumulative(double value, ReadOnlySpan<double> parameters);

    /// <summary>The smallest y with <c>P(Y ≤ y) ≥ probability</c>.</summary>
    /// <param name="probability">A probability in (0, 1).</param>
    /// <param name="parameters">θ <c>[K]</c>.</param>
    double Quantile(double probability, ReadOnlySpan<double> parameters);
}
