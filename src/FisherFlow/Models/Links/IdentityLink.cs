using FisherFlow.Differentiation;

namespace FisherFlow.Models.Links;

/// <summary><c>μ = η</c>.</summary>
public readonly struct IdentityLink : ILink
{
    /// <inheritdoc/>
    public Link Kind => Link.Identity;

    /// <inheritdoc/>
    public void Prepare(ReadOnlySpan<double> eta, Span<double> values) { }

    /// <inheritdoc/>
    public MeanPoint At(double eta, double prepared) => new(eta, 1 - eta, 1);

    /// <inheritdoc/>
    public bool Contains(double eta) => Math.Abs(eta) < double.PositiveInfinity;

    /// <inheritdoc/>
    public double Predictor(double mean) => mean;

    /// <inheritdoc/>
    public double Curvature(double eta) => 0;

    /// <inheritdoc/>
    public T Mean<T>(T eta) where T : struct, IScalar<T> => eta;

    /// <inheritdoc/>
    public T LogMean<T>(T eta) where T : struct, IScalar<T> => T.Log(eta);

    /// <inheritdoc/>
    public T LogComplement<T>(T eta) where T : struct, IScalar<T> => T.Log((T)1 - eta);
}
