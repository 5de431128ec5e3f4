using System.Numerics.Tensors;
using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Likelihoods;

/// <summary>Information of the kind that was asked for, in the place of the usual one that searches climb by: it decides standard errors, and never the estimate.</summary>
public sealed partial class LikelihoodEstimator
{
    double[]? _informed;   // of folded rows [q, q], each at the estimate of its time
    bool _outcomesDisagree;

    /// <summary>Whether another kind than the usual one was asked for.</summary>
    bool IsInformed => Options.Information is { } rule && rule.Kind != (Model.IsLeastSquares ? InformationKind.Expected : InformationKind.Observed);

    /// <summary>Refuses a kind that the likelihood cannot give.</summary>
    static void RequireKnowable(LikelihoodModel model, LikelihoodOptions options)
    {
        if (options.Information is not { Kind: InformationKind.MonteCarlo or InformationKind.Expected } rule || model.IsLeastSquares) { return; }
        var name = rule.Kind is InformationKind.MonteCarlo ? "Monte Carlo" : "expected";
        if (model.Sampler is null)
        {
            throw new ArgumentException($"{name} information is a mean over outcomes, and a density by itself cannot draw them: say how (ISampledLikelihood in C#, --sample \"y = …\" on the command line), or use observed or empirical information");
        }
        if (rule.Kind is InformationKind.Expected && model.Sampler.Obstacle is { } obstacle) { throw new ArgumentException($"expected information integrates over outcomes, and {obstacle}: use monte-carlo:K"); }
    }

    /// <summary>The information of rows about φ, of the kind that was asked for.</summary>
    InformationSums NewSums(double[] phi) => new(Model, Options.Information!.Value, Options.Seed, phi);

    /// <summary>Keeps the information of rows that are folded about φ.</summary>
    /// <param name="target">The rows.</param>
    /// <param name="at">The end of their search.</param>
    /// <param name="retention">What is left of earlier rows.</param>
    void Inform(Target target, Linearisation at, double retention)
    {
        if (!IsInformed) { return; }
        var sums = NewSums(at.Phi);
        target.AddTo(sums);
        if (at.ToEvidence() is { } usual) { _outcomesDisagree |= sums.OutcomesDisagree(usual.Factorise(GaussNewton.Order(at.Phi.Length), default, default), Sums.FadedWeight); }
        var information = sums.ToInformation();
        if (_informed is not null) { TensorPrimitives.MultiplyAdd<double>(_informed, retention, information, information); }
        _informed = information;
    }

    /// <summary>The estimate with what it remembers and the information that was asked for, where it is a maximum.</summary>
    LikelihoodEstimate Informed(LikelihoodEstimate estimate, Target target)
    {
        if (Options.Information is null && !Options.Forgets) { return estimate; }
        var (factor, isFallback, disagree) = (estimate.Factor, false, _outcomesDisagree);
        if (IsInformed && estimate.Converged)
        {
            var information = AllOf(estimate, target, ref disagree);
            if (estimate.ResidualSumOfSquares is > 0 and var squares && Options.Information is { Kind: InformationKind.Empirical })
            {
                TensorPrimitives.Multiply(information, (Sums.Faded - factor!.Rank) / squares, information);   // by the variance, as the other kinds are
            }
            var informed = Quadratic(estimate, information).ToEvidence()?.Factorise(GaussNewton.Order(Model.Space.Free), default, default);
            (factor, isFallback) = (informed ?? factor, informed is null);
        }
        var fades = Options.Retention < 1;
        double? effective = fades && Sums.FadedSquares > 0 ? Sums.FadedWeight / Sums.FadedSquares * Sums.FadedWeight : null;
        return estimate with
        {
            Factor = factor,
            OutcomesDisagree = disagree,
            Information = Options.Information,
            Structured = new()
            {
                Structure = new(Structure.SquareRoot),
                Memory = Options.Memory,
                EffectiveObservations = effective,
                ResidualDegrees = fades ? (long)Math.Max(0, Math.Round((effective ?? 0) - (factor?.Rank ?? 0))) : null,
                Fallbacks = isFallback ? 1 : 0,
                Changes = [.. _changes],
            },
        };
    }

    /// <summary>The information of the rows in memory at the estimate, and of folded ones at theirs, moved to the estimate as far as a sample of them can tell.</summary>
    double[] AllOf(LikelihoodEstimate estimate, Target target, ref bool disagree)
    {
        if (_isPolished && _informed is not null && _buffer.Count == 0) { return (double[])_informed.Clone(); }
        var sums = NewSums(estimate.Phi);
        target.AddTo(sums);
        disagree |= _buffer.Count > 0 && sums.OutcomesDisagree(estimate.Factor!, Sums.FadedWeight);
        var information = sums.ToInformation();
        if (_informed is null) { return information; }
        TensorPrimitives.MultiplyAdd<double>(_informed, Math.Pow(Options.Retention, _buffer.Count), information, information);
        return IsAudited && _sample.Count > 0 && Moved(information, estimate.Phi) is { } moved ? moved : information;
    }

    /// <summary>Adds what the information of sampled rows, scaled up, is at φ more than where they were folded; null where that leaves nothing positive.</summary>
    double[]? Moved(double[] information, double[] phi)
    {
        var (width, counts, from) = (Model.Columns.Count, new double[_sample.Count], 0);
        for (var i = 0; i < counts.Length; i++) { counts[i] = _sample.Scale(i); }
        var here = NewSums(phi);
        here.Add(_sample.Rows.Rows, _sample.Rows.Weights, counts, 0);
        var moved = here.ToInformation();
        TensorPrimitives.Add<double>(moved, information, moved);
        foreach (var fold in _sample.Folds)
        {
            var there = NewSums(fold.Anchor);
            there.Add(_sample.Rows.Rows.Slice(from * width, fold.Count * width), _sample.Rows.Weights.Slice(from, fold.Count), counts.AsSpan(from, fold.Count), from);
            TensorPrimitives.Subtract<double>(moved, there.ToInformation(), moved);
            from += fold.Count;
        }
        return SymmetricSystem.TrySolve(moved, default, new double[phi.Length], new double[phi.Length]) ? moved : null;
    }

    static DenseQuadratic Quadratic(LikelihoodEstimate estimate, double[] information) =>
        new(information) { Phi = estimate.Phi, Value = 0, Score = new double[estimate.Phi.Length], Scale = [], Noise = 0 };
}
