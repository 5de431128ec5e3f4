using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Likelihoods;

/// <summary>Small symmetric systems, solved in the units of their own diagonal.</summary>
static class SymmetricSystem
{
    /// <summary>Solves <c>(A + diag(add)) x = b</c>; false when the matrix is not positive definite.</summary>
    /// <param name="a">Symmetric <c>[q, q]</c>.</param>
    /// <param name="add">Added to the diagonal <c>[q]</c>, or empty.</param>
    /// <param name="b">Right side <c>[q]</c>.</param>
    /// <param name="x">Receives the solution <c>[q]</c>.</param>
    public static bool TrySolve(ReadOnlySpan<double> a, ReadOnlySpan<double> add, ReadOnlySpan<double> b, Span<double> x)
    {
        var q = b.Length;
        var (matrix, scale) = (new double[q * q], new double[q]);
        for (var i = 0; i < q; i++)
        {
            var diagonal = a[i * q + i] + (add.IsEmpty ? 0 : add[i]);
            if (!(diagonal > 0) || !double.IsFinite(diagonal)) { return false; }
            scale[i] = 1 / Math.Sqrt(diagonal);
        }
        for (var i = 0; i < q; i++)
        {
            matrix[i * q + i] = 1;
            for (var j = i + 1; j < q; j++) { matrix[i * q + j] = a[i * q + j] * scale[i] * scale[j]; }
        }
        if (Kernels.Cholesky(matrix, q, q) >= 0) { return false; }
        for (var i = 0; i < q; i++) { x[i] = b[i] * scale[i]; }
        Kernels.SolveUpperTransposed(matrix, q, q, x);
        Kernels.SolveUpper(matrix, q, q, x);
        for (var i = 0; i < q; i++) { x[i] *= scale[i]; }
        return true;
    }

    /// <summary><c>xᵀAx</c>.</summary>
    public static double Form(ReadOnlySpan<double> a, ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++) { sum += x[i] * TensorPrimitives.Dot(a.Slice(i * x.Length, x.Length), x); }
        return sum;
    }

    /// <summary><c>A ← BᵀAB</c> for B <c>[m, q]</c> and A <c>[m, m]</c>, written to <c>[q, q]</c>.</summary>
    public static double[] Congruence(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int m, int q)
    {
        var result = new double[q * q];
        Congruence(a, b, m, q, new double[m * q], result);
        return result;
    }

    /// <summary>The same, into <paramref name="result"/> <c>[q, q]</c> by way of <paramref name="half"/> <c>[m, q]</c>.</summary>
    public static void Congruence(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int m, int q, Span<double> half, Span<double> result)
    {
        half.Clear();
        result.Clear();
        Kernels.Multiply(half, q, a, m, b, q, m, q, m);
        for (var k = 0; k < m; k++)
        {
            for (var i = 0; i < q; i++)
            {
                var factor = b[k * q + i];
                if (factor == 0) { continue; }
                var row = result.Slice(i * q, q);
                TensorPrimitives.MultiplyAdd(half.Slice(k * q, q), factor, row, row);
            }
        }
    }
}
