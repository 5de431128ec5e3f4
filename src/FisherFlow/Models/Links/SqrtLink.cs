using FisherFlow.Differentiation;

namespace FisherFlow.Models.Links;

/// <summary><c>η = √μ</c>, η &gt; 0.</summary>
public readonly struct SqrtLink : ILink
{
    /// <inheritdoc/>
    public Link Kind => Link.Sqrt;

    /// <inheritdoc/>
    public void Prepare(ReadOnlySpan<double> eta, Span<double> values) { }

    /// <inheritdoc/>
    public MeanPoint At(double eta, double prepared) => new(eta * eta, 1 - eta * eta, 2 * eta);

    /// <inheritdoc/>
    public bool Contains(double eta) => eta is > 1e-30 and < 1e30;

    /// <inheritdoc/>
    public double Predictor(double mean) => Math.Sqrt(mean);

    /// <inheritdoc/>
    public double Curvature(double eta) => 1 / eta;

    /// <inheritdoc/>
    public T Mean<T>(T eta) where T : struct, IScalar<T> => eta * eta;

    /// <inheritdoc/>
    public T LogMean<T>(T eta) where T : struct, IScalar<T> => (T)2 * T.Log(eta);

    /// <inheritdoc/>
    public T LogComplement<T>(T eta) where T : struct, IScalar<T> => T.Log((T)1 - Mean(eta));
}
