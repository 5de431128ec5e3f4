using FisherFlow.Differentiation;
using FisherFlow.Models.Links;

namespace FisherFlow.Models.Families;

/// <summary>The distribution of a response about its mean: a struct that carries its parameter (a power, θ) if it has one, so that loops over it are compiled for it.</summary>
/// <typeparam name="TSelf">The family itself.</typeparam>
public interface IFamily<TSelf> where TSelf : struct, IFamily<TSelf>
{
    /// <summary>Its name.</summary>
    Family Kind { get; }

    /// <summary>Whether it has a dispersion to be estimated.</summary>
    bool EstimatesDispersion { get; }

    /// <summary>Whether it has an auxiliary parameter, estimated jointly.</summary>
    bool HasAuxiliary { get; }

    /// <summary>Whether <see cref="Cumulative"/> and <see cref="Quantile"/> are known.</summary>
    bool HasDistribution { get; }

    /// <summary>The family at that value of its auxiliary parameter; itself if it has none.</summary>
    TSelf At(double auxiliary);

    /// <summary>Whether the response can occur.</summary>
    bool Supports(double response);

    /// <summary>Whether the mean is legal and within what arithmetic bears; false for what is not a number.</summary>
    bool Contains(in MeanPoint point);

    /// <summary>The variance function <c>V(μ)</c>.</summary>
    double Variance(in MeanPoint point);

    /// <summary><c>V′(μ) = dV/dμ</c>.</summary>
    double VarianceSlope(in MeanPoint point);

    /// <summary>Twice what the saturated log-likelihood of a response is above that at μ, in units of the dispersion; ≥ 0.</summary>
    double UnitDeviance(double response, in MeanPoint point);

    /// <summary>A legal mean near the response, where iterations start (R's <c>mustart</c>).</summary>
    /// <param name="response">y.</param>
    /// <param name="weight">Prior weight, times trials.</param>
    double StartingMean(double response, double weight);

    /// <summary>The part of the saturated log-likelihood in <see cref="UnitDeviance"/>, half its terms that depend on y alone.</summary>
    double Saturated(double response);

    /// <summary>What the log-likelihood holds of an observation besides <see cref="Saturated"/> and the deviance, already weighted.</summary>
    double Carrier(double response, double weight, double trials);

    /// <summary>Adds score, observed information and sums of the auxiliary parameter; families without one add nothing.</summary>
    void AddAuxiliary(double response, double weight, double mean, ref FitSums sums);

    /// <summary>The deviance of one common mean μ for all observations, from their sums.</summary>
    double DevianceAt(double mean, in ResponseSums responses);

    /// <summary>The log-likelihood from sums and deviance, as R's <c>logLik</c>; null where there is no density.</summary>
    double? LogLikelihood(in ResponseSums responses, double deviance);

    /// <summary><c>log p(y | η, φ)</c> in full, over any scalar in η: the definition from which tests derive score and information.</summary>
    /// <param name="link">The link.</param>
    /// <param name="eta">The linear predictor.</param>
    /// <param name="response">y.</param>
    /// <param name="dispersion">φ; ignored where it is 1.</param>
    T LogDensity<T, TLink>(TLink link, T eta, double response, double dispersion)
        where T : struct, IScalar<T> where TLink : struct, ILink;

    /// <summary><c>P(Y ≤ y)</c>.</summary>
    /// <param name="response">y.</param>
    /// <param name="mean">μ.</param>
    /// <param name="dispersion">φ over the prior weight.</param>
    /// <param name="trials">Trials; 1 but for binomial.</param>
    double Cumulative(double response, double mean, double dispersion, double trials);

    /// <summary>The smallest y with <c>P(Y ≤ y) ≥ probability</c>.</summary>
    /// <param name="probability">A probability in (0, 1).</param>
    /// <param name="mean">μ.</param>
    /// <param name="dispersion">φ over the prior weight.</param>
    /// <param name="trials">Trials; 1 but for binomial.</param>
    double Quantile(double probability, double mean, double dispersion, double trials);
}
