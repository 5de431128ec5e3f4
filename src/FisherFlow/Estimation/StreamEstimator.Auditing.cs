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
    const double NearEnough = 1e-4;   // a hundredth: rows at hand are their quadratic
    const double Contraction = 0.1;   // of the gauge, by a move; where it is slower, too

    /// <summary>Takes the step that audited rows say one pass has missed, <c>θ ← θ + c·I⁻¹Δs(θ)</c>, and reports what then remains unknown.</summary>
    /// <remarks><c>c = max(0, 1 − noise/signal)</c> keeps the sampling error of the audit itself from doing harm.</remarks>
    Estimate Audited(Estimate estimate, double auxiliary, Evaluation<TEvidence> evaluation, Identification identification, SandwichSums? sandwich)
    {
        if (_audit.Count == 0 || !estimate.Converged || estimate.Indefinite.Count > 0) { return IsMaximum ? estimate : estimate with { DistanceBound = double.NaN }; }
        var problem = Problem(identification, FinalTolerance);
        var unit = Dispersion(estimate.Pearson, estimate.Factor.Rank);
        var missing = new MissingStep(this, estimate, auxiliary, problem.Tied(evaluation.Evidence, estimate.Theta), problem, unit);
        var remainder = _audit.CompareScores(Shape, estimate.Theta, auxiliary);
        var factor = missing.Reweighted(estimate.Factor, estimate.Theta);
        var signal = factor.QuadraticForm(remainder.Score);
        if (!double.IsFinite(signal)) { return estimate with { DistanceBound = double.NaN }; }
        if (signal == 0) { return estimate; }
        var isFar = signal > FarEnough * unit;
        if (signal > NearEnough * unit || Model.EstimatesDispersion || Model.HasAuxiliary) { missing.Hold(); }
        var whole = missing.Find(remainder, ref factor, out var rest);
        if (isFar) { signal = missing.LookAgain(whole, ref remainder, ref factor); }
        var noise = AuditNoise.Of(_audit, _audit.View(Shape), remainder, factor);
        var share = signal > noise.Gauge ? 1 - noise.Gauge / signal : 0;
        var step = new double[whole.Length];
        TensorPrimitives.Multiply(whole, share, step);
        var theta = Sum(estimate.Theta, step);
        if (isFar && share < 1) { factor = missing.Reweighted(factor, theta); }
        var after = missing.Compare(theta);
        var curvature = Curvature(evaluation.Evidence, step);
        var pearson = estimate.Pearson + after.Pearson + curvature;
        var responses = estimate.Responses;
        if (Model.HasAuxiliary) { (responses.Saturated, responses.Carrier) = (responses.Saturated + after.Saturated, responses.Carrier + after.Carrier); }
        var dispersion = Dispersion(pearson, factor.Rank);
        return estimate with
        {
            Theta = theta,
            Factor = factor,
            BoundedRows = missing.BoundedRows,
            Meat = missing.Meat(sandwich, theta),
            Responses = responses,
            NullDeviance = Model.HasAuxiliary ? NullDeviance(responses, auxiliary) : estimate.NullDeviance,
            Deviance = estimate.Deviance + after.Deviance + curvature,
            Pearson = pearson,
            ScoreGauge = (estimate.ScoreGauge + share * share * noise.Gauge + (1 - share) * (1 - share) * signal) / dispersion,
            DistanceBound = HasCorners ? double.NaN : Bound(estimate, factor, noise, whole, rest, share) / Math.Sqrt(dispersion),   // between corners a score says little of how far the right one is
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

    /// <summary>The unit of information: the estimated dispersion, or 1.</summary>
    double Dispersion(double pearson, int rank) => Model.EstimatesDispersion && _responses.Observations > rank && pearson > 0 ? pearson / (_responses.Observations - rank) : 1;

    static double Curvature<TAny>(TAny evidence, double[] step) where TAny : class, IEvidence<TAny>
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

    /// <summary>Newton on the corrected score: <c>δ ← δ + I⁻¹(Δs(θ + δ) − I_q δ)</c>, I_q being the quadratic's own information; rows still at hand may be compared as if they were folded at θ.</summary>
    sealed class MissingStep(StreamEstimator<TEvidence> state, Estimate estimate, double auxiliary, TEvidence known, NewtonProblem problem, double unit)
    {
        Audit? _held;

        /// <summary>Rows whose information is a bound still.</summary>
        public long BoundedRows { get; private set; } = state._boundedRows;

        /// <summary>Compares the rows at hand too: after a step so small that this is not asked for, a quadratic about θ is as good as they are, but for sums that dispersions are made of.</summary>
        public void Hold() => _held = Audit.Holding(state.Model, state._buffer.Rows, state._buffer.Count, state.Shape, estimate.Theta, auxiliary);

        /// <summary>The factor under the information weights at θ <c>[d]</c>.</summary>
        public Factor Reweighted(Factor factor, double[] theta) => Factorise(Information(theta), factor);

        /// <summary>Looks where a step leads, for what the sample says of its noise there; returns the step's squared length by the information there.</summary>
        public double LookAgain(double[] step, ref Remainder remainder, ref Factor factor)
        {
            var theta = Sum(estimate.Theta, step);
            var information = Information(theta);
            remainder = state._audit.CompareScores(state.Shape, theta, auxiliary);
            factor = Factorise(information, factor);
            return Curvature(information, step);
        }

        /// <summary>What rows weighed when they were folded, plus what has changed.</summary>
        FullInformation Information(double[] theta)
        {
            var corrected = known.ToFull();
            state._audit.Correct(corrected, state.Shape, theta, auxiliary);
            _held?.Correct(corrected, state.Shape, theta, auxiliary);
            return corrected;
        }

        /// <summary>In the Gram form; a factor that would identify fewer parameters than the one at hand is not taken.</summary>
        Factor Factorise(FullInformation information, Factor atHand)
        {
            var ridge = problem.Ridge;
            var factor = information.Factorise(problem.Order, ridge, ridge.Length == 0 ? default : new double[ridge.Length]);
            if (factor.Rank != atHand.Rank) { return atHand; }
            BoundedRows = 0;   // the audit has put information in the place of bounds
            return factor;
        }

        /// <summary>Truth less quadratic at θ <c>[d]</c>, sums included.</summary>
        public Remainder Compare(double[] theta)
        {
            var remainder = state._audit.Compare(state.Shape, theta, auxiliary, wantsPearson: true);
            if (_held is not null) { remainder.Add(_held.Compare(state.Shape, theta, auxiliary, wantsPearson: true)); }
            return remainder;
        }

        Remainder CompareScores(double[] theta)
        {
            var remainder = state._audit.CompareScores(state.Shape, theta, auxiliary);
            if (_held is not null) { remainder.Add(_held.CompareScores(state.Shape, theta, auxiliary)); }
            return remainder;
        }

        /// <summary>Score products of all rows at θ <c>[d]</c>; as they were where the sample says too little of clusters.</summary>
        public FullInformation? Meat(SandwichSums? sums, double[] theta)
        {
            if (sums is null) { return estimate.Meat; }
            var (corrected, excess) = (sums.Copy(), new FullInformation(theta.Length));
            state._audit.Correct(corrected, excess, state.Shape, theta, auxiliary);
            _held?.Correct(corrected, excess, state.Shape, theta, auxiliary);
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

        /// <summary>The step <c>[d]</c>, and Newton's last move from a point that was better than those before, which bounds what is left; unknown if moves did not die out.</summary>
        /// <remarks>Information is looked at again where moves shrink slowly: what was known of it at the start is no guide any more.</remarks>
        public double[] Find(Remainder remainder, ref Factor factor, out double[] rest)
        {
            var (step, gap, move) = (new double[estimate.Theta.Length], new double[estimate.Theta.Length], new double[estimate.Theta.Length]);
            var last = double.PositiveInfinity;
            rest = new double[step.Length];
            for (var round = 0; round < AuditRounds && last > Settled * unit; round++)
            {
                if (round > 0) { remainder = CompareScores(Sum(estimate.Theta, step)); }
                known.Multiply(step, gap);
                for (var i = 0; i < gap.Length; i++) { gap[i] = estimate.Separated[i] ? 0 : remainder.Score[i] - gap[i] - (problem.Ridge.Length == 0 ? 0 : problem.Ridge[i] * step[i]); }
                var gauge = factor.QuadraticForm(gap);
                if (!(gauge < last && double.IsFinite(remainder.Deviance)))
                {
                    for (var i = 0; i < step.Length; i++) { step[i] -= move[i] /= 2; }   // too far
                    continue;
                }
                if (gauge > Math.Max(Settled * unit, Contraction * last) && round > 0)
                {
                    factor = Reweighted(factor, Sum(estimate.Theta, step));
                    gauge = factor.QuadraticForm(gap);
                }
                factor.Solve(gap, move);
                last = gauge;
                for (var i = 0; i < step.Length; i++) { step[i] += rest[i] = move[i] = estimate.Separated[i] ? 0 : move[i]; }
            }
            if (!(last <= Settled * unit)) { Array.Fill(rest, double.NaN); }
            return step;
        }
    }
}
