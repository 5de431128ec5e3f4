using System.Numerics.Tensors;
using FisherFlow.Snapshots;

namespace FisherFlow.Information;

/// <summary>The Frequent Directions sketch <c>BᵀB</c> of the information: never more than there is, and less by a bound.</summary>
/// <remarks>
/// Shape: <c>B [l, d]</c>. With A the weighted rows, <c>0 ≤ AᵀA − BᵀB ≤ ‖A − A_k‖²_F/(l − k)</c> for every <c>k &lt; l</c>; what was really taken off is
/// <see cref="ErrorBound"/>. Rows wait, exactly, until <c>2l</c> of them are there. As no information is invented, variances are overstated, and without
/// damping a sketch of fewer than d directions is singular. Cost: as <see cref="LowRankInformation"/>. Merge: bounded, the bound holds for all rows together.
/// Source: Liberty (2013); Ghashami, Liberty, Phillips &amp; Woodruff (2016), SIAM J. Comput. 45.
/// </remarks>
public sealed class FrequentDirectionsInformation : FactoredInformation, IInformation<FrequentDirectionsInformation>
{
    readonly RowEntries _row = new();
    LowRankColumns _columns;

    /// <summary>No evidence about <paramref name="dimension"/> parameters.</summary>
    /// <param name="dimension">Number of parameters <c>d</c>.</param>
    /// <param name="length">Rows of the sketch, <c>l ≥ 2</c>; one of them is always free.</param>
    public FrequentDirectionsInformation(int dimension, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        Length = length;
        _columns = new(dimension, length - 1, 2 * length);
    }

    /// <inheritdoc/>
    public static Exactness Merging => Exactness.Bounded;

    /// <inheritdoc/>
    public static string Name => "frequent-directions";

    /// <inheritdoc/>
    public static bool UnderstatesVariance => false;

    /// <inheritdoc/>
    public override int Dimension => _columns.Dimension;

    /// <summary>Rows of the sketch, <c>l</c>.</summary>
    public int Length { get; }

    /// <summary>What was taken off at most in any direction: <c>0 ≤ vᵀ(Σ w xxᵀ − I)v ≤ bound · vᵀv</c>.</summary>
    public double ErrorBound { get; private set; }

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

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The other one has another dimension or length.</exception>
    public void operator +=(FrequentDirectionsInformation other)
    {
        RowCheck.SameDimension(other.Dimension, Dimension);
        if (other.Length != Length) { throw new ArgumentException($"a sketch of {other.Length} rows cannot be added to one of {Length}", nameof(other)); }
        ErrorBound += other.ErrorBound + _columns.Absorb(ReferenceEquals(other, this) ? other._columns.Copy() : other._columns, Rule);
    }

    /// <inheritdoc/>
    public void operator *=(double retention)
    {
        RowCheck.Retention(retention);
        _columns.Scale(retention);
        ErrorBound *= retention;
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        RowCheck.Length(x.Length, Dimension, nameof(x));
        RowCheck.Length(y.Length, Dimension, nameof(y));
        var t = new double[_columns.Count];
        _columns.Transposed(x, default, t);
        y.Clear();
        _columns.AddProduct(t, y);
    }

    /// <inheritdoc/>
    /// <remarks>By some dozens of damped solves.</remarks>
    public SolveStatus SolveSquareRoot(ReadOnlySpan<double> b, Span<double> x, double damping) => InverseRoot.Quadrature(this, b, x, damping);

    /// <inheritdoc/>
    public void CopyDiagonal(Span<double> diagonal)
    {
        RowCheck.Length(diagonal.Length, Dimension, nameof(diagonal));
        _columns.QuadraticForms(default, diagonal);
    }

    /// <inheritdoc/>
    public double Trace()
    {
        var diagonal = new double[Dimension];
        CopyDiagonal(diagonal);
        return TensorPrimitives.Sum<double>(diagonal);
    }

    /// <inheritdoc/>
    public void Remap(ReadOnlySpan<int> map, int dimension)
    {
        ParameterMap.Verify(map, Dimension, dimension);
        _columns.Remap(map, dimension);
    }

    /// <inheritdoc/>
    public FrequentDirectionsInformation CreateEmpty() => new(Dimension, Length);

    /// <inheritdoc/>
    public FrequentDirectionsInformation Copy() => new(0, Length) { _columns = _columns.Copy(), ErrorBound = ErrorBound };

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Dimension);
        writer.Write(Length);
        writer.Write(ErrorBound);
        _columns.Save(writer);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">Lengths disagree, or a number is not finite.</exception>
    public static FrequentDirectionsInformation Load(StateReader reader)
    {
        var (dimension, length, bound) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble());
        if (dimension < 0 || length < 2 || !(bound >= 0)) { throw new InvalidDataException($"{dimension} parameters, {length} rows and a bound of {bound} do not go together"); }
        return new(0, length) { _columns = LowRankColumns.Load(reader, dimension, length - 1, 2 * length), ErrorBound = bound };
    }

    /// <inheritdoc/>
    public double[,] ToDense() => _columns.ToDense(new double[Dimension]);

    Truncation Rule => new(Length - 1, Price: 0, Floor: 1, Shrinks: true);

    void AddRow(in DesignRows rows, int r, double weight)
    {
        if (weight == 0) { return; }
        _row.Read(rows, r);
        if (_row.Count == 0) { return; }
        if (_columns.IsFull) { ErrorBound += _columns.Compress(Rule); }
        _columns.Append(_row, Math.Sqrt(weight));
    }

    private protected override IDampedFactor Damped(double damping)
    {
        var pivots = new double[Dimension];
        Array.Fill(pivots, damping);
        return new Woodbury(_columns, pivots);
    }
}
