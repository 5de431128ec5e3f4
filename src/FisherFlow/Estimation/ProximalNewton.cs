using FisherFlow.Information;

namespace FisherFlow.Estimation;

/// <summary>What Newton is asked to do.</summary>
sealed record NewtonProblem
{
    /// <summary>Free parameters, in the order of elimination.</summary>
    public required int[] Order { get; init; }

    /// <summary>Prior precision of every parameter <c>[d]</c>, about zero; empty for none.</summary>
    public double[] Ridge { get; init; } = [];

    /// <summary>Pairs of parameters that are one: nothing observed lies between them (cut points about an outcome without rows).</summary>
    public (int First, int Second)[] Ties { get; init; } = [];

    /// <summary>Information that holds the pairs together; far more than the data have, and not so much that digits are lost.</summary>
    public double TieWeight { get; init; }

    /// <summary>How far a unit of each parameter moves the linear predictor at most <c>[d]</c>.</summary>
    public required double[] Ranges { get; init; }

    /// <summary>Gauge <c>g = sᵀI⁻¹s</c> at which to stop.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Iterations at most.</summary>
    public int MaxIterations { get; init; } = 100;

    /// <summary>Whether Firth's penalty is added.</summary>
    public bool Firth { get; init; }

    /// <summary>Whether that penalty is ½ log det I itself (the logit link): then there is a surface to climb, and steps are judged by it.</summary>
    public bool HasPenaltyValue { get; init; }

    /// <summary>Whether steps learn from those before, because expected and observed information may be far apart.</summary>
    public bool Remembers { get; init; }

    /// <summary>Whether an auxiliary parameter moves along.</summary>
    public bool HasAuxiliary { get; init; }

    /// <summary>Whether to begin at the responses because no θ is at hand.</summary>
    public bool StartAtResponses { get; init; }

    /// <summary>Parameters that move all linear predictors alike: with them alone a start at the responses is inside the domain.</summary>
    public int[] Constants { get; init; } = [];

    /// <summary>Whether θ must end at zero wherever it is not free (a table's coordinates).</summary>
    public bool Canonical { get; init; }

    /// <summary>The evidence, with what holds pairs of parameters together at this anchor <c>[d]</c>.</summary>
    public TEvidence Tied<TEvidence>(TEvidence evidence, double[] anchor) where TEvidence : class, IEvidence<TEvidence>
    {
        if (Ties.Length == 0) { return evidence; }
        var tied = evidence.Copy();
        foreach (var (a, b) in Ties)
        {
            tied.Add(new(1, 0, default, 2, [a, b], [1, -1]), [TieWeight], [-TieWeight * (anchor[a] - anchor[b])]);
        }
        return tied;
    }

    /// <summary>Whether a step is also halved while it overshoots, by the score beyond it: corners are so sharp that the deviance's rounding hides what happens there.</summary>
    public bool IsSharp { get; init; }
}

/// <summary>Where Newton ended.</summary>
/// <param name="Theta">θ <c>[d]</c> at which the last evaluation was made: the anchor of its evidence.</param>
/// <param name="Auxiliary">The auxiliary parameter there.</param>
/// <param name="Factor">Factor of the information there, with the step that remains.</param>
/// <param name="Gauge">The gauge there.</param>
/// <param name="Iterations">Evaluations made.</param>
/// <param name="Converged">Whether the gauge came below the tolerance, or every finite direction did.</param>
/// <param name="Separated">Parameters that run to infinity <c>[d]</c>.</param>
sealed record NewtonSolution(double[] Theta, double Auxiliary, Factor Factor, double Gauge, int Iterations, bool Converged, bool[] Separated);

/// <summary>Newton's method on a log-likelihood plus a quadratic, with step-halving: <c>θ ← θ + (I + Λ)⁻¹(s − Λθ)</c>.</summary>
/// <remarks>
/// With expected information this is Fisher scoring (iteratively reweighted least squares). Separation is recognised by its
/// signature: the gauge vanishes while the step does not, because score and information fade together (Albert &amp; Anderson 1984).
/// </remarks>
/// <param name="objective">What is climbed.</param>
/// <param name="problem">How far.</param>
/// <param name="suffices">Whether an evaluation will do although its step is larger than the tolerance; null for never.</param>
sealed class ProximalNewton<TEvidence>(IObjective<TEvidence> objective, NewtonProblem problem, Func<Evaluation<TEvidence>, Factor, bool>? suffices = null)
    where TEvidence : class, IEvidence<TEvidence>
{
    const double Fading = 1e-4;        // a gauge this small belongs to a converged fit, or to a separated one
    const double StillMoving = 0.1;    // of the linear predictor; a converged fit with that gauge moves by less than 0.01
    const int PatienceWithMoves = 3;
    const int Halvings = 30;
    const double SufficientDecrease = 0.05;
    const double LargestFirthMove = 2;

    readonly CurvatureMemory? _memory = problem.Remembers ? new() : null;

    double[] _theta = [];
    double[] _previous = [];
    double[] _gradient = [];
    double _promise;
    double _auxiliary;
    double _objective = double.PositiveInfinity;
    double _gauge = double.PositiveInfinity;
    double _move;
    int _moves;
    double _logDeterminant;
    int _rank;
    Factor? _factor;

    /// <summary>Climbs from θ <c>[d]</c>; the evaluation ends anchored at the solution's θ.</summary>
    public NewtonSolution Run(double[] theta, double auxiliary, Evaluation<TEvidence> evaluation)
    {
        (_theta, _previous, _auxiliary) = ([.. theta], [.. theta], auxiliary);
        var iterations = 0;
        if (problem.StartAtResponses)
        {
            objective.EvaluateAtResponses(_theta, evaluation);
            _factor = Factorise(evaluation.Evidence);
            // Should the first step leave the domain, it is halved towards the constant that fits the responses best.
            var constant = evaluation.Evidence.Factorise(problem.Constants, default, default).Step.Span;
            for (var i = 0; i < _theta.Length; i++) { _previous[i] += constant[i]; }
            Add(_factor.Step.Span);
            iterations++;
        }
        var rebase = problem.Canonical && !IsCanonical(problem.Order);
        for (var halvings = 0; ;)
        {
            objective.Evaluate(_theta, _auxiliary, null, evaluation);
            if (problem.Firth && double.IsFinite(evaluation.Deviance)) { Penalise(evaluation); }
            iterations++;
            var worse = Overshoots(evaluation, halvings) || IsWorse(evaluation, Math.ScaleB(SufficientDecrease, -halvings));
            if (worse && halvings < Halvings)
            {
                halvings++;
                for (var i = 0; i < _theta.Length; i++) { _theta[i] = (_theta[i] + _previous[i]) / 2; }
                continue;
            }
            if (worse) { return End(evaluation, iterations, converged: _gauge < Fading); }
            halvings = 0;
            if (rebase)
            {
                Rebase(evaluation.Evidence);
                rebase = false;
                continue;
            }
            _factor = FactoriseObserved(evaluation);
            if (problem.Canonical && !IsCanonical(_factor.Kept) && iterations < problem.MaxIterations)
            {
                rebase = true;
                continue;
            }
            var gauge = Gauge(evaluation);
            var stalled = gauge < (_memory is null ? 1e-9 : 1e-14) && gauge > 0.25 * _gauge;   // rounding is all that is left
            var wasSeparated = IsSeparating(gauge);
            _gauge = gauge;
            var converged = gauge <= problem.Tolerance || stalled || wasSeparated || suffices?.Invoke(evaluation, _factor) == true;
            if (converged || iterations >= problem.MaxIterations) { return End(evaluation, iterations, converged); }
            Step(evaluation);
        }
    }

    /// <summary>Evaluates again under the leverages there; information so far gone that a direction is lost is worse than any.</summary>
    void Penalise(Evaluation<TEvidence> evaluation)
    {
        var factor = Factorise(evaluation.Evidence);
        objective.Evaluate(_theta, _auxiliary, factor, evaluation);
        _logDeterminant = factor.Rank < _rank ? double.NegativeInfinity : factor.LogDeterminant;
        _rank = Math.Max(_rank, factor.Rank);
    }

    void Step(Evaluation<TEvidence> evaluation)
    {
        _theta.CopyTo(_previous, 0);
        var step = _memory?.Step(_theta, _gradient, _factor!) ?? _factor!.Step.ToArray();
        _promise = _memory is null ? _gauge : System.Numerics.Tensors.TensorPrimitives.Dot<double>(step, _gradient);
        if (problem.Firth && !problem.HasPenaltyValue && _move > LargestFirthMove)
        {
            // No surface is climbed that a halved step could be judged by, and a start that separates is far out.
            for (var i = 0; i < step.Length; i++) { step[i] *= LargestFirthMove / _move; }
        }
        Add(step);
        if (problem.HasAuxiliary)
        {
            _auxiliary = Math.Clamp(_auxiliary + AuxiliaryStep(evaluation), -Auxiliary.Bound, Auxiliary.Bound);
        }
    }

    void Add(ReadOnlySpan<double> step)
    {
        for (var i = 0; i < _theta.Length; i++) { _theta[i] += step[i]; }
    }

    NewtonSolution End(Evaluation<TEvidence> evaluation, int iterations, bool converged)
    {
        _factor ??= Factorise(evaluation.Evidence);
        var separated = new bool[_theta.Length];
        if (_moves >= PatienceWithMoves)
        {
            var step = _factor.Step.Span;
            for (var i = 0; i < separated.Length; i++) { separated[i] = Math.Abs(step[i]) * problem.Ranges[i] > 0.02 * _move; }
        }
        return new(_theta, _auxiliary, _factor, _gauge, iterations, converged, separated);
    }

    /// <summary>Whether the deviance fell by less than a share of what the quadratic promised for a full step (Armijo 1966), or is infinite.</summary>
    bool IsWorse(Evaluation<TEvidence> evaluation, double share)
    {
        var value = evaluation.Deviance;
        for (var i = 0; i < problem.Ridge.Length; i++) { value += problem.Ridge[i] * _theta[i] * _theta[i]; }
        foreach (var (a, b) in problem.Ties) { value += problem.TieWeight * (_theta[a] - _theta[b]) * (_theta[a] - _theta[b]); }
        if (problem.HasPenaltyValue) { value -= _logDeterminant; }
        if (!double.IsFinite(value)) { return true; }
        // Firth's correction of other links and an auxiliary parameter move the surface itself: only infinity is worse there.
        var comparable = (!problem.Firth || problem.HasPenaltyValue) && !problem.HasAuxiliary;
        var promised = double.IsFinite(_gauge) ? share * _promise : 0;
        if (comparable && value > _objective - promised + 1e-8 * (Math.Abs(_objective) + 0.1)) { return true; }
        _objective = value;
        return false;
    }

    /// <summary>Whether the slope along the step has turned, to more than half of what it was.</summary>
    bool Overshoots(Evaluation<TEvidence> evaluation, int halvings)
    {
        if (!problem.IsSharp || !double.IsFinite(_gauge) || !double.IsFinite(evaluation.Deviance)) { return false; }
        var score = new double[_theta.Length];
        evaluation.Evidence.CopyScore(score);
        var slope = 0.0;
        for (var i = 0; i < score.Length; i++)
        {
            slope += (score[i] - (problem.Ridge.Length == 0 ? 0 : problem.Ridge[i] * _theta[i])) * (_theta[i] - _previous[i]);
        }
        return slope < -0.5 * Math.ScaleB(_promise, -halvings);
    }

    /// <summary>The factor of the information itself where that is positive, else of the bound that the weights are.</summary>
    Factor FactoriseObserved(Evaluation<TEvidence> evaluation)
    {
        var bound = Factorise(evaluation.Evidence);
        evaluation.Indefinite = [];
        if (evaluation.Deficit is not { } deficit || evaluation.Evidence.Copy() is not FullInformation observed) { return bound; }
        observed.Reduce(deficit);
        var evidence = (TEvidence)(object)observed;
        var factor = Factorise(evidence);
        if (factor.Rank < bound.Rank)
        {
            evaluation.Indefinite = [.. factor.Aliased.Except(bound.Aliased)];
            return bound;
        }
        evaluation.Evidence = evidence;
        return factor;
    }

    Factor Factorise(TEvidence evidence)
    {
        evidence = problem.Tied(evidence, _theta);
        if (problem.Ridge.Length == 0) { return evidence.Factorise(problem.Order, default, default); }
        var shift = new double[_theta.Length];
        for (var i = 0; i < shift.Length; i++) { shift[i] = -_theta[i]; }
        return evidence.Factorise(problem.Order, problem.Ridge, shift);
    }

    /// <summary>Re-expresses θ so that everything not free is zero: <c>I θ′ = s + Iθ</c> over the free parameters.</summary>
    void Rebase(TEvidence evidence)
    {
        var origin = _theta.Select(t => -t).ToArray();
        evidence.Shift(origin);
        var factor = problem.Tied(evidence, new double[_theta.Length]).Factorise(problem.Order, problem.Ridge, problem.Ridge.Length == 0 ? default : new double[_theta.Length]);
        factor.Step.Span.CopyTo(_theta);
        _theta.CopyTo(_previous, 0);
        (_objective, _gauge) = (double.PositiveInfinity, double.PositiveInfinity);
        _memory?.Clear();
    }

    bool IsCanonical(IReadOnlyList<int> free)
    {
        var rest = _theta.ToArray();
        foreach (var i in free) { rest[i] = 0; }
        return Array.TrueForAll(rest, t => t == 0);
    }

    /// <summary><c>δᵀ(I + Λ)δ</c>, plus the auxiliary parameter's share.</summary>
    double Gauge(Evaluation<TEvidence> evaluation)
    {
        var step = _factor!.Step.Span;
        var product = new double[step.Length];
        evaluation.Evidence.Multiply(step, product);
        var gauge = 0.0;
        for (var i = 0; i < step.Length; i++) { gauge += step[i] * product[i]; }
        for (var i = 0; i < problem.Ridge.Length; i++)
        {
            gauge += problem.Ridge[i] * step[i] * step[i];
            product[i] += problem.Ridge[i] * step[i];
        }
        _gradient = product;
        if (problem.HasAuxiliary && Math.Abs(_auxiliary) < Auxiliary.Bound)
        {
            gauge += AuxiliaryStep(evaluation) * AuxiliaryStep(evaluation) * Math.Abs(evaluation.AuxiliaryInformation);
        }
        return Math.Max(gauge, 0);
    }

    static double AuxiliaryStep(Evaluation<TEvidence> evaluation) => evaluation.AuxiliaryInformation > 0
        ? Math.Clamp(evaluation.AuxiliaryScore / evaluation.AuxiliaryInformation, -1, 1)
        : Math.Sign(evaluation.AuxiliaryScore);

    bool IsSeparating(double gauge)
    {
        var move = 0.0;
        var step = _factor!.Step.Span;
        for (var i = 0; i < step.Length; i++) { move = Math.Max(move, Math.Abs(step[i]) * problem.Ranges[i]); }
        _moves = !problem.Firth && gauge < Fading && move > StillMoving && move > 0.5 * _move ? _moves + 1 : 0;
        _move = move;
        return _moves >= PatienceWithMoves;
    }
}

/// <summary>The auxiliary parameter's bounds.</summary>
static class Auxiliary
{
    /// <summary>Largest <c>|log θ|</c> of a negative binomial; beyond it the counts are Poisson to all digits.</summary>
    public const double Bound = 18;
}
