using System.Numerics.Tensors;
using FisherFlow.Differentiation;

namespace FisherFlow.Models.Links;

/// <summary><c>η = log(−log(1 − μ))</c>.</summary>
public readonly struct ComplementaryLogLogLink : ICumulativeLink
{
    /// <summary>Where μ is a machine epsilon.</summary>
    const double Least = -36.04365338911715;

    /// <summary>Where 1 − μ is a machine epsilon: the logarithm of 36.04….</summary>
    const double Greatest = 3.584730797999763;

    /// <inheritdoc/>
    public Link Kind => Link.ComplementaryLogLog;

    /// <inheritdoc/>
    public void Prepare(ReadOnlySpan<double> eta, Span<double> values)
    {
        TensorPrimitives.Min(eta, Greatest, values);
        TensorPrimitives.Max(values, Least, values);
        TensorPrimitives.Exp(values, values);
    }

    /// <inheritdoc/>
    public MeanPoint At(double eta, double prepared)
    {
        var complement = Math.Exp(-prepared);
        return new(-Transcendental.ExpM1(-prepared), complement, prepared * complement);
    }

    /// <inheritdoc/>
    public bool Contains(double eta) => !double.IsNaN(eta);

    /// <inheritdoc/>
    public double Predictor(double mean) => Math.Log(-Transcendental.Log1P(-mean));

    /// <inheritdoc/>
    public double Curvature(double eta) => 1 - Math.Exp(Math.Clamp(eta, Least, Greatest));

    /// <inheritdoc/>
    public T Mean<T>(T eta) where T : struct, IScalar<T> => (T)1 - T.Exp(LogComplement(eta));

    /// <inheritdoc/>
    public T LogMean<T>(T eta) where T : struct, IScalar<T> => T.LogOneMinusExp(-T.Exp(eta));

    /// <inheritdoc/>
    public T LogComplement<T>(T eta) where T : struct, IScalar<T> => -T.Exp(eta);

    /// <inheritdoc/>
    public double Lower => Least;

    /// <inheritdoc/>
    public double Upper => Greatest;

    /// <inheritdoc/>
    public CumulativePoint Distribution(double x)
    {
        var rate = Math.Exp(Math.Min(x, 700));
        var above = Math.Exp(-rate);
        return new(-Transcendental.ExpM1(-rate), above, rate * above, rate * above * (1 - rate));
    }
}
