using System.Numerics.Tensors;
using FisherFlow.Numerics;
using FisherFlow.Snapshots;

namespace FisherFlow.Information;

/// <summary>The information of a matrix of parameters, diagonal in the eigenvectors of a Kronecker product: <c>I = (Q_A ⊗ Q_B) S (Q_A ⊗ Q_B)ᵀ</c>.</summary>
/// <remarks>
/// The basis is that of a <see cref="KroneckerInformation"/> and stays; <c>S_ij = Σ w (Q_A Xᵀ Q_Bᵀ)²_ij</c> is a sum, so merging is exact. In its basis
/// S is the nearest diagonal, and the Kronecker product is diagonal there too: with the same rows this is never farther from the full information
/// than the product itself. Shapes: <c>[m, m]</c>, <c>[p, p]</c>, <c>[m, p]</c>. Cost: <c>O(m² + p² + mp)</c> a pair, <c>O(m²p + mp²)</c> a row or a solve.
/// Allocates: nothing per row once warm. Source: George, Laurent, Bouthillier, Ballas &amp; Vincent (2018), EKFAC.
/// </remarks>
public sealed class CorrectedKroneckerInformation : IInformation<CorrectedKroneckerInformation>
{
    const double Rounding = 1e-28;   // squares of coordinates that are zero but for rounding

    readonly RowEntries _row = new();
    readonly KroneckerBasis _basis;
    readonly double[] _scales;   // [m, p]
    double[] _dense = [], _turned = [], _work = [];

    /// <summary>No evidence, in the eigenvectors of a Kronecker product.</summary>
    /// <param name="basis">The product; unchanged. Without evidence its eigenvectors are the parameters themselves.</param>
    public CorrectedKroneckerInformation(KroneckerInformation basis) : this(basis.Basis, basis.Inputs, basis.Outputs)
    {
    }

    CorrectedKroneckerInformation(KroneckerBasis basis, int inputs, int outputs)
    {
        (_basis, Inputs, Outputs) = (basis, inputs, outputs);
        _scales = new double[inputs * outputs];
    }

    /// <inheritdoc/>
    public static Exactness Merging => Exactness.Exact;

    /// <inheritdoc/>
    public static string Name => "kronecker-corrected";

    /// <inheritdoc/>
    public static bool UnderstatesVariance => true;

    /// <inheritdoc/>
    public int Dimension => _scales.Length;

    /// <summary>Columns of the matrix of parameters, <c>m</c>.</summary>
    public int Inputs { get; }

    /// <summary>Rows of the matrix of parameters, <c>p</c>.</summary>
    public int Outputs { get; }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<double> a, double weight)
    {
        RowCheck.Verify(a, weight, Dimension);
        AddRow(new DesignRows(1, Dimension, a, 0, default, default), 0, weight);
    }

    /// <inheritdoc/>
    public void Add(in DesignRows rows, ReadOnlySpan<double> weights)
    {
        RowCheck.Verify(rows, weights, Dimension);
        for (var r = 0; r < rows.Count; r++) { AddRow(rows, r, weights[r]); }
    }

    /// <summary>Adds observations of a layer, <c>X = g aᵀ</c> each.</summary>
    /// <param name="inputs">Inputs <c>[n, m]</c>, row by row.</param>
    /// <param name="gradients">Gradients of the log-likelihood at the outputs, <c>[n, p]</c>, row by row.</param>
    /// <param name="weights">Weights <c>[n]</c>, at least 0.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a number is not finite; nothing was added.</exception>
    public void AddPairs(ReadOnlySpan<double> inputs, ReadOnlySpan<double> gradients, ReadOnlySpan<double> weights)
    {
        LayerPairs.Verify(inputs, Inputs, gradients, Outputs, weights);
        double[] a = new double[Inputs], g = new double[Outputs];
        for (var r = 0; r < weights.Length; r++)
        {
            for (var j = 0; j < Inputs; j++) { a[j] = TensorPrimitives.Dot(_basis.Left.AsSpan(j * Inputs, Inputs), inputs.Slice(r * Inputs, Inputs)); }
            for (var i = 0; i < Outputs; i++) { g[i] = TensorPrimitives.Dot(_basis.Right.AsSpan(i * Outputs, Outputs), gradients.Slice(r * Outputs, Outputs)); }
            TensorPrimitives.Multiply(g, g, g);
            for (var j = 0; j < Inputs; j++) { Dot.Axpy(weights[r] * a[j] * a[j], g, _scales.AsSpan(j * Outputs, Outputs)); }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The other one has another shape or another basis; <see cref="Rebase"/> brings it into this one.</exception>
    public void operator +=(CorrectedKroneckerInformation other)
    {
        RowCheck.SameDimension(other.Dimension, Dimension);
        if (other.Inputs != Inputs || !other._basis.IsSameAs(_basis)) { throw new ArgumentException("scales belong to their basis: rebase the other one before adding it", nameof(other)); }
        TensorPrimitives.Add(_scales, other._scales, _scales);
    }

    /// <inheritdoc/>
    public void operator *=(double retention)
    {
        RowCheck.Retention(retention);
        TensorPrimitives.Multiply(_scales, retention, _scales);
    }

    /// <summary>The same evidence in another basis: the nearest scales there, with the same trace.</summary>
    /// <param name="basis">The Kronecker product whose eigenvectors are the new basis; unchanged.</param>
    /// <exception cref="ArgumentException">It belongs to a matrix of another shape.</exception>
    public CorrectedKroneckerInformation Rebase(KroneckerInformation basis)
    {
        if (basis.Inputs != Inputs || basis.Outputs != Outputs) { throw new ArgumentException($"a basis of {basis.Outputs} × {basis.Inputs} does not fit {Outputs} × {Inputs} parameters", nameof(basis)); }
        var rebased = new CorrectedKroneckerInformation(basis);
        rebased._basis.Take(_basis, _scales).CopyTo(rebased._scales, 0);
        return rebased;
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        RowCheck.Length(x.Length, Dimension, nameof(x));
        RowCheck.Length(y.Length, Dimension, nameof(y));
        _basis.Into(x, y, new double[Dimension]);
        TensorPrimitives.Multiply(y, _scales, y);
        _basis.Back(y);
    }

    /// <inheritdoc/>
    public SolveStatus Solve(ReadOnlySpan<double> b, Span<double> x, double damping) => _basis.Solve(Values(), b, x, damping, root: false);

    /// <inheritdoc/>
    public SolveStatus SolveSquareRoot(ReadOnlySpan<double> b, Span<double> x, double damping) => _basis.Solve(Values(), b, x, damping, root: true);

    /// <inheritdoc/>
    public SolveStatus InverseDiagonal(Span<double> diagonal, double damping) => _basis.InverseDiagonal(Values(), diagonal, damping);

    /// <inheritdoc/>
    public void CopyDiagonal(Span<double> diagonal)
    {
        RowCheck.Length(diagonal.Length, Dimension, nameof(diagonal));
        _basis.Diagonal(_scales, diagonal);
    }

    /// <inheritdoc/>
    public double LogDeterminant(double damping) => _basis.LogDeterminant(Values(), damping);

    /// <inheritdoc/>
    public double Trace() => TensorPrimitives.Sum<double>(_scales);

    /// <inheritdoc/>
    public SolveStatus Sample(ReadOnlySpan<double> normals, Span<double> x, double damping) => _basis.Solve(Values(), normals, x, damping, root: true, coordinates: true);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Parameters grow or change places: another order would not be a Kronecker product.</exception>
    public void Remap(ReadOnlySpan<int> map, int dimension) => KroneckerBasis.RequireSamePlaces(map, Dimension, dimension);

    /// <inheritdoc/>
    public CorrectedKroneckerInformation CreateEmpty() => new(_basis, Inputs, Outputs);

    /// <inheritdoc/>
    public CorrectedKroneckerInformation Copy()
    {
        var copy = CreateEmpty();
        _scales.CopyTo(copy._scales, 0);
        return copy;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Inputs);
        writer.Write(Outputs);
        writer.Write(_basis.Left);
        writer.Write(_basis.Right);
        writer.Write(_scales);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">Lengths disagree, or a number is not finite or, among the scales, negative.</exception>
    public static CorrectedKroneckerInformation Load(StateReader reader)
    {
        var (inputs, outputs) = (reader.ReadInt32(), reader.ReadInt32());
        if (inputs < 0 || outputs < 0) { throw new InvalidDataException($"a state claims {outputs} × {inputs} parameters"); }
        double[] left = Stored.Numbers(reader, (long)inputs * inputs), right = Stored.Numbers(reader, (long)outputs * outputs);
        var loaded = new CorrectedKroneckerInformation(new(left, inputs, right, outputs), inputs, outputs);
        Stored.NonNegative(Stored.Numbers(reader, (long)inputs * outputs)).CopyTo(loaded._scales, 0);
        return loaded;
    }

    /// <inheritdoc/>
    public double[,] ToDense()
    {
        var dense = new double[Dimension, Dimension];
        double[] unit = new double[Dimension], column = new double[Dimension];
        for (var k = 0; k < Dimension; k++)
        {
            unit[k] = 1;
            Multiply(unit, column);
            unit[k] = 0;
            for (var l = k; l < Dimension; l++) { dense[k, l] = dense[l, k] = column[l]; }
        }
        return dense;
    }

    void AddRow(in DesignRows rows, int r, double weight)
    {
        if (weight == 0) { return; }
        _row.Read(rows, r);
        if (_dense.Length == 0) { (_dense, _turned, _work) = (new double[Dimension], new double[Dimension], new double[Dimension]); }
        _dense.AsSpan().Clear();
        for (var e = 0; e < _row.Count; e++)
        {
            _dense[_row.Columns[e]] = _row.Values[e];
        }
        _basis.Into(_dense, _turned, _work);
        for (var k = 0; k < _turned.Length; k++) { _scales[k] += weight * _turned[k] * _turned[k]; }
    }

    /// <summary>The scales with what is rounding alone set to zero.</summary>
    double[] Values()
    {
        var values = (double[])_scales.Clone();
        if (values.Length == 0) { return values; }
        var least = Rounding * TensorPrimitives.Max<double>(values);
        foreach (ref var value in values.AsSpan()) { if (value <= least) { value = 0; } }
        return values;
    }
}
