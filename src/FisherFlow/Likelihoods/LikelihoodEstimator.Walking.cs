using FisherFlow.Estimation;
using FisherFlow.Models;
using FisherFlow.StateSpace;

namespace FisherFlow.Likelihoods;

/// <summary>Parameters that walk at random: of each buffer the whole path is solved for, and what is known of its end is kept.</summary>
public sealed partial class LikelihoodEstimator
{
    const int WalkRows = 1024;
    const int WalkNumbers = 1 << 20;     // of the informations of a path that are kept while it is looked for
    const int FewestWalkRows = 16;
    const int RowsForDrift = 2000;       // that a drift is estimated from, as of regressions
    const double FirstDrift = 0.1;       // of what a row knows: where the search for the drift begins

    double _drift;            // NaN until it is estimated
    double _logDeterminant;   // Σ log |M| of the steps to folded rows

    bool Walks => Options.Memory.Drifts;

    int WalkCapacity => Math.Max(double.IsNaN(_drift) ? RowsForDrift : FewestWalkRows,
        Options.BufferRows > 0 ? Options.BufferRows : Math.Clamp(WalkNumbers / (Model.Space.Free * Model.Space.Free), FewestWalkRows, WalkRows));

    /// <summary>The estimate as of the last row.</summary>
    LikelihoodEstimate Walked()
    {
        var still = NewTarget();
        var drift = double.IsNaN(_drift) ? EstimatedDrift(still) : _drift;
        var walk = Walk(still, drift, null);
        return walk.Estimate with
        {
            LogLikelihood = walk.LogLikelihood,
            Structured = new() { Structure = new(Structure.SquareRoot), Memory = Options.Memory.With(drift, 0), DriftIsEstimated = double.IsNaN(Options.Memory.Drift) },
        };
    }

    /// <summary>Solves for the path of the buffer and keeps what is known of its end; a path without a maximum waits for more rows.</summary>
    void FoldWalk()
    {
        var still = NewTarget();
        var drift = double.IsNaN(_drift) ? EstimatedDrift(still) : _drift;
        var walk = Walk(still, drift, null);
        var evidence = walk.Last.ToEvidence();
        if ((evidence is null || (_folded is null && !walk.Estimate.Converged)) && _patience < MostPatience)
        {
            _patience *= 2;
            return;
        }
        if (evidence is null) { throw new LikelihoodException($"the path of the parameters has no maximum over {_buffer.Count:N0} rows: let them walk less (random-walk:Q), or begin elsewhere (--start)"); }
        _folded = new(walk.Last.Phi, evidence, walk.Last.Value, null);
        (_drift, _logDeterminant) = (drift, walk.LogDeterminant);
        _steps = walk.Estimate.Steps;
        _patience = 1;
        _buffer.Clear();
    }

    /// <summary>The best path from where it began, or, first of all, from the maximum were the parameters to stand still.</summary>
    /// <param name="still">The buffer and the quadratic of folded rows, without a walk.</param>
    /// <param name="drift">Q of every coordinate.</param>
    /// <param name="start">A path to start from, or null.</param>
    Walking Walk(Target still, double drift, double[]? start)
    {
        var variances = new double[Model.Space.Free];
        Array.Fill(variances, drift);
        if (_buffer.Count == 0) { return Judged(new(still.Linearise(_folded!.Anchor)!, true, 0, 1, 1), still, _logDeterminant, []); }
        var target = new WalkTarget(Model, _buffer, _folded, variances);
        var standing = _folded is null && start is null ? Maximise(still) : null;
        var from = start ?? target.Still(_folded?.Anchor ?? standing!.At.Phi);
        var search = new Search(target, Options.StepsOver(_buffer.Count));
        Walking? best = null;
        foreach (var manner in Search.Manners)
        {
            if (search.Climb(from, manner) is not WalkQuadratic path) { break; }
            var end = path.Last();
            if (best is not null && !(end.Value > best.Last.Value + best.Last.Noise)) { continue; }
            best = Judged(new(end, search.Ended, search.Steps + (standing?.Steps ?? 0), standing?.Starts ?? 1, standing?.StartsAgreeing ?? 1), still, _logDeterminant + target.PriorLogDeterminant + path.LogDeterminant, path.Phi);
            if (best.Estimate.Converged) { break; }
        }
        return best ?? throw NoValue(still, _folded?.Anchor ?? standing?.At.Phi ?? start![..variances.Length]);
    }

    Walking Judged(Solution solution, Target still, double logDeterminant, double[] path)
    {
        var estimate = Assess(solution, still);
        return new(solution.At, estimate, logDeterminant, estimate.Factor is { } factor ? Integrated(estimate, factor, logDeterminant) : double.NaN, path);
    }

    /// <summary>The log-likelihood with the walk integrated out by Laplace's method, the start unknown: <c>ℓ − ½ Σ log |M| − ½ log |Iₙ|</c> and constants; for a linear mean it is exact.</summary>
    double Integrated(LikelihoodEstimate estimate, Information.Factor factor, double logDeterminant)
    {
        var spread = 0.5 * (logDeterminant + factor.LogDeterminant);
        if (estimate.ResidualSumOfSquares is not { } squares) { return estimate.LogLikelihood + 0.5 * factor.Rank * Math.Log(2 * Math.PI) - spread; }
        double n = Sums.Observations - factor.Rank;
        return -0.5 * n * (Math.Log(2 * Math.PI * squares / n) + 1) - spread + 0.5 * Sums.LogWeight;
    }

    /// <summary>Maximises that likelihood over the rows in memory; the first ones, as long as nothing was folded.</summary>
    double EstimatedDrift(Target still)
    {
        var standing = Maximise(still).At;
        var information = standing.ToDense();
        var most = 0.0;
        for (var j = 0; j < standing.Phi.Length; j++) { most = Math.Max(most, information[j * standing.Phi.Length + j] / _buffer.Count); }
        if (!(most > 0) || !double.IsFinite(most)) { throw new LikelihoodException("the drift cannot be estimated: the first rows say nothing of the parameters; give random-walk:Q"); }
        double[]? path = null;
        return NoiseVariances.Estimate(1, FirstDrift / most, variances =>
        {
            var walk = Walk(still, variances[0], path);
            if (walk.Estimate.Converged) { path = variances[0] > 0 ? walk.Path : null; }
            return walk.LogLikelihood;
        }).Variances[0];
    }

    /// <summary>Where a path ends.</summary>
    /// <param name="Last">What is known of the last row's φ.</param>
    /// <param name="Estimate">What that is worth.</param>
    /// <param name="LogDeterminant"><c>Σ log |M|</c> of all steps.</param>
    /// <param name="LogLikelihood">With the walk integrated out.</param>
    /// <param name="Path">φ of the rows in memory, <c>[n, q]</c>.</param>
    sealed record Walking(Linearisation Last, LikelihoodEstimate Estimate, double LogDeterminant, double LogLikelihood, double[] Path);
}
