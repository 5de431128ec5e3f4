using FisherFlow.Differentiation;
using FisherFlow.Models.Links;
using MathNet.Numerics;

namespace FisherFlow.Models.Families;

/// <summary>A proportion of m trials: <c>V(μ) = μ(1 − μ)</c>, weight m times the prior weight.</summary>
public readonly struct Binomial : IFamily<Binomial>
{
    /// <inheritdoc/>
    public Family Kind => Family.Binomial;

    /// <inheritdoc/>
    public bool EstimatesDispersion => false;

    /// <inheritdoc/>
    public bool HasAuxiliary => false;

    /// <inheritdoc/>
    public bool HasDistribution => true;

    /// <inheritdoc/>
    public Binomial At(double auxiliary) => this;

    /// <inheritdoc/>
    public bool Supports(double response) => response is >= 0 and <= 1;

    /// <inheritdoc/>
    public bool Contains(in MeanPoint point) => point.Mean > 0 && point.Complement > 0;

    /// <inheritdoc/>
    public double Variance(in MeanPoint point) => point.Mean * point.Complement;

    /// <inheritdoc/>
    public double VarianceSlope(in MeanPoint point) => point.Complement - point.Mean;

    /// <inheritdoc/>
    public double UnitDeviance(double response, in MeanPoint point)
    {
        if (response is 0 or 1) { return -2 * Math.Log(response == 1 ? point.Mean : point.Complement); }
        var failure = 1 - response;
        return Math.Max(0, 2 * (response * Math.Log(response / point.Mean) + failure * Math.Log(failure / point.Complement)));
    }

    /// <inheritdoc/>
    public double StartingMean(double response, double weight) => (weight * response + 0.5) / (weight + 1);

    /// <inheritdoc/>
    public double Saturated(double response) => Transcendental.XLogY(response, response) + Transcendental.XLogY(1 - response, 1 - response);

    /// <summary>The prior weight times <c>log C(m, my)</c>; without trials the weight is taken for m, as R does.</summary>
    /// <remarks>R rounds a fractional m first; here the binomial coefficient goes on between the integers, so that the log-likelihood stays a sum.</remarks>
    public double Carrier(double response, double weight, double trials)
    {
        if (response is 0 or 1) { return 0; }
        var m = trials > 1 ? trials : weight;
        return weight / m * (SpecialFunctions.GammaLn(m + 1) - SpecialFunctions.GammaLn(m * response + 1) - SpecialFunctions.GammaLn(m * (1 - response) + 1));
    }

    /// <inheritdoc/>
    public void AddAuxiliary(double response, double weight, double mean, ref FitSums sums) { }

    /// <inheritdoc/>
    public double DevianceAt(double mean, in ResponseSums responses) =>
        2 * (responses.Saturated - Transcendental.XLogY(responses.Response, mean) - Transcendental.XLogY(responses.Weight - responses.Response, 1 - mean));

    /// <inheritdoc/>
    public double? LogLikelihood(in ResponseSums responses, double deviance) => responses.Carrier + responses.Saturated - 0.5 * deviance;

    /// <inheritdoc/>
    public T LogDensity<T, TLink>(TLink link, T eta, double response, double dispersion)
        where T : struct, IScalar<T> where TLink : struct, ILink =>
        response switch
        {
            0 => link.LogComplement(eta),
            1 => link.LogMean(eta),
            _ => (T)response * link.LogMean(eta) + (T)(1 - response) * link.LogComplement(eta),
        };

    /// <inheritdoc/>
    public double Cumulative(double response, double mean, double dispersion, double trials)
    {
        var successes = Math.Floor(response * trials + 1e-9);   // a proportion times its trials is a whole number but for rounding
        if (successes < 0) { return 0; }
        return successes >= trials ? 1 : SpecialFunctions.BetaRegularized(trials - successes, successes + 1, 1 - mean);
    }

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion, double trials) =>
        QuantileSearch.Lattice(this, probability, mean, dispersion, trials, 1 / trials, trials);
}
