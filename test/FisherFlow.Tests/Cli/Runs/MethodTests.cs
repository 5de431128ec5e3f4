using System.Text.Json;

namespace FisherFlow.Tests.Cli.Runs;

/// <summary>Methods of the trajectory regime from the command line, and their comparison.</summary>
public sealed class MethodTests : IDisposable
{
    readonly DataFolder _folder = new();

    public MethodTests() => _folder.Write("all.csv", Simulated.Text(800));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_trained_state_predicts_shows_and_goes_on_but_has_no_errors()
    {
        using var json = JsonDocument.Parse(_folder.Do("fit", "all.csv", "won ~ x + g", "--family", "binomial", "--preset", "adam:0.02", "--epochs", "2", "--state", "s.ff", "--format", "json"));
        var root = json.RootElement;
        Assert.Equal("trajectory", root.GetProperty("regime").GetString());
        Assert.Equal("none", root.GetProperty("covariance").GetString());
        Assert.All(root.GetProperty("coefficients").EnumerateArray(), c => Assert.Equal(JsonValueKind.Null, c.GetProperty("std_error").ValueKind));
        Assert.All(root.GetProperty("coefficients").EnumerateArray(), c => Assert.Equal(JsonValueKind.Number, c.GetProperty("estimate").ValueKind));
        Assert.Equal(2, root.GetProperty("training").GetProperty("epochs").GetInt32());

        var shown = _folder.Do("show", "s.ff");
        Assert.Contains("Regime: trajectory", shown, StringComparison.Ordinal);
        Assert.Contains("Reference levels: g = a", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Std. Error", shown, StringComparison.Ordinal);
        Assert.Matches(@"^estimate,std_error,lower,upper\n0\.\d+,,,\n", _folder.Do("predict", "s.ff", "all.csv"));
        _folder.Write("more.csv", Simulated.Text(200, seed: 2));
        Assert.Contains("over 1,000 rows", _folder.Do("update", "s.ff", "more.csv"), StringComparison.Ordinal);
        Refused("no standard errors", 2, "predict", "s.ff", "all.csv", "--interval", "mean");
        Refused("cannot be merged", 1, "merge", "s.ff", "s.ff");
    }

    [Theory]
    [InlineData("--robust", "metric of the path", "--robust", "hc1")]
    [InlineData("--level", "Leave out --preset", "--level", "0.9")]
    [InlineData("--passes", "--epochs", "--passes", "exact")]
    [InlineData("--step", "no step 'jump'", "--step", "jump:1")]
    public void What_only_the_converged_regime_has_is_refused_with_the_reason(string option, string reason, params string[] arguments)
    {
        var outcome = _folder.Run(["fit", "all.csv", "y ~ x", "--preset", "adam", .. arguments]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
        Assert.NotEmpty(option);
    }

    [Fact]
    public void Names_and_options_that_do_not_belong_are_told()
    {
        Refused("the presets are: sgd", 2, "fit", "all.csv", "y ~ x", "--preset", "adm");
        Refused("leave it out", 2, "fit", "all.csv", "y ~ x", "--preset", "kalman");
        Refused("add --preset", 2, "fit", "all.csv", "y ~ x", "--epochs", "3");
        Refused("and one-pass", 2, "compare", "all.csv", "y ~ x", "--presets", "adam,guess");
    }

    [Fact]
    public void Steps_that_are_too_long_end_with_a_suggestion()
    {
        _folder.Write("wild.csv", string.Concat("x,y\n", string.Concat(Enumerable.Range(0, 300).Select(i => $"{i % 50 * 100},{i % 50}\n"))));
        Refused("smaller rate", 1, "fit", "wild.csv", "y ~ x", "--preset", "sgd:0.1");
    }

    [Fact]
    public void A_comparison_is_a_table_a_chart_and_a_page()
    {
        var text = _folder.Do("compare", "all.csv", "won ~ x + g", "--family", "binomial", "--presets", "sgd,natural,one-pass", "--report", "c.html");
        Assert.Contains("a sgd", text, StringComparison.Ordinal);
        Assert.Contains("rows", text, StringComparison.Ordinal);
        Assert.Matches(@"\n +\+-{64}\n", text);
        Assert.DoesNotContain('\u001b', text);   // no colours where nobody looks

        var page = File.ReadAllText(_folder["c.html"]);
        Assert.Equal(2, page.Split("<svg").Length - 1);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);   // it needs nothing else
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);

        using var json = JsonDocument.Parse(_folder.Do("compare", "all.csv", "y ~ x + g", "--presets", "adam,one-pass", "--format", "json"));
        var methods = json.RootElement.GetProperty("methods").EnumerateArray().ToList();
        Assert.Equal(["adam", "one-pass"], methods.Select(m => m.GetProperty("name").GetString()));
        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 800], methods[0].GetProperty("curve").EnumerateArray().Select(p => p.GetProperty("rows").GetInt32()));
        Assert.Equal("coverage", methods[1].GetProperty("calibration").GetString());
    }

    void Refused(string reason, int code, params string[] arguments)
    {
        var outcome = _folder.Run(arguments);
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(code, outcome.ExitCode);
    }
}
