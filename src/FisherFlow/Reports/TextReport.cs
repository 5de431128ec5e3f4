using FisherFlow.Inference;

namespace FisherFlow.Reports;

/// <summary>A result as text, after R's <c>summary(glm)</c>: the call, the coefficients with stars, dispersion, deviances, AIC, and how it was computed.</summary>
public static class TextReport
{
    /// <summary>Writes a result as text.</summary>
    /// <param name="result">The result.</param>
    /// <param name="output">Where it goes; lines end in a line feed.</param>
    public static void Write(FitResult result, TextWriter output)
    {
        if (result.Training is { } training)
        {
            TrainingReport.WriteText(result, training, output);
            return;
        }
        output.Write($"\nCall:  {result.Formula}\n{FitLines.Model(result)}\n");
        var aliased = result.Coefficients.Count(c => c.Status == CoefficientStatus.Aliased);
        var header = aliased == 0 ? "Coefficients:" : $"Coefficients: ({aliased} not defined because of singularities)";
        var sections = Sections(result, header).ToList();
        foreach (var (title, lines) in sections)
        {
            output.Write($"\n{string.Join('\n', title.Split('\n').Select(Printable.OneLine))}\n");
            WriteTable(lines, result, output);
        }
        if (sections.Count == 0) { output.Write("\nNo coefficients\n"); }
        WriteLegend(result, output);
        output.Write('\n');
        foreach (var line in FitLines.Statistics(result)) { output.Write(line.StartsWith('(') || line.StartsWith("Theta", StringComparison.Ordinal) ? line + "\n\n" : line + "\n"); }
        output.Write('\n');
        foreach (var line in FitLines.Method(result)) { output.Write(Printable.OneLine(line) + "\n"); }
        ChangeLines.Write(result, output);
        if (result.Warnings.Count > 0) { output.Write('\n'); }
        // Details of the warning above are indented, and stay so.
        foreach (var warning in result.Warnings) { output.Write($"{(warning.StartsWith(' ') ? "       " : "Warning: ")}{Printable.OneLine(warning)}\n"); }
    }

    static IEnumerable<(string Title, List<Coefficient> Lines)> Sections(FitResult result, string header)
    {
        var slopes = result.Coefficients.Where(c => !c.IsCutPoint).ToList();
        if (slopes.Exists(c => c.Outcome is not null))
        {
            header += "\n";
            foreach (var group in slopes.GroupBy(c => c.Outcome))
            {
                yield return ($"{header}Outcome {group.Key} against {result.References[""]}:", [.. group]);
                header = "";
            }
        }
        else if (result.Parameters.Count > 0)
        {
            header += "\n";
            foreach (var parameter in result.Parameters)
            {
                if (result.Mixture is not null && parameter.Link != "identity") { continue; }   // scales and weights are below, on their own scale
                yield return ($"{header}{parameter.Name} ({parameter.Link} link):", [.. slopes.Where(c => c.Parameter == parameter.Name)]);
                header = "";
            }
        }
        else if (slopes.Count > 0) { yield return (header, slopes); }
        var cuts = result.Coefficients.Where(c => c.IsCutPoint).ToList();
        if (cuts.Count > 0) { yield return ("Cut points:", cuts); }
    }

    static void WriteTable(List<Coefficient> lines, FitResult result, TextWriter output)
    {
        var cells = new CoefficientCells(lines, result);
        var stars = result.Coefficients.Any(c => c.PValue < 0.1);
        var table = new TextTable(["", "Estimate", "Std. Error", cells.LowerName, cells.UpperName, cells.StatisticName, cells.PValueName, .. stars ? [""] : Array.Empty<string>()]);
        for (var i = 0; i < lines.Count; i++) { table.Add([lines[i].Term, .. cells.Rows[i], .. stars ? [cells.Stars[i]] : Array.Empty<string>()]); }
        table.Write(output, stars);
    }

    static void WriteLegend(FitResult result, TextWriter output)
    {
        if (result.Coefficients.Any(c => c.PValue < 0.1)) { output.Write($"---\n{PValueFormat.Legend}\n"); }
        if (result.Coefficients.Any(c => c.Status == CoefficientStatus.Separated)) { output.Write(result.Parameters.Count > 0 ? "Inf: the likelihood has no maximum at a finite value.\n" : "Inf: the data separate the response; the estimate is infinite.\n"); }
    }
}
