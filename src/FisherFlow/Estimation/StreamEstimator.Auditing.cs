using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>Auditing: what folding has lost, by the sample of folded rows.</summary>
sealed partial class StreamEstimator<TEvidence>
{
    const int AuditRounds = 20;
    const double Settled = 1e-8;      // a ten-thousandth of a standard error, over all directions together
    const double FarEnough = 0.01;    // a tenth of a standard error: information is looked at again

    /// <summary>Takes the step that audited rows say one pass has missed, <c>θ ← θ + c·I⁻¹Δs(θ)</c>, and reports what then remains unknown.</summary>
    /// <remarks><c>c = max(0, 1 − noise/signal)</c> keeps the sampling error of the audit itself from doing harm.</remarks>
    Estimate Audited(Estimate estimate, double auxiliary, Evaluation<TEvidence> evaluation, Identification identification, SandwichSums? sandwich)
    {
        if (_audit.Count == 0 || !estimate.Converged || estimate.Indefinite.Count > 0) { return IsMaximum ? estimate : estimate with { DistanceBound = double.NaN }; }
        var problem = Problem(identification, FinalTolerance);
        var known = problem.Tied(evaluation.Evidence, estimate.Theta);
        var remainder = _audit.Compare(Shape, estimate.Theta, auxiliary);
        var factor = Reweighted(estimate.Factor, known, problem, estimate.Theta, auxiliary, out var boundedRows);
        var signal = factor.QuadraticForm(remainder.Score);
        if (!double.IsFinite(signal)) { return estimate with { DistanceBound = double.NaN }; }
        if (signal == 0) { return estimate; }
        var noise = AuditNoise.Of(_audit, _audit.View(Shape), remainder, factor);
        var share = Math.Max(0, 1 - noise.Gauge / signal);
        var missing = new MissingStep(this, estimate, auxiliary, known, problem.Ridge);
        var whole = missing.Find(remainder, factor, out var rest);
        var step = new double[whole.Length];
        TensorPrimitives.Multiply(whole, share, step);
        var theta = Sum(estimate.Theta, step);
        if (share * share * signal > FarEnough) { factor = Reweighted(estimate.Factor, known, problem, theta, auxiliary, out boundedRows); }
        var after = missing.Compare(theta, wantsPearson: true);
        var curvature = Curvature(evaluation.Evidence, step);
        var pearson = estimate.Pearson + after.Pearson + curvature;
        var responses = estimate.Responses;
        if (Model.HasAuxiliary) { (responses.Saturated, responses.Carrier) = (responses.Saturated + after.Saturated, responses.Carrier + after.Carrier); }
        var degrees = _responses.Observations - factor.Rank;
        var dispersion = Model.EstimatesDispersion && degrees > 0 && pearson > 0 ? pearson / degrees : 1;
        return estimate with
        {
            Theta = theta,
            Factor = factor,
            BoundedRows = boundedRows,
            Meat = missing.Meat(sandwich, theta),
            Responses = responses,
            NullDeviance = Model.HasAuxiliary ? NullDeviance(responses, auxiliary) : estimate.NullDeviance,
            Deviance = estimate.Deviance + after.Deviance + curvature,
            Pearson = pearson,
            ScoreGauge = (estimate.ScoreGauge + share * share * noise.Gauge + (1 - share) * (1 - share) * signal) / dispersion,
            DistanceBound = Bound(estimate, factor, noise, whole, rest, share) / Math.Sqrt(dispersion),
        };
    }

    /// <summary>Whether a solution is the maximum itself: nothing was folded, or folding lost nothing.</summary>
    bool IsMaximum => _foldedRows == 0 || Model.IsQuadratic || _passes > 1;

    /// <summary>What no coefficient is farther away than, in its standard errors, in nineteen of twenty cases: the audit's noise, what shrinking holds back, and what Newton has left.</summary>
    static double Bound(Estimate estimate, Factor factor, in AuditNoise noise, double[] missing, double[] rest, double share)
    {
        var (variances, deviations, newton) = (new double[factor.Rank], new double[factor.Rank], 0.0);
        factor.InverseDiagonal(variances);
        for (var i = 0; i < factor.Rank; i++)
        {
            var parameter = factor.Kept[i];
            if (estimate.Separated[parameter]) { continue; }
            var held = (1 - share) * (1 - share) * Math.Max(missing[parameter] * missing[parameter], noise.Variances[i]);
            deviations[i] = Math.Sqrt((share * share * noise.Variances[i] + held) / variances[i]);
            newton = Math.Max(newton, Math.Abs(rest[parameter]) / Math.Sqrt(variances[i]));
        }
        return AuditNoise.Limit(deviations) + newton;
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
    Factor Reweighted(Factor factor, TEvidence known, NewtonProblem problem, double[] theta, double auxiliary, out long boundedRows)
    {
        var corrected = known.ToFull();
        _audit.Correct(corrected, Shape, theta, auxiliary);
        var reweighted = corrected.Factorise(problem.Order, problem.Ridge, problem.Ridge.Length == 0 ? default : new double[problem.Ridge.Length]);
        var isTaken = reweighted.Rank == factor.Rank;
        boundedRows = isTaken ? 0 : _boundedRows;   // the audit has put information in the place of bounds
        return isTaken ? reweighted : factor;
    }

    /// <summary>Newton on the corrected score: <c>δ ← δ + I⁻¹(Δs(θ + δ) − I_q δ)</c>, I_q being the quadratic's own information; rows still at hand are compared as if they were folded at θ.</summary>
    sealed class MissingStep(StreamEstimator<TEvidence> state, Estimate estimate, double auxiliary, TEvidence known, double[] ridge)
    {
        readonly Audit _held = Audit.Holding(state.Model, state._buffer.Rows, state._buffer.Count, state.Shape, estimate.Theta, auxiliary);

        /// <summary>Truth less quadratic at θ <c>[d]</c>.</summary>
        public Remainder Compare(double[] theta, bool wantsPearson = false)
        {
            var remainder = state._audit.Compare(state.Shape, theta, auxiliary, wantsPearson);
            if (_held.Count > 0) { remainder.Add(_held.Compare(state.Shape, theta, auxiliary, wantsPearson)); }
            return remainder;
        }

        /// <summary>Score products of all rows at θ <c>[d]</c>; as they were where the sample says too little of clusters.</summary>
        public FullInformation? Meat(SandwichSums? sums, double[] theta)
        {
            if (sums is null) { return estimate.Meat; }
            var (corrected, excess) = (sums.Copy(), new FullInformation(theta.Length));
            state._audit.Correct(corrected, excess, state.Shape, theta, auxiliary);
            _held.Correct(corrected, excess, state.Shape, theta, auxiliary);
            var meat = corrected.Meat();
            if (sums.Kind != Sandwich.Clusters) { return meat; }
            var (before, noise) = (new double[theta.Length], new double[theta.Length]);
            meat.CopyDiagonal(before);
            excess.CopyDiagonal(noise);
            for (var i = 0; i < noise.Length; i++)
            {
                if (noise[i] > 0.5 * before[i]) { return estimate.Meat; }
            }
            meat.Reduce(excess);
            return meat;
        }

        /// <summary>The step <c>[d]</c>, and the last move, which bounds what is left of it.</summary>
        public double[] Find(Remainder remainder, Factor factor, out double[] rest)
        {
            var (step, gap, move) = (new double[estimate.Theta.Length], new double[estimate.Theta.Length], new double[estimate.Theta.Length]);
            var last = double.PositiveInfinity;
            for (var round = 0; round < AuditRounds && last > Settled; round++)
            {
                if (round > 0) { remainder = Compare(Sum(estimate.Theta, step)); }
                known.Multiply(step, gap);
                for (var i = 0; i < gap.Length; i++) { gap[i] = estimate.Separated[i] ? 0 : remainder.Score[i] - gap[i] - (ridge.Length == 0 ? 0 : ridge[i] * step[i]); }
                var gauge = factor.QuadraticForm(gap);
                if (gauge < last && double.IsFinite(remainder.Deviance))
                {
                    factor.Solve(gap, move);
                    last = gauge;
                    for (var i = 0; i < step.Length; i++) { step[i] += move[i] = estimate.Separated[i] ? 0 : move[i]; }
                    continue;
                }
                for (var i = 0; i < step.Length; i++) { step[i] -= move[i] /= 2; }   // too far
            }
            rest = move;
            return step;
        }
    }
}
