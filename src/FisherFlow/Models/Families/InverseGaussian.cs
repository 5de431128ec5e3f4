using FisherFlow.Differentiation;
using FisherFlow.Models.Links;

namespace FisherFlow.Models.Families;

/// <summary>Positive with <c>V(μ) = μ³</c>: the time a Brownian motion with drift takes to a level.</summary>
public readonly struct InverseGaussian : IFamily<InverseGaussian>
{
    /// <inheritdoc/>
    public Family Kind => Family.InverseGaussian;

    /// <inheritdoc/>
    public bool EstimatesDispersion => true;

    /// <inheritdoc/>
    public bool HasAuxiliary => false;

    /// <inheritdoc/>
    public bool HasDistribution => true;

    /// <inheritdoc/>
    public InverseGaussian At(double auxiliary) => this;

    /// <inheritdoc/>
    public bool Supports(double response) => response > 0 && double.IsFinite(response);

    /// <inheritdoc/>
    public bool Contains(in MeanPoint point) => MeanRange.Contains(point.Mean);

    /// <inheritdoc/>
    public double Variance(in MeanPoint point) => point.Mean * point.Mean * point.Mean;

    /// <inheritdoc/>
    public double VarianceSlope(in MeanPoint point) => 3 * point.Mean * point.Mean;

    /// <inheritdoc/>
    public double UnitDeviance(double response, in MeanPoint point)
    {
        var excess = (response - point.Mean) / point.Mean;
        return excess * excess / response;
    }

    /// <inheritdoc/>
    public double StartingMean(double response, double weight) => response;

    /// <inheritdoc/>
    public double Saturated(double response) => 0.5 / response;

    /// <inheritdoc/>
    public double Carrier(double response, double weight, double trials) => -1.5 * weight * Math.Log(response);

    /// <inheritdoc/>
    public void AddAuxiliary(double response, double weight, double mean, ref FitSums sums) { }

    /// <inheritdoc/>
    public double DevianceAt(double mean, in ResponseSums responses) =>
        2 * responses.Saturated + (responses.Response / mean - 2 * responses.Weight) / mean;

    /// <summary><c>ℓ = −½ Σw·(log(2π·D/Σw) + 1) − 3/2 Σ w log y</c>, the dispersion at <c>D/Σw</c>.</summary>
    public double? LogLikelihood(in ResponseSums responses, double deviance) =>
        -0.5 * responses.Weight * (Math.Log(2 * Math.PI * deviance / responses.Weight) + 1) + responses.Carrier;

    /// <inheritdoc/>
    public T LogDensity<T, TLink>(TLink link, T eta, double response, double dispersion)
        where T : struct, IScalar<T> where TLink : struct, ILink
    {
        var excess = (T)response / link.Mean(eta) - 1;
        return -(excess * excess / (2 * dispersion * response)) - (0.5 * Math.Log(dispersion) + 1.5 * Math.Log(response) + Transcendental.LogSqrtTwoPi);
    }

    /// <summary><c>Φ(√(λ/y)(y/μ − 1)) + e^{2λ/μ}·Φ(−√(λ/y)(y/μ + 1))</c> with <c>λ = 1/φ</c>.</summary>
    public double Cumulative(double response, double mean, double dispersion, double trials)
    {
        if (response <= 0) { return 0; }
        var root = 1 / Math.Sqrt(dispersion * response);
        var ratio = response / mean;
        return Transcendental.NormalTail(root * (1 - ratio))
            + Math.Exp(2 / (dispersion * mean) + Transcendental.LogNormalCdf(-root * (ratio + 1)));
    }

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion, double trials) =>
        QuantileSearch.Positive(this, probability, mean, dispersion, trials);
}
