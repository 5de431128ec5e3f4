using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>Elimination in a given order that drops each column which depends on those kept before it, as R's limited pivoting does.</summary>
static class LimitedPivoting
{
    /// <summary>The pivot below which a column of a square root is aliased, relative to the rounding that may hide in it.</summary>
    /// <remarks>
    /// A pivot is <c>‖Rv‖</c> for the combination <c>v</c> (with <c>vⱼ = 1</c>) that the earlier columns leave; columns are uncertain by a multiple of
    /// ε, so the pivot is uncertain by that multiple of <c>√(Σ vᵢ²‖Rᵢ‖²)</c>. Measured over a million rows, and over rows folded one by one: true
    /// dependences stay below 1e-14 of it, Filip, NIST's hardest polynomial, at 6e-10.
    /// </remarks>
    public const double RootNoise = 1e-12;

    /// <summary>The pivot below which a column of a Gram matrix is aliased, relative to the rounding that may hide in it.</summary>
    /// <remarks>
    /// As <see cref="RootNoise"/>, with <c>vᵀIv</c> against <c>Σ vᵢ²Iᵢᵢ</c>. Measured over 3 million rows: true dependences
    /// (nested factors with levels of a few rows among them) stay below 4e-14 of it, Longley and a polynomial of degree 7 above 1e-9.
    /// </remarks>
    public const double GramNoise = 1e-12;

    const double Suspicion = 1e-3;   // relative pivots above this need no closer look: rounding would have to be amplified a billion times
    const int PanelRows = 48;

    /// <summary>Factors a Gram matrix by blocks, dropping dependent columns.</summary>
    /// <param name="a">Upper triangle <c>[n, n]</c>; destroyed.</param>
    /// <param name="order">Names of the columns <c>[n]</c>.</param>
    /// <param name="tolerance">Relative norm, or null for <see cref="GramNoise"/>.</param>
    /// <param name="kept">Names kept.</param>
    /// <param name="aliased">Names dropped.</param>
    /// <returns>The factor of the kept columns; <paramref name="a"/> itself when all are.</returns>
    public static double[] Cholesky(double[] a, ReadOnlySpan<int> order, double? tolerance, out int[] kept, out int[] aliased)
    {
        var n = order.Length;
        var diagonal = new double[n];
        for (var i = 0; i < n; i++) { diagonal[i] = a[i * n + i]; }
        var dropped = new bool[n];
        Span<double> weights = stackalloc double[PanelRows];
        var combination = new double[n];
        for (var start = 0; start < n; start += PanelRows)
        {
            var end = Math.Min(n, start + PanelRows);
            for (var j = start; j < end; j++)
            {
                var pivot = a[j * n + j];
                dropped[j] = !(pivot > 0) || (tolerance is { } norm
                    ? pivot < norm * norm * diagonal[j]
                    : pivot < Suspicion * diagonal[j] && pivot < GramNoise * Uncertainty(a, n, j, dropped, diagonal, combination));
                weights[j - start] = dropped[j] ? 0 : -1;
                if (dropped[j]) { continue; }
                var row = a.AsSpan(j * n, n);
                TensorPrimitives.Multiply(row[j..], 1 / Math.Sqrt(pivot), row[j..]);
                for (var i = j + 1; i < end; i++)
                {
                    var below = a.AsSpan(i * n, n)[i..];
                    TensorPrimitives.MultiplyAdd(row[i..], -row[i], below, below);
                }
            }
            if (end < n) { Kernels.RankUpdate(a.AsSpan(end * n + end), n, a.AsSpan(start * n + end), n, end - start, n - end, weights[..(end - start)]); }
        }
        if (!dropped.Contains(true))
        {
            (kept, aliased) = (order.ToArray(), []);
            return a;
        }
        return Compact(a, n, n, dropped, order, out kept, out aliased);
    }

    /// <summary><c>Σ vᵢ²aᵢᵢ</c> for the combination <c>v</c> of columns up to j whose size the pivot is.</summary>
    /// <param name="r">Factor <c>[n, n]</c>, of which the rows before j are final.</param>
    /// <param name="stride">Its row stride.</param>
    /// <param name="j">The column in question.</param>
    /// <param name="dropped">Columns dropped so far, <c>[n]</c>.</param>
    /// <param name="squares">Squared norms of the columns, <c>[n]</c>.</param>
    /// <param name="v">Scratch <c>[n]</c>.</param>
    static double Uncertainty(ReadOnlySpan<double> r, int stride, int j, ReadOnlySpan<bool> dropped, ReadOnlySpan<double> squares, Span<double> v)
    {
        v[j] = -1;
        var sum = squares[j];
        for (var i = j - 1; i >= 0; i--)
        {
            v[i] = dropped[i] ? 0 : -TensorPrimitives.Dot(r.Slice(i * stride + i + 1, j - i), v.Slice(i + 1, j - i)) / r[i * stride + i];
            sum += v[i] * v[i] * squares[i];
        }
        return sum;
    }

    /// <summary>Drops the dependent columns of a triangle whose last column is the target.</summary>
    /// <param name="t">Upper triangle <c>[n + 1, n + 1]</c>; destroyed, its last column is rotated along.</param>
    /// <param name="order">Names of the columns <c>[n]</c>.</param>
    /// <param name="tolerance">Relative norm, or null for <see cref="RootNoise"/>.</param>
    /// <param name="kept">Names kept.</param>
    /// <param name="aliased">Names dropped.</param>
    /// <param name="target">Target of the kept rows.</param>
    /// <returns>The factor of the kept columns.</returns>
    public static double[] Root(Span<double> t, ReadOnlySpan<int> order, double? tolerance, out int[] kept, out int[] aliased, out double[] target)
    {
        var n = order.Length;
        var stride = n + 1;
        var dropped = new bool[n];
        double[] squares = new double[n], combination = new double[n];
        for (var i = 0; i < n; i++)
        {
            var row = t.Slice(i * stride + i, n - i);
            TensorPrimitives.MultiplyAdd(row, row, squares.AsSpan(i), squares.AsSpan(i));
        }
        for (var j = 0; j < n; j++)
        {
            var pivot = t[j * stride + j] * t[j * stride + j];
            dropped[j] = !(pivot > 0) || (tolerance is { } norm
                ? pivot < norm * norm * squares[j]
                : pivot < Suspicion * squares[j] && pivot < RootNoise * RootNoise * Uncertainty(t, stride, j, dropped, squares, combination));
            if (!dropped[j]) { continue; }
            // The row is free now: what it says about the columns to come is folded into their triangle.
            Kernels.FoldRows(t[((j + 1) * stride + j + 1)..], stride, n - j, t.Slice(j * stride + j + 1, n - j), stride, 1);
        }
        var upper = Compact(t, stride, n, dropped, order, out kept, out aliased);
        target = new double[kept.Length];
        for (int i = 0, at = 0; i < n; i++)
        {
            if (dropped[i]) { continue; }
            target[at] = t[i * stride + n];
            if (upper[at * kept.Length + at] < 0)
            {
                target[at] = -target[at];
                TensorPrimitives.Negate(upper.AsSpan(at * kept.Length, kept.Length)[at..], upper.AsSpan(at * kept.Length, kept.Length)[at..]);
            }
            at++;
        }
        return upper;
    }

    static double[] Compact(ReadOnlySpan<double> a, int stride, int n, bool[] dropped, ReadOnlySpan<int> order, out int[] kept, out int[] aliased)
    {
        var rank = dropped.Count(x => !x);
        kept = new int[rank];
        aliased = new int[n - rank];
        var upper = new double[rank * rank];
        int keep = 0, drop = 0;
        for (var i = 0; i < n; i++)
        {
            if (dropped[i])
            {
                aliased[drop++] = order[i];
                continue;
            }
            kept[keep] = order[i];
            for (int j = i, at = keep; j < n; j++)
            {
                if (!dropped[j]) { upper[keep * rank + at++] = a[i * stride + j]; }
            }
            keep++;
        }
        return upper;
    }
}
