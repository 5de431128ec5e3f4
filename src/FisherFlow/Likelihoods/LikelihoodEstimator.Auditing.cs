using System.Numerics.Tensors;
using FisherFlow.Inference;
using FisherFlow.Models;

namespace FisherFlow.Likelihoods;

/// <summary>How far the answer is from the maximum although most rows are gone: the sampled ones are asked, and the step that they say is missing is taken.</summary>
public sealed partial class LikelihoodEstimator
{
    const double LikelyEnough = 0.95;   // that all coordinates together are within the bound
    const double Farthest = 100;        // squared standard errors a coordinate: a sample speaks of the neighbourhood, not of places so far off
    const double Sure = 0.04;           // unless its noise is a fifth of a standard error there: then it holds the rows that matter

    FoldedSample _sample;
    bool _isPolished;

    /// <summary>Whether this is the maximum itself: nothing was folded, or everything at the maximum.</summary>
    bool IsMaximum => _folded is null || _isPolished;

    /// <summary>Whether every folded row had its chance to be sampled; rows of states that knew no sample had none.</summary>
    bool IsAudited => !Options.Forgets && _sample.Seen == FoldedRows;

    FoldedSample NewSample() => new(Model, Options.AuditRows);

    /// <summary>Takes the step that the sample says one pass has missed, and bounds what then remains unknown.</summary>
    /// <remarks>The step is shrunk by <c>1 − noise/signal</c>, so that the sampling error of the audit itself does no harm.</remarks>
    LikelihoodEstimate Audited(LikelihoodEstimate estimate, Target target)
    {
        if (IsMaximum || !IsAudited || !estimate.Converged) { return estimate; }
        var audited = new AuditedTarget(target, _sample, Model, Options, estimate.Phi);
        var search = new Search(audited, Options.StepsOver(_buffer.Count + _sample.Count));
        if (search.Climb(estimate.Phi, Search.Manners[0]) is not { } end || !search.Ended || FactorOf(end) is not { } factor || factor.Rank != estimate.Factor!.Rank) { return estimate; }
        var step = new double[end.Phi.Length];
        TensorPrimitives.Subtract<double>(end.Phi, estimate.Phi, step);
        var (signal, noise) = (end.Form(step), SampleNoise.Of(_sample, Model, end.Phi, factor));
        var unit = factor.Rank * Dispersion(estimate.ResidualSumOfSquares, factor.Rank);
        if (!(signal <= Farthest * unit || noise.Gauge <= Sure * unit)) { return estimate; }
        var share = signal > noise.Gauge ? 1 - noise.Gauge / signal : 0;
        if (share < 1)
        {
            var phi = new double[step.Length];
            TensorPrimitives.MultiplyAdd<double>(step, share, estimate.Phi, phi);
            if (audited.Linearise(phi) is not { } there || FactorOf(there) is not { } near || near.Rank != factor.Rank) { return estimate; }
            (end, factor) = (there, near);
        }
        double? squares = Model.IsLeastSquares ? Math.Max(0, -2 * end.Value) : null;
        var (products, known) = Brought(target, end.Phi);
        if (known is not null && known.Rank == factor.Rank) { factor = known; }
        return estimate with
        {
            Theta = Natural(end.Phi),
            Phi = end.Phi,
            LogLikelihood = squares is { } rss ? GaussianLogLikelihood(rss) : end.Value,
            ResidualSumOfSquares = squares,
            Factor = factor,
            Products = products,
            Gauge = estimate.Gauge + share * share * noise.Gauge + (1 - share) * (1 - share) * signal,
            Steps = estimate.Steps + search.Steps,
            DistanceBound = Bound(step, share, noise, factor, squares),
        };
    }

    /// <summary>Score products at φ, if they are kept, and of least squares the factor of the information: those of rows in memory, and of folded ones as their sample tells.</summary>
    (double[]? Products, Information.Factor? Factor) Brought(Target target, double[] phi)
    {
        if ((_folded!.Products is null && !Model.IsLeastSquares) || target.Linearise(phi) is not { } seen) { return default; }
        var (totals, weight, squaredWeight) = (new SampleTotals(_sample, Model, phi), Sums.Weight, Sums.SquaredWeight);
        foreach (var w in _buffer.Weights) { (weight, squaredWeight) = (weight - w, squaredWeight - w * w); }
        var products = _folded.Products is { } old ? Moved(seen.Products!, old, totals.Products(old, squaredWeight)) : null;
        if (!Model.IsLeastSquares) { return (products, null); }
        var then = _folded.Evidence.ToDense().Cast<double>().ToArray();
        return (products, FactorOf(new DenseQuadratic(Moved(seen.ToDense(), then, totals.Information(then, weight))) { Phi = phi, Value = 0, Score = new double[phi.Length], Scale = [], Noise = 0 }));

        static double[] Moved(double[] sum, double[] then, double[] now)
        {
            var moved = new double[sum.Length];
            TensorPrimitives.Subtract<double>(now, then, moved);
            TensorPrimitives.Add<double>(moved, sum, moved);
            return moved;
        }
    }

    /// <summary>How far off the worst coordinate may be, in its standard errors: by the sampling error of the step, and by what shrinking it has left.</summary>
    double Bound(double[] step, double share, in SampleNoise noise, Information.Factor factor, double? squares)
    {
        var variances = new double[factor.Rank];
        factor.InverseDiagonal(variances);
        var worst = 0.0;
        for (var k = 0; k < variances.Length; k++)
        {
            var left = (1 - share) * step[factor.Kept[k]];
            worst = Math.Max(worst, (noise.Variances[k] + left * left) / variances[k]);
        }
        return NormalDistribution.Quantile(1 - (1 - LikelyEnough) / Math.Max(1, factor.Rank)) * Math.Sqrt(worst / Dispersion(squares, factor.Rank));
    }

    /// <summary>The unit of a likelihood's information: of least squares the variance, else 1.</summary>
    double Dispersion(double? squares, int rank) => squares is > 0 && Observations > rank ? squares.Value / (Observations - rank) : 1;

    /// <summary>Keeps a sample of the buffer, which is being folded about φ.</summary>
    void Sample(double[] phi, Information.SquareRootInformation evidence, InformationKind? kind)
    {
        if (Options.Forgets) { return; }
        var diagonal = new double[phi.Length];
        evidence.CopyDiagonal(diagonal);
        _sample.Add(phi, kind, _buffer, diagonal, Sums.Weight, Options.Threads);
    }

    static Information.Factor? FactorOf(Linearisation at) => at.ToEvidence()?.Factorise(GaussNewton.Order(at.Phi.Length), default, default);
}
