using System.Globalization;
using FisherFlow.Data;

namespace FisherFlow.Cli.Output;

/// <summary>Losses as a chart of plain characters: a letter for each method, so that it reads without colours.</summary>
static class TextChart
{
    const int Width = 64;
    const int Height = 14;
    const int LabelWidth = 9;

    /// <summary>The letter of the n-th method.</summary>
    public static char Letter(int index) => (char)((index < 26 ? 'a' : 'A' - 26) + index);

    /// <summary>The lines of the chart.</summary>
    public static IEnumerable<string> Draw(ComparisonResult result)
    {
        var axes = LossAxes.For(result);
        var cells = new char[Height][];
        for (var y = 0; y < Height; y++) { cells[y] = [.. Enumerable.Repeat(' ', Width)]; }
        if (result.NullLoss is { } constant && constant <= axes.Greatest && constant >= axes.Least) { cells[Row(axes.Up(constant))].AsSpan().Fill('.'); }
        for (var c = result.Contenders.Count - 1; c >= 0; c--) { Trace(cells, LossAxes.Shown(result.Contenders[c]), axes, Letter(c)); }
        for (var y = 0; y < Height; y++)
        {
            var isLabelled = y is 0 or Height - 1 || y == Height / 2;
            var value = axes.Greatest - (axes.Greatest - axes.Least) * y / (Height - 1);
            var label = isLabelled ? value.ToString("G4", CultureInfo.InvariantCulture) : "";
            yield return $"{label.PadLeft(LabelWidth)} |{new string(cells[y])}".TrimEnd();
        }
        yield return $"{new string(' ', LabelWidth)} +{new string('-', Width)}";
        var last = Grouped(axes.LastRows);
        yield return $"{new string(' ', LabelWidth)}  {Grouped(axes.FirstRows)}{" rows".PadRight(6)}{last.PadLeft(Width - 6 - Grouped(axes.FirstRows).Length)}";
    }

    static void Trace(char[][] cells, IReadOnlyList<LossPoint> points, LossAxes axes, char letter)
    {
        for (var i = 0; i < points.Count; i++)
        {
            var (x, y) = (axes.Across(points[i].Rows), axes.Up(points[i].Loss));
            Put(x, y);
            if (i == 0) { continue; }
            var (fromX, fromY) = (axes.Across(points[i - 1].Rows), axes.Up(points[i - 1].Loss));
            var steps = Math.Max(1, (int)((x - fromX) * Width));
            for (var s = 1; s < steps; s++) { Put(fromX + (x - fromX) * s / steps, fromY + (y - fromY) * s / steps); }
        }

        void Put(double x, double y) => cells[Row(y)][Math.Clamp((int)(x * (Width - 1) + 0.5), 0, Width - 1)] = letter;
    }

    static int Row(double up) => Math.Clamp((int)((1 - up) * (Height - 1) + 0.5), 0, Height - 1);

    static string Grouped(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
