using FisherFlow.Differentiation;

namespace FisherFlow.Models.Links;

/// <summary><c>η = tan(π(μ − ½))</c>.</summary>
public readonly struct CauchitLink : ILink
{
    /// <summary>Where the tail of the Cauchy distribution is a machine epsilon.</summary>
    const double Limit = 1.4335402848056648e15;

    /// <inheritdoc/>
    public Link Kind => Link.Cauchit;

    /// <inheritdoc/>
    public void Prepare(ReadOnlySpan<double> eta, Span<double> values) { }

    /// <inheritdoc/>
    public MeanPoint At(double eta, double prepared)
    {
        var clamped = Math.Clamp(eta, -Limit, Limit);
        var tail = Math.Atan2(1, Math.Abs(clamped)) / Math.PI;
        var slope = 1 / (Math.PI * (1 + clamped * clamped));
        return eta < 0 ? new(tail, 1 - tail, slope) : new(1 - tail, tail, slope);
    }

    /// <inheritdoc/>
    public bool Contains(double eta) => !double.IsNaN(eta);

    /// <inheritdoc/>
    public double Predictor(double mean) => Math.Tan(Math.PI * (mean - 0.5));

    /// <inheritdoc/>
    public double Curvature(double eta) => -2 * eta / (1 + eta * eta);

    /// <inheritdoc/>
    public T Mean<T>(T eta) where T : struct, IScalar<T> => T.Exp(LogMean(eta));

    /// <inheritdoc/>
    public T LogMean<T>(T eta) where T : struct, IScalar<T> => T.Log(Tail(-eta));

    /// <inheritdoc/>
    public T LogComplement<T>(T eta) where T : struct, IScalar<T> => T.Log(Tail(eta));

    /// <summary><c>P(X &gt; x)</c>, by the arctangent of 1/x where it is small.</summary>
    static T Tail<T>(T x) where T : struct, IScalar<T> =>
        x.Value > 1 ? T.Atan((T)1 / x) / (T)Math.PI : (T)0.5 - T.Atan(x) / (T)Math.PI;
}
