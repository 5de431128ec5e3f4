using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>A triangular factor <c>RᵀR = I[kept, kept]</c> of the identified parameters, and the step it solves for.</summary>
/// <remarks>
/// Shapes: over all parameters <c>[d]</c>, over the kept ones <c>[k]</c>. Everything not kept is held at zero. What inference needs of a structure with too many parameters for a matrix is
/// their variances: a factor of those alone (<see cref="OfVariances"/>) answers everything that does not ask for a matrix.
/// </remarks>
public sealed class Factor
{
    /// <summary>Parameters of which a matrix is made out of variances alone; with more of them asking for one is an error.</summary>
    public const int LargestFromVariances = 2000;

    const int OnStack = 256;

    readonly double[] _upper;   // [k, k] row-major, upper triangle
    readonly int[] _kept;
    readonly double[]? _variances;   // [k], instead of the triangle
    double? _condition;
    QuadraticForms? _quadraticForms;

    /// <summary>Wraps a factor.</summary>
    /// <param name="dimension">All parameters <c>d</c>.</param>
    /// <param name="kept">Indices of the identified parameters, <c>[k]</c>, in the order of the factor.</param>
    /// <param name="aliased">Indices that were asked for but depend on earlier ones, <c>[any]</c>.</param>
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

    Factor(int dimension, int[] kept, int[] aliased, double[] variances)
        : this(dimension, kept, aliased, [], new double[dimension]) => _variances = variances;

    /// <summary>A diagonal factor, known by the variances of its parameters.</summary>
    /// <param name="dimension">All parameters <c>d</c>.</param>
    /// <param name="kept">Indices of the identified parameters, <c>[k]</c>.</param>
    /// <param name="aliased">Indices of those that are not, <c>[any]</c>.</param>
    /// <param name="variances">Their variances <c>[k]</c>, above zero.</param>
    public static Factor OfVariances(int dimension, int[] kept, int[] aliased, double[] variances) => new(dimension, kept, aliased, variances);

    /// <summary>All parameters <c>d</c>.</summary>
    public int Dimension { get; }

    /// <summary>Whether only variances are known: there is no triangle, and no covariance between parameters.</summary>
    public bool IsDiagonal => _variances is not null;

    /// <summary>Indices of the identified parameters, in the order of the factor.</summary>
    public IReadOnlyList<int> Kept => _kept;

    /// <summary>Indices that were asked for but depend on earlier ones.</summary>
    public IReadOnlyList<int> Aliased { get; }

    /// <summary>Number of identified parameters.</summary>
    public int Rank => _kept.Length;

    /// <summary>The solution δ over all parameters, <c>[d]</c>; zero where not kept.</summary>
    public ReadOnlyMemory<double> Step { get; }

    /// <summary>The upper triangle <c>[k, k]</c>, row by row.</summary>
    /// <exception cref="InvalidOperationException">The factor is diagonal, of more than <see cref="LargestFromVariances"/> parameters.</exception>
    public ReadOnlySpan<double> Upper => _variances is null ? _upper : Diagonal(variance => 1 / Math.Sqrt(variance));

    /// <summary><c>log det I[kept, kept] = 2 Σ log rᵢᵢ</c>; 0 when nothing is kept.</summary>
    public double LogDeterminant => _variances is null ? UpperTriangle.LogDeterminant(_upper, Rank) : -_variances.Sum(Math.Log);

    /// <summary><c>u ← R⁻ᵀ x[kept]</c>, so that <c>uᵀu = xᵀI⁻¹x</c>.</summary>
    /// <param name="x">A direction over all parameters, <c>[d]</c>.</param>
    /// <param name="u">Its whitened form <c>[k]</c>.</param>
    public void Whiten(ReadOnlySpan<double> x, Span<double> u)
    {
        for (var i = 0; i < Rank; i++) { u[i] = _variances is null ? x[_kept[i]] : x[_kept[i]] * Math.Sqrt(_variances[i]); }
        if (_variances is not null) { return; }
        Kernels.SolveUpperTransposed(_upper, Rank, Rank, u);
    }

    /// <summary>Solves <c>I[kept, kept] x = b</c>.</summary>
    /// <param name="b">Right side over all parameters, <c>[d]</c>.</param>
    /// <param name="x">Solution over all parameters, <c>[d]</c>; zero where not kept.</param>
    public void Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        var u = Rank <= OnStack ? stackalloc double[Rank] : new double[Rank];
        Whiten(b, u);
        if (_variances is null) { Kernels.SolveUpper(_upper, Rank, Rank, u); }
        for (var i = 0; i < Rank && _variances is not null; i++) { u[i] *= Math.Sqrt(_variances[i]); }
        x[..Dimension].Clear();
        for (var i = 0; i < Rank; i++) { x[_kept[i]] = u[i]; }
    }

    /// <summary><c>xᵀI⁻¹x</c> over the kept parameters.</summary>
    /// <param name="x">A direction over all parameters, <c>[d]</c>.</param>
    public double QuadraticForm(ReadOnlySpan<double> x)
    {
        var u = Rank <= OnStack ? stackalloc double[Rank] : new double[Rank];
        Whiten(x, u);
        return TensorPrimitives.SumOfSquares<double>(u);
    }

    /// <summary>The covariance <c>I⁻¹ = R⁻¹R⁻ᵀ</c> of the kept parameters, <c>[k, k]</c>, in the order of the factor.</summary>
    /// <remarks>Cost: <c>O(k³)</c>. Allocates: two matrices; the caller owns what is returned.</remarks>
    public double[] Inverse()
    {
        const int Block = 64;
        if (_variances is not null) { return Diagonal(variance => variance); }
        var n = Rank;
        var inverse = (double[])_upper.Clone();
        Kernels.InvertUpper(inverse, n, n);
        UpperTriangle.Transpose(inverse, n);
        var covariance = new double[n * n];
        var ones = new double[Block];
        Array.Fill(ones, 1);
        for (var start = 0; start < n; start += Block)
        {
            // Row l of R⁻ᵀ ends at column l: only that corner of the covariance hears of it.
            var count = Math.Min(Block, n - start);
            Kernels.RankUpdate(covariance, n, inverse.AsSpan(start * n), n, count, start + count, ones.AsSpan(0, count));
        }
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++) { covariance[i * n + j] = covariance[j * n + i]; }
        }
        return covariance;
    }

    /// <summary>The diagonal of <c>I⁻¹</c> over the kept parameters: squared standard errors.</summary>
    /// <param name="diagonal">The diagonal <c>[k]</c>, in the order of the factor.</param>
    public void InverseDiagonal(Span<double> diagonal)
    {
        if (_variances is not null) { _variances.CopyTo(diagonal); }
        else { UpperTriangle.InverseDiagonal((double[])_upper.Clone(), Rank, diagonal); }
    }

    /// <summary><c>xᵢᵀI⁻¹xᵢ</c> over the kept parameters, for each design row.</summary>
    /// <remarks>
    /// Cost: <c>O(k²)</c> for k non-zeros a row when there are slots (from the covariance, which is computed once), else <c>O(rank²/2)</c> from
    /// <c>R⁻¹</c>, which loses nothing to cancellation. Allocates: on the first call only.
    /// </remarks>
    /// <param name="rows">Design rows, <c>n</c> of them.</param>
    /// <param name="quadraticForms">The quadratic forms <c>[n]</c>.</param>
    public void Leverages(in DesignRows rows, Span<double> quadraticForms) => (_quadraticForms ??= new(this)).Evaluate(rows, quadraticForms);

    /// <summary>Ratio of the extreme singular values of <c>R</c> with columns scaled to unit norm; 1 when nothing is kept.</summary>
    /// <remarks>Cost: <c>O(k²)</c> times a few dozen, on the first call. Source: see <see cref="Lanczos"/>.</remarks>
    public double ConditionNumber => _condition ??= _variances is null ? Lanczos.ConditionNumber(_upper, Rank) : 1;

    /// <summary>A diagonal matrix <c>[k, k]</c> of what each variance gives.</summary>
    double[] Diagonal(Func<double, double> entry)
    {
        if (Rank > LargestFromVariances) { throw new InvalidOperationException($"a matrix of {Rank:N0} parameters is too large for what is known of them, which is their variances"); }
        var matrix = new double[Rank * Rank];
        for (var i = 0; i < Rank; i++) { matrix[i * Rank + i] = entry(_variances![i]); }
        return matrix;
    }
}
