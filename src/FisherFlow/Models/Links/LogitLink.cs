using System.Numerics.Tensors;
using FisherFlow.Differentiation;

namespace FisherFlow.Models.Links;

/// <summary><c>η = log(μ/(1 − μ))</c>.</summary>
public readonly struct LogitLink : ICumulativeLink
{
    /// <summary>−log ε: beyond it probabilities stay a machine epsilon from 0 and 1.</summary>
    public const double Limit = 36.04365338911715;

    /// <inheritdoc/>
    public Link Kind => Link.Logit;

    /// <inheritdoc/>
    public void Prepare(ReadOnlySpan<double> eta, Span<double> values)
    {
        TensorPrimitives.Abs(eta, values);
        TensorPrimitives.Min(values, Limit, values);
        TensorPrimitives.Negate(values, values);
        TensorPrimitives.Exp(values, values);
    }

    /// <inheritdoc/>
    public MeanPoint At(double eta, double prepared)
    {
        var large = 1 / (1 + prepared);
        var small = prepared * large;
        return eta < 0 ? new(small, large, small * large) : new(large, small, small * large);
    }

    /// <inheritdoc/>
    public bool Contains(double eta) => !double.IsNaN(eta);

    /// <inheritdoc/>
    public double Predictor(double mean) => Math.Log(mean / (1 - mean));

    /// <inheritdoc/>
    public double Curvature(double eta) => -Math.Tanh(eta / 2);

    /// <inheritdoc/>
    public T Mean<T>(T eta) where T : struct, IScalar<T> => T.Exp(LogMean(eta));

    /// <inheritdoc/>
    public T LogMean<T>(T eta) where T : struct, IScalar<T> => -T.SoftPlus(-eta);

    /// <inheritdoc/>
    public T LogComplement<T>(T eta) where T : struct, IScalar<T> => -T.SoftPlus(eta);

    /// <inheritdoc/>
    public double Lower => -Limit;

    /// <inheritdoc/>
    public double Upper => Limit;

    /// <inheritdoc/>
    public CumulativePoint Distribution(double x)
    {
        var (below, above) = (Transcendental.Logistic(x), Transcendental.Logistic(-x));
        return new(below, above, below * above, below * above * (above - below));
    }
}
