using System.Globalization;
using System.Text.Json;
using FisherFlow.Tests.Gallery;

namespace FisherFlow.Tests.Cli.Runs;

/// <summary>Mixtures by the real program: every verb, and what is refused.</summary>
public sealed class MixtureRunTests : IDisposable
{
    readonly DataFolder _folder = new();

    public MixtureRunTests() => _folder.Write("mixture.csv", File.ReadAllText(GalleryReference.PathOf("data/mixture.csv")));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_mixture_is_fitted_shown_and_predicted()
    {
        var text = _folder.Do("fit", "mixture.csv", "y ~ x + g", "--components", "2", "--seed", "3", "--state", "m.ff");
        Assert.Contains("Family: gaussian, a mixture of 2 components", text, StringComparison.Ordinal);
        Assert.Contains("mean[2] (identity link):", text, StringComparison.Ordinal);
        Assert.DoesNotContain("sigma[1] (log link):", text, StringComparison.Ordinal);
        Assert.Contains("weight[1]: 0.", text, StringComparison.Ordinal);
        Assert.Contains("Information: rank 11 of 11", text, StringComparison.Ordinal);
        Assert.Equal(12, _folder.Do("show", "m.ff", "--what", "covariance", "--format", "csv").TrimEnd('\n').Split('\n').Length);

        var lines = _folder.Do("predict", "m.ff", "mixture.csv", "--interval", "observation").TrimEnd('\n').Split('\n');
        Assert.Equal(601, lines.Length);
        Assert.Equal(4, lines[1].Split(',').Count(field => field.Length > 0));

        var refused = _folder.Run("predict", "m.ff", "mixture.csv", "--responsibilities", "--interval", "mean");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--responsibilities are probabilities without limits: leave out --interval", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>Bayes' rule over the densities of the table's components, written out here.</summary>
    [Fact]
    public void Rows_are_told_which_component_they_belong_to()
    {
        var fit = JsonDocument.Parse(_folder.Do("fit", "mixture.csv", "y ~ x + g", "--components", "2", "--state", "m.ff", "--format", "json")).RootElement;
        var at = fit.GetProperty("coefficients").EnumerateArray().ToDictionary(c => $"{c.GetProperty("parameter").GetString()} {c.GetProperty("term").GetString()}", c => c.GetProperty("estimate").GetDouble());
        double Of(int k, double x, string g) => at[$"mean[{k}] (Intercept)"] + at[$"mean[{k}] x"] * x + (at.TryGetValue($"mean[{k}] g[{g}]", out var effect) ? effect : 0);
        double Density(int k, double x, string g, double y)
        {
            var (log, odds) = (at[$"sigma[{k}] (Intercept)"], k == 1 ? 0 : at["weight[2] (Intercept)"]);
            var u = (y - Of(k, x, g)) / Math.Exp(log);
            return Math.Exp(odds - log - 0.5 * u * u);
        }

        _folder.Write("rows.csv", "g,y,x\nb,1.25,0.5\na,-3,-1\n,1,1\nb,,1\nnone,1,1\nc,400,2\n");
        var lines = _folder.Do("predict", "m.ff", "rows.csv", "--responsibilities", "--append").TrimEnd('\n').Split('\n');
        Assert.Equal("g,y,x,p[1],p[2]", lines[0]);
        foreach (var (line, x, g, y) in new[] { (1, 0.5, "b", 1.25), (2, -1, "a", -3) })
        {
            double[] shares = [.. lines[line].Split(',')[3..].Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
            var (first, second) = (Density(1, x, g, y), Density(2, x, g, y));
            Assert.Equal(first / (first + second), shares[0], 1e-9);   // of coefficients that are printed in full
            Assert.Equal(1, shares.Sum(), 1e-12);
        }
        Assert.All([3, 4, 5], line => Assert.EndsWith(",,", lines[line], StringComparison.Ordinal));   // no level, no response, a level that nobody has seen
        Assert.Equal(1, lines[6].Split(',')[3..].Sum(field => double.Parse(field, CultureInfo.InvariantCulture)), 1e-12);   // densities that underflow

        _folder.Do("fit", "mixture.csv", "y ~ x", "--state", "line.ff");
        var refused = _folder.Run("predict", "line.ff", "rows.csv", "--responsibilities");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--responsibilities are the components' of a mixture, and the state is of another model: fit with --components K", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Shards_merge_and_a_state_goes_on()
    {
        var rows = File.ReadAllLines(_folder["mixture.csv"]);
        _folder.Write("one.csv", string.Join('\n', rows[..301]) + "\n");
        _folder.Write("other.csv", string.Join('\n', [rows[0], .. rows[301..]]) + "\n");
        foreach (var name in new[] { "one", "other" }) { _folder.Do("fit", $"{name}.csv", "y ~ x + g", "--components", "2", "--buffer", "200", "--state", $"{name}.ff"); }
        Assert.Contains("One pass over 600 rows", _folder.Do("merge", "one.ff", "other.ff"), StringComparison.Ordinal);
        Assert.Contains("One pass over 600 rows", _folder.Do("update", "one.ff", "other.csv"), StringComparison.Ordinal);
        var exact = _folder.Do("fit", "mixture.csv", "y ~ x + g", "--components", "2", "--buffer", "200", "--passes", "exact", "--format", "json");
        var mixture = JsonDocument.Parse(exact).RootElement.GetProperty("mixture");
        Assert.Equal(2, mixture.GetProperty("components").GetInt32());
        Assert.Equal(JsonValueKind.Null, mixture.GetProperty("refusal").ValueKind);
    }

    [Fact]
    public void A_component_too_many_is_told_without_standard_errors_and_is_no_failure()
    {
        var outcome = _folder.Run("fit", "mixture.csv", "y ~ x + g", "--components", "3");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("Warning: no standard errors: ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Information: rank", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--components cannot be '1'", "--components", "1")]
    [InlineData("--components mixes gaussian regressions, and --family is poisson", "--components", "2", "--family", "poisson")]
    [InlineData("--robust has no sums of score products", "--components", "2", "--robust", "hc1")]
    public void What_a_mixture_does_not_have_is_refused(string message, params string[] options)
    {
        var outcome = _folder.Run(["fit", "mixture.csv", "y ~ x", .. options]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }
}
