using FisherFlow.Inference;

namespace FisherFlow.Reports;

/// <summary>The coefficient table as a GitHub-flavoured markdown table, with the fit statistics below it.</summary>
public static class MarkdownReport
{
    /// <summary>Writes a result as markdown.</summary>
    /// <param name="result">The result.</param>
    /// <param name="output">Where it goes.</param>
    public static void Write(FitResult result, TextWriter output)
    {
        if (result.Training is { } training)
        {
            TrainingReport.WriteMarkdown(result, training, output);
            return;
        }
        var part = result.Coefficients.Any(c => c.Outcome is not null) ? "outcome" : result.Parameters.Count > 0 ? "parameter" : null;
        var cells = new CoefficientCells(result.Coefficients, result);
        output.Write($"**{Printable.Markdown(result.Formula)}** ({(result.Convergence is null ? $"{result.Family}, {result.Link} link" : FitLines.Model(result))})\n\n");
        output.Write($"| {(part is null ? "" : part + " | ")}term | estimate | std. error | {cells.LowerName} | {cells.UpperName} | {cells.StatisticName} | {Printable.Markdown(cells.PValueName)} | |\n");
        output.Write($"|{(part is null ? "" : ":---|")}:---|---:|---:|---:|---:|---:|---:|:---|\n");
        for (var i = 0; i < result.Coefficients.Count; i++)
        {
            var c = result.Coefficients[i];
            var first = part is null ? "" : $"{Printable.Markdown(c.Outcome ?? c.Parameter ?? "")} | ";
            var last = c.Status == CoefficientStatus.Ok ? cells.Stars[i].Replace("*", "\\*", StringComparison.Ordinal) : ReportNames.Of(c.Status);
            output.Write($"| {first}{Printable.Markdown(c.Term)} | {string.Join(" | ", cells.Rows[i])} | {last} |\n");
        }
        output.Write('\n');
        foreach (var line in FitLines.Statistics(result).Concat(FitLines.Method(result))) { output.Write($"- {Printable.Markdown(line.Trim())}\n"); }
        foreach (var warning in result.Warnings) { output.Write($"- Warning: {Printable.Markdown(warning)}\n"); }
    }
}
