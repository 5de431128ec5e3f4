namespace FisherFlow.Information;

/// <summary>The sparse factor <c>P(I + δ·1)Pᵀ = LDLᵀ</c>, or the parameter at which there was none.</summary>
/// <remarks>Rows of L are found one after the other, each by a sparse triangular solve along the elimination tree. Source: Davis (2005), Algorithm 849.</remarks>
sealed class SparseFactor : IDampedFactor
{
    const double Noise = 1e-12;   // a pivot below this share of its diagonal could be rounding alone

    readonly SparseOrder _order;
    readonly int[] _rows;        // [entries of L]
    readonly double[] _lower;    // [entries of L]
    readonly double[] _pivots;   // [n]

    /// <summary>Factors.</summary>
    /// <param name="order">The analysis of the pattern.</param>
    /// <param name="diagonal">Diagonal of I, <c>[n]</c>.</param>
    /// <param name="values">Number of each pair, <c>[pairs]</c>.</param>
    /// <param name="damping">δ ≥ 0.</param>
    public SparseFactor(SparseOrder order, ReadOnlySpan<double> diagonal, ReadOnlySpan<double> values, double damping)
    {
        var n = diagonal.Length;
        (_order, _rows, _lower, _pivots) = (order, new int[order.FactorEntries], new double[order.FactorEntries], new double[n]);
        var line = new double[n];
        int[] path = new int[n], flag = new int[n], filled = order.FactorStarts.AsSpan(0, n).ToArray();
        Array.Fill(flag, -1);
        for (var k = 0; k < n; k++)
        {
            var top = n;   // path[top..] is the pattern of row k, in an order in which it can be eliminated
            flag[k] = k;
            for (var e = order.ColumnStarts[k]; e < order.ColumnStarts[k + 1]; e++)
            {
                line[order.Rows[e]] += values[order.Sources[e]];
                var length = 0;
                for (var i = order.Rows[e]; flag[i] != k; i = order.Parents[i])
                {
                    path[length++] = i;
                    flag[i] = k;
                }
                while (length > 0) { path[--top] = path[--length]; }
            }
            var own = diagonal[order.Order[k]] + damping;
            var pivot = own;
            for (; top < n; top++)
            {
                var i = path[top];
                var value = line[i];
                line[i] = 0;
                for (var e = order.FactorStarts[i]; e < filled[i]; e++) { line[_rows[e]] -= _lower[e] * value; }
                var scaled = value / _pivots[i];
                pivot -= scaled * value;
                (_rows[filled[i]], _lower[filled[i]]) = (k, scaled);
                filled[i]++;
            }
            if (!(pivot > Noise * own))
            {
                Status = new(order.Order[k]);
                return;
            }
            _pivots[k] = pivot;
        }
    }

    /// <summary>Whether there is a factor.</summary>
    public SolveStatus Status { get; }

    /// <summary><c>Σ log D</c>, or −∞.</summary>
    public double LogDeterminant => Status.IsSolved ? _pivots.Sum(Math.Log) : double.NegativeInfinity;

    /// <summary><c>x ← (I + δ·1)⁻¹ b</c>.</summary>
    /// <param name="b">Right side <c>[n]</c>.</param>
    /// <param name="x">The solution <c>[n]</c>; untouched without a factor.</param>
    public SolveStatus Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        if (!Status.IsSolved) { return Status; }
        var y = new double[_pivots.Length];
        for (var k = 0; k < y.Length; k++) { y[k] = b[_order.Order[k]]; }
        for (var k = 0; k < y.Length; k++)
        {
            for (var e = _order.FactorStarts[k]; e < _order.FactorStarts[k + 1]; e++) { y[_rows[e]] -= _lower[e] * y[k]; }
        }
        for (var k = 0; k < y.Length; k++) { y[k] /= _pivots[k]; }
        return SolveTransposed(y, x);
    }

    /// <summary><c>x ← Pᵀ L⁻ᵀ D^(−1/2) z</c>, whose covariance is <c>(I + δ·1)⁻¹</c>.</summary>
    /// <param name="normals">Standard normals <c>z [n]</c>.</param>
    /// <param name="x">The draw <c>[n]</c>; untouched without a factor.</param>
    public SolveStatus Sample(ReadOnlySpan<double> normals, Span<double> x)
    {
        if (!Status.IsSolved) { return Status; }
        var y = new double[_pivots.Length];
        for (var k = 0; k < y.Length; k++) { y[k] = normals[_order.Order[k]] / Math.Sqrt(_pivots[k]); }
        return SolveTransposed(y, x);
    }

    /// <summary>The diagonal of the inverse by Takahashi's recursion, <c>Z = D⁻¹L⁻¹ + (1 − Lᵀ)Z</c>, which needs Z only where L has entries.</summary>
    /// <remarks>Cost: that of the factor. Source: Takahashi, Fagan &amp; Chin (1973); Erisman &amp; Tinney (1975).</remarks>
    /// <param name="diagonal">The diagonal <c>[n]</c>; untouched without a factor.</param>
    public SolveStatus InverseDiagonal(Span<double> diagonal)
    {
        if (!Status.IsSolved) { return Status; }
        var n = _pivots.Length;
        double[] own = new double[n], inverse = new double[_lower.Length], sums = new double[n];
        var place = new int[n];
        Array.Fill(place, -1);
        for (var j = n - 1; j >= 0; j--)
        {
            var (start, end) = (_order.FactorStarts[j], _order.FactorStarts[j + 1]);
            for (var e = start; e < end; e++) { place[_rows[e]] = e; }
            for (var e = start; e < end; e++)
            {
                var k = _rows[e];
                sums[k] += own[k] * _lower[e];
                for (var f = _order.FactorStarts[k]; f < _order.FactorStarts[k + 1]; f++)
                {
                    var i = _rows[f];
                    if (place[i] < 0) { continue; }
                    sums[i] += inverse[f] * _lower[e];
                    sums[k] += inverse[f] * _lower[place[i]];
                }
            }
            own[j] = 1 / _pivots[j];
            for (var e = start; e < end; e++)
            {
                var k = _rows[e];
                inverse[e] = -sums[k];
                own[j] += sums[k] * _lower[e];
                (sums[k], place[k]) = (0, -1);
            }
        }
        for (var k = 0; k < n; k++) { diagonal[_order.Order[k]] = own[k]; }
        return Status;
    }

    SolveStatus SolveTransposed(double[] y, Span<double> x)
    {
        for (var k = y.Length - 1; k >= 0; k--)
        {
            for (var e = _order.FactorStarts[k]; e < _order.FactorStarts[k + 1]; e++) { y[k] -= _lower[e] * y[_rows[e]]; }
        }
        for (var k = 0; k < y.Length; k++) { x[_order.Order[k]] = y[k]; }
        return Status;
    }
}
