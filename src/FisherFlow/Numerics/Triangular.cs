namespace FisherFlow.Numerics;

/// <summary>Solves and inverts with an upper triangle.</summary>
static unsafe class Triangular<TLanes, TVector>
    where TLanes : struct, ILanes<TVector, double>
    where TVector : struct
{
    /// <summary>Triangles up to this size are handled row by row; larger ones are halved, and the halves meet in products.</summary>
    const int Leaf = 32;

    /// <summary>Inverts <c>R [n, n]</c> in place.</summary>
    /// <remarks>Cost: <c>n³/3</c> flops. Halving: <c>[A B; 0 D]⁻¹ = [A⁻¹, −A⁻¹BD⁻¹; 0, D⁻¹]</c>.</remarks>
    public static void Invert(double* r, nint stride, int n)
    {
        if (n <= Leaf)
        {
            InvertLeaf(r, stride, n);
            return;
        }
        var half = Half(n);
        double* b = r + half, d = r + half * stride + half;
        Invert(r, stride, half);
        Invert(d, stride, n - half);
        MultiplyLeft(r, stride, half, b, stride, n - half, negate: true);
        MultiplyRight(d, stride, n - half, b, stride, half);
    }

    /// <summary>A split near the middle that keeps both halves on tile boundaries.</summary>
    static int Half(int n) => (n / 2 + 23) / 24 * 24;

    static void InvertLeaf(double* r, nint stride, int n)
    {
        var copy = stackalloc double[Leaf];
        for (var i = n - 1; i >= 0; i--)
        {
            // Row i of the inverse from the rows below it: W[i, j] = −Σ R[i, k] W[k, j] / R[i, i].
            var row = r + i * stride;
            var reciprocal = 1 / row[i];
            for (var j = i + 1; j < n; j++)
            {
                copy[j] = row[j];
                row[j] = 0;
            }
            for (var k = i + 1; k < n; k++) { Dot.Axpy(-reciprocal * copy[k], r + k * stride + k, row + k, n - k); }
            row[i] = reciprocal;
        }
    }

    /// <summary><c>B ← ±W·B</c> with <c>W [m, m]</c> upper triangular and <c>B [m, n]</c>.</summary>
    static void MultiplyLeft(double* w, nint wStride, int m, double* b, nint bStride, int n, bool negate)
    {
        if (m <= Leaf)
        {
            for (var i = 0; i < m; i++)
            {
                var target = b + i * bStride;
                var scale = negate ? -w[i * wStride + i] : w[i * wStride + i];
                for (var j = 0; j < n; j++) { target[j] *= scale; }
                for (var k = i + 1; k < m; k++)
                {
                    var factor = negate ? -w[i * wStride + k] : w[i * wStride + k];
                    Dot.Axpy(factor, b + k * bStride, target, n);
                }
            }
            return;
        }
        var half = Half(m);
        var below = b + half * bStride;
        MultiplyLeft(w, wStride, half, b, bStride, n, negate);
        PackedProduct<TLanes, TVector, double>.Run(
            b, bStride, half, n, m - half, new(w + half, wStride, 1), new(below, bStride, 1), null, negate ? TileMode.Subtract : TileMode.Add, ProductShape.Full);
        MultiplyLeft(w + half * wStride + half, wStride, m - half, below, bStride, n, negate);
    }

    /// <summary><c>B ← B·W</c> with <c>W [n, n]</c> upper triangular and <c>B [m, n]</c>.</summary>
    static void MultiplyRight(double* w, nint wStride, int n, double* b, nint bStride, int m)
    {
        if (n <= Leaf)
        {
            var row = stackalloc double[Leaf];
            for (var i = 0; i < m; i++)
            {
                var target = b + i * bStride;
                for (var j = 0; j < n; j++)
                {
                    row[j] = target[j];
                    target[j] = 0;
                }
                for (var k = 0; k < n; k++) { Dot.Axpy(row[k], w + k * wStride + k, target + k, n - k); }
            }
            return;
        }
        var half = Half(n);
        var right = b + half;
        MultiplyRight(w + half * wStride + half, wStride, n - half, right, bStride, m);
        PackedProduct<TLanes, TVector, double>.Run(
            right, bStride, m, n - half, half, new(b, bStride, 1), new(w + half, wStride, 1), null, TileMode.Add, ProductShape.Full);
        MultiplyRight(w, wStride, half, b, bStride, m);
    }
}

/// <summary>Triangular solves of one right-hand side: bound by memory, so one text serves every width.</summary>
static unsafe class TriangularSolve
{
    /// <summary>Solves <c>R x = b</c> in place; bits do not depend on the processor.</summary>
    public static void Upper(double* r, nint stride, int n, double* x)
    {
        for (var i = n - 1; i >= 0; i--)
        {
            var row = r + i * stride + i;
            x[i] = (x[i] - Dot.Product(row + 1, x + i + 1, n - i - 1)) / row[0];
        }
    }

    /// <summary>Solves <c>Rᵀ x = b</c> in place; bits do not depend on the processor.</summary>
    public static void UpperTransposed(double* r, nint stride, int n, double* x)
    {
        for (var i = 0; i < n; i++)
        {
            var row = r + i * stride + i;
            var value = x[i] / row[0];
            x[i] = value;
            Dot.Axpy(-value, row + 1, x + i + 1, n - i - 1);
        }
    }
}
