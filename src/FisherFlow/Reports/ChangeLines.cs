using System.Globalization;
using FisherFlow.Inference;

namespace FisherFlow.Reports;

/// <summary>The section of a text report on coefficients that changed while the stream was read; nothing where nobody watched.</summary>
static class ChangeLines
{
    /// <summary>Writes the section.</summary>
    public static void Write(FitResult result, TextWriter output)
    {
        if (result.Detector is null) { return; }
        output.Write($"\nChanges ({result.Detector}):");
        if (result.Changes.Count == 0)
        {
            output.Write(" none found\n");
            return;
        }
        output.Write('\n');
        var table = new TextTable(["", "Since row", "Found at", "Statistic", "Threshold", "Method"]);
        foreach (var change in result.Changes)
        {
            table.Add(
            [
                change.Outcome is null ? change.Term : $"{change.Outcome}: {change.Term}",
                change.Row.ToString("#,0", CultureInfo.InvariantCulture), change.FoundAt.ToString("#,0", CultureInfo.InvariantCulture),
                SignificantFormat.Format(change.Statistic, 4), SignificantFormat.Format(change.Threshold, 4), change.Method,
            ]);
        }
        table.Write(output, starsLast: false);
        output.Write("The table above is of all rows together; a coefficient that changed has an average there.\n");
    }
}
