using System.Numerics.Tensors;
using FisherFlow.Snapshots;

namespace FisherFlow.Information;

/// <summary>A few directions and a diagonal, <c>I = D + VVᵀ</c>: the correlations that matter most, and the diagonal of the information exactly.</summary>
/// <remarks>
/// Shape: <c>V [d, r]</c>. Rows wait, exactly, until <c>2r</c> of them are there; then the leading directions of everything are kept and the diagonal of the rest
/// goes to D, so that <c>Iᵢᵢ = Σ w xᵢ²</c> whatever was dropped. Adding never costs <c>O(d)</c> a row: see <c>docs/decisions/0010-low-rank.md</c>.
/// Cost: <c>O(k·r² + r²)</c> a row of k non-zeros (<c>O(d·r)</c> where rows are dense), <c>O(d·r)</c> a product, <c>O(d·r²)</c> a solve, memory <c>8d(r + 2)</c> bytes.
/// Merge: bounded; <see cref="ErrorBound"/> is the certificate. <c>O(d·r²)</c>. Allocates: nothing per row once warm.
/// A direction may be kept only if it is worth its <see cref="Price"/> when rows are compressed: what comes in too slowly is taken for noise. Source: Ritter, Botev &amp; Barber (2018) and Chang, Murphy &amp; Jones (2023) for the
/// preserved diagonal; the price is the divergence that dropping a direction costs.
/// </remarks>
public sealed class LowRankInformation : FactoredInformation, IInformation<LowRankInformation>
{
    const double Rounding = 1e-12;   // a residual below this share of its diagonal is what many turns have rounded off

    readonly RowEntries _row = new();
    LowRankColumns _columns;
    double[] _diagonal;
    double[]? _residual;   // D, asked for again and again while rows do not come

    /// <summary>No evidence about <paramref name="dimension"/> parameters.</summary>
    /// <param name="dimension">Number of parameters <c>d</c>.</param>
    /// <param name="rank">Directions kept at most, <c>r ≥ 1</c>.</param>
    /// <param name="price">Nats that a direction must be worth to be kept (<see cref="DirectionPrice"/>); 0: as many as there is room for.</param>
    /// <param name="floor">The precision λ₀ that every direction has anyway, from the prior; only the price asks.</param>
    public LowRankInformation(int dimension, int rank, double price = 0, double floor = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        if (!(price >= 0 && double.IsFinite(price))) { throw new ArgumentOutOfRangeException(nameof(price), price, "it must be finite and at least 0"); }
        if (!(floor > 0 && double.IsFinite(floor))) { throw new ArgumentOutOfRangeException(nameof(floor), floor, "it must be finite and above 0"); }
        (Rank, Price, Floor) = (rank, price, floor);
        _columns = new(dimension, rank, 2 * rank);
        _diagonal = new double[dimension];
    }

    /// <inheritdoc/>
    public static Exactness Merging => Exactness.Bounded;

    /// <inheritdoc/>
    public static string Name => "low-rank";

    /// <inheritdoc/>
    public static bool UnderstatesVariance => true;

    /// <inheritdoc/>
    public override int Dimension => _diagonal.Length;

    /// <summary>Directions kept at most, <c>r</c>.</summary>
    public int Rank { get; }

    /// <summary>Nats that a direction must be worth.</summary>
    /// <value>0: as many directions as there is room for.</value>
    public double Price { get; }

    /// <summary>The precision λ₀ that every direction has anyway.</summary>
    /// <value>1.</value>
    public double Floor { get; }

    /// <summary>Directions kept now.</summary>
    public int Directions => _columns.Rank;

    /// <summary>At most this far is <c>I</c> from that of all rows: <c>|vᵀ(I − Σ w xxᵀ)v| ≤ bound · vᵀv</c> for every v.</summary>
    /// <remarks>The sum of the largest eigenvalues dropped, each time that rows were compressed. Fades and merges like the information.</remarks>
    public double ErrorBound { get; private set; }

    /// <summary>What dropping a direction costs, <c>½[log(1 + ρ) − ρ/(1 + ρ)]</c> nats.</summary>
    /// <remarks>The divergence <c>KL(N(0, 1/(λ + λ₀)) ‖ N(0, 1/λ₀))</c> at <c>ρ = λ/λ₀</c>.</remarks>
    /// <param name="ratio">Its precision in units of the floor, <c>ρ ≥ 0</c>.</param>
    public static double DirectionPrice(double ratio) => 0.5 * (double.LogP1(ratio) - ratio / (1 + ratio));

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
    /// <remarks>Cost: <c>O(d·r²)</c>; rows of the other that wait are taken one by one. To fold in a batch of rows, add the rows.</remarks>
    public void operator +=(LowRankInformation other)
    {
        RowCheck.SameDimension(other.Dimension, Dimension);
        ErrorBound += other.ErrorBound + _columns.Absorb(ReferenceEquals(other, this) ? other._columns.Copy() : other._columns, Rule);
        TensorPrimitives.Add(_diagonal, other._diagonal, _diagonal);
        _residual = null;
    }

    /// <inheritdoc/>
    public void operator *=(double retention)
    {
        RowCheck.Retention(retention);
        TensorPrimitives.Multiply(_diagonal, retention, _diagonal);
        _columns.Scale(retention);
        ErrorBound *= retention;
        _residual = null;
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        RowCheck.Length(x.Length, Dimension, nameof(x));
        RowCheck.Length(y.Length, Dimension, nameof(y));
        TensorPrimitives.Multiply(Residual(), x, y);
        var t = new double[_columns.Count];
        _columns.Transposed(x, default, t);
        _columns.AddProduct(t, y);
    }

    /// <inheritdoc/>
    /// <remarks>By some dozens of damped solves.</remarks>
    public SolveStatus SolveSquareRoot(ReadOnlySpan<double> b, Span<double> x, double damping) => InverseRoot.Quadrature(this, b, x, damping);

    /// <inheritdoc/>
    public void CopyDiagonal(Span<double> diagonal)
    {
        RowCheck.Length(diagonal.Length, Dimension, nameof(diagonal));
        _diagonal.CopyTo(diagonal);
    }

    /// <inheritdoc/>
    public double Trace() => TensorPrimitives.Sum<double>(_diagonal);

    /// <inheritdoc/>
    public void Remap(ReadOnlySpan<int> map, int dimension)
    {
        ParameterMap.Verify(map, Dimension, dimension);
        _columns.Remap(map, dimension);
        var diagonal = new double[dimension];
        for (var i = 0; i < map.Length; i++) { diagonal[map[i]] = _diagonal[i]; }
        (_diagonal, _residual) = (diagonal, null);
    }

    /// <inheritdoc/>
    public LowRankInformation CreateEmpty() => new(Dimension, Rank, Price, Floor);

    /// <inheritdoc/>
    public LowRankInformation Copy() => new(0, Rank, Price, Floor) { _columns = _columns.Copy(), _diagonal = (double[])_diagonal.Clone(), ErrorBound = ErrorBound };

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Dimension);
        writer.Write(Rank);
        writer.Write(Price);
        writer.Write(Floor);
        writer.Write(ErrorBound);
        writer.Write(_diagonal);
        _columns.Save(writer);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">Lengths disagree, or a number is not finite.</exception>
    public static LowRankInformation Load(StateReader reader)
    {
        var (dimension, rank, price, floor, bound) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        if (rank < 1 || !(price >= 0) || !(floor > 0) || !(bound >= 0)) { throw new InvalidDataException($"a rank of {rank}, a price of {price}, a floor of {floor} and a bound of {bound} do not go together"); }
        var diagonal = Stored.NonNegative(Stored.Numbers(reader, dimension));
        return new(0, rank, price, floor) { _diagonal = diagonal, _columns = LowRankColumns.Load(reader, dimension, rank, 2 * rank), ErrorBound = bound };
    }

    /// <inheritdoc/>
    public double[,] ToDense() => _columns.ToDense(Residual());

    Truncation Rule => new(Rank, Price, Floor, Shrinks: false);

    void AddRow(in DesignRows rows, int r, double weight)
    {
        if (weight == 0) { return; }
        _row.Read(rows, r);
        if (_row.Count == 0) { return; }
        if (_columns.IsFull) { ErrorBound += _columns.Compress(Rule); }
        for (var a = 0; a < _row.Count; a++) { _diagonal[_row.Columns[a]] += weight * _row.Values[a] * _row.Values[a]; }
        _columns.Append(_row, Math.Sqrt(weight));
        _residual = null;
    }

    private protected override IDampedFactor Damped(double damping)
    {
        var pivots = (double[])Residual().Clone();
        TensorPrimitives.Add(pivots, damping, pivots);
        return new Woodbury(_columns, pivots);
    }

    /// <summary><c>D = diag(I) − diag(CCᵀ)</c>, zero where the directions explain everything.</summary>
    double[] Residual()
    {
        if (_residual is { } known) { return known; }
        var residual = new double[Dimension];
        _columns.QuadraticForms(default, residual);
        for (var i = 0; i < residual.Length; i++)
        {
            var rest = _diagonal[i] - residual[i];
            residual[i] = rest > Rounding * _diagonal[i] ? rest : 0;
        }
        return _residual = residual;
    }
}
