using System.Numerics.Tensors;
using FisherFlow.Numerics;
using FisherFlow.Snapshots;

namespace FisherFlow.Mixtures;

/// <summary>The expected sufficient statistics of the complete data, <c>E Σ zₖ·(1, xxᵀ, xy, y²)</c> for every component, and the parameters that maximise them.</summary>
sealed class MixtureStatistics
{
    readonly MixtureModel _model;
    readonly int _stride;
    readonly double[] _sums;      // for every component: weight, xxᵀ upper [p, p], xy [p], y²
    readonly double[] _factor;
    readonly double[] _solution;

    public MixtureStatistics(MixtureModel model)
    {
        _model = model;
        var p = model.Columns;
        _stride = 1 + p * p + p + 1;
        _sums = new double[model.Components * _stride];
        _factor = new double[p * p];
        _solution = new double[p];
    }

    public void Clear() => Array.Clear(_sums);

    /// <summary><c>S ← (1 − γ)S</c>.</summary>
    public void Fade(double retention) => TensorPrimitives.Multiply(_sums, retention, _sums);

    /// <summary><c>S ← S + w·E[s | x, y]</c> with responsibilities <c>[K]</c> and predictors <c>[p]</c>.</summary>
    public void Add(ReadOnlySpan<double> shares, ReadOnlySpan<double> x, double y, double weight)
    {
        var p = x.Length;
        for (var k = 0; k < shares.Length; k++)
        {
            var sums = _sums.AsSpan(k * _stride, _stride);
            var w = weight * shares[k];
            sums[0] += w;
            for (var i = 0; i < p; i++)
            {
                for (var j = i; j < p; j++) { sums[1 + i * p + j] += w * x[i] * x[j]; }
                sums[1 + p * p + i] += w * x[i] * y;
            }
            sums[^1] += w * y * y;
        }
    }

    /// <summary><c>S ← aS + bT</c>, the components of T renamed.</summary>
    public void Combine(double own, MixtureStatistics other, double theirs, ReadOnlySpan<int> names)
    {
        for (var k = 0; k < names.Length; k++)
        {
            var mine = _sums.AsSpan(k * _stride, _stride);
            var from = other._sums.AsSpan(names[k] * _stride, _stride);
            for (var i = 0; i < mine.Length; i++) { mine[i] = own * mine[i] + theirs * from[i]; }
        }
    }

    /// <summary>The parameters that maximise the expected log-likelihood; a component without evidence keeps its own.</summary>
    /// <param name="theta">Parameters <c>[d]</c>.</param>
    /// <param name="leastVariance">Variances are held above this, or a component could close in on one response.</param>
    public void Maximise(Span<double> theta, double leastVariance)
    {
        var p = _model.Columns;
        for (var k = 0; k < _model.Components; k++)
        {
            ReadOnlySpan<double> sums = _sums.AsSpan(k * _stride, _stride);
            var cross = sums.Slice(1 + p * p, p);
            sums.Slice(1, p * p).CopyTo(_factor);
            cross.CopyTo(_solution);
            if (!(sums[0] > 0) || Kernels.Cholesky(_factor, p, p) >= 0) { continue; }
            Kernels.SolveUpperTransposed(_factor, p, p, _solution);
            Kernels.SolveUpper(_factor, p, p, _solution);
            _solution.CopyTo(theta[(k * _model.Stride)..]);
            var variance = (sums[^1] - Dot.Product(_solution, cross)) / sums[0];
            theta[k * _model.Stride + p] = 0.5 * Math.Log(Math.Max(variance, leastVariance));
        }
        for (var k = 0; k < _model.Components; k++) { theta[k * _model.Stride + p + 1] = Math.Log(Math.Max(_sums[k * _stride], double.Epsilon)); }
    }

    /// <summary><c>E[zₖ xᵢxⱼ]</c>, i ≤ j.</summary>
    public double Moment(int component, int i, int j) => _sums[component * _stride + 1 + i * _model.Columns + j];

    public void Save(StateWriter writer) => writer.Write(_sums.AsSpan());

    public void Load(StateReader reader)
    {
        var sums = reader.ReadDoubles();
        if (sums.Length != _sums.Length) { throw new InvalidDataException($"the statistics of the mixture are {sums.Length} numbers where {_sums.Length} are needed"); }
        sums.CopyTo(_sums, 0);
    }
}
