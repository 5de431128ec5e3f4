using System.Runtime.Intrinsics;

namespace FisherFlow.Numerics;

/// <summary>The entry points of the numerical kernels, on row-major spans with explicit strides.</summary>
/// <remarks>
/// Each call checks its shapes, then takes the path of <see cref="CpuPaths.Current"/>. Strides count numbers, not bytes, and are at least the width.
/// Wide ones go to a native BLAS instead when the user asked for it (<see cref="NativeBlas"/>).
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
            if (p >= NativeBlas.MinSize && NativeBlas.Current is { } native && native.TryRankUpdate(pc, cStride, px, xStride, n, p, pw)) { return; }
            switch (CpuPaths.Current)
            {
                case CpuPath.Vector512: RankUpdate<Double512, Vector512<double>>.Run(pc, cStride, px, xStride, x.Length, n, p, pw); break;
                case CpuPath.Vector256: RankUpdate<Double256, Vector256<double>>.Run(pc, cStride, px, xStride, x.Length, n, p, pw); break;
                default: RankUpdate<Double128, Vector128<double>>.Run(pc, cStride, px, xStride, x.Length, n, p, pw); break;
            }
        }
    }

    /// <summary>The rank update on several threads; the bits are those of one thread.</summary>
    /// <param name="c">The sum, <c>[p, p]</c>.</param>
    /// <param name="cStride">Row stride of C.</param>
    /// <param name="x">Rows, <c>[n, p]</c>.</param>
    /// <param name="xStride">Row stride of X.</param>
    /// <param name="n">Rows.</param>
    /// <param name="p">Columns.</param>
    /// <param name="weights">A weight for each row, <c>[n]</c>; any sign.</param>
    /// <param name="threads">How many threads share the rows of C; each gets about the same area of the triangle.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, or a stride shorter than a row.</exception>
    public static void RankUpdate(Span<double> c, int cStride, ReadOnlySpan<double> x, int xStride, int n, int p, ReadOnlySpan<double> weights, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (threads == 1 || !ThreadedRankUpdate.Pays(n, p) || NativeBlas.Current is not null)
        {
            RankUpdate(c, cStride, x, xStride, n, p, weights);
            return;
        }
        Shape.Require(c.Length, cStride, p, p, nameof(c));
        Shape.Require(x.Length, xStride, n, p, nameof(x));
        Shape.Require(weights.Length, n, nameof(weights));
        fixed (double* pc = c, px = x, pw = weights) { ThreadedRankUpdate.Run(pc, cStride, px, xStride, n, p, pw, threads); }
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
            if (n >= NativeBlas.MinSize && NativeBlas.Current is { } native) { return native.Cholesky(pa, stride, n); }
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

    /// <summary>The product <c>C ← A·B</c>.</summary>
    /// <param name="c">The result, <c>[m, n]</c>; must not overlap A or B.</param>
    /// <param name="cStride">Row stride of C.</param>
    /// <param name="a">Left factor, <c>[m, k]</c>.</param>
    /// <param name="aStride">Row stride of A.</param>
    /// <param name="b">Right factor, <c>[k, n]</c>.</param>
    /// <param name="bStride">Row stride of B.</param>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Inner dimension.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape.</exception>
    public static void Multiply(Span<double> c, int cStride, ReadOnlySpan<double> a, int aStride, ReadOnlySpan<double> b, int bStride, int m, int n, int k)
    {
        Shape.Require(c.Length, cStride, m, n, nameof(c));
        Shape.Require(a.Length, aStride, m, k, nameof(a));
        Shape.Require(b.Length, bStride, k, n, nameof(b));
        fixed (double* pc = c, pa = a, pb = b)
        {
            if (Math.Min(m, Math.Min(n, k)) >= NativeBlas.MinSize && NativeBlas.Current is { } native)
            {
                native.Multiply(pc, cStride, pa, aStride, pb, bStride, m, n, k);
                return;
            }
            switch (CpuPaths.Current)
            {
                case CpuPath.Vector512: MatrixProduct<Double512, Vector512<double>, double>.Run(pc, cStride, pa, aStride, pb, bStride, m, n, k); break;
                case CpuPath.Vector256: MatrixProduct<Double256, Vector256<double>, double>.Run(pc, cStride, pa, aStride, pb, bStride, m, n, k); break;
                default: MatrixProduct<Double128, Vector128<double>, double>.Run(pc, cStride, pa, aStride, pb, bStride, m, n, k); break;
            }
        }
    }

    /// <summary>The product <c>C ← A·B</c> in single precision.</summary>
    /// <param name="c">The result, <c>[m, n]</c>; must not overlap A or B.</param>
    /// <param name="cStride">Row stride of C.</param>
    /// <param name="a">Left factor, <c>[m, k]</c>.</param>
    /// <param name="aStride">Row stride of A.</param>
    /// <param name="b">Right factor, <c>[k, n]</c>.</param>
    /// <param name="bStride">Row stride of B.</param>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Inner dimension.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape.</exception>
    public static void Multiply(Span<float> c, int cStride, ReadOnlySpan<float> a, int aStride, ReadOnlySpan<float> b, int bStride, int m, int n, int k)
    {
        Shape.Require(c.Length, cStride, m, n, nameof(c));
        Shape.Require(a.Length, aStride, m, k, nameof(a));
        Shape.Require(b.Length, bStride, k, n, nameof(b));
        fixed (float* pc = c, pa = a, pb = b)
        {
            if (Math.Min(m, Math.Min(n, k)) >= NativeBlas.MinSize && NativeBlas.Current is { } native)
            {
                native.Multiply(pc, cStride, pa, aStride, pb, bStride, m, n, k);
                return;
            }
            switch (CpuPaths.Current)
            {
                case CpuPath.Vector512: MatrixProduct<Single512, Vector512<float>, float>.Run(pc, cStride, pa, aStride, pb, bStride, m, n, k); break;
                case CpuPath.Vector256: MatrixProduct<Single256, Vector256<float>, float>.Run(pc, cStride, pa, aStride, pb, bStride, m, n, k); break;
                default: MatrixProduct<Single128, Vector128<float>, float>.Run(pc, cStride, pa, aStride, pb, bStride, m, n, k); break;
            }
        }
    }

    /// <summary>Eigenvalues and eigenvectors of a symmetric matrix, <c>A = Vᵀ diag(λ) V</c> with the eigenvectors in V's rows.</summary>
    /// <param name="a">The matrix, <c>[n, n]</c>, of which only the upper triangle is read.</param>
    /// <param name="aStride">Row stride of A.</param>
    /// <param name="n">Size.</param>
    /// <param name="values">The eigenvalues, ascending, <c>[n]</c>.</param>
    /// <param name="vectors">The unit eigenvectors, one a row, <c>[n, n]</c>; may be the storage of A.</param>
    /// <param name="vectorStride">Row stride of the eigenvectors.</param>
    /// <returns>False when A holds something not finite: then nothing is promised of the results.</returns>
    /// <exception cref="ArgumentException">A span is shorter than its shape.</exception>
    public static bool SymmetricEigen(ReadOnlySpan<double> a, int aStride, int n, Span<double> values, Span<double> vectors, int vectorStride)
    {
        Shape.Require(a.Length, aStride, n, n, nameof(a));
        Shape.Require(values.Length, n, nameof(values));
        Shape.Require(vectors.Length, vectorStride, n, n, nameof(vectors));
        fixed (double* pa = a, pl = values, pv = vectors) { return Numerics.SymmetricEigen.Run(pa, aStride, n, pl, pv, vectorStride); }
    }
}
