using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Likelihoods;

/// <summary>Sums over rows at a point: the value, and with derivatives the score, the information and the score products.</summary>
/// <remarks>One object is used for one point after another; nothing is allocated for a row.</remarks>
sealed class RowSums
{
    /// <summary>Rows that are evaluated together: enough to spread the cost of a block, few enough to stay in the first caches.</summary>
    public const int BlockRows = 256;

    readonly LikelihoodModel _model;
    readonly InformationKind _kind;
    readonly bool _keepsProducts;
    readonly int _m;
    readonly int _q;
    readonly double[] _phi;
    readonly double[] _theta;
    readonly double[] _jacobian;
    readonly double[] _values = new double[BlockRows];
    readonly double[] _gradients;
    readonly double[] _mapped;
    readonly double[] _scores = new double[BlockRows];
    readonly double[] _score;      // [m], of θ
    readonly double[] _hessian;    // [m, m], of θ
    readonly double[] _products;   // [q, q], of squared weights
    readonly double[] _outer;      // [q, q], of weights
    readonly double[] _scale;      // [q]
    SquareRootInformation _evidence;
    CompensatedSum _value;
    double _magnitude;             // of residuals the largest number that they are differences of, of densities the sum of sizes
    long _rows;
    bool _isIdentity;
    bool _withDerivatives;

    public RowSums(LikelihoodModel model, InformationKind kind, bool keepsProducts)
    {
        (_model, _kind, _keepsProducts) = (model, kind, keepsProducts);
        (_m, _q) = (model.Space.Natural, model.Space.Free);
        (_phi, _theta, _jacobian, _score, _scale) = (new double[_q], new double[_m], new double[_m * _q], new double[_m], new double[_q]);
        (_gradients, _mapped) = (new double[BlockRows * _m], new double[BlockRows * _q]);
        (_hessian, _products, _outer, _evidence) = (new double[_m * _m], new double[_q * _q], new double[_q * _q], new(_q));
    }

    /// <summary>The point in the user's scale.</summary>
    public ReadOnlySpan<double> Theta => _theta;

    public double Value => _value.Value;

    /// <summary>Starts anew at a point.</summary>
    public void Begin(ReadOnlySpan<double> phi, bool withDerivatives)
    {
        phi.CopyTo(_phi);
        _withDerivatives = withDerivatives;
        _model.Space.ToNatural(phi, _theta);
        (_value, _magnitude, _rows) = (default, 0, 0);
        if (!withDerivatives) { return; }
        _model.Space.Jacobian(phi, _jacobian);
        _isIdentity = _m == _q && IsIdentity(_jacobian, _q);
        _score.AsSpan().Clear();
        _hessian.AsSpan().Clear();
        _products.AsSpan().Clear();
        _outer.AsSpan().Clear();
        _scale.AsSpan().Clear();
        _evidence = new(_q);
    }

    /// <summary>Adds rows; returns the first whose value or gradient is not finite, or −1.</summary>
    public int Add(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights)
    {
        var width = _model.Columns.Count;
        for (var start = 0; start < weights.Length; start += BlockRows)
        {
            var count = Math.Min(BlockRows, weights.Length - start);
            var failed = AddBlock(rows.Slice(start * width, count * width), weights.Slice(start, count));
            if (failed >= 0) { return start + failed; }
        }
        return -1;
    }

    /// <summary>Adds the sums of other rows at the same point.</summary>
    public void Add(RowSums other)
    {
        _value.Add(other._value);
        _magnitude = _model.IsLeastSquares ? Math.Max(_magnitude, other._magnitude) : _magnitude + other._magnitude;
        _rows += other._rows;
        if (!_withDerivatives) { return; }
        TensorPrimitives.Add(_score, other._score, _score);
        TensorPrimitives.Add(_hessian, other._hessian, _hessian);
        TensorPrimitives.Add(_products, other._products, _products);
        TensorPrimitives.Add(_outer, other._outer, _outer);
        TensorPrimitives.Add(_scale, other._scale, _scale);
        _evidence += other._evidence;
    }

    /// <summary>The quadratic about the point, with what was folded before.</summary>
    public Linearisation ToLinearisation(Folded? folded)
    {
        var moved = folded?.At(_phi);
        var value = Value + (moved?.Value ?? 0);
        var score = new double[_q];
        if (moved is not null) { moved.Evidence.CopyScore(score); }
        var products = _keepsProducts ? (double[])_products.Clone() : null;
        if (products is not null && folded?.Products is { } old) { TensorPrimitives.Add(products, old, products); }
        if (_model.IsLeastSquares)
        {
            var evidence = _evidence;
            if (moved is not null)
            {
                evidence = moved.Evidence;
                evidence += _evidence;
            }
            evidence.CopyScore(score);
            return new GaussNewton(evidence) { Phi = [.. _phi], Value = value, Score = score, Scale = Units(evidence), Products = products, Noise = Noise(value) };
        }
        for (var k = 0; k < _m; k++)
        {
            for (var j = 0; j < _q; j++) { score[j] += _jacobian[k * _q + j] * _score[k]; }
        }
        var information = Information();
        if (moved is not null)
        {
            var dense = moved.Evidence.ToDense();
            for (var i = 0; i < information.Length; i++) { information[i] += dense[i / _q, i % _q]; }
        }
        var scale = new double[_q];
        for (var i = 0; i < _q; i++) { scale[i] = Math.Sqrt(Math.Max(_scale[i], Math.Abs(information[i * _q + i]))); }
        return new DenseQuadratic(information) { Phi = [.. _phi], Value = value, Score = score, Scale = scale, Products = products, Noise = Noise(value) };
    }

    /// <summary>The information of the kind asked for, in φ: observed ones are made of second derivatives, empirical ones of products of scores.</summary>
    double[] Information()
    {
        if (_kind is InformationKind.Empirical) { return (double[])_outer.Clone(); }
        var information = _isIdentity ? (double[])_hessian.Clone() : SymmetricSystem.Congruence(_hessian, _jacobian, _m, _q);
        if (!_isIdentity) { _model.Space.AddCurvature(_phi, _score, information); }
        TensorPrimitives.Negate(information, information);
        return information;
    }

    int AddBlock(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights)
    {
        var count = weights.Length;
        _rows += count;
        var values = _values.AsSpan(0, count);
        var gradients = _withDerivatives ? _gradients.AsSpan(0, count * _m) : default;
        _model.Evaluate(_theta, rows, values, gradients);
        for (var i = 0; i < count; i++)
        {
            if (weights[i] == 0)
            {
                values[i] = 0;
                if (_withDerivatives) { gradients.Slice(i * _m, _m).Clear(); }
                continue;
            }
            if (!double.IsFinite(values[i]) || (_withDerivatives && !RowCheck.IsFinite(gradients.Slice(i * _m, _m), Room))) { return i; }
        }
        return _model.IsLeastSquares ? AddResiduals(rows, weights, values, gradients) : AddDensities(rows, weights, values, gradients);
    }

    /// <summary>Gradients are kept this far below overflow, so that their products do not.</summary>
    const double Room = 1e170;

    int AddResiduals(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> values, Span<double> gradients)
    {
        var width = _model.Columns.Count;
        var scores = _scores.AsSpan(0, weights.Length);
        for (var i = 0; i < weights.Length; i++)
        {
            var response = rows[(i + 1) * width - 1];
            var residual = weights[i] == 0 ? 0 : response - values[i];
            scores[i] = weights[i] * residual;
            if (!(Math.Max(Math.Abs(residual), Math.Abs(scores[i])) <= 1e140)) { return i; }
            _value.Add(-0.5 * weights[i] * residual * residual);
            _magnitude = Math.Max(_magnitude, Math.Sqrt(weights[i]) * Math.Max(Math.Abs(response), Math.Abs(values[i])));
        }
        if (!_withDerivatives) { return -1; }
        var jacobians = ToFree(gradients, weights.Length);
        _evidence.Add(new DesignRows(weights.Length, _q, jacobians, 0, default, default), weights, scores);
        if (!_keepsProducts) { return -1; }
        TensorPrimitives.Multiply(scores, scores, scores);
        AddProducts(_products, jacobians, scores);
        return -1;
    }

    int AddDensities(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> values, Span<double> gradients)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            _value.Add(weights[i] * values[i]);
            _magnitude += Math.Abs(weights[i] * values[i]);
        }
        if (!_withDerivatives) { return -1; }
        for (var i = 0; i < weights.Length; i++)
        {
            var gradient = gradients.Slice(i * _m, _m);
            TensorPrimitives.MultiplyAdd(gradient, weights[i], _score, _score);
        }
        var scores = ToFree(gradients, weights.Length);
        for (var i = 0; i < weights.Length; i++)
        {
            for (var j = 0; j < _q; j++) { _scale[j] += weights[i] * scores[i * _q + j] * scores[i * _q + j]; }
        }
        if (_kind is InformationKind.Empirical) { AddProducts(_outer, scores, weights); }
        else { _model.AddHessian(_theta, rows, weights, _hessian); }
        if (!_keepsProducts) { return -1; }
        var squares = _scores.AsSpan(0, weights.Length);
        TensorPrimitives.Multiply(weights, weights, squares);
        AddProducts(_products, scores, squares);
        return -1;
    }

    /// <summary>Adds <c>Σ fᵢ aᵢaᵢᵀ</c>.</summary>
    void AddProducts(double[] sum, ReadOnlySpan<double> rows, ReadOnlySpan<double> factors)
    {
        for (var i = 0; i < factors.Length; i++)
        {
            var row = rows.Slice(i * _q, _q);
            for (var j = 0; j < _q; j++)
            {
                var target = sum.AsSpan(j * _q, _q);
                TensorPrimitives.MultiplyAdd(row, factors[i] * row[j], target, target);
            }
        }
    }

    /// <summary>What rounding makes of the value: of squares, each residual is wrong by some ε of what it is a difference of.</summary>
    double Noise(double value)
    {
        const double Epsilon = 2.220446049250313e-16;
        var residual = Epsilon * _magnitude;
        return 16 * Epsilon * Math.Abs(value) + (_model.IsLeastSquares ? 4 * residual * (Math.Sqrt(2 * Math.Abs(value)) + _rows * residual) : 4 * Epsilon * _magnitude);
    }

    /// <summary>Gradients by φ from gradients by θ, row by row.</summary>
    Span<double> ToFree(Span<double> gradients, int count)
    {
        if (_isIdentity) { return gradients; }
        var mapped = _mapped.AsSpan(0, count * _q);
        RowGradients.ToFree(gradients, _jacobian, _m, _q, mapped);
        return mapped;
    }

    static double[] Units(SquareRootInformation evidence)
    {
        var diagonal = new double[evidence.Dimension];
        evidence.CopyDiagonal(diagonal);
        TensorPrimitives.Sqrt(diagonal, diagonal);
        return diagonal;
    }

    static bool IsIdentity(double[] matrix, int q)
    {
        for (var i = 0; i < matrix.Length; i++)
        {
            if (matrix[i] != (i / q == i % q ? 1 : 0)) { return false; }
        }
        return true;
    }
}
