using System.Numerics.Tensors;
using FisherFlow.Snapshots;

namespace FisherFlow.Information;

/// <summary>The diagonal of the information, <c>Iᵢᵢ = Σ w xᵢ²</c>: what each parameter would be known to if all others were known.</summary>
/// <remarks>
/// Shape: <c>[d]</c>. Cost: <c>O(k)</c> a row of <c>k</c> non-zeros, <c>O(d)</c> a solve. Merge: exact, a sum of projections is the projection of the sum.
/// Allocates: nothing per row. <c>1/Iᵢᵢ</c> understates variances: of two parameters correlated at ρ it reports <c>1 − ρ²</c> of each;
/// <see cref="Project"/> with <see cref="DiagonalProjection.Marginal"/> keeps them.
/// </remarks>
public sealed class DiagonalInformation : IInformation<DiagonalInformation>
{
    readonly RowEntries _row = new();
    double[] _diagonal;

    /// <summary>No evidence about <paramref name="dimension"/> parameters.</summary>
    /// <param name="dimension">Number of parameters <c>d</c>.</param>
    public DiagonalInformation(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        _diagonal = new double[dimension];
    }

    /// <inheritdoc/>
    public static Exactness Merging => Exactness.Exact;

    /// <inheritdoc/>
    public static string Name => "diagonal";

    /// <inheritdoc/>
    public static bool UnderstatesVariance => true;

    /// <inheritdoc/>
    public int Dimension => _diagonal.Length;

    /// <summary>The diagonal <c>[d]</c>.</summary>
    public ReadOnlySpan<double> Diagonal => _diagonal;

    /// <summary>The diagonal nearest to a block of information, in a sense that the caller names.</summary>
    /// <remarks>Cost: <c>O(d)</c>, or that of the inverse diagonal for <see cref="DiagonalProjection.Marginal"/>.</remarks>
    /// <param name="information">What is projected; unchanged.</param>
    /// <param name="projection">The divergence that is minimised.</param>
    /// <param name="result">The projection, or null when it needs an inverse that does not exist.</param>
    public static SolveStatus Project<T>(T information, DiagonalProjection projection, out DiagonalInformation? result) where T : class, IInformation<T>
    {
        result = new(information.Dimension);
        if (projection != DiagonalProjection.Marginal)
        {
            information.CopyDiagonal(result._diagonal);
            return SolveStatus.Solved;
        }
        var status = information.InverseDiagonal(result._diagonal, damping: 0);
        if (status.IsSolved) { TensorPrimitives.Reciprocal(result._diagonal, result._diagonal); } else { result = null; }
        return status;
    }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<double> a, double weight)
    {
        RowCheck.Verify(a, weight, Dimension);
        AddDense(a, weight);
    }

    /// <inheritdoc/>
    public void Add(in DesignRows rows, ReadOnlySpan<double> weights)
    {
        RowCheck.Verify(rows, weights, Dimension);
        for (var r = 0; r < rows.Count; r++)
        {
            if (weights[r] == 0) { continue; }
            if (rows.Slots == 0)
            {
                AddDense(rows.Dense.Slice(r * rows.DenseColumns, rows.DenseColumns), weights[r]);
                continue;
            }
            _row.Read(rows, r);
            for (var a = 0; a < _row.Count; a++) { _diagonal[_row.Columns[a]] += weights[r] * _row.Values[a] * _row.Values[a]; }
        }
    }

    /// <inheritdoc/>
    public void operator +=(DiagonalInformation other)
    {
        RowCheck.SameDimension(other.Dimension, Dimension);
        TensorPrimitives.Add(_diagonal, other._diagonal, _diagonal);
    }

    /// <inheritdoc/>
    public void operator *=(double retention)
    {
        RowCheck.Retention(retention);
        TensorPrimitives.Multiply(_diagonal, retention, _diagonal);
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        RowCheck.Length(x.Length, Dimension, nameof(x));
        RowCheck.Length(y.Length, Dimension, nameof(y));
        TensorPrimitives.Multiply(_diagonal, x, y);
    }

    /// <inheritdoc/>
    public SolveStatus Solve(ReadOnlySpan<double> b, Span<double> x, double damping)
    {
        RowCheck.Length(b.Length, Dimension, nameof(b));
        RowCheck.Length(x.Length, Dimension, nameof(x));
        var status = Check(damping);
        if (!status.IsSolved) { return status; }
        for (var i = 0; i < x.Length; i++) { x[i] = b[i] / (_diagonal[i] + damping); }
        return status;
    }

    /// <inheritdoc/>
    public SolveStatus SolveSquareRoot(ReadOnlySpan<double> b, Span<double> x, double damping)
    {
        RowCheck.Length(b.Length, Dimension, nameof(b));
        RowCheck.Length(x.Length, Dimension, nameof(x));
        var status = Check(damping);
        if (!status.IsSolved) { return status; }
        for (var i = 0; i < x.Length; i++) { x[i] = b[i] / Math.Sqrt(_diagonal[i] + damping); }
        return status;
    }

    /// <inheritdoc/>
    public SolveStatus InverseDiagonal(Span<double> diagonal, double damping)
    {
        RowCheck.Length(diagonal.Length, Dimension, nameof(diagonal));
        var status = Check(damping);
        if (!status.IsSolved) { return status; }
        for (var i = 0; i < diagonal.Length; i++) { diagonal[i] = 1 / (_diagonal[i] + damping); }
        return status;
    }

    /// <inheritdoc/>
    public void CopyDiagonal(Span<double> diagonal)
    {
        RowCheck.Length(diagonal.Length, Dimension, nameof(diagonal));
        _diagonal.CopyTo(diagonal);
    }

    /// <inheritdoc/>
    public double LogDeterminant(double damping)
    {
        if (!Check(damping).IsSolved) { return double.NegativeInfinity; }
        var sum = 0.0;
        foreach (var value in _diagonal) { sum += Math.Log(value + damping); }
        return sum;
    }

    /// <inheritdoc/>
    public double Trace() => TensorPrimitives.Sum<double>(_diagonal);

    /// <inheritdoc/>
    public SolveStatus Sample(ReadOnlySpan<double> normals, Span<double> x, double damping) => SolveSquareRoot(normals, x, damping);

    /// <inheritdoc/>
    public void Remap(ReadOnlySpan<int> map, int dimension)
    {
        ParameterMap.Verify(map, Dimension, dimension);
        var diagonal = new double[dimension];
        for (var i = 0; i < map.Length; i++) { diagonal[map[i]] = _diagonal[i]; }
        _diagonal = diagonal;
    }

    /// <inheritdoc/>
    public DiagonalInformation CreateEmpty() => new(Dimension);

    /// <inheritdoc/>
    public DiagonalInformation Copy() => new(0) { _diagonal = (double[])_diagonal.Clone() };

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Dimension);
        writer.Write(_diagonal);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">Lengths disagree, or a number is negative or not finite.</exception>
    public static DiagonalInformation Load(StateReader reader)
    {
        var dimension = reader.ReadInt32();
        return new(0) { _diagonal = Stored.NonNegative(Stored.Numbers(reader, dimension)) };
    }

    /// <inheritdoc/>
    public double[,] ToDense()
    {
        var dense = new double[Dimension, Dimension];
        for (var i = 0; i < Dimension; i++) { dense[i, i] = _diagonal[i]; }
        return dense;
    }

    void AddDense(ReadOnlySpan<double> a, double weight)
    {
        for (var i = 0; i < a.Length; i++) { _diagonal[i] += weight * a[i] * a[i]; }
    }

    SolveStatus Check(double damping)
    {
        for (var i = 0; i < _diagonal.Length; i++)
        {
            if (!(_diagonal[i] + damping > 0)) { return new(i); }   // written so that NaN fails too
        }
        return SolveStatus.Solved;
    }
}
