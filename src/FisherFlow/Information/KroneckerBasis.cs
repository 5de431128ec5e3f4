using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>Orthonormal directions <c>Q_A ⊗ Q_B</c> of a matrix parameter <c>W [p, m]</c>, and what follows from a spectrum in them.</summary>
/// <remarks>
/// A vector is vec(W), column by column: as stored, the rows of <c>Wᵀ [m, p]</c>. Directions are the rows of <c>Q_A [m, m]</c> and <c>Q_B [p, p]</c>;
/// coordinates are <c>Q_A Wᵀ Q_Bᵀ [m, p]</c>. Cost: <c>O(m²p + mp²)</c> a change of coordinates.
/// </remarks>
sealed class KroneckerBasis
{
    readonly int _m;
    readonly int _p;
    readonly double[] _leftTransposed;
    readonly double[] _rightTransposed;

    public KroneckerBasis(double[] left, int m, double[] right, int p)
    {
        (Left, _m, Right, _p) = (left, m, right, p);
        (_leftTransposed, _rightTransposed) = ((double[])left.Clone(), (double[])right.Clone());
        UpperTriangle.Transpose(_leftTransposed, m);
        UpperTriangle.Transpose(_rightTransposed, p);
    }

    /// <summary>Directions of the inputs, rows of <c>[m, m]</c>.</summary>
    public double[] Left { get; }

    /// <summary>Directions of the outputs, rows of <c>[p, p]</c>.</summary>
    public double[] Right { get; }

    /// <summary>Coordinates of a vector.</summary>
    /// <param name="x">The vector <c>[m·p]</c>.</param>
    /// <param name="y">Its coordinates <c>[m·p]</c>.</param>
    /// <param name="work">Scratch <c>[m·p]</c>.</param>
    public void Into(ReadOnlySpan<double> x, Span<double> y, Span<double> work)
    {
        Kernels.Multiply(work, _p, Left, _m, x, _p, _m, _p, _m);
        Kernels.Multiply(y, _p, work, _p, _rightTransposed, _p, _m, _p, _p);
    }

    /// <summary>The vector of coordinates.</summary>
    /// <param name="y">Coordinates <c>[m·p]</c>; replaced by the vector.</param>
    public void Back(Span<double> y)
    {
        var work = new double[y.Length];
        Kernels.Multiply(work, _p, _leftTransposed, _m, y, _p, _m, _p, _m);
        Kernels.Multiply(y, _p, work, _p, Right, _p, _m, _p, _p);
    }

    /// <summary>Whether all values are positive with damping; else the parameter that weighs most in the first direction of which nothing is known.</summary>
    /// <param name="values">Spectrum <c>[m, p]</c>.</param>
    /// <param name="damping">δ ≥ 0.</param>
    public SolveStatus Check(ReadOnlySpan<double> values, double damping)
    {
        for (var k = 0; k < values.Length; k++)
        {
            if (values[k] + damping > 0) { continue; }
            return new(TensorPrimitives.IndexOfMaxMagnitude(Left.AsSpan(k / _p * _m, _m)) * _p + TensorPrimitives.IndexOfMaxMagnitude(Right.AsSpan(k % _p * _p, _p)));
        }
        return SolveStatus.Solved;
    }

    /// <summary><c>x ← Q (Λ + δ)^power Qᵀ b</c> for the powers −1 and −½.</summary>
    /// <param name="values">Spectrum Λ, <c>[m, p]</c>.</param>
    /// <param name="b">Right side <c>[m·p]</c>.</param>
    /// <param name="x">The product <c>[m·p]</c>; untouched when something is singular.</param>
    /// <param name="damping">δ ≥ 0.</param>
    /// <param name="root">Whether the power is −½.</param>
    /// <param name="coordinates">Whether b are coordinates already.</param>
    public SolveStatus Solve(ReadOnlySpan<double> values, ReadOnlySpan<double> b, Span<double> x, double damping, bool root, bool coordinates = false)
    {
        RowCheck.Length(b.Length, _m * _p, nameof(b));
        RowCheck.Length(x.Length, _m * _p, nameof(x));
        var status = Check(values, damping);
        if (!status.IsSolved) { return status; }
        var y = new double[values.Length];
        if (coordinates) { b.CopyTo(y); } else { Into(b, y, new double[values.Length]); }
        for (var k = 0; k < y.Length; k++) { y[k] /= root ? Math.Sqrt(values[k] + damping) : values[k] + damping; }
        Back(y);
        y.CopyTo(x);
        return status;
    }

    /// <summary>The diagonal of <c>QΛQᵀ</c>: <c>(Q_A∘Q_A)ᵀ Λ (Q_B∘Q_B)</c>.</summary>
    /// <param name="values">Spectrum Λ, <c>[m, p]</c>.</param>
    /// <param name="diagonal">The diagonal <c>[m·p]</c>.</param>
    public void Diagonal(ReadOnlySpan<double> values, Span<double> diagonal)
    {
        double[] left = new double[_m * _m], right = new double[_p * _p], work = new double[values.Length];
        TensorPrimitives.Multiply(_leftTransposed, _leftTransposed, left);
        TensorPrimitives.Multiply(Right, Right, right);
        Kernels.Multiply(work, _p, left, _m, values, _p, _m, _p, _m);
        Kernels.Multiply(diagonal, _p, work, _p, right, _p, _m, _p, _p);
    }

    /// <summary>The diagonal of <c>Q(Λ + δ)⁻¹Qᵀ</c>.</summary>
    /// <param name="values">Spectrum Λ, <c>[m, p]</c>.</param>
    /// <param name="diagonal">The diagonal <c>[m·p]</c>; untouched when something is singular.</param>
    /// <param name="damping">δ ≥ 0.</param>
    public SolveStatus InverseDiagonal(ReadOnlySpan<double> values, Span<double> diagonal, double damping)
    {
        RowCheck.Length(diagonal.Length, _m * _p, nameof(diagonal));
        var status = Check(values, damping);
        if (!status.IsSolved) { return status; }
        var inverse = new double[values.Length];
        for (var k = 0; k < inverse.Length; k++) { inverse[k] = 1 / (values[k] + damping); }
        Diagonal(inverse, diagonal);
        return status;
    }

    /// <summary><c>Σ log(λ + δ)</c>, or −∞.</summary>
    /// <param name="values">Spectrum Λ, <c>[m, p]</c>.</param>
    /// <param name="damping">δ ≥ 0.</param>
    public double LogDeterminant(ReadOnlySpan<double> values, double damping)
    {
        if (!Check(values, damping).IsSolved) { return double.NegativeInfinity; }
        var sum = 0.0;
        foreach (var value in values) { sum += Math.Log(value + damping); }
        return sum;
    }

    /// <summary>Whether two bases are the same to the bit.</summary>
    public bool IsSameAs(KroneckerBasis other) => Left.AsSpan().SequenceEqual(other.Left) && Right.AsSpan().SequenceEqual(other.Right);

    /// <summary>The spectrum in this basis that is nearest to one in another: <c>(U∘U) Λ (V∘V)ᵀ</c>, U and V the turns between the two.</summary>
    /// <param name="other">The other basis.</param>
    /// <param name="values">Spectrum in it, <c>[m, p]</c>.</param>
    public double[] Take(KroneckerBasis other, ReadOnlySpan<double> values)
    {
        double[] u = new double[_m * _m], v = new double[_p * _p], work = new double[values.Length], result = new double[values.Length];
        Kernels.Multiply(u, _m, Left, _m, other._leftTransposed, _m, _m, _m, _m);
        Kernels.Multiply(v, _p, other.Right, _p, _rightTransposed, _p, _p, _p, _p);
        TensorPrimitives.Multiply(u, u, u);
        TensorPrimitives.Multiply(v, v, v);
        Kernels.Multiply(work, _p, u, _m, values, _p, _m, _p, _m);
        Kernels.Multiply(result, _p, work, _p, v, _p, _m, _p, _p);
        return result;
    }

    /// <summary>Throws unless parameters stay as they are.</summary>
    /// <exception cref="NotSupportedException">They do not: another order would not be a Kronecker product.</exception>
    public static void RequireSamePlaces(ReadOnlySpan<int> map, int old, int dimension)
    {
        ParameterMap.Verify(map, old, dimension);
        if (dimension != old || !ParameterMap.IsIncreasing(map)) { throw new NotSupportedException("a Kronecker product belongs to a matrix of parameters: they can neither grow nor change places"); }
    }
}
