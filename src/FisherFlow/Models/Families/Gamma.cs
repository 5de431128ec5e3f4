using FisherFlow.Differentiation;
using FisherFlow.Models.Links;
using MathNet.Numerics;

namespace FisherFlow.Models.Families;

/// <summary>Positive with <c>V(μ) = μ²</c>, shape 1/φ.</summary>
public readonly struct Gamma : IFamily<Gamma>
{
    /// <inheritdoc/>
    public Family Kind => Family.Gamma;

    /// <inheritdoc/>
    public bool EstimatesDispersion => true;

    /// <inheritdoc/>
    public bool HasAuxiliary => false;

    /// <inheritdoc/>
    public bool HasDistribution => true;

    /// <inheritdoc/>
    public Gamma At(double auxiliary) => this;

    /// <inheritdoc/>
    public bool Supports(double response) => response > 0 && double.IsFinite(response);

    /// <inheritdoc/>
    public bool Contains(in MeanPoint point) => MeanRange.Contains(point.Mean);

    /// <inheritdoc/>
    public double Variance(in MeanPoint point) => point.Mean * point.Mean;

    /// <inheritdoc/>
    public double VarianceSlope(in MeanPoint point) => 2 * point.Mean;

    /// <inheritdoc/>
    public double UnitDeviance(double response, in MeanPoint point)
    {
        var excess = (response - point.Mean) / point.Mean;
        return Math.Max(0, 2 * (excess - Transcendental.Log1P(excess)));
    }

    /// <inheritdoc/>
    public double StartingMean(double response, double weight) => response;

    /// <inheritdoc/>
    public double Saturated(double response) => -Math.Log(response) - 1;

    /// <inheritdoc/>
    public double Carrier(double response, double weight, double trials) => -weight * Math.Log(response);

    /// <inheritdoc/>
    public void AddAuxiliary(double response, double weight, double mean, ref FitSums sums) { }

    /// <inheritdoc/>
    public double DevianceAt(double mean, in ResponseSums responses) =>
        2 * (responses.Saturated + responses.Weight * Math.Log(mean) + responses.Response / mean);

    /// <summary><c>ℓ = Σw·(a log a − a − log Γ(a)) − a·D/2 − Σ w log y</c> with R's shape <c>a = Σw/D</c>.</summary>
    public double? LogLikelihood(in ResponseSums responses, double deviance)
    {
        var shape = responses.Weight / deviance;
        return -responses.Weight * Transcendental.LogGammaLessXLogX(shape) - 0.5 * shape * deviance + responses.Carrier;
    }

    /// <inheritdoc/>
    public T LogDensity<T, TLink>(TLink link, T eta, double response, double dispersion)
        where T : struct, IScalar<T> where TLink : struct, ILink
    {
        var shape = 1 / dispersion;
        return (T)shape * ((T)(Math.Log(response) + Math.Log(shape)) - link.LogMean(eta) - (T)response / link.Mean(eta))
            - (Math.Log(response) + SpecialFunctions.GammaLn(shape));
    }

    /// <inheritdoc/>
    public double Cumulative(double response, double mean, double dispersion, double trials) =>
        response <= 0 ? 0 : IncompleteGamma.Lower(1 / dispersion, response / (mean * dispersion));

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion, double trials) =>
        QuantileSearch.Positive(this, probability, mean, dispersion, trials);
}
