using System.Numerics.Tensors;
using FisherFlow.Numerics;
using FisherFlow.Snapshots;

namespace FisherFlow.Information;

/// <summary>The Gram matrix <c>I = Σ w xxᵀ</c> with the score <c>s = Σ r x</c>.</summary>
/// <remarks>
/// Shape: <c>I [d, d]</c>, of which only the upper triangle is kept up. Cost: <c>O(k²)</c> a row of <c>k</c> non-zeros, <c>O(d³/3)</c> a solve. Merge: exact.
/// Forming <c>XᵀX</c> squares the condition number; <see cref="SquareRootInformation"/> does not.
/// </remarks>
public sealed class FullInformation : FactoredInformation, IEvidence<FullInformation>
{
    int _dimension;
    double[] _gram;    // [d, d] row-major; what lies below the diagonal is zero
    double[] _score;   // [d]
    CompensatedSum _residual;
    double[] _scratch = [];
    double[] _zeros = [];   // the scores of rows that have none

    /// <summary>No evidence about <paramref name="dimension"/> parameters.</summary>
    /// <param name="dimension">Number of parameters <c>d</c>.</param>
    public FullInformation(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        _dimension = dimension;
        _gram = new double[dimension * dimension];
        _score = new double[dimension];
    }

    /// <inheritdoc/>
    public static Exactness Merging => Exactness.Exact;

    /// <inheritdoc/>
    public static string Name => "full";

    /// <inheritdoc/>
    public static bool UnderstatesVariance => false;

    /// <inheritdoc/>
    public override int Dimension => _dimension;

    /// <inheritdoc/>
    public double ResidualSum => Math.Max(0, _residual.Value);

    /// <summary>The upper triangle of <c>I [d, d]</c>, row by row; what lies below the diagonal is zero.</summary>
    public ReadOnlySpan<double> Upper => _gram;

    /// <inheritdoc/>
    public static FullInformation Create(int dimension) => new(dimension);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The row or its weight is not finite, or the weight is negative.</exception>
    public void Add(ReadOnlySpan<double> a, double weight)
    {
        RowCheck.Verify(a, weight, Dimension);
        for (var i = 0; i < Dimension; i++)
        {
            if (a[i] == 0) { continue; }
            var row = _gram.AsSpan(i * Dimension, Dimension)[i..];
            TensorPrimitives.MultiplyAdd(a[i..], weight * a[i], row, row);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A number is not finite, a weight is negative or a slot names no parameter; nothing was added.</exception>
    public void Add(in DesignRows rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> scores)
    {
        RowCheck.Verify(rows, weights, scores, Dimension);
        var scratch = GramRows.ScratchLength(rows, Dimension);
        if (_scratch.Length < scratch) { _scratch = new double[scratch]; }
        GramRows.Add(_gram, Dimension, _score, rows, weights, scores, _scratch);
        GramRows.AddResiduals(ref _residual, weights, scores);
    }

    /// <inheritdoc/>
    public void Add(in DesignRows rows, ReadOnlySpan<double> weights)
    {
        RowCheck.Verify(rows, weights, Dimension);
        Correct(rows, weights);
    }

    /// <summary>Corrects weights that rows were added with: <c>I ← I + Σ Δᵢ xᵢxᵢᵀ</c>, Δ of any sign; score and residuals stay.</summary>
    /// <remarks>The result may cease to be positive semi-definite; <see cref="Factorise"/> tells.</remarks>
    /// <param name="rows">Design rows, <c>n</c> of them.</param>
    /// <param name="changes">Changes of their weights, <c>[n]</c>.</param>
    public void Correct(in DesignRows rows, ReadOnlySpan<double> changes)
    {
        var scratch = GramRows.ScratchLength(rows, Dimension);
        if (_scratch.Length < scratch) { _scratch = new double[scratch]; }
        if (_zeros.Length < rows.Count) { _zeros = new double[rows.Count]; }
        GramRows.Add(_gram, Dimension, _score, rows, changes, _zeros.AsSpan(0, rows.Count), _scratch);
    }

    /// <summary>Adds to the score alone, <c>[d]</c>; information and residuals stay.</summary>
    internal void AddScore(ReadOnlySpan<double> score) => TensorPrimitives.Add(_score, score, _score);

    /// <summary>Takes information away, <c>I ← I − J</c>; score and residuals stay.</summary>
    /// <remarks>The result may cease to be positive semi-definite; <see cref="Factorise"/> tells.</remarks>
    public void Reduce(FullInformation excess)
    {
        ArgumentNullException.ThrowIfNull(excess);
        RowCheck.SameDimension(excess.Dimension, Dimension);
        TensorPrimitives.Subtract(_gram, excess._gram, _gram);
    }

    /// <inheritdoc/>
    public void operator +=(FullInformation other)
    {
        RowCheck.SameDimension(other.Dimension, Dimension);
        TensorPrimitives.Add(_gram, other._gram, _gram);
        TensorPrimitives.Add(_score, other._score, _score);
        _residual.Add(other._residual);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite.</exception>
    public void operator *=(double retention)
    {
        RowCheck.Retention(retention);
        TensorPrimitives.Multiply(_gram, retention, _gram);
        TensorPrimitives.Multiply(_score, retention, _score);
        _residual.Scale(retention);
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        RowCheck.Length(x.Length, Dimension, nameof(x));
        RowCheck.Length(y.Length, Dimension, nameof(y));
        UpperTriangle.Multiply(_gram, Dimension, x, y);
    }

    /// <inheritdoc/>
    /// <remarks>By eigenvectors: <c>9d³</c> flops.</remarks>
    public SolveStatus SolveSquareRoot(ReadOnlySpan<double> b, Span<double> x, double damping)
    {
        RowCheck.Length(b.Length, Dimension, nameof(b));
        RowCheck.Length(x.Length, Dimension, nameof(x));
        var status = Damped(damping).Status;
        if (status.IsSolved) { InverseRoot.Dense((double[])_gram.Clone(), Dimension, b, x, damping); }
        return status;
    }

    /// <inheritdoc/>
    public double Trace()
    {
        var trace = 0.0;
        for (var i = 0; i < Dimension; i++) { trace += _gram[i * Dimension + i]; }
        return trace;
    }

    /// <inheritdoc/>
    public double[,] ToDense() => UpperTriangle.Mirror(_gram, Dimension);

    /// <inheritdoc/>
    public void CopyScore(Span<double> score) => _score.CopyTo(score);

    /// <inheritdoc/>
    public void CopyDiagonal(Span<double> diagonal)
    {
        RowCheck.Length(diagonal.Length, Dimension, nameof(diagonal));
        for (var i = 0; i < Dimension; i++) { diagonal[i] = _gram[i * Dimension + i]; }
    }

    /// <inheritdoc/>
    public void Shift(ReadOnlySpan<double> delta)
    {
        var product = new double[Dimension];
        Multiply(delta, product);
        _residual.Add(-2 * TensorPrimitives.Dot(_score, delta[..Dimension]));
        _residual.Add(TensorPrimitives.Dot(product, delta[..Dimension]));
        TensorPrimitives.Subtract(_score, product, _score);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Without a tolerance a column is dropped when its pivot could be rounding alone (<see cref="LimitedPivoting.GramNoise"/>).
    /// Cost: <c>O(k³/3)</c>, by blocks; one step of iterative refinement follows.
    /// </remarks>
    public Factor Factorise(ReadOnlySpan<int> order, ReadOnlySpan<double> priorPrecision, ReadOnlySpan<double> priorShift, double? tolerance = null)
    {
        var upper = LimitedPivoting.Cholesky(Gather(order, priorPrecision), order, tolerance, out var kept, out var aliased);
        return new(Dimension, kept, aliased, upper, Step(kept, upper, priorPrecision, priorShift));
    }

    /// <inheritdoc/>
    public void Remap(ReadOnlySpan<int> map, int dimension)
    {
        ParameterMap.Verify(map, Dimension, dimension);
        var gram = new double[dimension * dimension];
        var score = new double[dimension];
        for (var i = 0; i < map.Length; i++)
        {
            score[map[i]] = _score[i];
            for (var j = i; j < map.Length; j++)
            {
                gram[Math.Min(map[i], map[j]) * dimension + Math.Max(map[i], map[j])] = _gram[i * Dimension + j];
            }
        }
        (_gram, _score, _dimension) = (gram, score, dimension);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        _gram.AsSpan().Clear();
        _score.AsSpan().Clear();
        _residual = default;
    }

    /// <inheritdoc/>
    public FullInformation ToFull() => Copy();

    /// <inheritdoc/>
    public FullInformation CreateEmpty() => new(Dimension);

    /// <inheritdoc/>
    public FullInformation Copy()
    {
        var copy = new FullInformation(Dimension) { _residual = _residual };
        _gram.CopyTo(copy._gram, 0);
        _score.CopyTo(copy._score, 0);
        return copy;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Dimension);
        writer.Write(UpperTriangle.Pack(_gram, Dimension));
        writer.Write(_score);
        writer.Write(_residual.Sum);
        writer.Write(_residual.Compensation);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">Lengths disagree, or a number is not finite.</exception>
    public static FullInformation Load(StateReader reader)
    {
        var dimension = reader.ReadInt32();
        var gram = UpperTriangle.Unpack(reader.ReadDoubles(), dimension);
        var score = reader.ReadDoubles();
        var residual = new CompensatedSum(reader.ReadDouble(), reader.ReadDouble());
        if (score.Length != dimension) { throw new InvalidDataException($"{dimension} parameters come with a score of {score.Length}"); }
        if (!RowCheck.IsFinite(score) || !double.IsFinite(residual.Value)) { throw new InvalidDataException("a score is not finite"); }
        return new(0) { _gram = gram, _score = score, _residual = residual, _dimension = dimension };
    }

    double[] Gather(ReadOnlySpan<int> order, ReadOnlySpan<double> priorPrecision)
    {
        var k = order.Length;
        var upper = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            var at = order[i];
            for (var j = i; j < k; j++)
            {
                var other = order[j];
                upper[i * k + j] = at <= other ? _gram[at * Dimension + other] : _gram[other * Dimension + at];
            }
            if (!priorPrecision.IsEmpty) { upper[i * k + i] += priorPrecision[at]; }
        }
        return upper;
    }

    /// <summary>Solves for the step and refines it once by its own residual.</summary>
    double[] Step(int[] kept, double[] upper, ReadOnlySpan<double> priorPrecision, ReadOnlySpan<double> priorShift)
    {
        var step = new double[Dimension];
        var product = new double[Dimension];
        var right = new double[kept.Length];
        for (var round = 0; round < 2; round++)
        {
            Multiply(step, product);
            for (var i = 0; i < kept.Length; i++)
            {
                var at = kept[i];
                right[i] = _score[at] - product[at];
                if (priorPrecision.IsEmpty) { continue; }
                right[i] += priorPrecision[at] * ((priorShift.IsEmpty ? 0 : priorShift[at]) - step[at]);
            }
            Kernels.SolveUpperTransposed(upper, kept.Length, kept.Length, right);
            Kernels.SolveUpper(upper, kept.Length, kept.Length, right);
            for (var i = 0; i < kept.Length; i++) { step[kept[i]] += right[i]; }
        }
        return step;
    }

    private protected override IDampedFactor Damped(double damping) => DampedFactor.OfGram(_gram, Dimension, damping);
}
