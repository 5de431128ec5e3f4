using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>A triangular factor <c>RᵀR = I[kept, kept]</c> of the identified parameters, and the step it solves for.</summary>
/// <remarks>Shapes: over all parameters <c>[d]</c>, over the kept ones <c>[k]</c>. Everything not kept is held at zero.</remarks>
public sealed class Factor
{
    readonly double[] _upper;   // [k, k] row-major, upper triangle
    readonly int[] _kept;
    double? _condition;

    /// <summary>Wraps a factor.</summary>
    /// <param name="dimension">All parameters <c>d</c>.</param>
    /// <param name="kept">Indices of the identified parameters, in the order of the factor.</param>
    /// <param name="aliased">Indices that were asked for but depend on earlier ones.</param>
    /// <param name="upper">Upper triangle <c>[k, k]</c>, row by row.</param>
    /// <param name="step">The solution δ over all parameters, <c>[d]</c>.</param>
    public Factor(int dimension, int[] kept, int[] aliased, double[] upper, double[] step)
    {
        Dimension = dimension;
        _kept = kept;
        Aliased = aliased;
        _upper = upper;
        Step = step;
    }

    /// <summary>All parameters <c>d</c>.</summary>
    public int Dimension { get; }

    /// <summary>Indices of the identified parameters, in the order of the factor.</summary>
    public IReadOnlyList<int> Kept => _kept;

    /// <summary>Indices that were asked for but depend on earlier ones.</summary>
    public IReadOnlyList<int> Aliased { get; }

    /// <summary>Number of identified parameters.</summary>
    public int Rank => _kept.Length;

    /// <summary>The solution δ over all parameters, <c>[d]</c>; zero where not kept.</summary>
    public ReadOnlyMemory<double> Step { get; }

    /// <summary>The upper triangle <c>[k, k]</c>, row by row.</summary>
    public ReadOnlySpan<double> Upper => _upper;

    /// <summary><c>log det I[kept, kept] = 2 Σ log rᵢᵢ</c>; 0 when nothing is kept.</summary>
    public double LogDeterminant => Triangular.LogDeterminant(_upper, Rank);

    /// <summary><c>u ← R⁻ᵀ x[kept]</c>, so that <c>uᵀu = xᵀI⁻¹x</c>; <paramref name="x"/> is <c>[d]</c>, <paramref name="u"/> is <c>[k]</c>.</summary>
    public void Whiten(ReadOnlySpan<double> x, Span<double> u)
    {
        for (var i = 0; i < Rank; i++) { u[i] = x[_kept[i]]; }
        Kernels.SolveUpperTransposed(_upper, Rank, Rank, u);
    }

    /// <summary>Solves <c>I[kept, kept] x = b</c>.</summary>
    /// <param name="b">Right side over all parameters, <c>[d]</c>.</param>
    /// <param name="x">Solution over all parameters, <c>[d]</c>; zero where not kept.</param>
    public void Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        var u = new double[Rank];
        Whiten(b, u);
        Kernels.SolveUpper(_upper, Rank, Rank, u);
        x[..Dimension].Clear();
        for (var i = 0; i < Rank; i++) { x[_kept[i]] = u[i]; }
    }

    /// <summary><c>xᵀI⁻¹x</c> over the kept parameters.</summary>
    /// <param name="x">A direction over all parameters, <c>[d]</c>.</param>
    public double QuadraticForm(ReadOnlySpan<double> x)
    {
        var u = new double[Rank];
        Whiten(x, u);
        return TensorPrimitives.SumOfSquares<double>(u);
    }

    /// <summary>The covariance <c>I⁻¹</c> of the kept parameters, <c>[k, k]</c>, in the order of the factor.</summary>
    public double[] Inverse()
    {
        var inverse = (double[])_upper.Clone();
        Kernels.InvertUpper(inverse, Rank, Rank);
        var covariance = new double[Rank * Rank];
        for (var i = 0; i < Rank; i++)
        {
            for (var j = i; j < Rank; j++)
            {
                covariance[i * Rank + j] = covariance[j * Rank + i] = TensorPrimitives.Dot<double>(inverse.AsSpan(i * Rank + j, Rank - j), inverse.AsSpan(j * Rank + j, Rank - j));
            }
        }
        return covariance;
    }

    /// <summary>The diagonal of <c>I⁻¹</c> over the kept parameters: squared standard errors.</summary>
    /// <param name="diagonal">The diagonal <c>[k]</c>, in the order of the factor.</param>
    public void InverseDiagonal(Span<double> diagonal) => Triangular.InverseDiagonal((double[])_upper.Clone(), Rank, diagonal);

    /// <summary><c>xᵢᵀI⁻¹xᵢ</c> for each design row.</summary>
    /// <param name="rows">Design rows, <c>n</c> of them.</param>
    /// <param name="quadraticForms">The quadratic forms <c>[n]</c>.</param>
    public void Leverages(in DesignRows rows, Span<double> quadraticForms)
    {
        var x = new double[Dimension];
        for (var r = 0; r < rows.Count; r++)
        {
            x.AsSpan().Clear();
            rows.Dense.Slice(r * rows.DenseColumns, rows.DenseColumns).CopyTo(x);
            for (var a = r * rows.Slots; a < (r + 1) * rows.Slots; a++)
            {
                if (rows.Indices[a] >= 0) { x[rows.Indices[a]] += rows.Values.IsEmpty ? 1 : rows.Values[a]; }
            }
            quadraticForms[r] = QuadraticForm(x);
        }
    }

    /// <summary>Ratio of the extreme singular values of <c>R</c> with columns scaled to unit norm; 1 when nothing is kept.</summary>
    public double ConditionNumber => _condition ??= Lanczos.ConditionNumber(_upper, Rank);
}
