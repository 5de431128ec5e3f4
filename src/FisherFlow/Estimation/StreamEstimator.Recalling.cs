using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>Recalling: where no step along a score leads from the one-pass estimate to the maximum, the sampled rows come back, their quadratics go, and the whole is climbed anew.</summary>
/// <remarks>That is so between corners, for an estimate at which folded rows have no likelihood (inverse links), and where one pass did not converge.</remarks>
sealed partial class StreamEstimator<TEvidence>
{
    Estimate Recalled(Estimate estimate, double auxiliary, Identification identification, SandwichSums? sandwich, bool startsAfresh)
    {
        var (folded, sums) = NotRecalled();
        var rows = _audit.Recalled(_buffer);
        var objective = new RecalledObjective(folded, new(Model, Options.Threads), rows);
        var problem = Problem(identification, FinalTolerance) with { Canonical = true, StartAtResponses = startsAfresh };
        var evaluation = new Evaluation<FullInformation>(estimate.Theta.Length) { Deficit = MayBeIndefinite ? new(estimate.Theta.Length) : null };
        var start = estimate.Theta;
        if (startsAfresh) { Model.Start(Shape, _responses, rows.Rows, start = new double[start.Length]); }
        var solution = Newton(objective, problem, null, start, auxiliary, evaluation, model => new RecalledObjective(folded, new(model, Options.Threads), rows));
        if (!solution.Converged || solution.Factor.Rank != estimate.Factor.Rank || evaluation.Indefinite.Count > 0)
        {
            var hasLikelihood = !startsAfresh || estimate.Indefinite.Count > 0;
            return estimate with { DistanceBound = double.NaN, Converged = estimate.Converged && hasLikelihood };
        }
        var whole = BatchObjective<FullInformation>.Difference(solution.Theta, estimate.Theta);
        var noise = AuditNoise.Of(_audit, _audit.View(Shape), _audit.CompareScores(Shape, solution.Theta, solution.Auxiliary), solution.Factor);
        var signal = Curvature(evaluation.Evidence, whole);
        var share = startsAfresh || IsWholeInMemory ? 1 : AuditNoise.Share(signal, noise.Gauge);
        var (theta, factor) = (solution.Theta, solution.Factor);
        if (share < 1)
        {
            theta = [.. estimate.Theta];
            TensorPrimitives.MultiplyAdd(whole, share, theta, theta);
            objective.Evaluate(theta, solution.Auxiliary, null, evaluation);
            factor = evaluation.Evidence.Factorise(problem.Order, problem.Ridge, problem.Ridge.Length == 0 ? default : new double[theta.Length]);
        }
        sums.Deviance += evaluation.Deviance;
        sums.Pearson += evaluation.Sums.Pearson + evaluation.Deviance - evaluation.Sums.Deviance;
        var dispersion = Dispersion(sums.Pearson, factor.Rank);
        var responses = Completed(sums, evaluation.Sums);
        var held = sandwich is null ? null : Audit.Holding(Model, _buffer.Rows, _buffer.Count, Shape, estimate.Theta, auxiliary);
        return estimate with
        {
            Theta = theta,
            Factor = factor,
            Separated = solution.Separated,
            Indefinite = [],
            Converged = true,
            BoundedRows = 0,
            Meat = Meat(estimate, sandwich, held, theta, solution.Auxiliary),
            Responses = responses,
            NullDeviance = NullDeviance(responses, solution.Auxiliary),
            Auxiliary = MovesAuxiliary ? Math.Exp(solution.Auxiliary) : null,
            AuxiliaryStandardError = MovesAuxiliary && evaluation.AuxiliaryInformation > 0 ? Math.Exp(solution.Auxiliary) / Math.Sqrt(evaluation.AuxiliaryInformation) : null,
            Deviance = sums.Deviance,
            Pearson = sums.Pearson,
            ScoreGauge = (solution.Gauge + share * share * noise.Gauge + (1 - share) * (1 - share) * signal) / dispersion,
            DistanceBound = IsWholeInMemory ? 0 : double.NaN,   // what a sample's noise is worth so far off, nobody knows
            Iterations = estimate.Iterations + solution.Iterations,
        };
    }

    /// <summary>What stands for the folded rows that the sample does not: their quadratic, and its sums at the anchor. Nothing where the sample holds all.</summary>
    (FoldedPart<FullInformation> Part, FitSums Sums) NotRecalled()
    {
        if (IsWholeInMemory) { return (new(Shape, null, Anchor, _ => (0, 0)), default); }
        var evidence = Evidence.ToFull();
        var recalled = _audit.Withdraw(evidence, Shape, Anchor, _auxiliary);
        var correction = Evidence.ResidualSum - _foldedResidual;
        var rest = new FitSums
        {
            Deviance = _folded.Deviance + correction - recalled.Deviance,
            Pearson = _folded.Pearson + correction - recalled.Pearson,
            Saturated = _folded.Saturated - recalled.Saturated,
            Carrier = _folded.Carrier - recalled.Carrier,
            AuxiliaryScore = _auxiliaryScore - recalled.AuxiliaryScore,
            AuxiliaryInformation = _auxiliaryInformation - recalled.AuxiliaryInformation,
        };
        return (new(Shape, evidence, Anchor, auxiliary => (rest.AuxiliaryScore - rest.AuxiliaryInformation * (auxiliary - _auxiliary), rest.AuxiliaryInformation)), rest);
    }

    /// <summary>Recalled rows and those at hand, plus the quadratic that is left of the folded ones: near zero, and not always a maximum's.</summary>
    sealed class RecalledObjective(FoldedPart<FullInformation> folded, RowAccumulator<FullInformation> accumulator, RowBuffer rows) : IObjective<FullInformation>
    {
        readonly BatchObjective<FullInformation> _all = new(folded, accumulator, rows, rows.Count);

        /// <inheritdoc/>
        public void Evaluate(double[] theta, double auxiliary, Factor? leverages, Evaluation<FullInformation> into)
        {
            _all.Evaluate(theta, auxiliary, leverages, into);
            if (folded.Evidence is null) { return; }
            var (step, score) = (BatchObjective<FullInformation>.Difference(theta, folded.Anchor), new double[theta.Length]);
            folded.Evidence.CopyScore(score);
            into.Deviance = into.Sums.Deviance + Curvature(folded.Evidence, step) - 2 * TensorPrimitives.Dot(score, step);   // a residual would stop at zero
        }

        /// <inheritdoc/>
        public void EvaluateAtResponses(double[] theta, Evaluation<FullInformation> into) => _all.EvaluateAtResponses(theta, into);
    }
}
