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
        if (_audit.Count == 0 || IsMaximum) { return IsMaximum ? estimate : estimate with { DistanceBound = double.NaN }; }
        if (!estimate.Converged || estimate.Indefinite.Count > 0) { return Recalled(estimate, auxiliary, identification, sandwich, startsAfresh: true); }
        if (HasCorners) { return IsWholeInMemory ? Recalled(estimate, auxiliary, identification, sandwich, startsAfresh: false) : estimate with { DistanceBound = double.NaN }; }   // a sampled score says little of how far the right corner is
        var missing = new MissingStep(this, estimate, auxiliary, evaluation, Problem(identification, FinalTolerance), Dispersion(estimate.Pearson, estimate.Factor.Rank));
        var remainder = _audit.CompareScores(Shape, estimate.Theta, auxiliary);
        var signal = missing.Factor.QuadraticForm(remainder.Score);
        if (!(double.IsFinite(signal) && double.IsFinite(remainder.Deviance))) { return Recalled(estimate, auxiliary, identification, sandwich, startsAfresh: true); }   // outside the domain of folded rows
        if (signal == 0) { return estimate; }
        missing.Find(remainder, signal);
        if (!missing.IsSettled) { return Recalled(estimate, auxiliary, identification, sandwich, startsAfresh: false); }
        if (missing.IsFar) { signal = missing.LookAgain(ref remainder); }
        var noise = AuditNoise.Of(_audit, _audit.View(Shape), remainder, missing.Factor);
        var share = AuditNoise.Share(signal, noise.Gauge);
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
            Meat = Meat(estimate, sandwich, missing.Held, theta, missing.Auxiliary),
            Responses = responses,
            NullDeviance = Model.HasAuxiliary ? NullDeviance(responses, missing.Auxiliary) : estimate.NullDeviance,
            Auxiliary = MovesAuxiliary ? Math.Exp(missing.Auxiliary) : null,
            AuxiliaryStandardError = MovesAuxiliary ? missing.AuxiliaryStandardError() : null,
            Deviance = estimate.Deviance + after.Deviance + curvature,
            Pearson = pearson,
            ScoreGauge = (estimate.ScoreGauge + share * share * noise.Gauge + (1 - share) * (1 - share) * signal) / dispersion,
            DistanceBound = Bound(estimate.Separated, missing.Factor, noise, share, missing.Whole, missing.Rest, missing.AuxiliaryDeviation) / Math.Sqrt(dispersion),
        };
    }

    /// <summary>Whether the sample holds every folded row.</summary>
    bool IsWholeInMemory => _audit.Count == _foldedRows;

    /// <summary>Whether a solution is the maximum itself: nothing was folded, or folding lost nothing.</summary>
    bool IsMaximum => _foldedRows == 0 || Model.IsQuadratic || _passes > 1;

    /// <summary>What no coefficient is farther away than, in its standard errors, in nineteen of twenty cases: the audit's noise, what shrinking holds back, and what Newton has left.</summary>
    static double Bound(bool[] separated, Factor factor, in AuditNoise noise, double share, double[] whole, double[] rest, double auxiliary)
    {
        var (variances, deviations, newton) = (new double[factor.Rank], new double[factor.Rank + 1], 0.0);
        factor.InverseDiagonal(variances);
        for (var i = 0; i < factor.Rank; i++)
        {
            var parameter = factor.Kept[i];
            if (separated[parameter]) { continue; }
            var held = (1 - share) * (1 - share) * Math.Max(whole[parameter] * whole[parameter], noise.Variances[i]);
            deviations[i] = Math.Sqrt((share * share * noise.Variances[i] + held) / variances[i]);
            newton = Math.Max(newton, Math.Abs(rest[parameter]) / Math.Sqrt(variances[i]));
        }
        deviations[^1] = auxiliary;
        return AuditNoise.Limit(deviations) + newton;
    }

    /// <summary>Score products of all rows at θ <c>[d]</c>, those at hand being compared where they are held; as they were where the sample says too little of clusters.</summary>
    FullInformation? Meat(Estimate estimate, SandwichSums? sums, Audit? held, double[] theta, double auxiliary)
    {
        if (sums is null) { return estimate.Meat; }
        var (corrected, excess) = (sums.Copy(), new FullInformation(theta.Length));
        _audit.Correct(corrected, excess, Shape, theta, auxiliary);
        held?.Correct(corrected, excess, Shape, theta, auxiliary);
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
