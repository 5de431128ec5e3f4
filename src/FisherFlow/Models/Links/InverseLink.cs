using FisherFlow.Differentiation;

namespace FisherFlow.Models.Links;

/// <summary><c>η = 1/μ</c>.</summary>
public readonly struct InverseLink : ILink
{
    /// <inheritdoc/>
    public Link Kind => Link.Inverse;

    /// <inheritdoc/>
    public void Prepare(ReadOnlySpan<double> eta, Span<double> values) { }

    /// <inheritdoc/>
    public MeanPoint At(double eta, double prepared)
    {
        var mean = 1 / eta;
        return new(mean, 1 - mean, -(mean * mean));
    }

    /// <inheritdoc/>
    public bool Contains(double eta) => Math.Abs(eta) is > 1e-60 and < 1e60;

    /// <inheritdoc/>
    public double Predictor(double mean) => 1 / mean;

    /// <inheritdoc/>
    public double Curvature(double eta) => -2 / eta;

    /// <inheritdoc/>
    public T Mean<T>(T eta) where T : struct, IScalar<T> => (T)1 / eta;

    /// <inheritdoc/>
    public T LogMean<T>(T eta) where T : struct, IScalar<T> => -T.Log(eta);

    /// <inheritdoc/>
    public T LogComplement<T>(T eta) where T : struct, IScalar<T> => T.Log((T)1 - Mean(eta));
}
