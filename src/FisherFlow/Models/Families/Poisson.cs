using FisherFlow.Differentiation;
using FisherFlow.Models.Links;
using MathNet.Numerics;

namespace FisherFlow.Models.Families;

/// <summary>Counts with <c>V(μ) = μ</c>.</summary>
public readonly struct Poisson : IFamily<Poisson>
{
    /// <inheritdoc/>
    public Family Kind => Family.Poisson;

    /// <inheritdoc/>
    public bool EstimatesDispersion => false;

    /// <inheritdoc/>
    public bool HasAuxiliary => false;

    /// <inheritdoc/>
    public bool HasDistribution => true;

    /// <inheritdoc/>
    public Poisson At(double auxiliary) => this;

    /// <inheritdoc/>
    public bool Supports(double response) => response >= 0 && double.IsFinite(response);

    /// <inheritdoc/>
    public bool Contains(in MeanPoint point) => MeanRange.Contains(point.Mean);

    /// <inheritdoc/>
    public double Variance(in MeanPoint point) => point.Mean;

    /// <inheritdoc/>
    public double VarianceSlope(in MeanPoint point) => 1;

    /// <inheritdoc/>
    public double UnitDeviance(double response, in MeanPoint point) =>
        Math.Max(0, 2 * (Transcendental.XLogY(response, response / point.Mean) - (response - point.Mean)));

    /// <inheritdoc/>
    public double StartingMean(double response, double weight) => response + 0.1;

    /// <inheritdoc/>
    public double Saturated(double response) => Transcendental.XLogY(response, response) - response;

    /// <inheritdoc/>
    public double Carrier(double response, double weight, double trials) => -weight * Transcendental.LogFactorial(response);

    /// <inheritdoc/>
    public void AddAuxiliary(double response, double weight, double mean, ref FitSums sums) { }

    /// <inheritdoc/>
    public double DevianceAt(double mean, in ResponseSums responses) =>
        2 * (responses.Saturated - Transcendental.XLogY(responses.Response, mean) + responses.Weight * mean);

    /// <inheritdoc/>
    public double? LogLikelihood(in ResponseSums responses, double deviance) => responses.Carrier + responses.Saturated - 0.5 * deviance;

    /// <inheritdoc/>
    public T LogDensity<T, TLink>(TLink link, T eta, double response, double dispersion)
        where T : struct, IScalar<T> where TLink : struct, ILink =>
        (T)response * link.LogMean(eta) - link.Mean(eta) - SpecialFunctions.GammaLn(response + 1);

    /// <inheritdoc/>
    public double Cumulative(double response, double mean, double dispersion, double trials) =>
        response < 0 ? 0 : IncompleteGamma.Upper(Math.Floor(response) + 1, mean);

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion, double trials) =>
        QuantileSearch.Lattice(this, probability, mean, dispersion, trials, 1, double.PositiveInfinity);
}
