using System.Globalization;
using System.Net;
using System.Text;

namespace FisherFlow.Cli.Output;

/// <summary>A line chart as SVG, over coordinates from 0 to 1 both ways; colours of axes and text come from the page.</summary>
sealed class SvgChart(int width, int height, string description)
{
    const int Left = 64;
    const int Right = 16;
    const int Top = 12;
    const int Bottom = 28;

    readonly StringBuilder _marks = new();

    /// <summary>A grid line with its label on the left.</summary>
    public void Horizontal(double up, string label) =>
        Append($"<line class=\"axis\" x1=\"{Left}\" x2=\"{width - Right}\" y1=\"{Y(up):F1}\" y2=\"{Y(up):F1}\"/><text x=\"{Left - 8}\" y=\"{Y(up) + 4:F1}\" text-anchor=\"end\">{Text(label)}</text>\n");

    /// <summary>A grid line with its label below.</summary>
    public void Vertical(double across, string label) =>
        Append($"<line class=\"axis\" x1=\"{X(across):F1}\" x2=\"{X(across):F1}\" y1=\"{Top}\" y2=\"{height - Bottom}\"/><text x=\"{X(across):F1}\" y=\"{height - 8}\" text-anchor=\"middle\">{Text(label)}</text>\n");

    /// <summary>A dotted level with its name.</summary>
    public void Level(double up, string name) =>
        Append($"<line x1=\"{Left}\" x2=\"{width - Right}\" y1=\"{Y(up):F1}\" y2=\"{Y(up):F1}\" stroke=\"var(--faint)\" stroke-dasharray=\"2 4\"/><text x=\"{width - Right - 4}\" y=\"{Y(up) - 5:F1}\" text-anchor=\"end\">{Text(name)}</text>\n");

    /// <summary>A line through points, with its name for who points at it.</summary>
    public void Line(IReadOnlyList<(double Across, double Up)> points, string colour, string dashes, string name, bool marks = false)
    {
        if (points.Count == 0) { return; }
        var path = string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.Across):F1},{Y(p.Up):F1}")));
        Append($"<g><title>{Text(name)}</title><polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-linejoin=\"round\"{(dashes.Length > 0 ? $" stroke-dasharray=\"{dashes}\"" : "")}/>");
        foreach (var (across, up) in marks ? points : []) { Append($"<circle cx=\"{X(across):F1}\" cy=\"{Y(up):F1}\" r=\"3\" fill=\"{colour}\"/>"); }
        _marks.Append("</g>\n");
    }

    /// <inheritdoc/>
    public override string ToString() => $"<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{Text(description)}\">\n{_marks}</svg>";

    void Append(FormattableString text) => _marks.Append(text.ToString(CultureInfo.InvariantCulture));

    double X(double across) => Left + across * (width - Left - Right);

    double Y(double up) => height - Bottom - up * (height - Top - Bottom);

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
