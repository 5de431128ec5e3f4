using FisherFlow.Differentiation;
using MathNet.Numerics.Distributions;

namespace FisherFlow.Models.Links;

/// <summary><c>η = Φ⁻¹(μ)</c>.</summary>
public readonly struct ProbitLink : ICumulativeLink
{
    /// <summary>Where the tail of the normal is a machine epsilon.</summary>
    const double Limit = 8.125890664701906;

    /// <inheritdoc/>
    public Link Kind => Link.Probit;

    /// <inheritdoc/>
    public void Prepare(ReadOnlySpan<double> eta, Span<double> values) { }

    /// <inheritdoc/>
    public MeanPoint At(double eta, double prepared)
    {
        var clamped = Math.Clamp(eta, -Limit, Limit);
        var tail = Transcendental.NormalTail(Math.Abs(clamped));
        var slope = Transcendental.NormalDensity(clamped);
        return eta < 0 ? new(tail, 1 - tail, slope) : new(1 - tail, tail, slope);
    }

    /// <inheritdoc/>
    public bool Contains(double eta) => !double.IsNaN(eta);

    /// <inheritdoc/>
    public double Predictor(double mean) => Normal.InvCDF(0, 1, mean);

    /// <inheritdoc/>
    public double Curvature(double eta) => -Math.Clamp(eta, -Limit, Limit);

    /// <inheritdoc/>
    public T Mean<T>(T eta) where T : struct, IScalar<T> => T.Exp(T.LogNormalCdf(eta));

    /// <inheritdoc/>
    public T LogMean<T>(T eta) where T : struct, IScalar<T> => T.LogNormalCdf(eta);

    /// <inheritdoc/>
    public T LogComplement<T>(T eta) where T : struct, IScalar<T> => T.LogNormalCdf(-eta);

    /// <inheritdoc/>
    public double Lower => -Limit;

    /// <inheritdoc/>
    public double Upper => Limit;

    /// <inheritdoc/>
    public CumulativePoint Distribution(double x)
    {
        var density = Transcendental.NormalDensity(x);
        return new(Transcendental.NormalTail(-x), Transcendental.NormalTail(x), density, density == 0 ? 0 : -x * density);
    }
}
