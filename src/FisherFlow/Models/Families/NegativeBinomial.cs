using FisherFlow.Differentiation;
using FisherFlow.Models.Links;
using MathNet.Numerics;

namespace FisherFlow.Models.Families;

/// <summary>Counts with <c>V(μ) = μ + μ²/θ</c>; log θ is the auxiliary parameter.</summary>
/// <remarks>
/// Everything in θ is written in differences of <c>ψ(z) − log z</c> and the like, so that nothing cancels as θ → ∞ (the Poisson limit). Information about the
/// coefficients is expected, about θ observed, as in MASS. Source: Venables &amp; Ripley (2002), §7.4; Lawless (1987).
/// </remarks>
public readonly struct NegativeBinomial : IFamily<NegativeBinomial>
{
    /// <summary>Log θ is held within ±this: further out the family is Poisson, or nothing but zeros.</summary>
    const double Limit = 25;

    readonly double _theta;
    readonly GammaDifferences _differences;

    /// <summary>The family at θ &gt; 0; a model at work gets it by <see cref="At"/>.</summary>
    public NegativeBinomial(double theta)
    {
        _theta = theta;
        _differences = new(theta);
    }

    /// <inheritdoc/>
    public Family Kind => Family.NegativeBinomial;

    /// <inheritdoc/>
    public bool EstimatesDispersion => false;

    /// <inheritdoc/>
    public bool HasAuxiliary => true;

    /// <inheritdoc/>
    public bool HasDistribution => true;

    /// <inheritdoc/>
    public NegativeBinomial At(double auxiliary) => new(Math.Exp(Math.Clamp(auxiliary, -Limit, Limit)));

    /// <inheritdoc/>
    public bool Supports(double response) => response >= 0 && double.IsFinite(response);

    /// <inheritdoc/>
    public bool Contains(in MeanPoint point) => MeanRange.Contains(point.Mean);

    /// <inheritdoc/>
    public double Variance(in MeanPoint point) => point.Mean + point.Mean * (point.Mean / _theta);

    /// <inheritdoc/>
    public double VarianceSlope(in MeanPoint point) => 1 + 2 * (point.Mean / _theta);

    /// <inheritdoc/>
    public double UnitDeviance(double response, in MeanPoint point) => Math.Max(0, 2 * (
        Transcendental.XLogY(response, response / point.Mean) - (response + _theta) * Transcendental.Log1P((response - point.Mean) / (point.Mean + _theta))));

    /// <inheritdoc/>
    public double StartingMean(double response, double weight) => response == 0 ? 1.0 / 6 : response;

    /// <summary>Zero: it depends on θ and comes with <see cref="AddAuxiliary"/>.</summary>
    public double Saturated(double response) => 0;

    /// <summary>Zero: it depends on θ and comes with <see cref="AddAuxiliary"/>.</summary>
    public double Carrier(double response, double weight, double trials) => 0;

    /// <summary>
    /// With <c>u = (y − μ)/(μ + θ)</c>: <c>∂ℓ/∂θ = κ(y + θ) − κ(θ) + log(1 + u) − u</c>, κ(z) = ψ(z) − log z, and
    /// <c>−∂²ℓ/∂θ² = τ(θ) − τ(y + θ) − u²/(y + θ)</c>, τ(z) = ψ′(z) − 1/z; both turned to log θ.
    /// </summary>
    public void AddAuxiliary(double response, double weight, double mean, ref FitSums sums)
    {
        var total = response + _theta;
        var u = (response - mean) / (mean + _theta);
        var (rise, digamma, trigamma) = _differences.At(response);
        var score = digamma + (Transcendental.Log1P(u) - u);
        var information = trigamma - u * u / total;
        sums.AuxiliaryScore += weight * _theta * score;
        sums.AuxiliaryInformation += weight * _theta * (_theta * information - score);
        sums.Saturated += weight * (Transcendental.XLogY(response, response) - total * Transcendental.Log1P(response / _theta));
        sums.Carrier += weight * (rise - Transcendental.LogFactorial(response));
    }

    /// <inheritdoc/>
    public double DevianceAt(double mean, in ResponseSums responses) => 2 * (responses.Saturated
        - Transcendental.XLogY(responses.Response, mean) + (responses.Response + _theta * responses.Weight) * Transcendental.Log1P(mean / _theta));

    /// <inheritdoc/>
    public double? LogLikelihood(in ResponseSums responses, double deviance) => responses.Carrier + responses.Saturated - 0.5 * deviance;

    /// <inheritdoc/>
    public T LogDensity<T, TLink>(TLink link, T eta, double response, double dispersion)
        where T : struct, IScalar<T> where TLink : struct, ILink =>
        (T)response * link.LogMean(eta) - (T)(response + _theta) * T.Log(link.Mean(eta) + _theta)
        + (SpecialFunctions.GammaLn(response + _theta) - SpecialFunctions.GammaLn(_theta) - SpecialFunctions.GammaLn(response + 1) + _theta * Math.Log(_theta));

    /// <inheritdoc/>
    public double Cumulative(double response, double mean, double dispersion, double trials) =>
        response < 0 ? 0 : SpecialFunctions.BetaRegularized(_theta, Math.Floor(response) + 1, _theta / (_theta + mean));

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion, double trials) =>
        QuantileSearch.Lattice(this, probability, mean, dispersion, trials, 1, double.PositiveInfinity);
}
