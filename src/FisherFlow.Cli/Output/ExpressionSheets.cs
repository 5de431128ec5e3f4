using FisherFlow.Cli.Terminal;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;

namespace FisherFlow.Cli.Output;

/// <summary>The parts of a state that holds the fit of an expression.</summary>
static class ExpressionSheets
{
    public static Sheet Create(ExpressionFit fit, StatePart part, ReportOptions report) => part switch
    {
        StatePart.Model => Model(fit),
        StatePart.Estimate => Estimate(fit),
        StatePart.Covariance => Covariance(fit.Report(report)),
        StatePart.Sums => Sums(fit.Report(report)),
        StatePart.Lineage => StateSheets.Lineage(fit.Sources),
        StatePart.Rejections => StateSheets.Rejections(fit.Rejections),
        _ => throw new UsageException($"the state of an expression has no {part.ToString().ToLowerInvariant()}; it has coefficients, model, estimate, covariance, sums, lineage and rejections"),
    };

    static Sheet Model(ExpressionFit fit)
    {
        var options = fit.Options;
        return new("model", ["property", "value"],
        [
            ["formula", options.Formula],
            ["log-density", options.LogDensity],
            ["parameters", fit.Estimator.Model.Space.ToString()],
            ["start", string.Join(", ", options.Start.Select(pair => FormattableString.Invariant($"{pair.Key}={pair.Value:R}")))],
            ["random starts", (long)options.Likelihood.Starts],
            ["seed", (long)options.Likelihood.Seed],
            ["weights", options.WeightsColumn],
            ["memory", options.Likelihood.Memory.ToString()],
            ["estimate", options.Likelihood.Information?.ToString() ?? (options.Formula is null ? "observed" : "expected")],
            ["sample", options.Sample],
            ["detect", options.Detect?.ToString()],
            ["passes", options.Exact ? "exact" : "one"],
            ["covariance", options.Covariance == CovarianceKind.Model ? "model" : options.Covariance.ToString().ToLowerInvariant()],
            ["rows in the buffer", (long)fit.Estimator.BufferedRows],
            ["rows folded", fit.Estimator.FoldedRows],
            ["complete", fit.IsComplete],
            ["written by", fit.CreatedBy],
        ]);
    }

    static Sheet Estimate(ExpressionFit fit)
    {
        var estimate = fit.Estimate();
        return new("estimate", ["term", "estimate", "converged"], [.. fit.Estimator.Model.Space.Names.Select((name, k) => new object?[] { name, estimate.Theta[k], estimate.Converged })]);
    }

    static Sheet Covariance(FitResult result) => StateSheets.Square("covariance", [.. result.Coefficients.Where(c => c.StandardError is not null).Select(c => c.Term)], (row, column) => result.CovarianceMatrix[row, column]);

    static Sheet Sums(FitResult result) => new("sums", ["sum", "value"],
    [
        ["observations", result.Observations],
        ["log-likelihood", result.LogLikelihood],
        ["residual sum of squares", result.PearsonChiSquared],
        ["dispersion", result.Dispersion],
        ["relative offset", result.RelativeOffset],
        ["score gauge", result.ScoreGauge],
        ["steps", (long)result.Iterations],
        ["passes", (long)result.Passes],
    ]);
}
