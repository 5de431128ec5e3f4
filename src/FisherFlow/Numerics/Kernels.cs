using System.Runtime.Intrinsics;

namespace FisherFlow.Numerics;

/// <summary>The entry points of the numerical kernels, on row-major spans with explicit strides.</summary>
/// <remarks>
/// Each call checks its shapes, then takes the path of <see cref="CpuPaths.Current"/>. Strides count numbers, not bytes, and are at least the width.
/// Threads: any number may call at once on different data; each keeps its own scratch. Allocates nothing once warm.
/// </remarks>
static unsafe class Kernels
{
    /// <summary>Upper triangle of <c>C ← C + Xᵀ diag(w) X</c>; what lies below the diagonal is neither read nor written.</summary>
    /// <param name="c">The sum, <c>[p, p]</c>.</param>
    /// <param name="cStride">Row stride of C.</param>
    /// <param name="x">Rows, <c>[n, p]</c>.</param>
    /// <param name="xStride">Row stride of X.</param>
    /// <param name="n">Rows.</param>
    /// <param name="p">Columns.</param>
    /// <param name="weights">A weight for each row, <c>[n]</c>; any sign.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, or a stride shorter than a row.</exception>
    public static void RankUpdate(Span<double> c, int cStride, ReadOnlySpan<double> x, int xStride, int n, int p, ReadOnlySpan<double> weights)
    {
        Shape.Require(c.Length, cStride, p, p, nameof(c));
        Shape.Require(x.Length, xStride, n, p, nameof(x));
        Shape.Require(weights.Length, n, nameof(weights));
        if (n == 0 || p == 0) { return; }
        fixed (double* pc = c, px = x, pw = weights)
        {
            switch (CpuPaths.Current)
            {
                case CpuPath.Vector512: RankUpdate<Double512, Vector512<double>>.Run(pc, cStride, px, xStride, x.Length, n, p, pw); break;
                case CpuPath.Vector256: RankUpdate<Double256, Vector256<double>>.Run(pc, cStride, px, xStride, x.Length, n, p, pw); break;
                default: RankUpdate<Double128, Vector128<double>>.Run(pc, cStride, px, xStride, x.Length, n, p, pw); break;
            }
        }
    }

    /// <summary>Factors the upper triangle of <c>A [n, n]</c> in place as <c>RᵀR</c>; returns the first pivot that is not positive and finite, or −1.</summary>
    /// <param name="a">The matrix, <c>[n, n]</c>; below the diagonal it is neither read nor written. After a failure its rows from the pivot on are partly updated.</param>
    /// <param name="stride">Row stride.</param>
    /// <param name="n">Size.</param>
    /// <exception cref="ArgumentException">The span is shorter than its shape.</exception>
    public static int Cholesky(Span<double> a, int stride, int n)
    {
        Shape.Require(a.Length, stride, n, n, nameof(a));
        if (n == 0) { return -1; }
        fixed (double* pa = a)
        {
            return CpuPaths.Current switch
            {
                CpuPath.Vector512 => Cholesky<Double512, Vector512<double>>.Run(pa, stride, n),
                CpuPath.Vector256 => Cholesky<Double256, Vector256<double>>.Run(pa, stride, n),
                _ => Cholesky<Double128, Vector128<double>>.Run(pa, stride, n),
            };
        }
    }

    /// <summary>Folds rows into a triangular factor: <c>[R; A] → R</c> by Householder reflections with <c>RᵀR ← RᵀR + AᵀA</c>.</summary>
    /// <param name="r">The factor, upper triangular <c>[p, p]</c>; below the diagonal it is neither read nor written. Diagonal elements may have either sign.</param>
    /// <param name="rStride">Row stride of R.</param>
    /// <param name="p">Columns.</param>
    /// <param name="rows">The rows A, <c>[n, p]</c>; their contents are not promised to survive.</param>
    /// <param name="rowStride">Row stride of A.</param>
    /// <param name="n">Rows.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape.</exception>
    public static void FoldRows(Span<double> r, int rStride, int p, Span<double> rows, int rowStride, int n)
    {
        Shape.Require(r.Length, rStride, p, p, nameof(r));
        Shape.Require(rows.Length, rowStride, n, p, nameof(rows));
        if (n == 0 || p == 0) { return; }
        fixed (double* pr = r, pa = rows)
        {
            switch (CpuPaths.Current)
            {
                case CpuPath.Vector512: HouseholderFold<Double512, Vector512<double>>.Run(pr, rStride, p, pa, rowStride, n); break;
                case CpuPath.Vector256: HouseholderFold<Double256, Vector256<double>>.Run(pr, rStride, p, pa, rowStride, n); break;
                default: HouseholderFold<Double128, Vector128<double>>.Run(pr, rStride, p, pa, rowStride, n); break;
            }
        }
    }

    /// <summary>Solves <c>R x = b</c> in place; the bits do not depend on the processor.</summary>
    /// <param name="r">Upper triangular <c>[n, n]</c>.</param>
    /// <param name="stride">Row stride.</param>
    /// <param name="n">Size.</param>
    /// <param name="x">The right-hand side <c>[n]</c>, replaced by the solution.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape.</exception>
    public static void SolveUpper(ReadOnlySpan<double> r, int stride, int n, Span<double> x)
    {
        Shape.Require(r.Length, stride, n, n, nameof(r));
        Shape.Require(x.Length, n, nameof(x));
        fixed (double* pr = r, px = x) { TriangularSolve.Upper(pr, stride, n, px); }
    }

    /// <summary>Solves <c>Rᵀ x = b</c> in place; the bits do not depend on the processor.</summary>
    /// <param name="r">Upper triangular <c>[n, n]</c>.</param>
    /// <param name="stride">Row stride.</param>
    /// <param name="n">Size.</param>
    /// <param name="x">The right-hand side <c>[n]</c>, replaced by the solution.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape.</exception>
    public static void SolveUpperTransposed(ReadOnlySpan<double> r, int stride, int n, Span<double> x)
    {
        Shape.Require(r.Length, stride, n, n, nameof(r));
        Shape.Require(x.Length, n, nameof(x));
        fixed (double* pr = r, px = x) { TriangularSolve.UpperTransposed(pr, stride, n, px); }
    }

    /// <summary>Inverts an upper triangular <c>R</c> in place; below the diagonal it is neither read nor written.</summary>
    /// <param name="r">The triangle, <c>[n, n]</c>; a zero on its diagonal makes infinities.</param>
    /// <param name="stride">Row stride.</param>
    /// <param name="n">Size.</param>
    /// <exception cref="ArgumentException">The span is shorter than its shape.</exception>
    public static void InvertUpper(Span<double> r, int stride, int n)
    {
        Shape.Require(r.Length, stride, n, n, nameof(r));
        fixed (double* pr = r)
        {
            switch (CpuPaths.Current)
            {
                case CpuPath.Vector512: Triangular<Double512, Vector512<double>>.Invert(pr, stride, n); break;
                case CpuPath.Vector256: Triangular<Double256, Vector256<double>>.Invert(pr, stride, n); break;
                default: Triangular<Double128, Vector128<double>>.Invert(pr, stride, n); break;
            }
        }
    }
}
