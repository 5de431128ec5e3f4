using FisherFlow.Differentiation;
using FisherFlow.Models.Links;
using MathNet.Numerics;

namespace FisherFlow.Models.Families;

/// <summary>Variance <c>φμᵖ</c>: for 1 &lt; p &lt; 2 a Poisson number of gamma amounts, with a mass at zero; for p &gt; 2 positive.</summary>
/// <remarks>Source: Jørgensen (1987); Dunn &amp; Smyth (2005) for the density's series.</remarks>
/// <param name="power">p, strictly between 1 and 2 or above 2 up to 4.</param>
public readonly struct Tweedie(double power) : IFamily<Tweedie>
{
    /// <inheritdoc/>
    public Family Kind => Family.Tweedie;

    /// <inheritdoc/>
    public bool EstimatesDispersion => true;

    /// <inheritdoc/>
    public bool HasAuxiliary => false;

    /// <inheritdoc/>
    public bool HasDistribution => power < 2;

    /// <inheritdoc/>
    public Tweedie At(double auxiliary) => this;

    /// <inheritdoc/>
    public bool Supports(double response) => (response > 0 || (response == 0 && power < 2)) && double.IsFinite(response);

    /// <inheritdoc/>
    public bool Contains(in MeanPoint point) => MeanRange.Contains(point.Mean);

    /// <inheritdoc/>
    public double Variance(in MeanPoint point) => Math.Pow(point.Mean, power);

    /// <inheritdoc/>
    public double VarianceSlope(in MeanPoint point) => power * Math.Pow(point.Mean, power - 1);

    /// <inheritdoc/>
    public double UnitDeviance(double response, in MeanPoint point)
    {
        var slope = Math.Pow(point.Mean, 1 - power);   // μ¹⁻ᵖ, and μ²⁻ᵖ is μ times it
        return Math.Max(0, 2 * (Saturated(response) - response * slope / (1 - power) + point.Mean * slope / (2 - power)));
    }

    /// <inheritdoc/>
    public double StartingMean(double response, double weight) => response == 0 ? 0.1 : response;

    /// <summary><c>y²⁻ᵖ/((1 − p)(2 − p))</c>.</summary>
    public double Saturated(double response) => Math.Pow(response, 2 - power) / ((1 - power) * (2 - power));

    /// <inheritdoc/>
    public double Carrier(double response, double weight, double trials) => 0;

    /// <inheritdoc/>
    public void AddAuxiliary(double response, double weight, double mean, ref FitSums sums) { }

    /// <inheritdoc/>
    public double DevianceAt(double mean, in ResponseSums responses)
    {
        var slope = Math.Pow(mean, 1 - power);
        return 2 * (responses.Saturated - responses.Response * slope / (1 - power) + responses.Weight * mean * slope / (2 - power));
    }

    /// <summary>None, as in statmod: the density has no closed form.</summary>
    public double? LogLikelihood(in ResponseSums responses, double deviance) => null;

    /// <summary>The log-density in full for 1 &lt; p &lt; 2; up to a term in y and φ for p &gt; 2.</summary>
    /// <inheritdoc/>
    public T LogDensity<T, TLink>(TLink link, T eta, double response, double dispersion)
        where T : struct, IScalar<T> where TLink : struct, ILink
    {
        var logMean = link.LogMean(eta);
        var kernel = (T)(response / (1 - power)) * T.Exp((T)(1 - power) * logMean) - (T)(1 / (2 - power)) * T.Exp((T)(2 - power) * logMean);
        return kernel / (T)dispersion + (power < 2 && response > 0 ? CompoundPoisson.LogCarrier(response, dispersion, power) : 0);
    }

    /// <inheritdoc/>
    public double Cumulative(double response, double mean, double dispersion, double trials) =>
        response < 0 ? 0 : CompoundPoisson.Cumulative(response, mean, dispersion, power);

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion, double trials) =>
        QuantileSearch.Positive(this, probability, mean, dispersion, trials);
}
