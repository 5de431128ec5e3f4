using System.Globalization;
using FisherFlow.Inference;

namespace FisherFlow.Reports;

/// <summary>A result of the trajectory regime: estimates alone, the loss, and why there is nothing more.</summary>
static class TrainingReport
{
    const string Reason = "Regime: trajectory. The method was still on its way, and its information is a metric of the path, not a covariance: there are no standard errors,\n"
        + "tests or limits. Leave out --preset (and --step) for estimates with all of them, in one pass.";

    /// <summary>The table as text.</summary>
    public static void WriteText(FitResult result, TrainingSummary training, TextWriter output)
    {
        output.Write($"\nCall:  {result.Formula}\nFamily: {result.Family} ({result.Link} link)\nMethod: {training.Preset} = {training.Method}\n\nCoefficients:\n");
        var outcomes = result.Coefficients.Any(c => c.Outcome is not null);
        var table = new TextTable(outcomes ? ["", "Outcome", "Estimate"] : ["", "Estimate"]);
        foreach (var c in result.Coefficients)
        {
            var estimate = c.Estimate is { } x ? SignificantFormat.Format(x, 6) : "NA";
            table.Add(outcomes ? [c.Term, c.Outcome ?? "", estimate] : [c.Term, estimate]);
        }
        table.Write(output, starsLast: false);
        output.Write('\n');
        foreach (var line in Lines(result, training)) { output.Write(line + "\n"); }
        output.Write($"\n{Reason}\n");
        if (result.Warnings.Count > 0) { output.Write('\n'); }
        foreach (var warning in result.Warnings) { output.Write(warning.StartsWith(' ') ? $"       {warning}\n" : $"Warning: {warning}\n"); }
    }

    /// <summary>The table as markdown.</summary>
    public static void WriteMarkdown(FitResult result, TrainingSummary training, TextWriter output)
    {
        var outcomes = result.Coefficients.Any(c => c.Outcome is not null);
        output.Write($"**{Printable.Markdown(result.Formula)}** ({result.Family}, {result.Link} link)\n\n");
        output.Write(outcomes ? "| outcome | term | estimate |\n|:---|:---|---:|\n" : "| term | estimate |\n|:---|---:|\n");
        foreach (var c in result.Coefficients)
        {
            var first = outcomes ? $"{Printable.Markdown(c.Outcome ?? "")} | " : "";
            output.Write($"| {first}{Printable.Markdown(c.Term)} | {(c.Estimate is { } x ? SignificantFormat.Format(x, 6) : "NA")} |\n");
        }
        output.Write($"\n- Method: {Printable.Markdown($"{training.Preset} = {training.Method}")}\n");
        foreach (var line in Lines(result, training)) { output.Write($"- {Printable.Markdown(line)}\n"); }
        output.Write($"- {Reason.Replace('\n', ' ')}\n");
        foreach (var warning in result.Warnings) { output.Write($"- Warning: {Printable.Markdown(warning.Trim())}\n"); }
    }

    static IEnumerable<string> Lines(FitResult result, TrainingSummary training)
    {
        var references = result.References.Where(pair => pair.Key.Length > 0).Select(pair => $"{pair.Key} = {pair.Value}").ToList();
        if (references.Count > 0) { yield return $"Reference levels: {string.Join(", ", references)}"; }
        yield return $"Loss: {Short(training.Loss)} a row before it was learned, {Short(training.LastLoss)} {(training.Epochs > 1 ? "in the last pass" : "over the last half")}"
            + (training.NullLoss is null ? "" : $"; the best constant prediction has {Short(training.NullLoss)}");
        var rejected = result.RowsRejected > 0 ? $" ({Grouped(result.RowsRejected)} rejected)" : "";
        yield return $"{(training.Epochs == 1 ? "One pass" : $"{Grouped(training.Epochs)} passes")} over {Grouped(result.Observations)} rows{rejected}, {Grouped(training.Steps)} steps of up to {Grouped(training.BatchRows)} rows";
    }

    static string Short(double? value) => value is { } x ? SignificantFormat.Format(x, 5) : "NA";

    static string Grouped(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
