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
            NullDeviance = NullDeviance(solution.Auxiliary),
            Iterations = _iterations + solution.Iterations,
        };
        return Audited(estimate, theta, solution.Auxiliary);
    }

    /// <inheritdoc/>
    public override double[] Preview()
    {
        if (_foldedRows > 0) { return Anchor; }
        var (_, solution) = Climb(new(Schema, Model, shape: Shape), PreviewTolerance, _buffer);
        return solution.Theta;
    }

    /// <inheritdoc/>
    public override double Loss(Block block, double[] theta)
    {
        var known = new double[Model.Dimension(Shape)];
        theta.AsSpan(0, Math.Min(theta.Length, known.Length)).CopyTo(known);
        var sums = default(FitSums);
        _accumulator.Add(block, 0, block.Count, new(Shape, known, _auxiliary), null, ref sums);
        return sums.Deviance / 2;
    }

    (Evaluation<TEvidence> Evaluation, NewtonSolution Solution) Climb(Identification identification, double tolerance, RowBuffer buffer)
    {
        var evaluation = new Evaluation<TEvidence>(Evidence.Dimension);
        var start = Start(identification, out var problem, tolerance);
        var objective = new BatchObjective<TEvidence>(this, _accumulator, buffer, splits: false);
        return (evaluation, new ProximalNewton<TEvidence>(objective, problem).Run(start, _auxiliary, evaluation));
    }

    double[] Start(Identification identification, out NewtonProblem problem, double tolerance)
    {
        problem = Problem(identification, tolerance) with { Canonical = true };
        if (Array.Exists(_separated, s => s)) { problem = problem with { Tolerance = ColdTolerance }; }
        var start = Anchor.ToArray();
        if (_foldedRows == 0) { _ = Model.Start(Shape, _responses, start); }
        return start;
    }

    /// <summary>Takes the step that remains and moves the evidence along, where every direction is finite.</summary>
    static double[] Finish(Evaluation<TEvidence> evaluation, NewtonSolution solution)
    {
        var theta = solution.Theta.ToArray();
        if (!solution.Converged || solution.Gauge > Negligible || Array.Exists(solution.Separated, s => s)) { return theta; }
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
        Separated = _buffer.Count == 0 && _separated.Length > 0 ? _separated : solution.Separated,
        Meat = sandwich?.Meat(),
        Clusters = sandwich?.Clusters ?? 0,
        Responses = _responses,
        Deviance = evaluation.Sums.Deviance,
        Pearson = evaluation.Sums.Pearson,
        Auxiliary = Model.HasAuxiliary ? Math.Exp(solution.Auxiliary) : null,
        AuxiliaryStandardError = Model.HasAuxiliary && evaluation.AuxiliaryInformation > 0 ? Math.Exp(solution.Auxiliary) / Math.Sqrt(evaluation.AuxiliaryInformation) : null,
        ScoreGauge = solution.Gauge,
        DistanceBound = 0,
        Iterations = solution.Iterations,
        Passes = _passes,
        Converged = solution.Converged && !_unfinished,
        Ridge = Options.Ridge,
    };

    /// <summary>Adds what the audited rows say of the score that one pass has left over.</summary>
    Estimate Audited(Estimate estimate, double[] theta, double auxiliary)
    {
        if (_audit.Count == 0) { return estimate; }
        var remainder = _audit.Remainder(Model, Shape, theta, auxiliary, _workspace);
        var factor = estimate.Factor;
        var move = new double[theta.Length];
        factor.Solve(remainder, move);
        var variances = factor.InverseDiagonal();
        var worst = 0.0;
        for (var i = 0; i < factor.Rank; i++)
        {
            if (!estimate.Separated[factor.Kept[i]]) { worst = Math.Max(worst, Math.Abs(move[factor.Kept[i]]) / Math.Sqrt(variances[i])); }
        }
        var degrees = _responses.Observations - factor.Rank;
        var dispersion = Model.EstimatesDispersion && degrees > 0 && estimate.Pearson > 0 ? estimate.Pearson / degrees : 1;
        return estimate with
        {
            ScoreGauge = (estimate.ScoreGauge + factor.QuadraticForm(remainder)) / dispersion,
            DistanceBound = worst / Math.Sqrt(dispersion),
        };
    }

    double? NullDeviance(double auxiliary)
    {
        if (_null is null) { return _hasOffset ? null : Model.NullDeviance(_responses); }
        _null.Follow(auxiliary);
        var estimate = _null.Solve(new(_null.Schema, _null.Model));
        return estimate.Converged && double.IsFinite(estimate.Deviance) ? estimate.Deviance : null;
    }
}
