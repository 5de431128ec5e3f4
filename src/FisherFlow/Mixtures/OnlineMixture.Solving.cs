namespace FisherFlow.Mixtures;

/// <summary>The answer: from the quadratics of all rows and the sample that puts them right, or from the sample alone where the quadratics disagree.</summary>
public sealed partial class OnlineMixture
{
    const int MostPasses = 200;
    const int Joined = 0;      // _climbed of a mixture that was merged and has seen no row since
    const int Compared = -1;   // the same after its parts were compared
    const double Loose = 0.5;  // standard errors: a sample that knows the maximum no better speaks of quadratics too bent for its own noise to be trusted
    const double Far = 4;      // squared standard errors a parameter: quadratics that miss the likelihood's maximum by more were of other places

    /// <summary>What is known: components, their standard errors where the data tell them apart, and the rank report.</summary>
    public MixtureReport Report() => MixtureReport.Of(Solve(_all), Count, _logLikelihood);

    /// <summary>Solves for everything seen in terms of the columns that come first in an order <c>[n]</c> and do not depend on each other; nothing changes.</summary>
    /// <remarks>
    /// Shards of unlike location or scale, or a stream in an order, leave quadratics about places that have nothing to do with the answer. Where the sample holds all rows, they are then fitted again as if they
    /// had come together; where it holds some, these are, the answer is theirs, and it is said not to have converged.
    /// </remarks>
    /// <exception cref="InvalidOperationException">There are too few rows.</exception>
    internal MixtureSolution Solve(ReadOnlySpan<int> order)
    {
        if (!IsStarted)
        {
            var least = 4 * _model.Free(order).Length;
            if (Count < least) { throw new InvalidOperationException($"{Count} observations are too few for a mixture of {_model.Free(order).Length} parameters; {least} are the least"); }
            return Fresh(_held).Solve(order);
        }
        if (_climbed == Count) { return Judged(_evidence, order) with { IsMaximum = true }; }
        var climb = _sample!.Climb(_model, _evidence);
        var solution = Judged(climb.Evidence, order);
        if (_sample.IsWhole(Count)) { return IsSettled(climb) ? solution with { IsMaximum = true } : Again(climb).Solve(order); }
        if (climb.IsConverged && solution.Covariance is not null)
        {
            var noise = _sample.Noise(_model, climb.Evidence.Anchor, solution, isAlone: false);
            var known = solution with { Gauge = noise.Gauge, Deviations = noise.Deviations };
            if (known.Deviations.Max() <= Loose) { return known; }
            if (noise.Gauge <= _sample.Noise(_model, climb.Evidence.Anchor, solution, isAlone: true).Gauge) { return Doubted(known, $"the estimates rest on what a sample of {_sample.Count} of {Count} rows has put right"); }
        }
        return Doubted(Again(climb).Solve(order) with { IsMaximum = false }, $"the estimates are those of a sample of {_sample.Count} of {Count} rows");
    }

    static MixtureSolution Doubted(MixtureSolution solution, string estimates) => solution with
    {
        IsConverged = false,
        Refusal = solution.Refusal ?? $"shards, or the beginning and the end of the data, are too unlike for one pass: {estimates}; --passes exact gives the maximum likelihood estimate",
    };

    /// <summary>Where an ascent over all rows begins.</summary>
    internal MixtureAscent Ascend()
    {
        if (!IsStarted) { Begin(); }
        var theta = _sample is null ? MixtureSolution.Of(_model, _evidence, _average, _all).Theta : Solve(_all).Theta;
        return new(_model, theta, _leastVariance, isNear: true, MostPasses);
    }

    MixtureSolution Judged(MixtureEvidence evidence, ReadOnlySpan<int> order) =>
        (MixtureSolution.Of(_model, evidence, _average, order) with { IsConverged = _isConverged }).Judged(_logLikelihood - _rival!._logLikelihood, _leastVariance);

    bool IsSettled(in MixtureClimb climb) => climb.IsConverged && climb.Moved <= Far * _model.Dimension;

    /// <summary>After a merge, before more rows come: where the quadratics disagree and all rows are kept, everything begins again with these.</summary>
    void Reconcile(MixtureSample sample)
    {
        var climb = sample.Climb(_model, _evidence);
        if (!sample.IsWhole(Count) || IsSettled(climb))
        {
            _climbed = Compared;
            return;
        }
        var again = Again(climb);
        Copy(again, default);
        _rival!.Copy(again._rival!, default);
        sample.Reanchor(_model, _theta);
    }

    /// <summary>A mixture that has begun with the sampled rows, each as often as it stands for others.</summary>
    OnlineMixture Again(in MixtureClimb climb) => Fresh(_sample!.Rows(), climb.IsConverged ? climb.Evidence.Anchor : default);

    /// <summary>A mixture that has begun with some rows.</summary>
    OnlineMixture Fresh(MixtureRows rows, ReadOnlySpan<double> guess = default)
    {
        var fresh = new OnlineMixture(Components, Columns, _options, isRival: false);
        fresh.Begin(rows, guess);
        return fresh;
    }
}
