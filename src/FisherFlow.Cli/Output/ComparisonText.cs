using System.Globalization;
using FisherFlow.Data;
using FisherFlow.Inference;

namespace FisherFlow.Cli.Output;

/// <summary>A comparison for people: who did how, the losses on the way, and their chart.</summary>
static class ComparisonText
{
    /// <summary>Writes it; lines end in a line feed.</summary>
    public static void Write(ComparisonResult result, TextWriter output)
    {
        output.Write($"\nCall:  {result.Formula}\nFamily: {result.Family} ({result.Link} link), {Grouped(result.Rows)} rows{(result.RowsRejected > 0 ? $" ({Grouped(result.RowsRejected)} rejected)" : "")}, each predicted before it was learned\n\n");
        var names = result.Contenders.Select((c, i) => $"{TextChart.Letter(i)} {c.Name}").ToArray();
        var kind = result.Contenders.Select(c => c.Calibration?.Kind).FirstOrDefault(k => k is not null);
        List<string[]> lines = [["", "loss", "last half", kind == "coverage" ? "90 % covers" : kind == "ece" ? "calibration" : "", "cpu", "state", "errors"]];
        for (var i = 0; i < names.Length; i++)
        {
            var c = result.Contenders[i];
            lines.Add([names[i], Number(c.Loss), Number(c.LastLoss) + (c.HasDiverged ? " diverged" : ""), Calibration(c.Calibration), $"{Short(c.Seconds)} s", Bytes(c.StateBytes), c.Regime == Regime.Converged ? "yes" : "no"]);
        }
        if (result.NullLoss is { } constant) { lines.Add([". best constant", Number(constant), "", "", "", "", ""]); }
        WriteTable(lines, output);
        output.Write("\nMean loss (half the deviance) of the rows up to\n");
        var points = result.Contenders[0].Curve;
        List<string[]> curve = [["rows", .. result.Contenders.Select(c => c.Name)]];
        for (var p = 0; p < points.Count; p++) { curve.Add([Grouped(points[p].Rows), .. result.Contenders.Select(c => Number(c.Curve[p].Loss))]); }
        WriteTable(curve, output);
        output.Write('\n');
        foreach (var line in TextChart.Draw(result)) { output.Write(line + "\n"); }
        output.Write($"\n{(kind == "ece" ? "calibration: the expected calibration error of the probabilities over the last half; 0 is best.\n" : kind == "coverage" ? "90 % covers: the share of responses inside their central 90 % interval over the last half; 90 % is best.\n" : "")}"
            + "cpu: processor time of learning; state: what must be kept to go on; errors: whether the method's information is a covariance.\n");
        foreach (var warning in result.Warnings) { output.Write(warning.StartsWith(' ') ? $"       {warning}\n" : $"Warning: {warning}\n"); }
    }

    /// <summary>A calibration with its unit.</summary>
    public static string Calibration(CalibrationResult? calibration) => calibration is null ? "" : calibration.Kind == "coverage"
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * calibration.Value:F1} %")
        : calibration.Value.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>A loss, in five digits.</summary>
    public static string Number(double? value) => value is { } x ? x.ToString("G5", CultureInfo.InvariantCulture) : "not finite";

    /// <summary>A duration in two or three digits.</summary>
    public static string Short(double seconds) => seconds < 10 ? seconds.ToString("0.00", CultureInfo.InvariantCulture) : seconds.ToString("0", CultureInfo.InvariantCulture);

    /// <summary>A size in kilobytes or megabytes.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F0} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F0} MB"),
    };

    /// <summary>A count with thousands set apart.</summary>
    public static string Grouped(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    static void WriteTable(List<string[]> lines, TextWriter output)
    {
        var widths = lines[0].Select((_, c) => lines.Max(line => line[c].Length)).ToArray();
        foreach (var line in lines) { output.Write(string.Join("  ", line.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd() + "\n"); }
    }
}
