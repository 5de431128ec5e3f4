using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>Solving: the estimate of everything seen, without changing the state.</summary>
sealed partial class StreamEstimator<TEvidence>
{
    const double FinalTolerance = 1e-16;   // a hundred-millionth of a standard error, over all directions together
    const double Negligible = 1e-8;
    const int AuditRounds = 4;
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
        return Audited(estimate, solution.Auxiliary, evaluation, identification);
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
        return all;
    }

    /// <summary>Takes the step that audited rows say one pass has missed, <c>θ ← θ + c·I⁻¹Δs(θ)</c>, and reports what then remains unknown.</summary>
    /// <remarks><c>c = max(0, 1 − noise/signal)</c> keeps the sampling error of the audit itself from doing harm.</remarks>
    Estimate Audited(Estimate estimate, double auxiliary, Evaluation<TEvidence> evaluation, Identification identification)
    {
        if (_audit.Count == 0 || !estimate.Converged) { return IsMaximum ? estimate : estimate with { DistanceBound = double.NaN }; }
        var remainder = _audit.Compare(Model, Shape, estimate.Theta, auxiliary, _workspace);
        var factor = Reweighted(estimate.Factor, evaluation.Evidence, remainder, identification);
        var signal = factor.QuadraticForm(remainder.Score);
        if (!(signal > 0) || !double.IsFinite(signal)) { return estimate; }
        var noise = AuditNoise.Of(_audit, remainder, factor);
        var share = Math.Max(0, 1 - noise.Gauge / signal);
        var step = MissingStep(estimate, auxiliary, evaluation.Evidence, factor, Ridge(identification));
        for (var i = 0; i < step.Length; i++) { step[i] *= share; }
        var theta = Sum(estimate.Theta, step);
        var variances = new double[factor.Rank];
        factor.InverseDiagonal(variances);
        var worst = 0.0;
        for (var i = 0; i < factor.Rank; i++)
        {
            var left = (1 / Math.Max(share, 0.01) - 1) * step[factor.Kept[i]];
            if (!estimate.Separated[factor.Kept[i]]) { worst = Math.Max(worst, (share * share * noise.Variances[i] + left * left) / variances[i]); }
        }
        var degrees = _responses.Observations - factor.Rank;
        var dispersion = Model.EstimatesDispersion && degrees > 0 && estimate.Pearson > 0 ? estimate.Pearson / degrees : 1;
        var after = _audit.Compare(Model, Shape, theta, auxiliary, _workspace);
        var responses = estimate.Responses;
        if (Model.HasAuxiliary) { (responses.Saturated, responses.Carrier) = (responses.Saturated + after.Saturated, responses.Carrier + after.Carrier); }
        return estimate with
        {
            Theta = theta,
            Factor = factor,
            Responses = responses,
            NullDeviance = Model.HasAuxiliary ? NullDeviance(responses, auxiliary) : estimate.NullDeviance,
            Deviance = estimate.Deviance + after.Deviance + Curvature(evaluation.Evidence, step),
            ScoreGauge = (estimate.ScoreGauge + share * share * noise.Gauge + (1 - share) * (1 - share) * signal) / dispersion,
            DistanceBound = 2 * Math.Sqrt(worst / dispersion),   // two standard errors of the audit
        };
    }

    /// <summary>Whether a solution is the maximum itself: nothing was folded, or folding lost nothing.</summary>
    bool IsMaximum => _foldedRows == 0 || Model.IsQuadratic || _passes > 1;

    /// <summary>Newton on the corrected score: <c>δ ← δ + I⁻¹(Δs(θ + δ) − I_q δ)</c>, I_q being the quadratic's own information.</summary>
    double[] MissingStep(Estimate estimate, double auxiliary, TEvidence evidence, Factor factor, double[] ridge)
    {
        var (step, gap, move) = (new double[estimate.Theta.Length], new double[estimate.Theta.Length], new double[estimate.Theta.Length]);
        for (var round = 0; round < AuditRounds; round++)
        {
            var remainder = _audit.Compare(Model, Shape, Sum(estimate.Theta, step), auxiliary, _workspace);
            evidence.Multiply(step, gap);
            for (var i = 0; i < gap.Length; i++) { gap[i] = remainder.Score[i] - gap[i] - (ridge.Length == 0 ? 0 : ridge[i] * step[i]); }
            factor.Solve(gap, move);
            for (var i = 0; i < step.Length; i++) { step[i] += estimate.Separated[i] ? 0 : move[i]; }
        }
        return step;
    }

    static double Curvature(TEvidence evidence, double[] step)
    {
        var product = new double[step.Length];
        evidence.Multiply(step, product);
        return TensorPrimitives.Dot(step, product);
    }

    static double[] Sum(double[] a, double[] b)
    {
        var sum = new double[a.Length];
        TensorPrimitives.Add(a, b, sum);
        return sum;
    }

    /// <summary>The factor under today's information weights: what folded rows weighed when they were folded, plus what the audit says has changed.</summary>
    /// <remarks>In the Gram form; a factor that would identify fewer parameters is not taken.</remarks>
    Factor Reweighted(Factor factor, TEvidence evidence, in Remainder remainder, Identification identification)
    {
        var corrected = evidence.ToFull();
        corrected.Correct(_audit.Rows.Rows(0, _audit.Count), remainder.Weights);
        var ridge = Ridge(identification);
        var reweighted = corrected.Factorise(identification.Order(), ridge, ridge.Length == 0 ? default : new double[ridge.Length]);
        return reweighted.Rank == factor.Rank ? reweighted : factor;
    }

    /// <summary>Sums over responses; with an auxiliary parameter some depend on it, and come from the fit.</summary>
    ResponseSums Completed(in FitSums folded, in FitSums buffered) => Model.HasAuxiliary
        ? _responses with { Saturated = folded.Saturated + buffered.Saturated, Carrier = folded.Carrier + buffered.Carrier }
        : _responses;

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
