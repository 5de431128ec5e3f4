using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>The triangular factor <c>RᵀR = I + δ·1</c> of all parameters, or the pivot at which there was none.</summary>
/// <param name="status">Whether every parameter was kept.</param>
/// <param name="upper">Upper triangle <c>[n, n]</c>.</param>
/// <param name="n">Its size.</param>
sealed class DampedFactor(SolveStatus status, double[] upper, int n) : IDampedFactor
{
    /// <inheritdoc/>
    public SolveStatus Status => status;

    /// <inheritdoc/>
    public double LogDeterminant => status.IsSolved ? UpperTriangle.LogDeterminant(upper, n) : double.NegativeInfinity;

    /// <summary>Factors a Gram matrix with damping.</summary>
    /// <param name="gram">Upper triangle <c>[n, n]</c>; unchanged.</param>
    /// <param name="n">Its size.</param>
    /// <param name="damping">δ ≥ 0.</param>
    public static DampedFactor OfGram(ReadOnlySpan<double> gram, int n, double damping)
    {
        var matrix = gram.ToArray();
        var order = new int[n];
        for (var i = 0; i < n; i++)
        {
            order[i] = i;
            matrix[i * n + i] += damping;
        }
        var factor = LimitedPivoting.Cholesky(matrix, order, null, out _, out var aliased);
        return new(aliased.Length == 0 ? SolveStatus.Solved : new(aliased[0]), factor, n);
    }

    /// <inheritdoc/>
    public SolveStatus Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        if (!status.IsSolved) { return status; }
        b.CopyTo(x);
        Kernels.SolveUpperTransposed(upper, n, n, x);
        Kernels.SolveUpper(upper, n, n, x);
        return status;
    }

    /// <summary>The diagonal of <c>(I + δ·1)⁻¹</c>; the factor is used up.</summary>
    /// <param name="diagonal">The diagonal <c>[n]</c>; untouched without a factor.</param>
    public SolveStatus InverseDiagonal(Span<double> diagonal)
    {
        if (status.IsSolved) { UpperTriangle.InverseDiagonal(upper, n, diagonal); }
        return status;
    }

    /// <summary><c>x ← R⁻¹z</c>, whose covariance is <c>(I + δ·1)⁻¹</c>.</summary>
    /// <param name="normals">Standard normals <c>z [n]</c>.</param>
    /// <param name="x">The draw <c>[n]</c>; untouched without a factor.</param>
    public SolveStatus Sample(ReadOnlySpan<double> normals, Span<double> x)
    {
        if (!status.IsSolved) { return status; }
        normals.CopyTo(x);
        Kernels.SolveUpper(upper, n, n, x);
        return status;
    }
}
