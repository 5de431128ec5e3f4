using System.Globalization;
using FisherFlow.Inference;

namespace FisherFlow.Reports;

/// <summary>The sentences below a coefficient table.</summary>
static class FitLines
{
    const int DevianceDigits = 5;

    /// <summary>What was fitted: family and link, or a likelihood of one's own.</summary>
    public static string Model(FitResult result) => result switch
    {
        { Convergence: not null, DispersionEstimated: true } => "Nonlinear least squares: gaussian noise, its variance estimated",
        { Convergence: not null } => "Maximum likelihood: a log-density of one's own",
        { Mixture: { } mixture } => $"Family: gaussian, a mixture of {mixture.Weights.Count} components",
        { Parameters.Count: > 0 } => $"Family: {result.Family}",
        _ => $"Family: {result.Family} ({result.Link} link)",
    };

    /// <summary>Dispersion, deviances with their degrees of freedom, and AIC, as R's summary of a glm prints them.</summary>
    public static IEnumerable<string> Statistics(FitResult result)
    {
        if (result.Parameters.Count > 0)
        {
            foreach (var line in Natural(result)) { yield return line; }
            if (result.Mixture is not null) { yield return Rank(result); }
            yield return $"-2 log-likelihood: {Short(result.Deviance, 7)}  on {Grouped(result.ResidualDegreesOfFreedom)}  degrees of freedom";
            yield return Criteria(result);
            yield break;
        }
        if (result.Convergence is not null)
        {
            foreach (var line in Likelihood(result)) { yield return line; }
            yield break;
        }
        var several = result.Coefficients.Any(c => c.Outcome is not null || c.IsCutPoint);
        if (!several)
        {
            yield return result.Dispersion is not { } phi
                ? $"(Dispersion parameter for {result.Family} family cannot be estimated)"
                : $"(Dispersion parameter for {result.Family} family {(result.DispersionEstimated ? "estimated" : "taken")} to be {SignificantFormat.Format(phi, 7)})";
        }
        if (result.DispersionParameter is { } theta)
        {
            var error = result.DispersionParameterStandardError is { } se ? SignificantFormat.Format(se, 3) : "NA";
            yield return $"Theta: {SignificantFormat.Format(theta, 4)}  Std. Err.: {error}";
        }
        var deviances = new[] { result.NullDeviance, result.Deviance };
        var format = SignificantFormat.For([.. deviances.OfType<double>()], DevianceDigits);
        var texts = Array.ConvertAll(deviances, d => d is not { } x ? "NA" : format.Exponent ? SignificantFormat.Format(x, DevianceDigits) : format.Write(x));
        var width = texts.Max(t => t.Length);
        var degrees = new[] { result.NullDegreesOfFreedom, result.ResidualDegreesOfFreedom };
        var places = degrees.Max(d => d.ToString(CultureInfo.InvariantCulture).Length);
        for (var i = 0; i < 2; i++)
        {
            var df = degrees[i].ToString(CultureInfo.InvariantCulture).PadLeft(places);
            yield return $"{(i == 0 ? "    Null" : "Residual")} deviance: {texts[i].PadLeft(width)}  on {df}  degrees of freedom";
        }
        yield return Criteria(result);
    }

    static string Criteria(FitResult result) =>
        $"AIC: {Short(result.Aic, DevianceDigits)}   BIC: {Short(result.Bic, DevianceDigits)}   log-likelihood: {Short(result.LogLikelihood, DevianceDigits)}";

    /// <summary>The parameters that are the same for every row, on their own scale.</summary>
    static IEnumerable<string> Natural(FitResult result) => result.Parameters.Where(parameter => parameter.Estimate is not null && parameter.Link != "identity").Select(parameter =>
        $"{parameter.Name}: {Short(parameter.Estimate, 4)}  Std. Err.: {Short(parameter.StandardError, 3)}  ({Short(parameter.Lower, 4)}, {Short(parameter.Upper, 4)})");

    /// <summary>How much of the information is there although labels are not, and what the last component is worth.</summary>
    static string Rank(FitResult result)
    {
        var mixture = result.Mixture!;
        var weakest = mixture.InformationShares.Count == 0 ? "" : $", {Short(100 * mixture.InformationShares[0], 3)} % of the complete data's in the weakest direction";
        return $"Information: rank {mixture.Rank} of {mixture.Size}{weakest}; {mixture.Weights.Count} components against {mixture.Weights.Count - 1}: log-likelihood {(mixture.Advantage < 0 ? "" : "+")}{Short(mixture.Advantage, 4)}";
    }

    /// <summary>As R's summary of an nls, with the log-likelihood; and how the end of the search was judged.</summary>
    static IEnumerable<string> Likelihood(FitResult result)
    {
        if (result.DispersionEstimated)
        {
            var sigma = result.Dispersion is { } variance ? SignificantFormat.Format(Math.Sqrt(variance), 4) : "NA";
            yield return $"Residual standard error: {sigma} on {result.ResidualDegreesOfFreedom.ToString(CultureInfo.InvariantCulture)} degrees of freedom";
        }
        yield return Criteria(result);
        yield return $"Search {result.Convergence}";
    }

    /// <summary>How standard errors and limits were computed, and how close the estimate is to the maximum likelihood.</summary>
    public static IEnumerable<string> Method(FitResult result)
    {
        yield return result.Covariance switch
        {
            CovarianceKind.Model => $"Limits: {Level(result)} Wald, by the normal quantile",
            CovarianceKind.Cluster => $"Robust (clustered{(result.ClusterColumn is null ? "" : " by " + result.ClusterColumn)}, CR1, {Grouped(result.Clusters)} clusters) standard errors; limits: {Level(result)} Wald, by the normal quantile",
            _ => $"Robust ({result.Covariance}) standard errors; limits: {Level(result)} Wald, by the normal quantile",
        };
        if (result.Ridge > 0) { yield return string.Create(CultureInfo.InvariantCulture, $"Prior: N(0, {1 / result.Ridge:G6}) on every coefficient but the intercept (ridge {result.Ridge:G6})"); }
        foreach (var line in Structure(result)) { yield return line; }
        if (result.Firth) { yield return "Penalised by Jeffreys' prior (Firth)"; }
        var references = result.References.Where(pair => pair.Key.Length > 0).Select(pair => $"{pair.Key} = {pair.Value}").ToList();
        if (references.Count > 0) { yield return $"Reference levels: {string.Join(", ", references)}"; }
        yield return MethodLine(result);
    }

    /// <summary>Structure, memory and estimate where they are not the usual ones, and the priors that go with them.</summary>
    static IEnumerable<string> Structure(FitResult result)
    {
        if (result.Structured is not { } fit) { yield break; }
        string?[] parts =
        [
            fit.Structure is { } structure ? $"structure {structure}" : null,
            fit.Memory is { } memory ? $"memory {memory}{(fit.Fades ? $" ({Short(result.EffectiveObservations, 5)} effective observations)" : fit.DriftIsEstimated ? " (estimated from the first rows, 2,000 at most)" : "")}" : null,
            fit.Information is { } information ? $"estimate {information}" : null,
        ];
        var text = string.Join(", ", parts.OfType<string>());
        if (text.Length > 0) { yield return $"Information: {text}"; }
        if (fit.Epsilon > 0) { yield return string.Create(CultureInfo.InvariantCulture, $"Prior: N(0, {1 / fit.Epsilon:G6}) on every coefficient, the starting information {fit.Epsilon:G6}"); }
        if (fit.HashedColumns > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Hashed: {Grouped(fit.HashedColumns)} columns, of which rows have met {Grouped(fit.HashedMet)}; not listed, each with the prior N(0, {1 / fit.HashedPrior:G6}{(result.DispersionEstimated ? " times the dispersion" : "")})");
        }
        if (fit.TransferDiscount is { } share) { yield return $"Prior: the other state's information, of which {Short(100 * share, 3)} % count"; }
    }

    static string MethodLine(FitResult result)
    {
        var rows = Grouped(result.Observations) + (result.Observations == 1 ? " row" : " rows");
        var rejected = result.RowsRejected > 0 ? $" ({Grouped(result.RowsRejected)} rejected)" : "";
        if (result.Method == "exact")
        {
            var steps = result.Mixture is not null ? "EM and Newton's steps" : result.Convergence is null ? "Fisher scoring" : "damped steps";
            return $"Exact: {steps}, {result.Passes} {(result.Passes == 1 ? "pass" : "passes")} over {rows}{rejected}{(result.Converged ? Vertex(result) : ", not converged")}";
        }
        var once = $"One pass over {rows}{rejected}{(result.Converged ? "" : ", not converged")}";
        if (!result.Converged) { return once; }
        if (result.Structured is { Drifts: true }) { return $"{once}, by a Kalman filter: the coefficients as of the last row"; }
        if (result.Structured?.Memory is not null) { return $"{once}, {(result.Structured.Fades ? "older ones weighing less" : "the others forgotten")}; score gauge {Short(result.ScoreGauge, 2)}"; }
        return result.DistanceBound switch
        {
            null => $"{once}; score gauge {Short(result.ScoreGauge, 2)}, at an unknown distance from the {Target(result)}",
            0 => $"{once}: the {Target(result)} itself, as {(result is { Family: "gaussian", Link: "identity" } ? "the model is linear" : "all rows are still in memory")}{Vertex(result)}",
            { } bound => $"{once}; within {Short(bound, 2)} standard errors of the {Target(result)}, by the audit of folded rows; score gauge {Short(result.ScoreGauge, 2)}",
        };
    }

    /// <summary>What convergence means where the likelihood has corners.</summary>
    static string Vertex(FitResult result) => result.Family == "laplace" ? "; a vertex of the likelihood, where zero is a subgradient" : "";

    static string Target(FitResult result) => result.Ridge > 0 || result.Structured is { Epsilon: > 0 } or { DampingPrecision: > 0 } or { HashedColumns: > 0 } or { TransferDiscount: > 0 } ? "penalised estimate" : "maximum likelihood estimate";

    static string Level(FitResult result) => (100 * result.Level).ToString("0.##########", CultureInfo.InvariantCulture) + " %";

    static string Short(double? value, int digits) => value is { } x ? SignificantFormat.Format(x, digits) : "NA";

    static string Grouped(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
