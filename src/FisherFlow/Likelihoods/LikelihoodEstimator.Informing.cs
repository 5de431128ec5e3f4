using FisherFlow.Models;

namespace FisherFlow.Likelihoods;

/// <summary>Information of the kind that was asked for: searches climb by the usual one, and where they end it gives way.</summary>
public sealed partial class LikelihoodEstimator
{
    int _fallbacks;
    bool _outcomesDisagree;

    /// <summary>Refuses a kind that the likelihood cannot give.</summary>
    static void RequireKnowable(LikelihoodModel model, LikelihoodOptions options)
    {
        if (options.Information is not { } rule || model.IsLeastSquares) { return; }
        if (rule.Kind is InformationKind.MonteCarlo or InformationKind.Expected && model.Sampler is null)
        {
            throw new ArgumentException($"{rule.Kind switch { InformationKind.MonteCarlo => "Monte Carlo", _ => "expected" }} information is a mean over outcomes, and a density alone cannot draw them: say how (--sample \"y = …\", or ISampledLikelihood in C#), or use observed or empirical information");
        }
        if (rule.Kind is InformationKind.Expected && model.Sampler?.Obstacle is { } obstacle) { throw new ArgumentException($"expected information integrates over outcomes, and {obstacle}: use monte-carlo:K"); }
    }

    /// <summary>The quadratic at the end of a search with the information that was asked for.</summary>
    Linearisation Informed(Linearisation at, Target target) => Options.Information is { } rule ? target.Informed(at, rule, -2 * at.Value / Math.Max(1, Sums.Faded - Model.Space.Free)) : at;

    /// <summary>The estimate with the information that was asked for, where it is one.</summary>
    LikelihoodEstimate Informed(LikelihoodEstimate estimate, Linearisation at, Target target)
    {
        if (Options.Information is null && !Options.Forgets) { return estimate; }
        var informed = estimate.Converged ? Informed(at, target) : at;
        var factor = ReferenceEquals(informed, at) ? estimate.Factor : informed.ToEvidence()?.Factorise(GaussNewton.Order(Model.Space.Free), default, default) ?? estimate.Factor;
        var fades = Options.Retention < 1;
        double? effective = fades && Sums.FadedSquares > 0 ? Sums.FadedWeight / Sums.FadedSquares * Sums.FadedWeight : null;
        return estimate with
        {
            Factor = factor,
            OutcomesDisagree = _outcomesDisagree || informed.OutcomesDisagree,
            Information = Options.Information,
            Structured = new()
            {
                Structure = new(Estimation.Structure.SquareRoot),
                Memory = Options.Memory,
                EffectiveObservations = effective,
                ResidualDegrees = fades ? (long)Math.Max(0, Math.Round((effective ?? 0) - (factor?.Rank ?? 0))) : null,
                Fallbacks = _fallbacks + (informed.IsFallback ? 1 : 0),
                Changes = [.. _changes],
            },
        };
    }
}
