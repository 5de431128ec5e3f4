using System.Numerics.Tensors;
using FisherFlow.Numerics;
using FisherFlow.Snapshots;

namespace FisherFlow.Information;

/// <summary>A triangular factor <c>R</c> with its target <c>z</c>: the evidence is <c>‖Rδ − z‖² + ρ²</c>, so <c>I = RᵀR</c> and <c>s = Rᵀz</c>.</summary>
/// <remarks>
/// Shape: <c>[R z; 0 ρ]</c> is kept as one upper triangle <c>[d + 1, d + 1]</c>. Rows enter as <c>√w·x</c> with target <c>r/√w</c>, by Householder
/// reflections; the condition number is never squared. Cost: <c>O(d²)</c> a row (slots are densified). Merge: exact.
/// Source: Golub &amp; Van Loan (2013), §6.5; Bierman (1977), the square root information filter.
/// </remarks>
public sealed class SquareRootInformation : FactoredInformation, IEvidence<SquareRootInformation>
{
    const int BlockNumbers = 16_384;   // rows are folded in blocks of about this many numbers: 128 KiB

    int _dimension;
    double[] _root;   // [d + 1, d + 1] row-major; what lies below the diagonal is zero
    double[] _rows = [];

    /// <summary>No evidence about <paramref name="dimension"/> parameters.</summary>
    /// <param name="dimension">Number of parameters <c>d</c>.</param>
    public SquareRootInformation(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        _dimension = dimension;
        _root = new double[Stride * Stride];
    }

    /// <inheritdoc/>
    public static Exactness Merging => Exactness.Exact;

    /// <inheritdoc/>
    public static string Name => "square-root";

    /// <inheritdoc/>
    public static bool UnderstatesVariance => false;

    /// <inheritdoc/>
    public override int Dimension => _dimension;

    /// <inheritdoc/>
    public double ResidualSum
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i <= Dimension; i++) { sum += _root[i * Stride + Dimension] * _root[i * Stride + Dimension]; }
            return sum;
        }
    }

    int Stride => Dimension + 1;

    int BlockRows => Math.Clamp(BlockNumbers / Stride, 64, 512);

    /// <inheritdoc/>
    public static SquareRootInformation Create(int dimension) => new(dimension);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The row or its weight is not finite, or the weight is negative.</exception>
    public void Add(ReadOnlySpan<double> a, double weight)
    {
        RowCheck.Verify(a, weight, Dimension);
        Fold(new DesignRows(1, Dimension, a, 0, default, default), new(in weight), default);
    }

    /// <inheritdoc/>
    public void Add(in DesignRows rows, ReadOnlySpan<double> weights)
    {
        RowCheck.Verify(rows, weights, Dimension);
        Fold(rows, weights, default);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A number is not finite, a weight is negative or a slot names no parameter; nothing was added.</exception>
    public void Add(in DesignRows rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> scores)
    {
        RowCheck.Verify(rows, weights, scores, Dimension);
        Fold(rows, weights, scores);
    }

    /// <summary>Folds checked rows; no scores are scores of zero.</summary>
    void Fold(in DesignRows rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> scores)
    {
        var capacity = Math.Min(BlockRows, rows.Count);
        if (_rows.Length < capacity * Stride) { _rows = new double[capacity * Stride]; }
        var filled = 0;
        for (var r = 0; r < rows.Count; r++)
        {
            if (weights[r] == 0) { continue; }
            Densify(rows, r, Math.Sqrt(weights[r]), scores.IsEmpty ? 0 : scores[r], _rows.AsSpan(filled * Stride, Stride));
            if (++filled < capacity) { continue; }
            Kernels.FoldRows(_root, Stride, Stride, _rows, Stride, filled);
            filled = 0;
        }
        if (filled > 0) { Kernels.FoldRows(_root, Stride, Stride, _rows, Stride, filled); }
    }

    /// <inheritdoc/>
    public void operator +=(SquareRootInformation other)
    {
        RowCheck.SameDimension(other.Dimension, Dimension);
        var rows = (double[])other._root.Clone();
        Kernels.FoldRows(_root, Stride, Stride, rows, Stride, Stride);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite.</exception>
    public void operator *=(double retention)
    {
        RowCheck.Retention(retention);
        TensorPrimitives.Multiply(_root, Math.Sqrt(retention), _root);
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        RowCheck.Length(x.Length, Dimension, nameof(x));
        RowCheck.Length(y.Length, Dimension, nameof(y));
        y.Clear();
        for (var i = 0; i < Dimension; i++)
        {
            var row = Row(i);
            TensorPrimitives.MultiplyAdd(row, TensorPrimitives.Dot(row, x[i..Dimension]), y[i..Dimension], y[i..Dimension]);
        }
    }

    /// <inheritdoc/>
    /// <remarks>By some dozens of damped solves, each a triangularisation: <c>RᵀR</c> is never formed.</remarks>
    public SolveStatus SolveSquareRoot(ReadOnlySpan<double> b, Span<double> x, double damping) => InverseRoot.Quadrature(this, b, x, damping);

    /// <inheritdoc/>
    public double Trace()
    {
        var trace = 0.0;
        for (var i = 0; i < Dimension; i++) { trace += TensorPrimitives.SumOfSquares(Row(i)); }
        return trace;
    }

    /// <inheritdoc/>
    public double[,] ToDense()
    {
        var d = Dimension;
        double[] gram = new double[d * d], ones = new double[d];
        Array.Fill(ones, 1);
        if (d > 0) { Kernels.RankUpdate(gram, d, _root, Stride, d, d, ones); }
        return UpperTriangle.Mirror(gram, d);
    }

    /// <inheritdoc/>
    public void CopyScore(Span<double> score)
    {
        score[..Dimension].Clear();
        for (var i = 0; i < Dimension; i++)
        {
            TensorPrimitives.MultiplyAdd(Row(i), _root[i * Stride + Dimension], score[i..Dimension], score[i..Dimension]);
        }
    }

    /// <inheritdoc/>
    public void CopyDiagonal(Span<double> diagonal)
    {
        RowCheck.Length(diagonal.Length, Dimension, nameof(diagonal));
        diagonal.Clear();
        for (var i = 0; i < Dimension; i++)
        {
            var row = Row(i);
            TensorPrimitives.MultiplyAdd(row, row, diagonal[i..], diagonal[i..]);
        }
    }

    /// <inheritdoc/>
    public void Shift(ReadOnlySpan<double> delta)
    {
        for (var i = 0; i < Dimension; i++) { _root[i * Stride + Dimension] -= TensorPrimitives.Dot(Row(i), delta[i..Dimension]); }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Without a tolerance a column is dropped when its pivot could be rounding alone (<see cref="LimitedPivoting.RootNoise"/>).
    /// Householder triangularisation of the columns in <paramref name="order"/> with the prior's rows <c>√Λ</c>: <c>RᵀR</c> is never formed.
    /// Cost: <c>O(k²)</c> when the order is increasing and there is no prior, <c>O(k³)</c> at most.
    /// </remarks>
    public Factor Factorise(ReadOnlySpan<int> order, ReadOnlySpan<double> priorPrecision, ReadOnlySpan<double> priorShift, double? tolerance = null)
    {
        int k = order.Length, stride = k + 1;
        var triangle = new double[stride * stride];
        Triangularise(order, priorPrecision, priorShift, triangle);
        var upper = LimitedPivoting.Root(triangle, order, tolerance, out var kept, out var aliased, out var target);
        Kernels.SolveUpper(upper, kept.Length, kept.Length, target);
        var step = new double[Dimension];
        for (var i = 0; i < kept.Length; i++) { step[kept[i]] = target[i]; }
        return new(Dimension, kept, aliased, upper, step);
    }

    /// <inheritdoc/>
    public void Remap(ReadOnlySpan<int> map, int dimension)
    {
        ParameterMap.Verify(map, Dimension, dimension);
        var increasing = ParameterMap.IsIncreasing(map);
        var stride = dimension + 1;
        var rows = new double[increasing ? stride * stride : Stride * stride];
        for (var i = 0; i <= Dimension; i++)
        {
            // A row keeps its place on the diagonal as long as the columns keep their order.
            var at = !increasing ? i : i == Dimension ? dimension : map[i];
            for (var j = i; j < Dimension; j++) { rows[at * stride + map[j]] = _root[i * Stride + j]; }
            rows[at * stride + dimension] = _root[i * Stride + Dimension];
        }
        var root = rows;
        if (!increasing)
        {
            root = new double[stride * stride];
            Kernels.FoldRows(root, stride, stride, rows, stride, Stride);
        }
        (_root, _dimension) = (root, dimension);
    }

    /// <inheritdoc/>
    public void Clear() => _root.AsSpan().Clear();

    /// <inheritdoc/>
    public FullInformation ToFull()
    {
        var (full, rows, ones, targets) = (new FullInformation(Dimension), new double[Dimension * Dimension], new double[Dimension], new double[Dimension]);
        for (var i = 0; i < Dimension; i++)
        {
            _root.AsSpan(i * Stride, Dimension).CopyTo(rows.AsSpan(i * Dimension));
            targets[i] = _root[i * Stride + Dimension];
        }
        Array.Fill(ones, 1.0);
        full.Add(new DesignRows(Dimension, Dimension, rows, 0, default, default), ones, targets);
        return full;
    }

    /// <inheritdoc/>
    public SquareRootInformation CreateEmpty() => new(Dimension);

    /// <inheritdoc/>
    public SquareRootInformation Copy()
    {
        var copy = new SquareRootInformation(Dimension);
        _root.CopyTo(copy._root, 0);
        return copy;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Dimension);
        writer.Write(UpperTriangle.Pack(_root, Stride));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">Lengths disagree, or a number is not finite.</exception>
    public static SquareRootInformation Load(StateReader reader)
    {
        var dimension = reader.ReadInt32();
        var packed = reader.ReadDoubles();
        if (dimension is < 0 or int.MaxValue) { throw new InvalidDataException($"a state claims {dimension} parameters"); }
        return new(0) { _root = UpperTriangle.Unpack(packed, dimension + 1), _dimension = dimension };
    }

    /// <summary>Row i of R from its diagonal on.</summary>
    Span<double> Row(int i) => _root.AsSpan(i * Stride + i, Dimension - i);

    /// <summary>Fills the triangle <c>[k + 1, k + 1]</c> of the chosen columns, the prior's rows and the target.</summary>
    void Triangularise(ReadOnlySpan<int> order, ReadOnlySpan<double> priorPrecision, ReadOnlySpan<double> priorShift, Span<double> triangle)
    {
        int k = order.Length, stride = k + 1;
        var placed = new bool[Dimension];
        for (int j = 0, highest = -1; j < k; j++)
        {
            // Row i of R is zero before column i: it stays on the diagonal when its column comes after all smaller ones only.
            if (order[j] <= highest) { continue; }
            highest = order[j];
            placed[highest] = true;
            Select(highest, order, triangle.Slice(j * stride, stride));
        }
        var rows = new double[(placed.Count(there => !there) + (priorPrecision.IsEmpty ? 0 : k)) * stride];
        var filled = 0;
        for (var i = 0; i < Dimension; i++)
        {
            if (!placed[i]) { Select(i, order, rows.AsSpan(filled++ * stride, stride)); }
        }
        for (var j = 0; j < k && !priorPrecision.IsEmpty; j++)
        {
            var root = Math.Sqrt(priorPrecision[order[j]]);
            if (root == 0) { continue; }
            rows[filled * stride + j] = root;
            rows[filled * stride + k] = priorShift.IsEmpty ? 0 : root * priorShift[order[j]];
            filled++;
        }
        if (filled > 0) { Kernels.FoldRows(triangle, stride, stride, rows, stride, filled); }
    }

    /// <summary>Row i of R in the columns of the order, and its target.</summary>
    void Select(int i, ReadOnlySpan<int> order, Span<double> row)
    {
        var from = _root.AsSpan(i * Stride, Stride);
        for (var j = 0; j < order.Length; j++) { row[j] = order[j] >= i ? from[order[j]] : 0; }
        row[order.Length] = from[Dimension];
    }

    void Densify(in DesignRows rows, int r, double root, double score, Span<double> row)
    {
        int k = rows.DenseColumns, m = rows.Slots;
        TensorPrimitives.Multiply(rows.Dense.Slice(r * k, k), root, row);
        row[k..Dimension].Clear();
        for (var a = r * m; a < (r + 1) * m; a++)
        {
            if (rows.Indices[a] >= 0) { row[rows.Indices[a]] += rows.Values.IsEmpty ? root : root * rows.Values[a]; }
        }
        row[Dimension] = score / root;
    }

    private protected override IDampedFactor Damped(double damping)
    {
        int[] order = [.. Enumerable.Range(0, Dimension)];
        double[] precision = [];
        if (damping > 0)
        {
            precision = new double[Dimension];
            Array.Fill(precision, damping);
        }
        var triangle = new double[Stride * Stride];
        Triangularise(order, precision, default, triangle);
        var factor = LimitedPivoting.Root(triangle, order, null, out _, out var aliased, out _);
        return new DampedFactor(aliased.Length == 0 ? SolveStatus.Solved : new(aliased[0]), factor, Dimension);
    }
}
