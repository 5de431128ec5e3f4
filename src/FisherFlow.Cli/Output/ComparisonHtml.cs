using System.Globalization;
using System.Net;
using System.Text;
using FisherFlow.Data;
using FisherFlow.Inference;

namespace FisherFlow.Cli.Output;

/// <summary>A comparison as one page of HTML that needs nothing else: tables, and charts as SVG; it follows the reader's light or dark scheme.</summary>
static class ComparisonHtml
{
    // Eight hues that differ for colour-blind readers too (Okabe and Ito 2008), black replaced; beyond eight the dashes tell methods apart.
    static readonly string[] _hues = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#a0793d"];
    static readonly string[] _dashes = ["", "6 3", "2 3"];

    const string Style = """
        :root { color-scheme: light dark; --ink: #1a1a1a; --faint: #767676; --line: #d9d9d9; --paper: #ffffff; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --faint: #a0a0a0; --line: #3a3a3a; --paper: #16181c; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } code { font-size: .92em; overflow-wrap: anywhere; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: .25rem .6rem; border-bottom: 1px solid var(--line); } th:first-child, td:first-child { text-align: left; }
        .key { display: inline-block; width: 1.6em; height: .3em; margin-right: .5em; vertical-align: middle; }
        svg { width: 100%; height: auto; } svg text { fill: var(--faint); font: 12px system-ui, sans-serif; } .axis { stroke: var(--line); } .wide { overflow-x: auto; }
        p.note, dd { color: var(--faint); } dt { margin-top: .5rem; } .diverged { color: #c0392b; }
        """;

    /// <summary>Writes the page.</summary>
    public static void Write(ComparisonResult result, TextWriter output)
    {
        output.Write($"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(result.Formula)}: methods compared</title>
            <style>
            {Style}
            </style>
            <h1><code>{Text(result.Formula)}</code></h1>
            <p>{Text(result.Family)}, {Text(result.Link)} link; {Grouped(result.Rows)} rows{(result.RowsRejected > 0 ? $" ({Grouped(result.RowsRejected)} rejected)" : "")}, each predicted by every method before any learned it; steps of up to {result.BatchRows} rows.</p>
            {Summary(result)}
            <h2>Mean loss up to a row</h2>
            {LossChart(result)}
            <p class="note">Rows by their logarithm; a loss above the top is drawn at it.</p>
            {Reliability(result)}
            <h2>Losses on the way</h2>
            {Curve(result)}
            <h2>Methods</h2>
            <dl>{string.Concat(result.Contenders.Select(c => $"<dt>{Text(c.Name)}</dt><dd><code>{Text(c.Method)}</code>, regime {(c.Regime == Regime.Converged ? "converged: standard errors and intervals are valid" : "trajectory: estimates only")}</dd>"))}</dl>
            {string.Concat(result.Warnings.Select(w => $"<p class=\"note\">{Text(w)}</p>"))}
            </html>

            """);
    }

    static string Summary(ComparisonResult result)
    {
        var kind = result.Contenders.Select(c => c.Calibration?.Kind).FirstOrDefault(k => k is not null);
        var name = kind == "coverage" ? "90 % covers" : "calibration error";
        var rows = new StringBuilder($"<div class=\"wide\"><table><tr><th>method<th>loss<th>last half{(kind is null ? "" : $"<th>{name}")}<th>cpu<th>state<th>errors</tr>\n");
        for (var i = 0; i < result.Contenders.Count; i++)
        {
            var c = result.Contenders[i];
            rows.Append(CultureInfo.InvariantCulture, $"<tr><td><span class=\"key\" style=\"background:{Hue(i)}\"></span>{Text(c.Name)}<td>{ComparisonText.Number(c.Loss)}<td>{ComparisonText.Number(c.LastLoss)}{(c.HasDiverged ? " <span class=\"diverged\">diverged</span>" : "")}");
            if (kind is not null) { rows.Append(CultureInfo.InvariantCulture, $"<td>{ComparisonText.Calibration(c.Calibration)}"); }
            rows.Append(CultureInfo.InvariantCulture, $"<td>{ComparisonText.Short(c.Seconds)} s<td>{ComparisonText.Bytes(c.StateBytes)}<td>{(c.Regime == Regime.Converged ? "yes" : "no")}</tr>\n");
        }
        if (result.NullLoss is { } constant) { rows.Append(CultureInfo.InvariantCulture, $"<tr><td>best constant<td>{ComparisonText.Number(constant)}<td>{(kind is null ? "" : "<td>")}<td><td><td></tr>\n"); }
        return rows.Append("</table></div>\n<p class=\"note\">Loss is half the deviance. Calibration is over the last half. Cpu is the processor time of learning, state what must be kept to go on; errors: whether the method's information is a covariance.</p>").ToString();
    }

    static string LossChart(ComparisonResult result)
    {
        var axes = LossAxes.For(result);
        var chart = new SvgChart(720, 340, $"mean loss of {result.Contenders.Count} methods by rows");
        for (var tick = 0; tick <= 4; tick++)
        {
            var value = axes.Least + (axes.Greatest - axes.Least) * tick / 4;
            chart.Horizontal(tick / 4.0, value.ToString("G4", CultureInfo.InvariantCulture));
        }
        foreach (var rows in Powers(axes)) { chart.Vertical(axes.Across(rows), Grouped(rows)); }
        if (result.NullLoss is { } constant && constant >= axes.Least && constant <= axes.Greatest) { chart.Level(axes.Up(constant), "best constant"); }
        for (var i = 0; i < result.Contenders.Count; i++)
        {
            chart.Line([.. LossAxes.Shown(result.Contenders[i]).Select(p => (axes.Across(p.Rows), axes.Up(p.Loss)))], Hue(i), _dashes[i / _hues.Length % _dashes.Length], result.Contenders[i].Name);
        }
        return chart.ToString();
    }

    static string Reliability(ComparisonResult result)
    {
        if (!result.Contenders.Any(c => c.Calibration?.Bins.Count > 0)) { return ""; }
        var chart = new SvgChart(420, 400, "observed against predicted probabilities");
        foreach (var tick in (double[])[0, 0.25, 0.5, 0.75, 1])
        {
            chart.Horizontal(tick, tick.ToString("0.##", CultureInfo.InvariantCulture));
            chart.Vertical(tick, tick.ToString("0.##", CultureInfo.InvariantCulture));
        }
        chart.Line([(0, 0), (1, 1)], "var(--faint)", "2 4", "perfect");
        for (var i = 0; i < result.Contenders.Count; i++)
        {
            var bins = result.Contenders[i].Calibration?.Bins.Where(b => b.Weight >= 0.005).ToList() ?? [];   // fewer say nothing
            chart.Line([.. bins.Select(b => (b.Predicted, Math.Clamp(b.Observed, 0, 1)))], Hue(i), _dashes[i / _hues.Length % _dashes.Length], result.Contenders[i].Name, marks: true);
        }
        return $"<h2>Observed share by predicted probability</h2>\n<div style=\"max-width:30rem\">{chart}</div>\n<p class=\"note\">Over the last half; bins of fewer than a row in two hundred are left out. The dotted line is perfect.</p>";
    }

    static string Curve(ComparisonResult result)
    {
        var rows = new StringBuilder($"<div class=\"wide\"><table><tr><th>rows{string.Concat(result.Contenders.Select(c => $"<th>{Text(c.Name)}"))}</tr>\n");
        for (var p = 0; p < result.Contenders[0].Curve.Count; p++)
        {
            rows.Append(CultureInfo.InvariantCulture, $"<tr><td>{Grouped(result.Contenders[0].Curve[p].Rows)}{string.Concat(result.Contenders.Select(c => $"<td>{ComparisonText.Number(c.Curve[p].Loss)}"))}</tr>\n");
        }
        return rows.Append("</table></div>").ToString();
    }

    static IEnumerable<long> Powers(LossAxes axes)
    {
        var decades = Math.Log10((double)axes.LastRows / axes.FirstRows);
        for (long power = 1; power <= axes.LastRows; power *= 10)
        {
            foreach (var rows in decades < 2 ? (long[])[power, 2 * power, 5 * power] : [power])
            {
                if (rows >= axes.FirstRows && rows <= axes.LastRows) { yield return rows; }
            }
        }
    }

    static string Hue(int index) => _hues[index % _hues.Length];

    static string Grouped(long count) => ComparisonText.Grouped(count);

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
