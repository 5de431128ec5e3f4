using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>A triangular factor <c>RᵀR = I[kept, kept]</c> of the identified parameters, and the step it solves for.</summary>
/// <remarks>Shapes: over all parameters <c>[d]</c>, over the kept ones <c>[k]</c>. Everything not kept is held at zero.</remarks>
public sealed class Factor
{
    readonly double[] _upper;   // [k, k] row-major, upper triangle

    /// <summary>Wraps a factor.</summary>
    /// <param name="dimension">All parameters <c>d</c>.</param>
    /// <param name="kept">Indices of the identified parameters, in the order of the factor.</param>
    /// <param name="aliased">Indices that were asked for but depend on earlier ones.</param>
    /// <param name="upper">Upper triangle <c>[k, k]</c>, row by row.</param>
    /// <param name="step">The solution δ over all parameters, <c>[d]</c>.</param>
    public Factor(int dimension, int[] kept, int[] aliased, double[] upper, double[] step)
    {
        Dimension = dimension;
        Kept = kept;
        Aliased = aliased;
        _upper = upper;
        Step = step;
    }

    /// <summary>All parameters <c>d</c>.</summary>
    public int Dimension { get; }

    /// <summary>Indices of the identified parameters, in the order of the factor.</summary>
    public IReadOnlyList<int> Kept { get; }

    /// <summary>Indices that were asked for but depend on earlier ones.</summary>
    public IReadOnlyList<int> Aliased { get; }

    /// <summary>Number of identified parameters.</summary>
    public int Rank => Kept.Count;

    /// <summary>The solution δ over all parameters, <c>[d]</c>; zero where not kept.</summary>
    public ReadOnlyMemory<double> Step { get; }

    /// <summary>The upper triangle <c>[k, k]</c>, row by row.</summary>
    public ReadOnlySpan<double> Upper => _upper;

    /// <summary><c>u ← R⁻ᵀ x[kept]</c>, so that <c>uᵀu = xᵀI⁻¹x</c>; <paramref name="x"/> is <c>[d]</c>, <paramref name="u"/> is <c>[k]</c>.</summary>
    public void Whiten(ReadOnlySpan<double> x, Span<double> u)
    {
        for (var i = 0; i < Rank; i++) { u[i] = x[Kept[i]]; }
        Kernels.SolveUpperTransposed(_upper, Rank, Rank, u);
    }

    /// <summary><c>I⁻¹</c> of the kept parameters, <c>[k, k]</c> row by row, in the order of <see cref="Kept"/>; <c>O(k³)</c>.</summary>
    public double[] Inverse()
    {
        var k = Rank;
        var inverse = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            var column = inverse.AsSpan(i * k, k);
            column[i] = 1;
            Kernels.SolveUpperTransposed(_upper, k, k, column);
            Kernels.SolveUpper(_upper, k, k, column);
        }
        return inverse;
    }

    /// <summary>Ratio of the extreme singular values of R with its columns scaled to norm one.</summary>
    public double ConditionNumber()
    {
        if (Rank == 0) { return 1; }
        var scaled = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(Rank, Rank, (i, j) => j < i ? 0 : _upper[i * Rank + j]);
        return scaled.NormalizeColumns(2).ConditionNumber();
    }
}
