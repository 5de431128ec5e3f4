using FisherFlow.Snapshots;

namespace FisherFlow.Memory;

/// <summary>Recursive least squares with exponential forgetting: <c>I ← λI + xxᵀ</c>, <c>θ ← θ + I⁻¹x(y − xᵀθ)</c>, and beside it <c>Σ w²xxᵀ</c>, without which its standard errors are wrong.</summary>
/// <remarks>
/// With weights <c>w = λ^age</c>, θ has the covariance <c>σ²·I⁻¹(Σ w²xxᵀ)I⁻¹</c>; at rest that is <c>(1 − λ)/(1 + λ)</c> of one row's, and the naive <c>σ²I⁻¹</c> is nearly twice as large, so that its 95 % intervals cover 99.4 %.
/// The start is the prior <c>N(0, σ²/ridge)</c>, which is forgotten too. Cost: <c>O(d²)</c> a row; the covariance <c>O(d³)</c>. Allocates nothing a row. Source: Ljung &amp; Söderström (1983), § 2.6; both accumulators: West &amp; Harrison (1997).
/// </remarks>
public sealed class RecursiveLeastSquares
{
    readonly double[] _covariance;   // I⁻¹ [d, d]
    readonly double[] _squared;      // Σ w²xxᵀ [d, d]
    readonly double[] _theta, _gain;
    double _weight, _errors;

    /// <summary>A filter that has seen nothing.</summary>
    /// <param name="dimension">Coefficients d.</param>
    /// <param name="retention">λ: the share of old evidence that is kept at each row.</param>
    /// <param name="ridge">Information of the start about every coefficient; positive.</param>
    public RecursiveLeastSquares(int dimension, double retention = 1, double ridge = 1e-6)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (!(retention is > 0 and <= 1)) { throw new ArgumentOutOfRangeException(nameof(retention), retention, "the share of old evidence that is kept lies above 0 and not above 1"); }
        if (!(ridge > 0 && double.IsFinite(ridge))) { throw new ArgumentOutOfRangeException(nameof(ridge), ridge, "the information of the start is positive"); }
        (Dimension, Retention) = (dimension, retention);
        (_covariance, _squared, _theta, _gain) = (new double[dimension * dimension], new double[dimension * dimension], new double[dimension], new double[dimension]);
        for (var i = 0; i < dimension; i++) { _covariance[i * dimension + i] = 1 / ridge; }
    }

    /// <summary>Coefficients d.</summary>
    public int Dimension { get; }

    /// <summary>λ.</summary>
    public double Retention { get; }

    /// <summary>θ <c>[d]</c>.</summary>
    public ReadOnlySpan<double> Theta => _theta;

    /// <summary><c>Σ w</c>: the rows that still count.</summary>
    public double EffectiveRows => _weight;

    /// <summary>σ², by the weighted squares of prediction errors; 1 before the first that could be judged.</summary>
    public double Variance => _weight > 0 && _errors > 0 ? _errors / _weight : 1;

    /// <summary>What the next response will be: mean and variance.</summary>
    /// <param name="x">The row <c>[d]</c>.</param>
    public (double Mean, double Variance) Predict(ReadOnlySpan<double> x) => (Inner(x, _theta), Variance * (1 + Spread(x)));

    /// <summary>Learns from a row.</summary>
    /// <param name="x">The row <c>[d]</c>, finite.</param>
    /// <param name="y">Its response, finite.</param>
    /// <returns>The prediction's error <c>y − xᵀθ</c>, before it was learned from.</returns>
    public double Observe(ReadOnlySpan<double> x, double y)
    {
        var error = y - Inner(x, _theta);
        if (!double.IsFinite(error) || x.Length != Dimension) { throw new ArgumentException($"the row has {x.Length} numbers of {Dimension}, and its prediction error is {error}; both must fit and be finite"); }
        var (d, spread) = (Dimension, Spread(x));
        var scale = 1 / (Retention + spread);
        for (var i = 0; i < d; i++)
        {
            _theta[i] += scale * _gain[i] * error;
            for (var j = 0; j < d; j++)
            {
                _covariance[i * d + j] = (_covariance[i * d + j] - scale * (_gain[i] * _gain[j])) / Retention;
                _squared[i * d + j] = Retention * Retention * _squared[i * d + j] + x[i] * x[j];
            }
        }
        _weight = Retention * _weight + 1;
        _errors = Retention * _errors + Retention * scale * error * error;
        return error;
    }

    /// <summary>The covariance of θ, <c>σ²·I⁻¹(Σ w²xxᵀ)I⁻¹ [d, d]</c>.</summary>
    public double[,] Covariance()
    {
        var (d, half, covariance) = (Dimension, new double[Dimension, Dimension], new double[Dimension, Dimension]);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
            {
                for (var k = 0; k < d; k++) { half[i, j] += _covariance[i * d + k] * _squared[k * d + j]; }
            }
        }
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
            {
                for (var k = 0; k < d; k++) { covariance[i, j] += Variance * half[i, k] * _covariance[k * d + j]; }
            }
        }
        return covariance;
    }

    /// <summary>Writes the state, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_covariance);
        writer.Write(_squared);
        writer.Write(_theta);
        writer.Write([_weight, _errors]);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, into a filter of the same dimension and retention.</summary>
    public void Restore(StateReader reader)
    {
        reader.ReadDoubles().CopyTo(_covariance, 0);
        reader.ReadDoubles().CopyTo(_squared, 0);
        reader.ReadDoubles().CopyTo(_theta, 0);
        if (reader.ReadDoubles() is [var weight, var errors]) { (_weight, _errors) = (weight, errors); }
    }

    /// <summary><c>xᵀI⁻¹x</c>, with <c>I⁻¹x</c> left in the gain.</summary>
    double Spread(ReadOnlySpan<double> x)
    {
        for (var i = 0; i < Dimension; i++) { _gain[i] = Inner(x, _covariance.AsSpan(i * Dimension, Dimension)); }
        return Inner(x, _gain);
    }

    static double Inner(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++) { sum += x[i] * y[i]; }
        return sum;
    }
}
