using FisherFlow.Inference;

namespace FisherFlow.Likelihoods;

/// <summary>Turns an estimate into what a table, a file or a program reads, in the user's own parameters.</summary>
public static class LikelihoodSummary
{
    /// <summary>The family that results of least squares carry.</summary>
    public const string NonlinearFamily = "gaussian";

    /// <summary>The family that results of densities carry.</summary>
    public const string DensityFamily = "log-density";

    /// <summary>The link that results of both carry: there is none.</summary>
    public const string Link = "none";

    /// <summary>Summarises an estimate.</summary>
    /// <remarks>
    /// Standard errors are those of θ by the delta method; limits of a constrained parameter are taken in its free coordinate and mapped, so that they stay inside; a test against zero is only made
    /// where zero is a value like any other. Least squares: t with n − p degrees of freedom, the variance by n − p, log-likelihood as R's nls. An estimate that is no maximum has no errors.
    /// </remarks>
    /// <param name="estimate">What the estimator knows.</param>
    /// <param name="model">The likelihood.</param>
    /// <param name="context">Where the estimate came from.</param>
    /// <param name="options">Covariance (model, HC0 or HC1) and level.</param>
    /// <exception cref="ArgumentException">The covariance needs score products that were not kept, or the level is no probability.</exception>
    public static FitResult Of(LikelihoodEstimate estimate, LikelihoodModel model, FitContext context, ReportOptions options)
    {
        Summary.RequireLevel(options.Level);
        var covariance = new LikelihoodCovariance(estimate, model, options.Covariance);
        var (n, rank) = (estimate.Sums.Observations, estimate.Factor?.Rank ?? 0);
        var (structured, residual) = (estimate.Structured, estimate.Structured?.ResidualDegrees ?? n - rank);
        var fades = structured?.EffectiveObservations is not null;   // weighted rows have a likelihood of their own, which nothing else compares with
        var parameters = rank + (model.IsLeastSquares ? 1 : 0);
        double? likelihood = fades ? null : Number.Finite(estimate.LogLikelihood);
        return new()
        {
            Formula = context.Formula,
            Family = model.IsLeastSquares ? NonlinearFamily : DensityFamily,
            Link = Link,
            Method = context.Method,
            Regime = estimate.Converged ? Regime.Converged : Regime.Trajectory,
            Coefficients = Lines(estimate, model, covariance, options.Level, residual),
            CovarianceMatrix = covariance.Table(),
            Covariance = options.Covariance,
            Level = options.Level,
            Dispersion = model.IsLeastSquares ? covariance.Dispersion : 1,
            DispersionEstimated = model.IsLeastSquares,
            LogLikelihood = likelihood,
            NullDeviance = model.IsLeastSquares && !fades ? Number.Finite(estimate.Sums.Squares) : null,
            NullDegreesOfFreedom = model.IsLeastSquares ? Math.Max(0, n - 1) : n,
            Deviance = model.IsLeastSquares ? estimate.ResidualSumOfSquares : Number.Finite(-2 * estimate.LogLikelihood),
            PearsonChiSquared = estimate.ResidualSumOfSquares,
            Aic = Number.Finite(2.0 * parameters - 2 * likelihood),
            Bic = n > 0 ? Number.Finite(Math.Log(n) * parameters - 2 * likelihood) : null,
            Observations = n,
            RowsRejected = context.RowsRejected,
            EffectiveObservations = structured?.EffectiveObservations is { } effective ? Number.Finite(effective) : estimate.Sums.SquaredWeight > 0 ? Number.Finite(estimate.Sums.Weight / estimate.Sums.SquaredWeight * estimate.Sums.Weight) : null,
            ResidualDegreesOfFreedom = residual,
            Rank = rank,
            ConditionNumber = estimate.Factor is { Rank: > 0 } factor ? Number.Finite(factor.ConditionNumber) : null,
            Iterations = estimate.Steps,
            Passes = estimate.Passes,
            Converged = estimate.Converged,
            ScoreGauge = Number.Finite(covariance.Dispersion is { } phi and > 0 ? estimate.Gauge / phi : estimate.Gauge),
            DistanceBound = Number.Finite(estimate.DistanceBound),
            Structured = Structure(estimate, model),
            Detector = context.Detector,
            Changes = context.Changes,
            References = new Dictionary<string, string>(),
            Convergence = Convergence(estimate, model, rank),
            RelativeOffset = Number.Finite(estimate.RelativeOffset),
            Warnings = [.. context.Warnings, .. Remarks(estimate, covariance, Structure(estimate, model), n, rank)],
        };
    }

    /// <summary>Memory and kind of information where they were asked for; a kind is named even where it is the usual one.</summary>
    static FitStructure? Structure(LikelihoodEstimate estimate, LikelihoodModel model) =>
        Summary.StructureOf(estimate.Structured, model.Space.NameOfFree) is { } fit ? fit with { Information = estimate.Information?.ToString() } : null;

    static List<Coefficient> Lines(LikelihoodEstimate estimate, LikelihoodModel model, LikelihoodCovariance covariance, double level, long degrees)
    {
        List<Coefficient> lines = [];
        var quantile = NormalDistribution.Quantile(level);
        for (var k = 0; k < model.Space.Natural; k++)
        {
            var value = estimate.Theta[k];
            var status = covariance.IsIdentified(k) ? CoefficientStatus.Ok : CoefficientStatus.Aliased;
            var error = status == CoefficientStatus.Ok ? covariance.Error(k) : null;
            double? statistic = error is > 0 && model.Space.IsUnconstrained(k) ? Number.Finite(value / error.Value) : null;
            double? p = statistic is not { } t ? null : !model.IsLeastSquares ? NormalDistribution.TwoSided(t) : degrees > 0 ? StudentDistribution.TwoSided(t, degrees) : null;
            var limits = error is { } se ? model.Space.Limits(k, estimate.Phi, covariance.FreeError(model.Space.FreeOf(k)), value, se, quantile) : default;
            lines.Add(new()
            {
                Term = model.Space.Names[k],
                Estimate = status == CoefficientStatus.Ok ? Number.Finite(value) : null,
                StandardError = error,
                Statistic = p is null ? null : statistic,
                PValue = p,
                Lower = error is null ? null : Number.Finite(limits.Lower),
                Upper = error is null ? null : Number.Finite(limits.Upper),
                Status = status,
            });
        }
        return lines;
    }

    /// <summary>How the end of the search was judged, in one line.</summary>
    static string Convergence(LikelihoodEstimate estimate, LikelihoodModel model, int rank)
    {
        var starts = estimate.Starts > 1 ? FormattableString.Invariant($"; {estimate.StartsAgreeing} of {estimate.Starts} starts came to this value") : "";
        if (estimate.Failure is { } failure) { return $"not converged: {failure}{starts}"; }
        var measure = model.IsLeastSquares
            ? FormattableString.Invariant($"relative offset {estimate.RelativeOffset:0.#E0}")
            : FormattableString.Invariant($"score gauge {estimate.Gauge:0.#E0}");
        return FormattableString.Invariant($"converged: {measure}, rank {rank} of {model.Space.Free}, {estimate.Steps} steps{starts}");
    }

    static IEnumerable<string> Remarks(LikelihoodEstimate estimate, LikelihoodCovariance covariance, FitStructure? structured, long n, int rank)
    {
        if (estimate.Failure is { } failure)
        {
            yield return $"not converged: {failure}; standard errors, tests and limits are refused";
            yield break;
        }
        foreach (var line in Inference.Remarks.OnStructure(structured)) { yield return line; }
        if (estimate.OutcomesDisagree) { yield return "the scores of the outcomes that were drawn do not average to zero: outcomes and density do not belong together, and the standard errors cannot be trusted"; }
        if (covariance.Missing is { } missing) { yield return $"no standard errors: {missing}"; }
        if (estimate.Starts > 1 && estimate.StartsAgreeing == 1) { yield return $"only one of {estimate.Starts} starts came to this value: there may be a better one; --starts {2 * estimate.Starts} looks further"; }
        if (estimate.ResidualSumOfSquares is { } squares && n > rank && squares <= 1e-28 * estimate.Sums.Squares) { yield return "the model reproduces the responses exactly: the variance is rounding error, and tests mean nothing"; }
    }
}
