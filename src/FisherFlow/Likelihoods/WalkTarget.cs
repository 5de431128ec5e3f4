using System.Numerics.Tensors;
using FisherFlow.Information;

namespace FisherFlow.Likelihoods;

/// <summary>What is maximised where parameters walk at random: the log-likelihood of every row at its own φ, less <c>½ Σ ‖φₜ₊₁ − φₜ‖²/Q</c>, and the quadratic of earlier rows, one step of time before the first.</summary>
/// <remarks>A point is a whole path φ₁ … φₙ, <c>[n, q]</c>, row by row; a coordinate without drift is the same in all of them.</remarks>
sealed class WalkTarget : ITarget
{
    const double Epsilon = 2.220446049250313e-16;
    const double Room = 1e140;   // below it, squares and products of squares do not overflow

    readonly LikelihoodModel _model;
    readonly RowStore _rows;
    readonly double[] _drift;         // [q]
    readonly WalkRecursion _recursion;
    readonly double[]? _before;       // φ of earlier rows
    readonly double[] _prior, _priorScore;   // what they know before the first row, about it
    readonly double _priorValue;
    readonly int _m, _q;
    readonly double[] _theta, _jacobian, _value = new double[1], _gradient, _mapped, _hessian, _half;

    /// <param name="model">The likelihood.</param>
    /// <param name="rows">The rows, one at least.</param>
    /// <param name="folded">What earlier rows know of the φ of the last of them, or null.</param>
    /// <param name="drift">The diagonal of Q, <c>[q]</c>.</param>
    public WalkTarget(LikelihoodModel model, RowStore rows, Folded? folded, double[] drift)
    {
        (_model, _rows, _drift, _recursion) = (model, rows, drift, new(rows.Count, drift));
        (_m, _q) = (model.Space.Natural, model.Space.Free);
        (_theta, _jacobian, _gradient, _mapped, _hessian, _half) = (new double[_m], new double[_m * _q], new double[_m], new double[_q], new double[_m * _m], new double[_m * _q]);
        (_before, _prior, _priorScore) = (folded?.Anchor, new double[_q * _q], new double[_q]);
        if (folded is null) { return; }
        var (known, score, factor) = (folded.Evidence.ToDense().Cast<double>().ToArray(), new double[_q], new double[_q * _q]);
        folded.Evidence.CopyScore(score);
        PriorLogDeterminant = _recursion.TryPredict(known, score, factor, _prior, _priorScore) ?? throw new LikelihoodException("what is known of the parameters has lost its rank to rounding: rescale them");
        // Its value is the maximum over the path before: h is what the last search has left, next to nothing.
        for (var j = 0; j < _q; j++) { score[j] *= Math.Sqrt(drift[j]); }
        Numerics.Kernels.SolveUpperTransposed(factor, _q, _q, score);
        _priorValue = folded.Value + 0.5 * TensorPrimitives.SumOfSquares<double>(score);
    }

    public bool IsReread => false;

    /// <summary><c>log |M|</c> of the step to the first row.</summary>
    public double PriorLogDeterminant { get; }

    /// <summary>The first row at which the last evaluation failed, as the model sees it, or null.</summary>
    public double[]? FailedRow { get; private set; }

    /// <summary>The path that stands still.</summary>
    public double[] Still(double[] phi)
    {
        var path = new double[_rows.Count * _q];
        for (var t = 0; t < _rows.Count; t++) { phi.CopyTo(path, t * _q); }
        return path;
    }

    public double Value(ReadOnlySpan<double> path)
    {
        FailedRow = null;
        var value = 0.0;
        for (var t = 0; t < _rows.Count; t++)
        {
            if (_rows.Weights[t] == 0) { continue; }
            if (!TryEvaluate(path.Slice(t * _q, _q), t, default)) { return double.NegativeInfinity; }
            value += Gain(t);
        }
        return value + Held(path).Value;
    }

    public Linearisation? Linearise(ReadOnlySpan<double> path)
    {
        FailedRow = null;
        var (n, q, size) = (_rows.Count, _q, _q * _q);
        double[] information = new double[n * size], scores = new double[n * q], units = new double[q];
        var (value, sizes) = (0.0, 0.0);
        for (var t = 0; t < n; t++)
        {
            if (_rows.Weights[t] == 0) { continue; }
            if (!TryEvaluate(path.Slice(t * q, q), t, _gradient)) { return null; }
            var gain = Gain(t);
            (value, sizes) = (value + gain, sizes + Math.Abs(gain) + Rounding(t));
            AddRow(path.Slice(t * q, q), t, information.AsSpan(t * size, size), scores.AsSpan(t * q, q), units);
        }
        var (held, noise) = Held(path);
        if (_before is not null)
        {
            for (var i = 0; i < q; i++)
            {
                scores[i] += _priorScore[i];
                for (var j = 0; j < q; j++)
                {
                    information[i * q + j] += _prior[i * q + j];
                    scores[i] -= _prior[i * q + j] * (path[j] - _before[j]);
                }
                units[i] += _prior[i * q + i];
            }
        }
        var scale = new double[n * q];
        for (var i = 0; i < scale.Length; i++) { scale[i] = Math.Sqrt(units[i % q] / n); }
        return new WalkQuadratic(_recursion, information, scores, _drift)
        {
            Phi = path.ToArray(),
            Value = value + held,
            Score = WithWalk(scores, path),
            Scale = scale,
            Noise = 16 * Epsilon * sizes + noise,
        };
    }

    /// <summary>What keeps the path together: less the squares of its steps, and what earlier rows say of where it begins; with what rounding makes of it.</summary>
    (double Value, double Noise) Held(ReadOnlySpan<double> path)
    {
        var (value, noise) = (_priorValue, Epsilon * Math.Abs(_priorValue));
        for (var t = 1; t < _rows.Count; t++)
        {
            for (var j = 0; j < _q; j++)
            {
                if (_drift[j] == 0) { continue; }
                var step = path[t * _q + j] - path[(t - 1) * _q + j];
                value -= 0.5 * step * step / _drift[j];
                noise += Epsilon * Math.Abs(step) * (Math.Abs(path[t * _q + j]) + Math.Abs(step)) / _drift[j];
            }
        }
        if (_before is null) { return (value, noise); }
        for (var i = 0; i < _q; i++)
        {
            var (delta, product) = (path[i] - _before[i], 0.0);
            for (var j = 0; j < _q; j++) { product += _prior[i * _q + j] * (path[j] - _before[j]); }
            value += delta * (_priorScore[i] - 0.5 * product);
        }
        return (value, noise);
    }

    /// <summary>Scores of the rows with those of the walk: the gradient by the path.</summary>
    double[] WithWalk(double[] scores, ReadOnlySpan<double> path)
    {
        var all = (double[])scores.Clone();
        for (var t = 1; t < _rows.Count; t++)
        {
            for (var j = 0; j < _q; j++)
            {
                if (_drift[j] == 0) { continue; }
                var pull = (path[t * _q + j] - path[(t - 1) * _q + j]) / _drift[j];
                all[t * _q + j] -= pull;
                all[(t - 1) * _q + j] += pull;
            }
        }
        return all;
    }

    bool TryEvaluate(ReadOnlySpan<double> phi, int row, double[]? gradient)
    {
        foreach (var x in phi)
        {
            if (!double.IsFinite(x)) { return false; }
        }
        _model.Space.ToNatural(phi, _theta);
        _model.Evaluate(_theta, Row(row), _value, gradient);
        var isFinite = double.IsFinite(_value[0]) && (gradient is null || RowCheck.IsFinite(gradient, Room));
        if (isFinite && _model.IsLeastSquares) { isFinite = Math.Abs(Residual(row)) <= Room; }
        if (!isFinite) { FailedRow = Row(row).ToArray(); }
        return isFinite;
    }

    ReadOnlySpan<double> Row(int row) => _rows.Rows.Slice(row * _model.Columns.Count, _model.Columns.Count);

    double Residual(int row) => Row(row)[^1] - _value[0];

    /// <summary>What the row that was evaluated adds to the value.</summary>
    double Gain(int row) => _rows.Weights[row] * (_model.IsLeastSquares ? -0.5 * Residual(row) * Residual(row) : _value[0]);

    /// <summary>Of residuals, what rounding of the numbers that they are differences of comes to.</summary>
    double Rounding(int row) => _model.IsLeastSquares ? _rows.Weights[row] * Math.Abs(Residual(row)) * (Math.Abs(_value[0]) + Math.Abs(Row(row)[^1])) : 0;

    /// <summary>Adds the row that was evaluated with its gradient: information and score by φ.</summary>
    void AddRow(ReadOnlySpan<double> phi, int row, Span<double> information, Span<double> score, double[] units)
    {
        var (weight, q) = (_rows.Weights[row], _q);
        _model.Space.Jacobian(phi, _jacobian);
        RowGradients.ToFree(_gradient, _jacobian, _m, q, _mapped);
        TensorPrimitives.MultiplyAdd(_mapped, weight * (_model.IsLeastSquares ? Residual(row) : 1), score, score);
        if (_model.IsLeastSquares)
        {
            for (var j = 0; j < q; j++)
            {
                TensorPrimitives.Multiply(_mapped, weight * _mapped[j], information.Slice(j * q, q));
                units[j] += information[j * q + j];
            }
            return;
        }
        _hessian.AsSpan().Clear();
        _model.AddHessian(_theta, Row(row), _rows.Weights.Slice(row, 1), _hessian);
        SymmetricSystem.Congruence(_hessian, _jacobian, _m, q, _half, information);
        TensorPrimitives.Multiply(_gradient, weight, _gradient);
        _model.Space.AddCurvature(phi, _gradient, information);
        TensorPrimitives.Negate(information, information);
        for (var j = 0; j < q; j++) { units[j] += Math.Max(weight * _mapped[j] * _mapped[j], Math.Abs(information[j * q + j])); }
    }
}
