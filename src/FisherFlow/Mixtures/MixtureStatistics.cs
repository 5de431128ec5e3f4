using FisherFlow.Information;
using FisherFlow.Numerics;
using FisherFlow.Snapshots;

namespace FisherFlow.Mixtures;

/// <summary>The expected sufficient statistics of the complete data, <c>E Σ zₖ·(1, xxᵀ, xy, y²)</c> for every component, and the parameters that maximise them.</summary>
sealed class MixtureStatistics
{
    const double Dependent = 1e-10;   // of a column's square: what is left of it beside the columns before it is rounding
    const double Smallest = 1e-100;

    readonly MixtureModel _model;
    readonly int _stride;
    readonly double[] _sums;      // for every component: weight, xxᵀ [p, p], xy [p], y²
    readonly double[] _factor;
    readonly double[] _solution;
    readonly bool[] _dropped;
    double _unit = 1;             // the sums are so many times what is stored, which makes fading cheap

    public MixtureStatistics(MixtureModel model)
    {
        _model = model;
        var p = model.Columns;
        _stride = 1 + p * p + p + 1;
        _sums = new double[model.Components * _stride];
        (_factor, _solution, _dropped) = (new double[p * p], new double[p], new bool[p]);
    }

    /// <summary>All responsibilities together.</summary>
    public double Weight
    {
        get
        {
            var sum = 0.0;
            for (var k = 0; k < _model.Components; k++) { sum += _sums[k * _stride]; }
            return _unit * sum;
        }
    }

    public void Clear()
    {
        Array.Clear(_sums);
        _unit = 1;
    }

    /// <summary><c>S ← (1 − γ)S</c>.</summary>
    public void Fade(double retention)
    {
        _unit *= retention;
        if (_unit > Smallest) { return; }
        for (var i = 0; i < _sums.Length; i++) { _sums[i] *= _unit; }
        _unit = 1;
    }

    /// <summary><c>S ← S + w·E[s | x, y]</c> with responsibilities <c>[K]</c>, the row's own weight apart.</summary>
    public void Add(ReadOnlySpan<double> shares, in MixtureRow row, double weight)
    {
        var p = _model.Columns;
        weight /= _unit;
        for (var k = 0; k < shares.Length; k++)
        {
            var sums = _sums.AsSpan(k * _stride, _stride);
            var w = weight * row.Weight * shares[k];
            sums[0] += w;
            for (var i = 0; i < row.Columns.Length; i++)
            {
                var value = w * row.Values[i];
                var at = sums.Slice(1 + row.Columns[i] * p, p);
                for (var j = 0; j < row.Columns.Length; j++) { at[row.Columns[j]] += value * row.Values[j]; }
                sums[1 + p * p + row.Columns[i]] += value * row.Response;
            }
            sums[^1] += w * row.Response * row.Response;
        }
    }

    /// <summary><c>S ← aS + bT</c>.</summary>
    public void Combine(double own, MixtureStatistics other, double theirs)
    {
        for (var i = 0; i < _sums.Length; i++) { _sums[i] = own * _unit * _sums[i] + theirs * other._unit * other._sums[i]; }
        _unit = 1;
    }

    /// <summary>The parameters that maximise the expected log-likelihood; a component without evidence keeps its own, and a column without any, or that depends on those before it, has coefficient 0.</summary>
    /// <param name="theta">Parameters <c>[d]</c>.</param>
    /// <param name="leastVariance">Variances are held above this, or a component could close in on one response.</param>
    public void Maximise(Span<double> theta, double leastVariance)
    {
        var p = _model.Columns;
        for (var k = 0; k < _model.Components; k++)
        {
            ReadOnlySpan<double> sums = _sums.AsSpan(k * _stride, _stride);
            theta[_model.Weight(k)] = Math.Log(Math.Max(_unit * sums[0], double.Epsilon));
            if (!(sums[0] > 0)) { continue; }
            var cross = sums.Slice(1 + p * p, p);
            Solve(sums.Slice(1, p * p), cross);
            _solution.CopyTo(theta[(k * _model.Stride)..]);
            var variance = (sums[^1] - Dot.Product(_solution, cross)) / sums[0];
            theta[_model.Scale(k)] = 0.5 * Math.Log(Math.Max(variance, leastVariance));
        }
    }

    /// <summary>The columns <c>[k]</c> that do not depend on those before them, over all rows.</summary>
    /// <param name="order">The columns to choose from, <c>[n]</c>.</param>
    /// <param name="aliased">The others of them.</param>
    public int[] Kept(ReadOnlySpan<int> order, out int[] aliased)
    {
        var gram = new double[order.Length * order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            for (var j = i; j < order.Length; j++) { gram[i * order.Length + j] = Pooled(order[i], order[j]); }
        }
        LimitedPivoting.Cholesky(gram, order, tolerance: null, out var kept, out aliased);
        return kept;
    }

    /// <summary>Writes the coefficients of every component in terms of the kept columns <c>[k]</c>: the same fitted values.</summary>
    public void Recode(ReadOnlySpan<int> kept, Span<double> theta)
    {
        var (p, n) = (_model.Columns, kept.Length);
        var isKept = new bool[p];
        foreach (var column in kept) { isKept[column] = true; }
        double[]? factor = null;
        var right = new double[n];
        for (var k = 0; k < _model.Components; k++)
        {
            var beta = theta.Slice(k * _model.Stride, p);
            Array.Clear(right);
            for (var j = 0; j < p; j++)
            {
                if (isKept[j] || beta[j] == 0) { continue; }
                for (var i = 0; i < n; i++) { right[i] += Pooled(kept[i], j) * beta[j]; }
                beta[j] = 0;
            }
            if (Array.TrueForAll(right, x => x == 0)) { continue; }
            factor ??= Factor(kept);
            Kernels.SolveUpperTransposed(factor, n, n, right);
            Kernels.SolveUpper(factor, n, n, right);
            for (var i = 0; i < n; i++) { beta[kept[i]] += right[i]; }
        }
    }

    /// <summary>The squared distance of two lines <c>[p]</c>, a row.</summary>
    public double Distance(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var sum = 0.0;
        for (var i = 0; i < one.Length; i++)
        {
            for (var j = 0; j < one.Length; j++) { sum += (one[i] - other[i]) * Pooled(i, j) * (one[j] - other[j]); }
        }
        return sum / Weight;
    }

    /// <summary>A row's share of the squares of its columns, <c>Σ xⱼ²/Σxⱼ²</c>.</summary>
    public double Leverage(in MixtureRow row)
    {
        var sum = 0.0;
        for (var i = 0; i < row.Columns.Length; i++) { sum += row.Values[i] * row.Values[i] / Pooled(row.Columns[i], row.Columns[i]); }
        return sum;
    }

    /// <summary>A component's responsibilities as a share of all.</summary>
    public double Share(int component) => _unit * _sums[component * _stride] / Weight;

    /// <summary><c>Σ zₖ xᵢxⱼ</c> as a share of all rows.</summary>
    public double Moment(int component, int i, int j) => _unit * _sums[component * _stride + 1 + i * _model.Columns + j] / Weight;

    /// <summary>The same in another layout.</summary>
    public MixtureStatistics Moved(MixtureMap map)
    {
        var (moved, p, q) = (new MixtureStatistics(map.To) { _unit = _unit }, _model.Columns, map.To.Columns);
        for (var k = 0; k < _model.Components; k++)
        {
            var from = _sums.AsSpan(k * _stride, _stride);
            var to = moved._sums.AsSpan(map.Component(k) * moved._stride, moved._stride);
            (to[0], to[^1]) = (from[0], from[^1]);
            for (var i = 0; i < p; i++)
            {
                to[1 + q * q + map.Column(i)] = from[1 + p * p + i];
                for (var j = 0; j < p; j++) { to[1 + map.Column(i) * q + map.Column(j)] = from[1 + i * p + j]; }
            }
        }
        return moved;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_unit);
        writer.Write(_sums.AsSpan());
    }

    public void Load(StateReader reader)
    {
        _unit = reader.ReadDouble();
        var sums = reader.ReadDoubles();
        if (sums.Length != _sums.Length) { throw new InvalidDataException($"the statistics of the mixture are {sums.Length} numbers where {_sums.Length} are needed"); }
        sums.CopyTo(_sums, 0);
    }

    double Pooled(int i, int j)
    {
        var sum = 0.0;
        for (var k = 0; k < _model.Components; k++) { sum += _sums[k * _stride + 1 + i * _model.Columns + j]; }
        return _unit * sum;
    }

    double[] Factor(ReadOnlySpan<int> kept)
    {
        var gram = new double[kept.Length * kept.Length];
        for (var i = 0; i < kept.Length; i++)
        {
            for (var j = 0; j < kept.Length; j++) { gram[i * kept.Length + j] = Pooled(kept[i], kept[j]); }
        }
        Kernels.Cholesky(gram, kept.Length, kept.Length);
        return gram;
    }

    /// <summary>Least squares from moments <c>[p, p]</c> and <c>[p]</c>: Cholesky's factor without the columns that depend on those before them.</summary>
    void Solve(ReadOnlySpan<double> moments, ReadOnlySpan<double> cross)
    {
        var p = cross.Length;
        moments.CopyTo(_factor);
        cross.CopyTo(_solution);
        for (var j = 0; j < p; j++)
        {
            var pivot = _factor[j * p + j];
            _dropped[j] = !(pivot > Dependent * moments[j * p + j]);
            if (_dropped[j]) { continue; }
            var row = _factor.AsSpan(j * p, p);
            var root = Math.Sqrt(pivot);
            for (var i = j; i < p; i++) { row[i] /= root; }
            _solution[j] /= root;
            for (var i = j + 1; i < p; i++)
            {
                Dot.Axpy(-row[i], row[i..], _factor.AsSpan(i * p + i, p - i));
                _solution[i] -= row[i] * _solution[j];
            }
        }
        for (var j = p - 1; j >= 0; j--)
        {
            if (_dropped[j])
            {
                _solution[j] = 0;
                continue;
            }
            for (var i = j + 1; i < p; i++) { _solution[j] -= _factor[j * p + i] * _solution[i]; }
            _solution[j] /= _factor[j * p + j];
        }
    }
}
