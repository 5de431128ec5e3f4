using FisherFlow.StateSpace;

namespace FisherFlow.Tests.StateSpace;

/// <summary>All states as one normal vector, conditioned on all observations at once by one dense solve: no recursion anywhere.</summary>
sealed class JointNormal
{
    readonly int _d;
    readonly double[] _mean;
    readonly double[,] _covariance;

    public JointNormal(LinearGaussianModel model, double[] series)
    {
        _d = model.Dimension;
        var n = series.Length;
        // Stacked: x = a + L(x₁ − m, w₂, …) with x_t = T^{t−s}w_s summed.
        var powers = new List<double[,]> { Square.Identity(_d) };
        for (var t = 1; t < n; t++) { powers.Add(Square.Product(model.Transition, powers[^1])); }
        var prior = new double[n * _d, n * _d];
        var mean = new double[n * _d];
        for (var t = 0; t < n; t++)
        {
            Square.Product(powers[t], model.StartMean).CopyTo(mean, t * _d);
            for (var u = 0; u < n; u++)
            {
                for (var s = 0; s <= Math.Min(t, u); s++)
                {
                    var term = Square.Product(Square.Product(powers[t - s], s == 0 ? model.StartCovariance! : model.ProcessNoise), Square.Transpose(powers[u - s]));
                    for (var i = 0; i < _d; i++)
                    {
                        for (var j = 0; j < _d; j++) { prior[t * _d + i, u * _d + j] += term[i, j]; }
                    }
                }
            }
        }
        int[] seen = [.. Enumerable.Range(0, n).Where(t => !double.IsNaN(series[t]))];
        var rows = new double[seen.Length, n * _d];
        for (var k = 0; k < seen.Length; k++)
        {
            for (var i = 0; i < _d; i++) { rows[k, seen[k] * _d + i] = model.Observation[i]; }
        }
        var cross = Square.Product(prior, Square.Transpose(rows));
        var variance = Square.Sum(Square.Product(rows, cross), Square.Identity(seen.Length, model.ObservationVariance));
        var inverse = Square.Inverse(variance)!;
        var gain = Square.Product(cross, inverse);
        var expected = Square.Product(rows, mean);
        double[] misses = [.. seen.Select((t, k) => series[t] - expected[k])];
        var shift = Square.Product(gain, misses);
        _mean = [.. mean.Zip(shift, (m, s) => m + s)];
        _covariance = Square.Sum(prior, Square.Product(gain, Square.Transpose(cross)), -1);
        LogLikelihood = -0.5 * (misses.Length * Math.Log(2 * Math.PI) + LogDeterminant(variance) + Square.Dot(misses, Square.Product(inverse, misses)));
    }

    public double LogLikelihood { get; }

    public double[] Mean(int t) => _mean[(t * _d)..((t + 1) * _d)];

    public double[,] Covariance(int t)
    {
        var part = new double[_d, _d];
        for (var i = 0; i < _d; i++)
        {
            for (var j = 0; j < _d; j++) { part[i, j] = _covariance[t * _d + i, t * _d + j]; }
        }
        return part;
    }

    /// <summary>The product of the pivots of an elimination.</summary>
    static double LogDeterminant(double[,] a)
    {
        var (work, n, log) = ((double[,])a.Clone(), a.GetLength(0), 0.0);
        for (var k = 0; k < n; k++)
        {
            log += Math.Log(work[k, k]);
            for (var i = k + 1; i < n; i++)
            {
                for (var j = n - 1; j >= k; j--) { work[i, j] -= work[i, k] / work[k, k] * work[k, j]; }
            }
        }
        return log;
    }
}
