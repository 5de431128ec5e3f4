using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Estimation;

/// <summary>What a batch is solved against.</summary>
/// <param name="Shape">The sizes under which its rows and θ are laid out.</param>
/// <param name="Past">Information <c>I</c> of the rows before it.</param>
readonly record struct ProximalProblem(ModelShape Shape, QuadraticPart Past)
{
    /// <summary>Prior precision of every parameter, about zero; or one number for all.</summary>
    public ReadOnlyMemory<double> Penalty { get; init; }

    /// <summary>Prior precision of all parameters, on top.</summary>
    public double Damping { get; init; }

    /// <summary>Gauge, in units of the dispersion, at which to stop.</summary>
    public double Tolerance { get; init; }

    /// <summary>Newton steps at most.</summary>
    public int MaxIterations { get; init; }

    /// <summary>Whether the first θ comes from the responses because none is at hand.</summary>
    public bool StartAtResponses { get; init; }

    /// <summary>The parameter that moves all predictors alike, or −1: with it alone a start at the responses is inside the domain.</summary>
    public int Constant { get; init; }

    /// <summary>Whether an auxiliary parameter moves along, and the quadratic that stands for earlier rows: its anchor, score and information.</summary>
    public (bool Moves, double Anchor, double Score, double Information) Auxiliary { get; init; }
}

/// <summary>Where a batch ended.</summary>
/// <param name="Sums">The batch's sums at θ′.</param>
/// <param name="Auxiliary">The auxiliary parameter.</param>
/// <param name="Gauge"><c>gᵀH⁻¹g</c> that is left.</param>
/// <param name="Iterations">Evaluations made.</param>
/// <param name="Converged">Whether the gauge came below the tolerance.</param>
/// <param name="IsSeparating">Whether some direction runs to infinity.</param>
readonly record struct ProximalSolution(FitSums Sums, double Auxiliary, double Gauge, int Iterations, bool Converged, bool IsSeparating)
{
    /// <summary>Whether θ′ is a place from which one can go on.</summary>
    public bool IsUsable => double.IsFinite(Sums.Deviance) && double.IsFinite(Gauge);
}

/// <summary>The renewable step without a matrix: maximises <c>ℓ_B(θ) + s₀ᵀ(θ − θ₀) − ½‖θ − θ₀‖²_I − ½θᵀΛθ</c> by Newton's method and conjugate gradients.</summary>
/// <remarks>
/// A product with the Hessian is <c>I·v + Xᵀ(W(Xv)) + Λv</c>: <c>O(non-zeros)</c> and whatever the structure's product costs, so that it serves millions of parameters. The Hessian is that of
/// expected information, which is never indefinite; where there is none, that of the observed one, and of a bound of it where that is not positive. Directions without evidence are left alone. Allocates nothing once its arrays have grown. One instance serves one thread.
/// Source: Luo &amp; Song (2020) for the problem; Hestenes &amp; Stiefel (1952) with a diagonal preconditioner; Dembo, Eisenstat &amp; Steihaug (1982) for inexact Newton steps.
/// </remarks>
sealed class ProximalBatch(IModel model)
{
    const int Chunk = 1024;
    const int Halvings = 30;
    const int MostProducts = 400;
    const double StillMoving = 0.1;        // of a linear predictor
    const double Fading = 1e-4;
    const int PatienceWithMoves = 3;
    const double Stiffness = 1e-10;        // of the diagonal, in the Hessian only: where columns depend on each other, rounding must not set θ adrift

    readonly Workspace _workspace = new();
    double[] _weights = [];
    double[] _origin = [];
    double[] _previous = [];
    double[] _gradient = [];
    double[] _step = [];
    double[] _residual = [];
    double[] _direction = [];
    double[] _product = [];
    double[] _inverse = [];     // of the preconditioner; 0 where nothing is known
    double _move;
    int _dimension;
    bool _fromStart;
    bool _isObserved;           // whether products are with the observed information, which deficits make of the weights

    /// <summary>Whether weights are a bound of an information that may have any sign.</summary>
    bool MayBeIndefinite => model is DistributionalModel { IsObserved: true };

    /// <summary>What is left of the score of the rows at θ′, the prior's apart, <c>s_B(θ′) + s₀ − I(θ′ − θ₀) [d]</c>; valid until the next solve.</summary>
    public ReadOnlySpan<double> Score => _gradient.AsSpan(0, _dimension);

    /// <summary>Solves for the first rows of a block.</summary>
    /// <param name="problem">Against what.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="theta">θ₀ on entry and θ′ on return, <c>[d]</c>.</param>
    /// <param name="score">What was left of the score before, <c>s₀ [d]</c>.</param>
    /// <param name="auxiliary">The auxiliary parameter to begin with.</param>
    public ProximalSolution Solve(in ProximalProblem problem, Block rows, int count, Span<double> theta, ReadOnlySpan<double> score, double auxiliary)
    {
        Reserve(theta.Length, count);
        var previous = _previous.AsSpan(0, theta.Length);
        theta.CopyTo(_origin);
        theta.CopyTo(previous);
        var iterations = 0;
        if (problem.StartAtResponses)
        {
            BeginAtResponses(problem, rows, count, theta, previous);
            iterations++;
        }
        var (best, gauge, moves, lastMove) = (double.PositiveInfinity, double.PositiveInfinity, 0, 0.0);
        for (var halvings = 0; ;)
        {
            var sums = default(FitSums);
            var value = Evaluate(problem, rows, count, theta, score, auxiliary, ref sums);
            iterations++;
            if (!(value <= best + 1e-8 * (Math.Abs(best) + 0.1)) && !(problem.Auxiliary.Moves && double.IsFinite(value)))
            {
                if (halvings++ >= Halvings) { return new(sums, auxiliary, gauge, iterations, gauge < Fading, false); }
                for (var i = 0; i < theta.Length; i++) { theta[i] = 0.5 * (theta[i] + previous[i]); }
                continue;
            }
            (best, halvings) = (value, 0);
            var before = gauge;
            gauge = Direction(problem, rows, count, theta, auxiliary);
            var step = AuxiliaryStep(problem, auxiliary, sums, out var auxiliaryGauge);
            gauge += auxiliaryGauge;
            var unit = model.EstimatesDispersion && sums.Pearson > 0 && count > 0 ? Math.Min(1e100, Math.Max(sums.Pearson / count, 1e-100)) : 1;
            moves = gauge < Fading * unit && _move > StillMoving && _move > 0.5 * lastMove ? moves + 1 : 0;
            lastMove = _move;
            var stalled = gauge < 1e-9 * unit && gauge > 0.25 * before;
            if (gauge <= problem.Tolerance * unit || stalled || moves >= PatienceWithMoves || iterations >= problem.MaxIterations || !double.IsFinite(gauge))
            {
                Unpenalise(problem, theta);
                return new(sums, auxiliary, gauge / unit, iterations, gauge <= problem.Tolerance * unit || stalled || moves >= PatienceWithMoves, moves >= PatienceWithMoves);
            }
            theta.CopyTo(previous);
            TensorPrimitives.Add(theta, _step.AsSpan(0, theta.Length), theta);
            auxiliary = Math.Clamp(auxiliary + step, -Estimation.Auxiliary.Bound, Estimation.Auxiliary.Bound);
        }
    }

    /// <summary>The first step from the responses' own means, and where to retreat to: the constant that fits them best.</summary>
    void BeginAtResponses(in ProximalProblem problem, Block rows, int count, Span<double> theta, Span<double> previous)
    {
        var sums = default(FitSums);
        Array.Clear(_gradient, 0, theta.Length);
        Array.Clear(_inverse, 0, theta.Length);
        for (var start = 0; start < count; start += Chunk)
        {
            var n = Math.Min(Chunk, count - start);
            var working = model.WorkAtStart(rows, start, n, problem.Shape, theta, ref sums, _workspace);
            Accumulate(working, start);
        }
        AddPast(problem, theta, default);
        var (constant, right, weight) = (problem.Constant, 0.0, 0.0);
        if (constant >= 0 && model.Predictors(problem.Shape) == 1) { (right, weight) = (_gradient[constant], _inverse[constant]); }
        Invert();
        (_fromStart, _isObserved) = (true, false);
        Conjugate(problem, rows, count, theta, 0, 1e-10);
        _fromStart = false;
        TensorPrimitives.Add(theta, _step.AsSpan(0, theta.Length), theta);
        if (weight > 0) { previous[constant] += right / weight; }
    }

    /// <summary>Sums of the rows at θ and the gradient of everything; returns twice what is minimised.</summary>
    double Evaluate(in ProximalProblem problem, Block rows, int count, ReadOnlySpan<double> theta, ReadOnlySpan<double> score, double auxiliary, ref FitSums sums)
    {
        Array.Clear(_gradient, 0, theta.Length);
        Array.Clear(_inverse, 0, theta.Length);
        for (var start = 0; start < count; start += Chunk)
        {
            var n = Math.Min(Chunk, count - start);
            var working = model.Work(rows, start, n, problem.Shape, theta, auxiliary, default, ref sums, _workspace);
            if (!(RowCheck.Fits(working.Weights) && RowCheck.Fits(working.Scores))) { return double.PositiveInfinity; }
            Accumulate(working, start);
        }
        var value = sums.Deviance + AddPast(problem, theta, score);
        Invert();
        return value;
    }

    /// <summary>Adds scores and diagonal of working rows; a single predictor's weights are kept for the products.</summary>
    void Accumulate(in WorkingRows working, int start)
    {
        var rows = working.Rows;
        if (working.PerObservation == 1) { working.Weights.CopyTo(_weights.AsSpan(start)); }
        for (var i = 0; i < rows.Count; i++)
        {
            var (r, w) = (working.Scores[i], working.Weights[i]);
            if (w == 0 && r == 0) { continue; }
            var dense = rows.Dense.Slice(i * rows.DenseColumns, rows.DenseColumns);
            for (var j = 0; j < dense.Length; j++)
            {
                _gradient[j] += r * dense[j];
                _inverse[j] += w * dense[j] * dense[j];
            }
            for (var s = i * rows.Slots; s < (i + 1) * rows.Slots; s++)
            {
                var index = rows.Indices[s];
                if (index < 0) { continue; }
                var x = rows.Values.IsEmpty ? 1 : rows.Values[s];
                _gradient[index] += r * x;
                _inverse[index] += w * x * x;
            }
        }
    }

    /// <summary>Adds the quadratic of earlier rows and the prior to gradient and preconditioner; returns twice its value.</summary>
    double AddPast(in ProximalProblem problem, ReadOnlySpan<double> theta, ReadOnlySpan<double> score)
    {
        var d = theta.Length;
        var move = _direction.AsSpan(0, d);
        var product = _product.AsSpan(0, d);
        TensorPrimitives.Subtract(theta, _origin.AsSpan(0, d), move);
        problem.Past.Multiply(move, product);
        var value = TensorPrimitives.Dot(move, product);
        TensorPrimitives.Subtract(_gradient.AsSpan(0, d), product, _gradient.AsSpan(0, d));
        if (!score.IsEmpty)
        {
            value -= 2 * TensorPrimitives.Dot(move, score);
            TensorPrimitives.Add(_gradient.AsSpan(0, d), score, _gradient.AsSpan(0, d));
        }
        problem.Past.CopyDiagonal(product);
        TensorPrimitives.Add(_inverse.AsSpan(0, d), product, _inverse.AsSpan(0, d));
        if (problem.Damping == 0 && problem.Penalty.IsEmpty) { return value; }
        var penalty = problem.Penalty.Span;
        for (var i = 0; i < d; i++)
        {
            var precision = problem.Damping + (penalty.IsEmpty ? 0 : penalty[i]);
            value += precision * theta[i] * theta[i];
            _gradient[i] -= precision * theta[i];
            _inverse[i] += precision;
        }
        return value;
    }

    /// <summary>Takes the prior out of the gradient: what is left is the data's own score.</summary>
    void Unpenalise(in ProximalProblem problem, ReadOnlySpan<double> theta)
    {
        if (problem.Damping == 0 && problem.Penalty.IsEmpty) { return; }
        var penalty = problem.Penalty.Span;
        for (var i = 0; i < theta.Length; i++) { _gradient[i] += (problem.Damping + (penalty.IsEmpty ? 0 : penalty[i])) * theta[i]; }
    }

    void Invert()
    {
        for (var i = 0; i < _dimension; i++) { _inverse[i] = _inverse[i] > 0 && double.IsFinite(_inverse[i]) ? 1 / _inverse[i] : 0; }
    }

    /// <summary>The Newton step, and how far it is: <c>gᵀH⁻¹g</c>.</summary>
    double Direction(in ProximalProblem problem, Block rows, int count, ReadOnlySpan<double> theta, double auxiliary)
    {
        _isObserved = MayBeIndefinite;
        if (!Conjugate(problem, rows, count, theta, auxiliary, model.IsQuadratic ? 1e-12 : 1e-5) && _isObserved)
        {
            _isObserved = false;
            if (!Conjugate(problem, rows, count, theta, auxiliary, 1e-5)) { return double.PositiveInfinity; }   // what is known is indefinite itself
        }
        _move = Move(rows, count, problem.Shape, theta, auxiliary);
        return Math.Max(0, TensorPrimitives.Dot<double>(_gradient.AsSpan(0, _dimension), _step.AsSpan(0, _dimension)));
    }

    /// <summary>Solves <c>H·step = gradient</c> by preconditioned conjugate gradients, until the residual has a share <paramref name="share"/> of its norm left; false where H turns out not to be positive.</summary>
    bool Conjugate(in ProximalProblem problem, Block rows, int count, ReadOnlySpan<double> theta, double auxiliary, double share)
    {
        var d = _dimension;
        var step = _step.AsSpan(0, d);
        var residual = _residual.AsSpan(0, d);
        var direction = _direction.AsSpan(0, d);
        var product = _product.AsSpan(0, d);
        var inverse = _inverse.AsSpan(0, d);
        step.Clear();
        _gradient.AsSpan(0, d).CopyTo(residual);
        TensorPrimitives.Multiply(inverse, residual, direction);
        var norm = TensorPrimitives.Dot<double>(residual, direction);
        var goal = share * share * norm;
        var most = Math.Min(MostProducts, 2 * d + 10);
        for (var k = 0; k < most && norm > goal && norm > 0; k++)
        {
            Product(problem, rows, count, theta, auxiliary, direction, product);
            var curvature = TensorPrimitives.Dot<double>(direction, product);
            if (!(curvature > 0)) { return false; }   // a direction that nothing speaks of, or that bends the other way
            var alpha = norm / curvature;
            TensorPrimitives.MultiplyAdd(direction, alpha, step, step);
            TensorPrimitives.MultiplyAdd(product, -alpha, residual, residual);
            TensorPrimitives.Multiply(inverse, residual, product);
            var next = TensorPrimitives.Dot<double>(residual, product);
            TensorPrimitives.MultiplyAdd(direction, next / norm, product, direction);
            norm = next;
        }
        return true;
    }

    /// <summary><c>y ← I·v + Xᵀ(W(Xv)) + Λv</c>.</summary>
    void Product(in ProximalProblem problem, Block rows, int count, ReadOnlySpan<double> theta, double auxiliary, ReadOnlySpan<double> v, Span<double> y)
    {
        problem.Past.Multiply(v, y);
        var penalty = problem.Penalty.Span;
        for (var i = 0; i < v.Length && (problem.Damping > 0 || !penalty.IsEmpty); i++) { y[i] += (problem.Damping + (penalty.IsEmpty ? 0 : penalty[i])) * v[i]; }
        for (var i = 0; i < v.Length; i++)
        {
            if (_inverse[i] > 0) { y[i] += Stiffness * v[i] / _inverse[i]; }
        }
        for (var start = 0; start < count; start += Chunk)
        {
            var n = Math.Min(Chunk, count - start);
            if (model.Predictors(problem.Shape) == 1 && !model.IsOrdinal && !MayBeIndefinite)
            {
                AddProduct(rows.Rows(start, n), _weights.AsSpan(start, n), v, y, 1);
                continue;
            }
            var unused = default(FitSums);
            var working = _fromStart
                ? model.WorkAtStart(rows, start, n, problem.Shape, theta, ref unused, _workspace)
                : model.Work(rows, start, n, problem.Shape, theta, auxiliary, default, ref unused, _workspace);
            AddProduct(working.Rows, working.Weights, v, y, 1);
            if (_isObserved && !working.Deficits.IsEmpty) { AddProduct(working.Rows, working.Deficits, v, y, -1); }
        }
    }

    static void AddProduct(in DesignRows rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> v, Span<double> y, int sign)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            if (weights[i] == 0) { continue; }
            var dense = rows.Dense.Slice(i * rows.DenseColumns, rows.DenseColumns);
            var along = sign * weights[i] * Along(rows, i, v);
            TensorPrimitives.MultiplyAdd(dense, along, y[..dense.Length], y[..dense.Length]);
            for (var s = i * rows.Slots; s < (i + 1) * rows.Slots; s++)
            {
                var index = rows.Indices[s];
                if (index >= 0) { y[index] += rows.Values.IsEmpty ? along : along * rows.Values[s]; }
            }
        }
    }

    static double Along(in DesignRows rows, int row, ReadOnlySpan<double> v)
    {
        var sum = LinearPredictor.Dot(rows.Dense.Slice(row * rows.DenseColumns, rows.DenseColumns), v[..rows.DenseColumns]);
        for (var s = row * rows.Slots; s < (row + 1) * rows.Slots; s++)
        {
            var index = rows.Indices[s];
            if (index >= 0) { sum += rows.Values.IsEmpty ? v[index] : rows.Values[s] * v[index]; }
        }
        return sum;
    }

    /// <summary>How far the step moves a linear predictor at most.</summary>
    double Move(Block rows, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary)
    {
        var most = 0.0;
        var step = _step.AsSpan(0, _dimension);
        for (var start = 0; start < count; start += Chunk)
        {
            var n = Math.Min(Chunk, count - start);
            var unused = default(FitSums);
            var design = model.Predictors(shape) == 1 && !model.IsOrdinal
                ? rows.Rows(start, n)
                : model.Work(rows, start, n, shape, theta, auxiliary, default, ref unused, _workspace).Rows;
            for (var i = 0; i < design.Count; i++) { most = Math.Max(most, Math.Abs(Along(design, i, step))); }
        }
        return most;
    }

    static double AuxiliaryStep(in ProximalProblem problem, double auxiliary, in FitSums sums, out double gauge)
    {
        gauge = 0;
        if (!problem.Auxiliary.Moves) { return 0; }
        var score = problem.Auxiliary.Score - problem.Auxiliary.Information * (auxiliary - problem.Auxiliary.Anchor) + sums.AuxiliaryScore;
        var information = problem.Auxiliary.Information + sums.AuxiliaryInformation;
        var step = information > 0 ? Math.Clamp(score / information, -1, 1) : Math.Sign(score);
        if (Math.Abs(auxiliary) < Estimation.Auxiliary.Bound) { gauge = step * step * Math.Abs(information); }
        return step;
    }

    void Reserve(int dimension, int count)
    {
        _dimension = dimension;
        if (_weights.Length < count) { _weights = new double[Math.Max(count, 2 * _weights.Length)]; }
        if (_origin.Length >= dimension) { return; }
        var length = dimension < 1 << 16 ? Math.Max(dimension, 2 * _origin.Length) : dimension;
        (_origin, _previous, _gradient, _step) = (new double[length], new double[length], new double[length], new double[length]);
        (_residual, _direction, _product, _inverse) = (new double[length], new double[length], new double[length], new double[length]);
    }
}
