using System.Text.Json;

namespace FisherFlow.Tests.Cli.Runs;

/// <summary>Options that no other test of a run needs: what they say changes what they name, and nothing else.</summary>
public sealed class OptionTests : IDisposable
{
    readonly DataFolder _folder = new();

    public OptionTests() => _folder.Write("all.csv", Simulated.Text(400));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_usual_may_be_said() =>
        Assert.Equal(
            _folder.Do("fit", "all.csv", "n ~ x", "--family", "poisson"),
            _folder.Do("fit", "all.csv", "n ~ x", "--family", "poisson", "--structure", "auto", "--memory", "stationary", "--estimate", "expected", "--damping", "none", "--prior", "none",
                "--passes", "one", "--invalid", "stop", "--dispersion", "family", "--link", "default", "--format", "text"));

    [Fact]
    public void One_prior_has_two_spellings() =>
        Assert.Equal(_folder.Do("fit", "all.csv", "y ~ x", "--ridge", "50"), _folder.Do("fit", "all.csv", "y ~ x", "--prior", "ridge:50"));

    [Theory]
    [InlineData("estimate observed", "n ~ x", "--family", "negative-binomial", "--estimate", "observed")]
    [InlineData("damping tikhonov:20 added 20", "y ~ x", "--damping", "tikhonov:20")]
    [InlineData("damping relative:0.01 added", "y ~ x", "--damping", "relative:0.01")]
    [InlineData("memory local-trend:", "y ~ 1", "--memory", "local-trend:auto")]
    [InlineData("steps of up to 64 rows", "y ~ x", "--step", "natural", "--batch", "64")]
    public void What_was_asked_for_is_said_below_the_table(string words, string formula, params string[] options) =>
        Assert.Contains(words, _folder.Do(["fit", "all.csv", formula, .. options]), StringComparison.Ordinal);

    /// <summary>One state, and everything that verbs which report can be asked about its table.</summary>
    [Fact]
    public void A_table_is_printed_again_with_another_reference_level_and_other_errors()
    {
        _folder.Write("more.csv", Simulated.Text(200, seed: 2));
        string[] report = ["--ref", "g=c", "--level", "0.8"];
        _folder.Do("fit", "all.csv", "n ~ x + g", "--family", "poisson", "--robust", "hc1", "--state", "one.ff");
        _folder.Do("fit", "more.csv", "n ~ x + g", "--family", "poisson", "--robust", "hc1", "--state", "two.ff");
        AssertAsked(_folder.Do(["show", "one.ff", "--what", "coefficients", .. report]));
        AssertAsked(_folder.Do(["merge", "one.ff", "two.ff", .. report]));
        AssertAsked(_folder.Do(["update", "one.ff", "more.csv", "--quiet", .. report]));

        Assert.DoesNotContain("hc1", _folder.Do("show", "one.ff", "--robust", "model", "--format", "json"), StringComparison.Ordinal);
        Assert.StartsWith("estimate,std_error,lower,upper\n", _folder.Do("predict", "one.ff", "more.csv", "--interval", "none"), StringComparison.Ordinal);

        static void AssertAsked(string text)
        {
            Assert.Contains("Reference levels: g = c", text, StringComparison.Ordinal);
            Assert.Contains("10 %", text, StringComparison.Ordinal);   // half of what 80 % leave out
        }
    }

    [Fact]
    public void A_comparison_takes_what_a_fit_takes_and_every_method()
    {
        _folder.Write("weighted.csv", Simulated.Text(200) + "1,1,b,1,1,-5,1,low\n");
        using var json = JsonDocument.Parse(_folder.Do("compare", "weighted.csv", "n ~ x + g", "--family", "tweedie", "--power", "1.5", "--link", "log", "--weights", "w", "--offset", "z", "--invalid", "reject",
            "--max-levels", "2", "--threads", "1", "--batch", "16", "--quiet", "--format", "json",
            "--presets", "sgd,momentum,rmsprop,adagrad,adam,adamw,implicit-sgd,natural,diagonal-natural,low-rank-natural,ons,ekf,one-pass"));
        Assert.Equal(13, json.RootElement.GetProperty("methods").GetArrayLength());
        Assert.Equal(("log", 200), (json.RootElement.GetProperty("link").GetString(), json.RootElement.GetProperty("methods")[0].GetProperty("curve").EnumerateArray().Last().GetProperty("rows").GetInt32()));

        Assert.StartsWith("name,rows,loss,loss_since_last\n", _folder.Do("compare", "all.csv", "grade ~ x", "--family", "ordinal", "--levels", "low,medium,high", "--presets", "adam,natural", "--format", "csv"), StringComparison.Ordinal);
    }
}
