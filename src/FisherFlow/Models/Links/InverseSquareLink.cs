using FisherFlow.Differentiation;

namespace FisherFlow.Models.Links;

/// <summary><c>η = 1/μ²</c>, η &gt; 0.</summary>
public readonly struct InverseSquareLink : ILink
{
    /// <inheritdoc/>
    public Link Kind => Link.InverseSquare;

    /// <inheritdoc/>
    public void Prepare(ReadOnlySpan<double> eta, Span<double> values) { }

    /// <inheritdoc/>
    public MeanPoint At(double eta, double prepared)
    {
        var mean = 1 / Math.Sqrt(eta);
        return new(mean, 1 - mean, -0.5 * (mean * mean * mean));
    }

    /// <inheritdoc/>
    public bool Contains(double eta) => eta is > 1e-120 and < 1e120;

    /// <inheritdoc/>
    public double Predictor(double mean) => 1 / (mean * mean);

    /// <inheritdoc/>
    public double Curvature(double eta) => -1.5 / eta;

    /// <inheritdoc/>
    public T Mean<T>(T eta) where T : struct, IScalar<T> => T.Pow(eta, -0.5);

    /// <inheritdoc/>
    public T LogMean<T>(T eta) where T : struct, IScalar<T> => -(T)0.5 * T.Log(eta);

    /// <inheritdoc/>
    public T LogComplement<T>(T eta) where T : struct, IScalar<T> => T.Log((T)1 - Mean(eta));
}
