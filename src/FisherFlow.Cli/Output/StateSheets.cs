using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;

namespace FisherFlow.Cli.Output;

/// <summary>Lays out the parts of a state as sheets.</summary>
static class StateSheets
{
    public static Sheet Create(Regression regression, StatePart part, ReportOptions report) => part switch
    {
        StatePart.Model => Model(regression),
        StatePart.Levels => Levels(regression.Schema),
        StatePart.Estimate => Theta(regression, report),
        StatePart.Information => Information(regression, report),
        StatePart.Covariance => Covariance(regression.Report(report)),
        StatePart.Sums => Sums(regression.Estimate()),
        StatePart.Lineage => Lineage(regression.Sources),
        StatePart.Rejections => Rejections(regression.Rejections),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "the table of coefficients is a report, not a sheet"),
    };

    static Sheet Model(Regression regression)
    {
        var (options, model, estimator) = (regression.Options, regression.Options.Model, regression.Options.Estimator);
        return new("model", ["property", "value"],
        [
            ["formula", regression.Formula],
            ["family", ModelNames.Name(model)],
            ["link", ModelNames.LinkName(model)],
            ["power", model.Family == Family.Tweedie ? model.Power : null],
            ["dispersion", model.EstimateDispersion ? "estimated" : "the family's"],
            ["weights", options.WeightsColumn],
            ["offset", options.OffsetColumn],
            ["clusters", options.ClusterColumn],
            [model.Family == Family.Distributional ? "parameters" : "outcomes", string.Join(", ", regression.Schema.Outcomes)],
            ["formulas of parameters", options.ParameterFormulas.Count > 0 ? string.Join("; ", options.ParameterFormulas) : null],
            ["passes", options.Exact ? "exact" : "one"],
            ["structure", regression.Estimator.StructureName],
            ["memory", $"{estimator.Memory}"],
            ["estimate", $"{estimator.Information}"],
            ["damping", $"{estimator.Damping}"],
            ["epsilon", estimator.Epsilon > 0 ? estimator.Epsilon : null],
            ["covariance", options.Covariance == CovarianceKind.Model ? "model" : options.Covariance.ToString().ToLowerInvariant()],
            ["references", string.Join(", ", options.References.Select(pair => $"{(pair.Key.Length == 0 ? "response" : pair.Key)}={pair.Value}"))],
            ["ridge", estimator.Ridge > 0 ? estimator.Ridge : null],
            ["firth", estimator.Firth],
            ["most levels a factor", (long)options.MaxLevels],
            ["design columns", (long)regression.Schema.Columns.Count],
            ["rows in the buffer", (long)regression.Estimator.BufferedRows],
            ["rows folded", regression.Estimator.FoldedRows],
            ["complete", regression.IsComplete],
            ["written by", regression.CreatedBy],
        ]);
    }

    static Sheet Levels(DesignSchema schema)
    {
        var levels = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        for (var c = 0; c < schema.Columns.Count; c++)
        {
            if (schema.IsHashed(c)) { continue; }   // their levels are nowhere
            var column = schema.Columns[c];
            foreach (var (factor, level) in schema.Terms[column.Term].Factors.Zip(column.Levels))
            {
                if (!levels.TryGetValue(factor, out var known)) { levels[factor] = known = new(LevelOrder.Instance); }
                known.Add(level);
            }
        }
        return new("levels", ["factor", "level"], [.. levels.SelectMany(pair => pair.Value.Select(level => new object?[] { pair.Key, level }))]);
    }

    static Sheet Theta(Regression regression, ReportOptions report)
    {
        var estimate = regression.Estimate(report.References);
        var free = regression.Identify(report.References).Free;
        return new("estimate", ["outcome", "term", "estimate", "identified", "separated"],
        [
            .. free.Select(p => new object?[]
            {
                Outcome(regression, p), Term(regression.Schema, p), estimate.Theta[p.Index], estimate.Factor.Kept.Contains(p.Index), estimate.Separated[p.Index],
            }),
        ]);
    }

    static Sheet Information(Regression regression, ReportOptions report)
    {
        var factor = regression.Estimate(report.References).Factor;
        var names = regression.Identify(report.References).Free
            .ToDictionary(p => p.Index, p => string.Join(':', new[] { Outcome(regression, p), Term(regression.Schema, p) }.Where(part => part is not null)));
        var places = Enumerable.Range(0, factor.Kept.Count).Where(place => names.ContainsKey(factor.Kept[place])).ToArray();   // hashed columns have no names
        return Square("information", [.. places.Select(place => names[factor.Kept[place]])], (i, j) =>
        {
            var (row, column) = (places[i], places[j]);
            var sum = 0.0;   // (RᵀR)[row, column]
            for (var k = 0; k <= Math.Min(row, column); k++) { sum += factor.Upper[(k * factor.Rank) + row] * factor.Upper[(k * factor.Rank) + column]; }
            return sum;
        });
    }

    static Sheet Covariance(FitResult fit)
    {
        string[] names = [.. fit.Coefficients.Where(c => c.Status == CoefficientStatus.Ok).Select(c => (c.Outcome ?? c.Parameter) is { } part ? $"{part}:{c.Term}" : c.Term)];
        return fit.CovarianceMatrix.GetLength(0) == names.Length
            ? Square("covariance", names, (row, column) => fit.CovarianceMatrix[row, column])
            : throw new DataException($"there is no covariance. {string.Join(". ", fit.Warnings)}");
    }

    static Sheet Sums(Estimate estimate) => new("sums", ["sum", "value"],
    [
        ["observations", estimate.Responses.Observations],
        ["rows of weight zero", estimate.Responses.ZeroWeights],
        ["weight", estimate.Responses.Weight],
        ["squared weight", estimate.Responses.SquaredWeight],
        ["response", estimate.Responses.Response],
        ["smallest response", estimate.Responses.Minimum],
        ["largest response", estimate.Responses.Maximum],
        ["deviance", estimate.Deviance],
        ["null deviance", estimate.NullDeviance],
        ["pearson chi-squared", estimate.Pearson],
        ["score gauge", estimate.ScoreGauge],
        ["clusters", (long)estimate.Clusters],
        ["iterations", (long)estimate.Iterations],
        ["passes", (long)estimate.Passes],
    ]);

    public static Sheet Lineage(IReadOnlyList<SourceRecord> sources) => new("lineage", ["source", "records", "complete", "fingerprint"],
        [.. sources.SelectMany(s => s.Fingerprints.Select(f => new object?[] { s.Name, s.Records, s.IsComplete, f }))]);

    public static Sheet Rejections(RejectionLog log) => new("rejections", ["reason", "rows"],
        [.. Enum.GetValues<RejectionReason>().Where(r => log.CountBy(r) > 0).Select(r => new object?[] { r.ToString(), log.CountBy(r) })]);

    public static Sheet Square(string name, string[] names, Func<int, int, double> cell) => new(name, ["", .. names],
        [.. names.Select((term, row) => new object?[] { term }.Concat(names.Select((_, column) => (object?)cell(row, column))).ToArray())]);

    static string Term(DesignSchema schema, FreeParameter parameter) =>
        parameter.Column >= 0 ? schema.Name(parameter.Column) : $"{schema.Outcomes[parameter.Outcome]}|{schema.Outcomes[parameter.Outcome + 1]}";

    static string? Outcome(Regression regression, FreeParameter parameter) =>
        regression.Model.IsOrdinal || regression.Schema.Outcomes.Count == 0 ? null : regression.Schema.Outcomes[parameter.Outcome];
}
