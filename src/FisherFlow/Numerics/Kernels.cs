namespace FisherFlow.Numerics;

/// <summary>The entry points of the numerical kernels, on row-major spans with explicit strides; the fastest available path is chosen once.</summary>
/// <remarks>Contract of the skeleton: H-numerics replaces the bodies (and splits this file) without changing the signatures.</remarks>
static class Kernels
{
    /// <summary>Upper triangle of <c>C ← C + Xᵀ diag(w) X</c>; <paramref name="x"/> is <c>[n, p]</c> with row stride, <paramref name="c"/> is <c>[p, p]</c>.</summary>
    public static void RankUpdate(Span<double> c, int cStride, ReadOnlySpan<double> x, int xStride, int n, int p, ReadOnlySpan<double> weights)
    {
        for (var r = 0; r < n; r++)
        {
            var row = x.Slice(r * xStride, p);
            for (var i = 0; i < p; i++)
            {
                var a = weights[r] * row[i];
                for (var j = i; j < p; j++) { c[i * cStride + j] += a * row[j]; }
            }
        }
    }

    /// <summary>Factors the upper triangle of <c>A [n, n]</c> in place as <c>RᵀR</c>; returns the first pivot that is not positive, or −1.</summary>
    public static int Cholesky(Span<double> a, int stride, int n)
    {
        for (var i = 0; i < n; i++)
        {
            var pivot = a[i * stride + i];
            for (var k = 0; k < i; k++) { pivot -= a[k * stride + i] * a[k * stride + i]; }
            if (!(pivot > 0)) { return i; }
            pivot = Math.Sqrt(pivot);
            a[i * stride + i] = pivot;
            for (var j = i + 1; j < n; j++)
            {
                var sum = a[i * stride + j];
                for (var k = 0; k < i; k++) { sum -= a[k * stride + i] * a[k * stride + j]; }
                a[i * stride + j] = sum / pivot;
            }
        }
        return -1;
    }

    /// <summary>Folds rows into a triangular factor: <c>[R; A] → R</c> by Householder reflections with <c>RᵀR ← RᵀR + AᵀA</c>.</summary>
    /// <remarks><paramref name="r"/> is upper triangular <c>[p, p]</c>, <paramref name="rows"/> is <c>[n, p]</c> and is destroyed.</remarks>
    public static void FoldRows(Span<double> r, int rStride, int p, Span<double> rows, int rowStride, int n)
    {
        for (var k = 0; k < p; k++)
        {
            var norm = 0.0;
            for (var i = 0; i < n; i++) { norm += rows[i * rowStride + k] * rows[i * rowStride + k]; }
            if (norm == 0) { continue; }
            var head = r[k * rStride + k];
            var alpha = Math.Sqrt(head * head + norm);
            if (head > 0) { alpha = -alpha; }
            var v = head - alpha;
            var beta = 1 / (alpha * v);   // H = 1 + β·u·uᵀ with u = (v, rows), negative by construction
            r[k * rStride + k] = alpha;
            for (var j = k + 1; j < p; j++)
            {
                var dot = v * r[k * rStride + j];
                for (var i = 0; i < n; i++) { dot += rows[i * rowStride + k] * rows[i * rowStride + j]; }
                dot *= beta;
                r[k * rStride + j] += dot * v;
                for (var i = 0; i < n; i++) { rows[i * rowStride + j] += dot * rows[i * rowStride + k]; }
            }
        }
    }

    /// <summary>Solves <c>R x = b</c> in place, <c>R</c> upper triangular <c>[n, n]</c>.</summary>
    public static void SolveUpper(ReadOnlySpan<double> r, int stride, int n, Span<double> x)
    {
        for (var i = n - 1; i >= 0; i--)
        {
            var sum = x[i];
            for (var j = i + 1; j < n; j++) { sum -= r[i * stride + j] * x[j]; }
            x[i] = sum / r[i * stride + i];
        }
    }

    /// <summary>Solves <c>Rᵀ x = b</c> in place, <c>R</c> upper triangular <c>[n, n]</c>.</summary>
    public static void SolveUpperTransposed(ReadOnlySpan<double> r, int stride, int n, Span<double> x)
    {
        for (var i = 0; i < n; i++)
        {
            var value = x[i] / r[i * stride + i];
            x[i] = value;
            for (var j = i + 1; j < n; j++) { x[j] -= value * r[i * stride + j]; }
        }
    }

    /// <summary>Inverts an upper triangular <c>R [n, n]</c> in place.</summary>
    public static void InvertUpper(Span<double> r, int stride, int n)
    {
        for (var j = 0; j < n; j++)
        {
            r[j * stride + j] = 1 / r[j * stride + j];
            for (var i = j - 1; i >= 0; i--)
            {
                var sum = 0.0;
                for (var k = i + 1; k <= j; k++) { sum += r[i * stride + k] * r[k * stride + j]; }
                r[i * stride + j] = -sum / r[i * stride + i];
            }
        }
    }
}
