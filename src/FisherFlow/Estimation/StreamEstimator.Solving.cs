using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>Solving: the estimate of everything seen, without changing the state.</summary>
sealed partial class StreamEstimator<TEvidence>
{
    const double FinalTolerance = 1e-16;   // a hundred-millionth of a standard error, over all directions together
    const double Negligible = 1e-8;
    const double PreviewTolerance = 1e-2;

    /// <inheritdoc/>
    public override Estimate Solve(Identification identification)
    {
        var (evaluation, solution) = Climb(identification, FinalTolerance, _buffer);
        var theta = Finish(evaluation, solution);
        var sandwich = _sandwich?.Copy();
        if (sandwich is not null)
        {
            var again = default(FitSums);
            _accumulator.Add(_buffer.Rows, 0, _buffer.Count, new(Shape, theta, solution.Auxiliary) { Sandwich = sandwich }, null, ref again);
        }
        var correction = (_foldedRows > 0 ? evaluation.Deviance - evaluation.Sums.Deviance : 0) - _foldedResidual;
        var estimate = Describe(evaluation, solution, theta, sandwich) with
        {
            Deviance = Model.IsQuadratic ? evaluation.Evidence.ResidualSum : _folded.Deviance + evaluation.Sums.Deviance + correction,
            Pearson = Model.IsQuadratic ? evaluation.Evidence.ResidualSum : _folded.Pearson + evaluation.Sums.Pearson + correction,
            NullDeviance = NullDeviance(Completed(_folded, evaluation.Sums), solution.Auxiliary),
            Iterations = _iterations + solution.Iterations,
        };
        return Audited(estimate, solution.Auxiliary, evaluation, identification, sandwich);
    }

    /// <inheritdoc/>
    public override double[] Preview(out ModelShape shape)
    {
        shape = Shape;
        if (_foldedRows > 0) { return Anchor; }
        var (_, solution) = Climb(new(Schema, Model, shape: Shape), PreviewTolerance, _buffer);
        return solution.Theta;
    }

    /// <inheritdoc/>
    public override double Loss(Block block, double[] theta, in ModelShape shape)
    {
        var grown = new ModelShape(shape.DenseColumns, Math.Max(shape.Columns, block.Shape.Columns), Math.Max(shape.Outcomes, block.Shape.Outcomes));
        var known = grown == shape ? theta : ParameterLayout.Move(theta, ParameterLayout.Between(Model, shape, grown), Model.Dimension(grown));
        var sums = default(FitSums);
        _accumulator.Add(block, 0, block.Count, new(grown, known, _auxiliary), null, ref sums);
        return sums.Deviance / 2;
    }

    (Evaluation<TEvidence> Evaluation, NewtonSolution Solution) Climb(Identification identification, double tolerance, RowBuffer buffer)
    {
        var evaluation = NewEvaluation();
        var problem = Problem(identification, tolerance) with { Canonical = true };
        if (Array.Exists(_separated, s => s)) { problem = problem with { Tolerance = ColdTolerance }; }
        var objective = new BatchObjective<TEvidence>(Folded, _accumulator, buffer, buffer.Count);
        return (evaluation, Newton(objective, problem, null, FirstTheta(), _auxiliary, evaluation, model => Objective(model, buffer, buffer.Count)));
    }

    /// <summary>Takes the step that remains and moves the evidence along, where every direction is finite.</summary>
    double[] Finish(Evaluation<TEvidence> evaluation, NewtonSolution solution)
    {
        var theta = solution.Theta.ToArray();
        if (!solution.Converged || solution.Gauge > Negligible || Array.Exists(solution.Separated, s => s) || HasCorners) { return theta; }   // a step by the quadratic would leave the corner
        var step = solution.Factor.Step.Span;
        for (var i = 0; i < theta.Length; i++) { theta[i] += step[i]; }
        evaluation.Evidence.Shift(step);
        return theta;
    }

    Estimate Describe(Evaluation<TEvidence> evaluation, NewtonSolution solution, double[] theta, SandwichSums? sandwich) => new()
    {
        Shape = Shape,
        Theta = theta,
        Factor = solution.Factor,
        Indefinite = evaluation.Indefinite,
        BoundedRows = _boundedRows,
        Information = solution.Factor.Aliased.Count > 0 ? evaluation.Evidence.ToDense() : null,
        Separated = _buffer.Count == 0 && _separated.Length > 0 ? _separated : WithSilentLevels(solution.Separated, solution.Factor, evaluation.Evidence),
        Meat = sandwich?.Meat(),
        Clusters = sandwich?.Clusters ?? 0,
        Responses = Completed(_folded, evaluation.Sums),
        Deviance = evaluation.Sums.Deviance,
        Pearson = evaluation.Sums.Pearson,
        Auxiliary = MovesAuxiliary ? Math.Exp(solution.Auxiliary) : null,
        AuxiliaryStandardError = MovesAuxiliary && evaluation.AuxiliaryInformation > 0 ? Math.Exp(solution.Auxiliary) / Math.Sqrt(evaluation.AuxiliaryInformation) : null,
        ScoreGauge = solution.Gauge,
        DistanceBound = 0,
        Iterations = solution.Iterations,
        Passes = _passes,
        Converged = solution.Converged && !_unfinished,
        Ridge = Options.Ridge,
    };

    /// <summary>A level whose rows, folded ones included, hold less than a twentieth of an event of information has run away while they were folded.</summary>
    /// <remarks>At a finite estimate a level with a single event has information of about one.</remarks>
    bool[] WithSilentLevels(bool[] separated, Factor factor, TEvidence evidence)
    {
        if (_foldedRows == 0 || CountsRows || Options.Ridge > 0 || _responses.Observations == 0) { return separated; }
        var (all, diagonal) = (separated.ToArray(), new double[separated.Length]);
        evidence.CopyDiagonal(diagonal);
        var unit = _responses.Weight / _responses.Observations;
        var kept = factor.Kept.ToHashSet();
        for (var o = 0; o < (Model.IsOrdinal ? 1 : Shape.Outcomes); o++)
        {
            ForEachLevel(o, (term, parameter) => all[parameter] |= Schema.Terms[term].Numeric.Length == 0 && kept.Contains(parameter) && diagonal[parameter] < 0.05 * unit);
        }
        if (!Model.IsOrdinal) { return all; }
        var last = Shape.Outcomes - 1;   // a cut point with no row beyond it
        for (var outcome = 0; outcome < last && IsSilent(outcome); outcome++) { all[Model.Parameter(Shape, outcome, -1)] = true; }
        for (var outcome = last; outcome > 0 && IsSilent(outcome); outcome--) { all[Model.Parameter(Shape, outcome - 1, -1)] = true; }
        return all;
    }

    /// <summary>Whether no row has had the outcome.</summary>
    bool IsSilent(int outcome) => outcome >= _responses.OutcomeWeights.Length || !(_responses.OutcomeWeights[outcome] > 0);

    /// <summary>Sums over responses; with an auxiliary parameter some depend on it, and come from the fit.</summary>
    ResponseSums Completed(in FitSums folded, in FitSums buffered) => Model.HasAuxiliary
        ? _responses with { Saturated = folded.Saturated + buffered.Saturated, Carrier = folded.Carrier + buffered.Carrier }
        : _responses.Detached();

    double? NullDeviance(in ResponseSums responses, double auxiliary)
    {
        if (_null is null) { return Model.NullDeviance(responses, Schema.HasIntercept, auxiliary); }
        var before = _null._auxiliary;
        _null.Follow(auxiliary);
        var estimate = _null.Solve(new(_null.Schema, _null.Model));
        _null.Follow(before);   // asking changes nothing
        return estimate.Converged && double.IsFinite(estimate.Deviance) ? estimate.Deviance : null;
    }
}
