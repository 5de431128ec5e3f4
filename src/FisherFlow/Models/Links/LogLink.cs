using System.Numerics.Tensors;
using FisherFlow.Differentiation;

namespace FisherFlow.Models.Links;

/// <summary><c>η = log μ</c>.</summary>
public readonly struct LogLink : ILink
{
    /// <summary>log 10⁶⁰: beyond it means stay where they are.</summary>
    const double Limit = 138.15510557964274;

    /// <inheritdoc/>
    public Link Kind => Link.Log;

    /// <inheritdoc/>
    public void Prepare(ReadOnlySpan<double> eta, Span<double> values)
    {
        TensorPrimitives.Min(eta, Limit, values);
        TensorPrimitives.Max(values, -Limit, values);
        TensorPrimitives.Exp(values, values);
    }

    /// <inheritdoc/>
    public MeanPoint At(double eta, double prepared) => new(prepared, 1 - prepared, prepared);

    /// <inheritdoc/>
    public bool Contains(double eta) => !double.IsNaN(eta);

    /// <inheritdoc/>
    public double Predictor(double mean) => Math.Log(mean);

    /// <inheritdoc/>
    public double Curvature(double eta) => 1;

    /// <inheritdoc/>
    public T Mean<T>(T eta) where T : struct, IScalar<T> => T.Exp(eta);

    /// <inheritdoc/>
    public T LogMean<T>(T eta) where T : struct, IScalar<T> => eta;

    /// <inheritdoc/>
    public T LogComplement<T>(T eta) where T : struct, IScalar<T> => T.LogOneMinusExp(eta);
}
