using FisherFlow.Differentiation;
using FisherFlow.Models.Links;
using MathNet.Numerics.Distributions;

namespace FisherFlow.Models.Families;

/// <summary>Normal with variance φ: <c>V(μ) = 1</c>, <c>d = (y − μ)²</c>.</summary>
public readonly struct Gaussian : IFamily<Gaussian>
{
    /// <inheritdoc/>
    public Family Kind => Family.Gaussian;

    /// <inheritdoc/>
    public bool EstimatesDispersion => true;

    /// <inheritdoc/>
    public bool HasAuxiliary => false;

    /// <inheritdoc/>
    public bool HasDistribution => true;

    /// <inheritdoc/>
    public Gaussian At(double auxiliary) => this;

    /// <inheritdoc/>
    public bool Supports(double response) => double.IsFinite(response);

    /// <inheritdoc/>
    public bool Contains(in MeanPoint point) => Math.Abs(point.Mean) < 1e140;

    /// <inheritdoc/>
    public double Variance(in MeanPoint point) => 1;

    /// <inheritdoc/>
    public double VarianceSlope(in MeanPoint point) => 0;

    /// <inheritdoc/>
    public double UnitDeviance(double response, in MeanPoint point)
    {
        var residual = response - point.Mean;
        return residual * residual;
    }

    /// <inheritdoc/>
    public double StartingMean(double response, double weight) => response;

    /// <inheritdoc/>
    public double Saturated(double response) => 0;

    /// <inheritdoc/>
    public double Carrier(double response, double weight, double trials) => 0;

    /// <inheritdoc/>
    public void AddAuxiliary(double response, double weight, double mean, ref FitSums sums) { }

    /// <inheritdoc/>
    public double DevianceAt(double mean, in ResponseSums responses)
    {
        var shift = responses.Response / responses.Weight - mean;
        return responses.Scatter + responses.Weight * shift * shift;
    }

    /// <summary><c>ℓ = −n/2·(log(2π·D/n) + 1) + ½ Σ log w</c>, the dispersion at its maximum likelihood <c>D/n</c>.</summary>
    public double? LogLikelihood(in ResponseSums responses, double deviance)
    {
        var n = (double)responses.Observations;
        return -0.5 * n * (Math.Log(2 * Math.PI * deviance / n) + 1) + 0.5 * responses.LogWeight;
    }

    /// <inheritdoc/>
    public T LogDensity<T, TLink>(TLink link, T eta, double response, double dispersion)
        where T : struct, IScalar<T> where TLink : struct, ILink
    {
        var residual = (T)response - link.Mean(eta);
        return -(residual * residual / (2 * dispersion)) - (0.5 * Math.Log(dispersion) + Transcendental.LogSqrtTwoPi);
    }

    /// <inheritdoc/>
    public double Cumulative(double response, double mean, double dispersion, double trials) =>
        Transcendental.NormalTail((mean - response) / Math.Sqrt(dispersion));

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion, double trials) =>
        Normal.InvCDF(mean, Math.Sqrt(dispersion), probability);
}
