using System.Globalization;
using System.Text.Json;

namespace FisherFlow.Tests.Cli.Runs;

/// <summary>Distributions by the real program: formulas of parameters, states, predictions.</summary>
public sealed class DistributionRunTests : IDisposable
{
    readonly DataFolder _folder = new();

    public DistributionRunTests() => _folder.Write("rows.csv", "x,g,y\n" + string.Concat(Enumerable.Range(0, 300).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"{i % 10},{"ab"[i % 2]},{1 + 0.5 * (i % 10) + (1 + i % 2) * Math.Sin(i * 1.7):F6}\n"))));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_parameter_has_its_section_its_state_and_its_part_in_predictions()
    {
        var text = _folder.Do("fit", "rows.csv", "y ~ x", "--family", "normal", "--parameter", "scale ~ g", "--state", "fit.ff");
        Assert.Contains("Call:  y ~ x; scale ~ g", text, StringComparison.Ordinal);
        Assert.Contains("location (identity link):", text, StringComparison.Ordinal);
        Assert.Contains("scale (log link):", text, StringComparison.Ordinal);

        using var json = JsonDocument.Parse(_folder.Do("show", "fit.ff", "--format", "json"));
        var coefficients = json.RootElement.GetProperty("coefficients").EnumerateArray().Select(c => (c.GetProperty("parameter").GetString(), c.GetProperty("term").GetString()));
        Assert.Equal([("location", "(Intercept)"), ("location", "x"), ("scale", "(Intercept)"), ("scale", "g[b]")], coefficients);
        Assert.Equal(("normal", "identity, log"), (json.RootElement.GetProperty("family").GetString(), json.RootElement.GetProperty("link").GetString()));
        Assert.Equal(["location", "scale"], json.RootElement.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()));

        var lines = _folder.Do("predict", "fit.ff", "rows.csv", "--interval", "observation").TrimEnd('\n').Split('\n');
        double Width(int row) => Number(lines[row], 3) - Number(lines[row], 2);
        Assert.Equal(301, lines.Length);
        Assert.InRange(Width(2) / Width(1), 1.5, 2.5);   // group b varies twice as much
    }

    [Fact]
    public void A_parameter_without_a_formula_is_told_on_its_own_scale()
    {
        var text = _folder.Do("fit", "rows.csv", "y ~ x", "--family", "student-t(4)", "--format", "text");
        Assert.Matches(@"scale: \d\.\d+  Std\. Err\.: 0\.\d+  \(", text);
        Assert.StartsWith("term,parameter,estimate,", _folder.Do("fit", "rows.csv", "y ~ 1", "--family", "student-t(4)", "--format", "csv"), StringComparison.Ordinal);
    }

    /// <summary>Information that is observed fades as any other does, and asking for it by name changes nothing.</summary>
    [Fact]
    public void Heavy_tails_forget_too()
    {
        var text = _folder.Do("fit", "rows.csv", "y ~ x", "--family", "student-t(4)", "--memory", "exponential:50", "--estimate", "observed");
        Assert.Contains("memory exponential:50", text, StringComparison.Ordinal);
        Assert.Contains("older ones weighing less", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Warning", text, StringComparison.Ordinal);
    }

    static double Number(string line, int cell) => double.Parse(line.Split(',')[cell], CultureInfo.InvariantCulture);
}
