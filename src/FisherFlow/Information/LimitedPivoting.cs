using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>Elimination in a given order that drops each column which depends on those kept before it, as R's limited pivoting does.</summary>
static class LimitedPivoting
{
    /// <summary>The relative norm below which a column of a Gram matrix is aliased.</summary>
    public const double GramTolerance = 1e-6;

    /// <summary>The relative norm below which a column of a square root is aliased.</summary>
    public const double RootTolerance = 1e-11;

    const double Suspicion = 1e-6;

    /// <summary>Whether a factor has a pivot so small, relative to its column, that columns must be judged one by one.</summary>
    /// <param name="upper">Factor <c>[n, n]</c>.</param>
    /// <param name="diagonal">Diagonal of what was factored, <c>[n]</c>.</param>
    /// <param name="tolerance">Relative norm, or null.</param>
    public static bool IsSuspicious(ReadOnlySpan<double> upper, ReadOnlySpan<double> diagonal, double? tolerance)
    {
        var bound = tolerance * tolerance ?? Suspicion;
        var n = diagonal.Length;
        for (var i = 0; i < n; i++)
        {
            if (!(upper[i * n + i] * upper[i * n + i] >= bound * diagonal[i])) { return true; }
        }
        return false;
    }

    /// <summary>Factors a Gram matrix, dropping dependent columns.</summary>
    /// <param name="a">Upper triangle <c>[n, n]</c>; destroyed.</param>
    /// <param name="diagonal">Its diagonal <c>[n]</c>.</param>
    /// <param name="order">Names of the columns <c>[n]</c>.</param>
    /// <param name="tolerance">Relative norm, or null for <see cref="GramTolerance"/>.</param>
    /// <param name="kept">Names kept.</param>
    /// <param name="aliased">Names dropped.</param>
    /// <returns>The factor of the kept columns.</returns>
    public static double[] Cholesky(Span<double> a, ReadOnlySpan<double> diagonal, ReadOnlySpan<int> order, double? tolerance, out int[] kept, out int[] aliased)
    {
        var n = diagonal.Length;
        var dropped = new bool[n];
        var bound = (tolerance ?? GramTolerance) * (tolerance ?? GramTolerance);
        for (var j = 0; j < n; j++)
        {
            var pivot = a[j * n + j];
            if (!(pivot > 0 && pivot >= bound * diagonal[j]))
            {
                dropped[j] = true;
                continue;
            }
            var row = a.Slice(j * n, n);
            TensorPrimitives.Multiply(row[j..], 1 / Math.Sqrt(pivot), row[j..]);
            for (var i = j + 1; i < n; i++)
            {
                var below = a.Slice(i * n, n)[i..];
                TensorPrimitives.MultiplyAdd(row[i..], -row[i], below, below);
            }
        }
        return Compact(a, n, n, dropped, order, out kept, out aliased);
    }

    /// <summary>Drops the dependent columns of a triangle whose last column is the target.</summary>
    /// <param name="t">Upper triangle <c>[n + 1, n + 1]</c>; destroyed, its last column is rotated along.</param>
    /// <param name="norms">Norms of the original columns, <c>[n]</c>.</param>
    /// <param name="order">Names of the columns <c>[n]</c>.</param>
    /// <param name="tolerance">Relative norm, or null for <see cref="RootTolerance"/>.</param>
    /// <param name="kept">Names kept.</param>
    /// <param name="aliased">Names dropped.</param>
    /// <param name="target">Target of the kept rows.</param>
    /// <returns>The factor of the kept columns.</returns>
    public static double[] Root(Span<double> t, ReadOnlySpan<double> norms, ReadOnlySpan<int> order, double? tolerance, out int[] kept, out int[] aliased, out double[] target)
    {
        var n = norms.Length;
        var stride = n + 1;
        var dropped = new bool[n];
        var bound = tolerance ?? RootTolerance;
        for (var j = 0; j < n; j++)
        {
            var pivot = Math.Abs(t[j * stride + j]);
            if (pivot > 0 && pivot >= bound * norms[j]) { continue; }
            // The row is free now: what it says about the columns to come is folded into their triangle.
            dropped[j] = true;
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
