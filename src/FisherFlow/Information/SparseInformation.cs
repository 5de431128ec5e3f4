using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FisherFlow.Information;

/// <summary>The information with only those entries that rows have touched: exact, and small where few parameters meet.</summary>
/// <remarks>
/// Shape: the diagonal <c>[d]</c> and one number for each pair of parameters that met in a row. Cost: <c>O(k²)</c> a row of k non-zeros; a solve is a sparse
/// Cholesky factor in a fill-reducing order, which is found once for a pattern, and variances are those entries of the inverse that the factor has room
/// for. Merge: exact, patterns unite. Allocates: nothing per row once the pattern is there.
/// </remarks>
public sealed partial class SparseInformation : FactoredInformation, IInformation<SparseInformation>
{
    readonly RowEntries _row = new();
    readonly bool _isFixed;
    readonly Dictionary<(int, int), int> _places = [];
    readonly List<(int First, int Second)> _pairs = [];   // first < second, in the order in which they met
    readonly List<double> _values = [];
    double[] _diagonal;
    SparseOrder? _order;                                  // of the pattern as it is
    (double Damping, SparseFactor Factor)? _factor;       // of the numbers as they are

    /// <summary>No evidence about <paramref name="dimension"/> parameters; pairs are found as rows come.</summary>
    /// <param name="dimension">Number of parameters <c>d</c>.</param>
    public SparseInformation(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        _diagonal = new double[dimension];
    }

    /// <summary>No evidence about parameters of which only given pairs may meet; a row that joins others is refused.</summary>
    /// <param name="dimension">Number of parameters <c>d</c>.</param>
    /// <param name="pattern">The pairs, in any order.</param>
    public SparseInformation(int dimension, IEnumerable<(int First, int Second)> pattern) : this(dimension)
    {
        foreach (var (first, second) in pattern)
        {
            if ((uint)first >= (uint)dimension || (uint)second >= (uint)dimension) { throw new ArgumentException($"the pair ({first}, {second}) names a parameter that is not one of 0 to {dimension - 1}", nameof(pattern)); }
            if (first != second) { Place(Math.Min(first, second), Math.Max(first, second)); }
        }
        _isFixed = true;
    }

    /// <inheritdoc/>
    public static Exactness Merging => Exactness.Exact;

    /// <inheritdoc/>
    public static string Name => "sparse";

    /// <inheritdoc/>
    public static bool UnderstatesVariance => false;

    /// <inheritdoc/>
    public override int Dimension => _diagonal.Length;

    /// <summary>Pairs of parameters that have met, or may meet.</summary>
    public int Pairs => _pairs.Count;

    /// <summary>Numbers below the diagonal of the Cholesky factor: what a solve costs in memory.</summary>
    public int FactorEntries => Order().FactorEntries;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<double> a, double weight)
    {
        RowCheck.Verify(a, weight, Dimension);
        AddRows(new DesignRows(1, Dimension, a, 0, default, default), new(in weight));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A number is not finite, a weight is negative, a slot names no parameter, or two parameters meet that may not; nothing was added.</exception>
    public void Add(in DesignRows rows, ReadOnlySpan<double> weights)
    {
        RowCheck.Verify(rows, weights, Dimension);
        AddRows(rows, weights);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The other one has another dimension, or pairs that may not meet here; nothing was added.</exception>
    public void operator +=(SparseInformation other)
    {
        RowCheck.SameDimension(other.Dimension, Dimension);
        if (_isFixed) { foreach (var pair in other._pairs) { RequirePair(pair); } }
        TensorPrimitives.Add(_diagonal, other._diagonal, _diagonal);
        for (int e = 0, count = other._pairs.Count; e < count; e++)
        {
            var place = Place(other._pairs[e].First, other._pairs[e].Second);
            _values[place] += other._values[e];
        }
        _factor = null;
    }

    /// <inheritdoc/>
    public void operator *=(double retention)
    {
        RowCheck.Retention(retention);
        TensorPrimitives.Multiply(_diagonal, retention, _diagonal);
        var values = CollectionsMarshal.AsSpan(_values);
        TensorPrimitives.Multiply(values, retention, values);
        _factor = null;
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        RowCheck.Length(x.Length, Dimension, nameof(x));
        RowCheck.Length(y.Length, Dimension, nameof(y));
        TensorPrimitives.Multiply(_diagonal, x, y);
        for (var e = 0; e < _pairs.Count; e++)
        {
            var (i, j) = _pairs[e];
            y[i] += _values[e] * x[j];
            y[j] += _values[e] * x[i];
        }
    }

    /// <inheritdoc/>
    /// <remarks>By some dozens of damped solves, each a factor of its own.</remarks>
    public SolveStatus SolveSquareRoot(ReadOnlySpan<double> b, Span<double> x, double damping) => InverseRoot.Quadrature(this, b, x, damping);

    /// <inheritdoc/>
    public void CopyDiagonal(Span<double> diagonal)
    {
        RowCheck.Length(diagonal.Length, Dimension, nameof(diagonal));
        _diagonal.CopyTo(diagonal);
    }

    /// <inheritdoc/>
    public double Trace() => TensorPrimitives.Sum<double>(_diagonal);

    void AddRows(in DesignRows rows, ReadOnlySpan<double> weights)
    {
        for (var r = 0; _isFixed && r < rows.Count; r++)
        {
            _row.Read(rows, r);
            for (var a = 0; a < _row.Count && weights[r] != 0; a++) { for (var b = a + 1; b < _row.Count; b++) { RequirePair((_row.Columns[a], _row.Columns[b])); } }
        }
        for (var r = 0; r < rows.Count; r++)
        {
            if (weights[r] == 0) { continue; }
            _row.Read(rows, r);
            for (var a = 0; a < _row.Count; a++)
            {
                var (i, value) = (_row.Columns[a], weights[r] * _row.Values[a]);
                _diagonal[i] += value * _row.Values[a];
                for (var b = a + 1; b < _row.Count; b++)
                {
                    var place = Place(i, _row.Columns[b]);
                    _values[place] += value * _row.Values[b];
                }
            }
        }
        _factor = null;
    }

    void RequirePair((int First, int Second) pair)
    {
        if (!_places.ContainsKey(pair)) { throw new ArgumentException($"parameters {pair.First} and {pair.Second} meet, which the fixed pattern does not allow"); }
    }

    /// <summary>Where the number of a pair is; a new pair gets a place.</summary>
    int Place(int first, int second)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, (first, second), out var exists);
        if (!exists)
        {
            place = _pairs.Count;
            _pairs.Add((first, second));
            _values.Add(0);
            (_order, _factor) = (null, null);
        }
        return place;
    }

    SparseOrder Order() => _order ??= new(Dimension, CollectionsMarshal.AsSpan(_pairs));

    private protected override IDampedFactor Damped(double damping)
    {
        if (_factor is { } known && known.Damping == damping) { return known.Factor; }
        var factor = new SparseFactor(Order(), _diagonal, CollectionsMarshal.AsSpan(_values), damping);
        _factor = (damping, factor);
        return factor;
    }
}
