using System.Globalization;
using FisherFlow.Estimation;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Inference;

/// <summary>What a reader of a result should be told before trusting it.</summary>
static class Remarks
{
    const int NamesShown = 8;
    const int FewClusters = 10;
    const double LargeCondition = 1e8;
    const double LargeTheta = 1e5;
    const double FlatError = 5;

    /// <summary>The warnings that follow from a result and the estimate behind it.</summary>
    public static IEnumerable<string> On(FitResult result, Estimate estimate, string? noCovariance, bool perfect, bool noLikelihood)
    {
        if (result.Observations == 0)
        {
            yield return "no observation has a positive weight: nothing is estimated";
            yield break;
        }
        if (estimate.Responses.Minimum == estimate.Responses.Maximum && result.References.ContainsKey("") is false)
        {
            yield return Invariant($"the response is constant: every observation is {estimate.Responses.Minimum:R}");
        }
        foreach (var remark in OnCoefficients(result)) { yield return remark; }
        if (result.ResidualDegreesOfFreedom < 0)
        {
            yield return $"{result.Observations} observations cannot determine {result.Rank} coefficients by themselves; a prior does the rest";
        }
        if (noCovariance is not null) { yield return $"no standard errors: {noCovariance}"; }
        if (perfect) { yield return "the model reproduces the responses exactly: the dispersion is rounding error, and tests mean nothing"; }
        else if (result.Coefficients.Where(c => c is { Estimate: not null, StandardError: not null, Statistic: null }).Select(Name).ToList() is { Count: > 0 } untested)
        {
            yield return result is { DispersionEstimated: true, ResidualDegreesOfFreedom: <= 0 }
                ? "no tests: there are no degrees of freedom left for t"
                : $"no tests of {List(untested)}: standard errors are zero, or statistics too large for a number";
        }
        if (noLikelihood) { yield return "the log-likelihood is unbounded at this fit, so it and AIC and BIC do not exist"; }
        if (!double.IsFinite(estimate.Deviance) || !double.IsFinite(estimate.Pearson)) { yield return "deviance or Pearson's chi-squared is not finite: the fit is at the edge of the model"; }
        if (result.DispersionParameter > LargeTheta) { yield return Invariant($"theta is very large ({result.DispersionParameter:G3}): the counts vary no more than Poisson's, and theta's standard error means nothing"); }
        if (estimate.BoundedRows > 0)
        {
            yield return $"{estimate.BoundedRows} rows were folded where their information was not positive, and a bound stands for it: standard errors are too small; a larger --buffer or --passes exact avoids that";
        }
        if (result.Mixture is { LateColumns: > 0 and var late })
        {
            yield return $"{late} {(late == 1 ? "column of a level" : "columns of levels")} came after the rows that the mixture started from, and {(late == 1 ? "its" : "their")} first rows were expected without {(late == 1 ? "it" : "them")}; a larger --buffer or --passes exact closes the gap";
        }
        foreach (var remark in OnConvergence(result)) { yield return remark; }
        foreach (var remark in OnStructure(result.Structured)) { yield return remark; }
        if (result.Ridge > 0)
        {
            yield return Invariant($"ridge: every coefficient but the intercept has the prior N(0, {1 / result.Ridge:G6}); estimates and standard errors are the posterior's, and the deviance is not minimal");
        }
        if (result.Covariance == CovarianceKind.Cluster && result.Clusters < FewClusters)
        {
            yield return $"{result.Clusters} clusters are few: clustered standard errors are too small below about {FewClusters}, and unreliable below 40";
        }
    }

    /// <summary>Outcomes that were declared, or had in rows that weigh nothing, and that no row speaks of.</summary>
    public static IEnumerable<string> OnOutcomes(DesignSchema schema, IModel model, ResponseSums sums)
    {
        if (sums.Observations == 0 || model is DistributionalModel) { yield break; }
        for (var k = 0; k < schema.Outcomes.Count; k++)
        {
            if (k < sums.OutcomeWeights.Length && sums.OutcomeWeights[k] > 0) { continue; }
            var consequence = !model.IsOrdinal ? "its coefficients are infinite or meaningless"
                : k == 0 || k == schema.Outcomes.Count - 1 ? "its cut point is infinite"
                : "its two cut points cannot be told apart, and are estimated as one";
            yield return $"no row has the outcome '{schema.Outcomes[k]}': {consequence}";
        }
    }

    static IEnumerable<string> OnCoefficients(FitResult result)
    {
        var aliased = Named(result, CoefficientStatus.Aliased);
        if (aliased.Count > 0)
        {
            yield return aliased.Count == 1
                ? $"1 coefficient is not defined because of singularities (determined by those before it): {aliased[0]}"
                : $"{aliased.Count} coefficients are not defined because of singularities (determined by those before them): {List(aliased)}";
        }
        var separated = Named(result, CoefficientStatus.Separated);
        if (separated.Count > 0)
        {
            // a ridge holds every coefficient but intercepts
            var cure = result.Family == "binomial" ? "; --firth or --ridge give finite ones"
                : result.Coefficients.Any(c => c.Status == CoefficientStatus.Separated && c.Term != Term.Intercept) ? "; --ridge gives finite ones" : "";
            var (one, several) = result.Parameters.Count > 0
                ? ("is infinite: the likelihood has no maximum at a finite value", "are infinite: the likelihood has no maximum at finite values")
                : ("separates the response: its estimate is infinite", "separate the response: their estimates are infinite");
            yield return $"{List(separated)} {(separated.Count == 1 ? one : several)}{cure}";
        }
        var flat = result.Coefficients.Where(c => c is { IsConstant: true, StandardError: > FlatError } && result.Parameters.Any(p => p.Name == c.Parameter && p.Link != "identity" && p.Estimate is not null)).Select(c => c.Parameter!).ToList();
        if (flat.Count > 0) { yield return $"{List(flat)}: a standard error above {FlatError} in logarithms or logits is that of a parameter at the edge of its range, or of one that the data hardly speak of"; }
        var unknown = result.Coefficients.Where(c => c.Status != CoefficientStatus.Aliased && c.Estimate is null).Select(Name).ToList();
        if (unknown.Count > 0) { yield return $"the iterations diverged: no finite estimate of {List(unknown)}"; }
    }

    static IEnumerable<string> OnConvergence(FitResult result)
    {
        if (result.Regime == Regime.Trajectory)
        {
            yield return Invariant($"the estimate is still on its way (score gauge {Text(result.ScoreGauge)}): standard errors, tests and limits are refused, because the information along a path is not a covariance");
        }
        else if (result.Parameters.Count > 0 && Summary.IsCertain(result.LogLikelihood, result.Coefficients))
        {
            yield return "every response has probability one at this fit, as where none is an event: the likelihood has no maximum, and estimates and errors mean nothing";
        }
        else if (!result.Converged) { yield return "the iterations did not converge"; }
        if (result.ConditionNumber is null && result.Rank > 0) { yield return "the condition number is not finite: the design is numerically singular"; }
        else if (result.ConditionNumber > LargeCondition)
        {
            yield return Invariant($"the design is nearly collinear (condition number {result.ConditionNumber:E1}): expect to lose about {Math.Log10(result.ConditionNumber.Value):F0} digits");
        }
        if (result.DistanceBound > 0.5)
        {
            yield return Invariant($"the one-pass estimate may be {result.DistanceBound:G3} standard errors from the maximum likelihood estimate; --passes exact closes the gap");
        }
        else if (result is { Converged: true, Method: "one-pass", ScoreGauge: > 0.25 })
        {
            yield return Invariant($"the score gauge is large ({result.ScoreGauge:G3}); --passes exact gives the maximum likelihood estimate");
        }
    }

    /// <summary>What a structure, a damping or a fallback means for the numbers above.</summary>
    internal static IEnumerable<string> OnStructure(FitStructure? fit)
    {
        if (fit is null) { yield break; }
        if (fit is { UnderstatesVariance: true, Structure: { } structure })
        {
            yield return $"the {structure} structure leaves dependence between coefficients out: their standard errors and intervals are too narrow where columns are correlated (of two columns at correlation 0.5 a 95 % interval covers 91 %, at 0.9 61 %, at 0.99 22 %); --structure full has the right ones";
        }
        if (fit.DampingPrecision > 0) { yield return Invariant($"damping {fit.Damping} added {fit.DampingPrecision:G4} to the information: every coefficient has the prior N(0, {1 / fit.DampingPrecision:G4}), and estimates and standard errors are the posterior's"); }
        if (fit.Fallbacks > 0) { yield return $"the observed information of {fit.Fallbacks} {(fit.Fallbacks == 1 ? "batch was" : "batches was")} indefinite, so {(fit.Fallbacks == 1 ? "it counts" : "they count")} by the expected information"; }
        if (fit.NotFinite > 0) { yield return $"{fit.NotFinite} {(fit.NotFinite == 1 ? "row was" : "rows were")} left out, as their scores are not finite"; }
        foreach (var change in fit.Changes) { yield return $"{change.Term} has changed since about row {change.Since} (found at row {change.Found}); what was known before is forgotten"; }
    }

    static List<string> Named(FitResult result, CoefficientStatus status) => [.. result.Coefficients.Where(c => c.Status == status).Select(Name)];

    static string Name(Coefficient coefficient) => coefficient.FullName;

    static string List(List<string> names) =>
        string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : "");

    static string Text(double? value) => value is { } x ? x.ToString("G3", CultureInfo.InvariantCulture) : "not finite";

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
