using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>Auditing: what folding has lost, by the sample of folded rows.</summary>
sealed partial class StreamEstimator<TEvidence>
{
    /// <summary>Takes the step that audited rows say one pass has missed, <c>θ ← θ + c·I⁻¹Δs(θ)</c>, and reports what then remains unknown.</summary>
    /// <remarks><c>c = max(0, 1 − noise/signal)</c> keeps the sampling error of the audit itself from doing harm.</remarks>
    Estimate Audited(Estimate estimate, double auxiliary, Evaluation<TEvidence> evaluation, Identification identification, SandwichSums? sandwich)
    {
        if (_audit.Count == 0 || !estimate.Converged || estimate.Indefinite.Count > 0) { return IsMaximum ? estimate : estimate with { DistanceBound = double.NaN }; }
        var missing = new MissingStep(this, estimate, auxiliary, evaluation, Problem(identification, FinalTolerance), Dispersion(estimate.Pearson, estimate.Factor.Rank));
        var remainder = _audit.CompareScores(Shape, estimate.Theta, auxiliary);
        var signal = missing.Factor.QuadraticForm(remainder.Score);
        if (!double.IsFinite(signal)) { return estimate with { DistanceBound = double.NaN }; }
        if (signal == 0) { return estimate; }
        missing.Find(remainder, signal);
        if (missing.IsFar) { signal = missing.LookAgain(ref remainder); }
        var noise = AuditNoise.Of(_audit, _audit.View(Shape), remainder, missing.Factor);
        var share = signal > noise.Gauge ? 1 - noise.Gauge / signal : 0;
        missing.Shrink(share);
        var theta = Sum(estimate.Theta, missing.Step);
        var after = missing.Compare(theta);
        var curvature = Curvature(evaluation.Evidence, missing.Step);
        var pearson = estimate.Pearson + after.Pearson + curvature;
        var responses = estimate.Responses;
        if (Model.HasAuxiliary) { (responses.Saturated, responses.Carrier) = (responses.Saturated + after.Saturated, responses.Carrier + after.Carrier); }
        var dispersion = Dispersion(pearson, missing.Factor.Rank);
        return estimate with
        {
            Theta = theta,
            Factor = missing.Factor,
            BoundedRows = missing.BoundedRows,
            Meat = missing.Meat(sandwich, theta),
            Responses = responses,
            NullDeviance = Model.HasAuxiliary ? NullDeviance(responses, missing.Auxiliary) : estimate.NullDeviance,
            Auxiliary = MovesAuxiliary ? Math.Exp(missing.Auxiliary) : null,
            AuxiliaryStandardError = MovesAuxiliary ? missing.AuxiliaryStandardError() : null,
            Deviance = estimate.Deviance + after.Deviance + curvature,
            Pearson = pearson,
            ScoreGauge = (estimate.ScoreGauge + share * share * noise.Gauge + (1 - share) * (1 - share) * signal) / dispersion,
            DistanceBound = HasCorners ? double.NaN : Bound(estimate, missing, noise, share) / Math.Sqrt(dispersion),   // between corners a score says little of how far the right one is
        };
    }

    /// <summary>Whether a solution is the maximum itself: nothing was folded, or folding lost nothing.</summary>
    bool IsMaximum => _foldedRows == 0 || Model.IsQuadratic || _passes > 1;

    /// <summary>What no coefficient is farther away than, in its standard errors, in nineteen of twenty cases: the audit's noise, what shrinking holds back, and what Newton has left.</summary>
    static double Bound(Estimate estimate, MissingStep missing, in AuditNoise noise, double share)
    {
        var factor = missing.Factor;
        var (variances, deviations, newton) = (new double[factor.Rank], new double[factor.Rank + 1], 0.0);
        factor.InverseDiagonal(variances);
        for (var i = 0; i < factor.Rank; i++)
        {
            var parameter = factor.Kept[i];
            if (estimate.Separated[parameter]) { continue; }
            var held = (1 - share) * (1 - share) * Math.Max(missing.Whole[parameter] * missing.Whole[parameter], noise.Variances[i]);
            deviations[i] = Math.Sqrt((share * share * noise.Variances[i] + held) / variances[i]);
            newton = Math.Max(newton, Math.Abs(missing.Rest[parameter]) / Math.Sqrt(variances[i]));
        }
        deviations[^1] = missing.AuxiliaryDeviation;
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
}
