using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>How far a structure is from the full information: <c>(1 + Lowest)·I ≤ Ĩ ≤ (1 + Highest)·I</c>, and no tighter.</summary>
/// <param name="Lowest">Lowest generalised eigenvalue of <c>(Ĩ, I)</c> minus one, −1 at least.</param>
/// <param name="Highest">Highest generalised eigenvalue minus one.</param>
public readonly record struct StructureError(double Lowest, double Highest)
{
    /// <summary><c>ε = max(|Lowest|, |Highest|)</c>, the least with <c>(1 − ε)I ≤ Ĩ ≤ (1 + ε)I</c>; 0 when there are no parameters.</summary>
    /// <remarks>In the units of the information itself: no change of scale or of basis of the parameters alters it.</remarks>
    public double Epsilon => Math.Max(Math.Abs(Lowest), Math.Abs(Highest));

    /// <summary>How far <paramref name="approximation"/> is from <paramref name="full"/>, or null when the latter is singular.</summary>
    /// <remarks>From the eigenvalues of <c>R⁻ᵀĨR⁻¹</c> with <c>RᵀR = I</c>. Cost: <c>O(d³)</c>; both are made dense.</remarks>
    /// <param name="approximation">Ĩ, of any structure.</param>
    /// <param name="full">I, of the same rows.</param>
    /// <exception cref="ArgumentException">They have different dimensions.</exception>
    public static StructureError? Of<TApproximation, TFull>(TApproximation approximation, TFull full)
        where TApproximation : class, IInformation<TApproximation>
        where TFull : class, IInformation<TFull>
    {
        RowCheck.SameDimension(approximation.Dimension, full.Dimension);
        var n = full.Dimension;
        if (n == 0) { return new(0, 0); }
        return GeneralisedEigen.Values(approximation.ToDense(), full.ToDense()) is { } values ? new(values[0] - 1, values[^1] - 1) : null;
    }
}

/// <summary>Eigenvalues of a pencil of symmetric matrices.</summary>
static class GeneralisedEigen
{
    /// <summary>The λ with <c>Ax = λBx</c>, ascending, or null when B is singular.</summary>
    /// <param name="a">Symmetric A, <c>[n, n]</c>.</param>
    /// <param name="b">Symmetric positive definite B, <c>[n, n]</c>.</param>
    public static double[]? Values(double[,] a, double[,] b)
    {
        var n = a.GetLength(0);
        double[] matrix = [.. a.Cast<double>()], root = [.. b.Cast<double>()], values = new double[n];
        root = LimitedPivoting.Cholesky(root, [.. Enumerable.Range(0, n)], null, out _, out var aliased);
        if (aliased.Length > 0) { return null; }
        for (var turn = 0; turn < 2; turn++)
        {
            // Rows of A become rows of AR⁻¹; once more on the transpose gives R⁻ᵀAR⁻¹.
            for (var i = 0; i < n; i++) { Kernels.SolveUpperTransposed(root, n, n, matrix.AsSpan(i * n, n)); }
            UpperTriangle.Transpose(matrix, n);
        }
        return Kernels.SymmetricEigen(matrix, n, n, values, matrix, n) ? values : null;
    }
}
