using System.Numerics.Tensors;
using FisherFlow.Snapshots;

namespace FisherFlow.Information;

/// <summary>One number for all parameters, <c>I = (t/d)·1</c> with <c>t = Σ w‖x‖²</c>: the multiple of the identity with the trace of the information.</summary>
/// <remarks>
/// Of all multiples of the identity this is the nearest in Frobenius norm. Natural steps become gradient steps with a rate that falls as evidence grows.
/// Shape: one number. Cost: <c>O(k)</c> a row of k non-zeros, <c>O(d)</c> a solve. Merge: exact. Parameters that are added without evidence share what there is.
/// </remarks>
public sealed class ScalarInformation : IInformation<ScalarInformation>
{
    readonly RowEntries _row = new();
    double _trace;

    /// <summary>No evidence about <paramref name="dimension"/> parameters.</summary>
    /// <param name="dimension">Number of parameters <c>d</c>.</param>
    public ScalarInformation(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        Dimension = dimension;
    }

    /// <inheritdoc/>
    public static Exactness Merging => Exactness.Exact;

    /// <inheritdoc/>
    public static string Name => "scalar";

    /// <inheritdoc/>
    public static bool UnderstatesVariance => true;

    /// <inheritdoc/>
    public int Dimension { get; private set; }

    /// <summary>The information of each parameter, <c>t/d</c>.</summary>
    public double Value => Dimension == 0 ? 0 : _trace / Dimension;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<double> a, double weight)
    {
        RowCheck.Verify(a, weight, Dimension);
        _trace += weight * TensorPrimitives.SumOfSquares(a);
    }

    /// <inheritdoc/>
    public void Add(in DesignRows rows, ReadOnlySpan<double> weights)
    {
        RowCheck.Verify(rows, weights, Dimension);
        for (var r = 0; r < rows.Count; r++)
        {
            if (weights[r] == 0) { continue; }
            _row.Read(rows, r);
            _trace += weights[r] * TensorPrimitives.SumOfSquares(_row.Values);
        }
    }

    /// <inheritdoc/>
    public void operator +=(ScalarInformation other)
    {
        RowCheck.SameDimension(other.Dimension, Dimension);
        _trace += other._trace;
    }

    /// <inheritdoc/>
    public void operator *=(double retention)
    {
        RowCheck.Retention(retention);
        _trace *= retention;
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        RowCheck.Length(x.Length, Dimension, nameof(x));
        RowCheck.Length(y.Length, Dimension, nameof(y));
        TensorPrimitives.Multiply(x, Value, y);
    }

    /// <inheritdoc/>
    public SolveStatus Solve(ReadOnlySpan<double> b, Span<double> x, double damping) => Divide(b, x, Value + damping);

    /// <inheritdoc/>
    public SolveStatus SolveSquareRoot(ReadOnlySpan<double> b, Span<double> x, double damping) => Divide(b, x, Math.Sqrt(Value + damping));

    /// <inheritdoc/>
    public SolveStatus InverseDiagonal(Span<double> diagonal, double damping)
    {
        RowCheck.Length(diagonal.Length, Dimension, nameof(diagonal));
        var status = Check(Value + damping);
        if (status.IsSolved) { diagonal.Fill(1 / (Value + damping)); }
        return status;
    }

    /// <inheritdoc/>
    public void CopyDiagonal(Span<double> diagonal)
    {
        RowCheck.Length(diagonal.Length, Dimension, nameof(diagonal));
        diagonal.Fill(Value);
    }

    /// <inheritdoc/>
    public double LogDeterminant(double damping) => Dimension == 0 ? 0 : Dimension * Math.Log(Value + damping);

    /// <inheritdoc/>
    public double Trace() => _trace;

    /// <inheritdoc/>
    public SolveStatus Sample(ReadOnlySpan<double> normals, Span<double> x, double damping)
    {
        RowCheck.Length(normals.Length, Dimension, nameof(normals));
        return SolveSquareRoot(normals, x, damping);
    }

    /// <inheritdoc/>
    /// <remarks>The trace stays: new parameters take their share of it.</remarks>
    public void Remap(ReadOnlySpan<int> map, int dimension)
    {
        ParameterMap.Verify(map, Dimension, dimension);
        Dimension = dimension;
    }

    /// <inheritdoc/>
    public ScalarInformation CreateEmpty() => new(Dimension);

    /// <inheritdoc/>
    public ScalarInformation Copy() => new(Dimension) { _trace = _trace };

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Dimension);
        writer.Write(_trace);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The dimension is negative, or the trace is negative or not finite.</exception>
    public static ScalarInformation Load(StateReader reader)
    {
        var (dimension, trace) = (reader.ReadInt32(), reader.ReadDouble());
        if (dimension < 0 || !(trace >= 0 && double.IsFinite(trace))) { throw new InvalidDataException($"{dimension} parameters with a trace of {trace} are no information"); }
        return new(dimension) { _trace = trace };
    }

    /// <inheritdoc/>
    public double[,] ToDense()
    {
        var dense = new double[Dimension, Dimension];
        for (var i = 0; i < Dimension; i++) { dense[i, i] = Value; }
        return dense;
    }

    SolveStatus Divide(ReadOnlySpan<double> b, Span<double> x, double by)
    {
        RowCheck.Length(b.Length, Dimension, nameof(b));
        RowCheck.Length(x.Length, Dimension, nameof(x));
        var status = Check(by);
        if (status.IsSolved) { TensorPrimitives.Divide(b, by, x); }
        return status;
    }

    SolveStatus Check(double value) => Dimension == 0 || value > 0 ? SolveStatus.Solved : new(0);
}
