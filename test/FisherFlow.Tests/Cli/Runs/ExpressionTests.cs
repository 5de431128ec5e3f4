using System.Globalization;
using System.Text.Json;

namespace FisherFlow.Tests.Cli.Runs;

/// <summary>Fits of expressions by the real program: from the formula to the state and back.</summary>
public sealed class ExpressionTests : IDisposable
{
    const string Growth = "y ~ a * (1 - exp(-b * x))";
    const string Density = "-log(s) - (y - m)^2 / (2*s^2)";

    readonly DataFolder _folder = new();

    public ExpressionTests()
    {
        var random = new Random(7);
        var rows = Enumerable.Range(0, 600).Select(i =>
        {
            var x = 0.01 + 0.01 * i;
            var y = 5 * (1 - Math.Exp(-0.8 * x)) + 0.2 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            return string.Create(CultureInfo.InvariantCulture, $"{x:F2},{y:F6},{1 + i % 3}\n");
        }).ToList();
        _folder.Write("all.csv", "x,y,w\n" + string.Concat(rows));
        _folder.Write("one.csv", "x,y,w\n" + string.Concat(rows[..250]));
        _folder.Write("two.csv", "x,y,w\n" + string.Concat(rows[250..]));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_state_goes_on_merges_shows_and_predicts()
    {
        var whole = Estimates(_folder.Do("fit", "all.csv", Growth, "--start", "a=1,b=1", "--state", "all.ff", "--format", "json"));
        _folder.Do("fit", "one.csv", Growth, "--start", "a=1,b=1", "--state", "one.ff");
        _folder.Do("fit", "two.csv", Growth, "--start", "a=1,b=1", "--state", "two.ff");
        var merged = Estimates(_folder.Do("merge", "one.ff", "two.ff", "--format", "json"));
        var updated = Estimates(_folder.Do("update", "one.ff", "two.csv", "--format", "json"));

        Assert.Equal(whole[0], merged[0], 1e-9);
        Assert.Equal(whole, updated);
        Assert.InRange(whole[0], 4.8, 5.2);
        Assert.Contains("relative offset", _folder.Do("show", "all.ff"), StringComparison.Ordinal);
        Assert.Contains("a any number", _folder.Do("show", "all.ff", "--what", "model"), StringComparison.Ordinal);
        var lines = _folder.Do("predict", "all.ff", "one.csv", "--interval", "observation", "--level", "0.8").TrimEnd('\n').Split('\n');
        Assert.Equal(251, lines.Length);
        var fields = lines[100].Split(',').Select(f => double.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(whole[0] * (1 - Math.Exp(-whole[1] * 1.0)), fields[0], 1e-9);
        Assert.InRange(fields[3] - fields[2], 2 * 1.28 * 0.18, 2 * 1.29 * 0.22);   // the 80 % width of noise of 0.2
        Assert.Equal(1, _folder.Run("update", "one.ff", "two.csv").ExitCode);       // inside already
    }

    [Fact]
    public void A_log_density_is_fitted_with_random_starts_and_predicts_what_is_asked_only()
    {
        var text = _folder.Do("fit", "all.csv", "--log-density", Density, "--parameters", "m, s > 0", "--starts", "5", "--seed", "3", "--state", "d.ff", "--weights", "w");
        Assert.Contains("of 5 starts came to this value", text, StringComparison.Ordinal);
        Assert.Equal(text, _folder.Do("show", "d.ff"));
        var refused = _folder.Run("predict", "d.ff", "one.csv");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("no mean to predict", refused.Error, StringComparison.Ordinal);
        Assert.StartsWith("estimate,std_error,lower,upper\n", _folder.Do("predict", "d.ff", "one.csv", "--predict", "m + 2*s + 0*x", "--interval", "mean"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_stopped_goes_on_to_the_same_answer_and_exact_passes_close_the_gap()
    {
        string[] options = ["--log-density", Density, "--parameters", "m, s > 0", "--start", "m=1,s=1", "--buffer", "70"];
        _folder.Do(["fit", "all.csv", .. options, "--state", "c.ff", "--checkpoint", "100"]);
        var resumed = _folder.Do(["fit", "all.csv", .. options, "--state", "c.ff", "--checkpoint", "100", "--resume", "--format", "csv"]);
        Assert.Equal(_folder.Do(["fit", "all.csv", .. options, "--format", "csv"]), resumed);

        var exact = Estimates(_folder.Do(["fit", "all.csv", .. options, "--passes", "exact", "--format", "json"]));
        var whole = Estimates(_folder.Do("fit", "all.csv", "--log-density", Density, "--parameters", "m, s > 0", "--start", "m=1,s=1", "--format", "json"));
        Assert.Equal(whole[0], exact[0], 1e-8);
        Assert.Equal(whole[1], exact[1], 1e-8);
    }

    [Theory]
    [InlineData(2, "'c' is neither a parameter nor a column; the parameters are a, b; the data have x, y, w", "y ~ a + b*c", "--start", "a=1,b=1")]
    [InlineData(2, "there is no function 'sine'", "y ~ a + sine(b*x)", "--start", "a=1,b=1")]
    [InlineData(2, "exp takes 1 argument, not 2", "y ~ a*exp(b, x)", "--start", "a=1,b=1")]
    [InlineData(2, "'w' is a parameter and also a column", "y ~ w*x", "--start", "w=1")]
    [InlineData(2, "the parameter 'c' does not occur", "y ~ a + b*x", "--start", "a=1,b=1,c=2")]
    [InlineData(2, "a starting value is given for 'c', which is no parameter", "y ~ a + b*x", "--start", "a=1,c=1", "--parameters", "a, b")]
    [InlineData(2, "--start cannot be 'a'", "y ~ a + b*x", "--start", "a")]
    [InlineData(2, "b cannot start at -1; legal is above 0", "y ~ a + b*x", "--parameters", "a, b > 0", "--start", "b=-1")]
    [InlineData(2, "'(' and two bounds", "y ~ a + b*x", "--parameters", "a, b in 3")]
    [InlineData(2, "--family belongs to regressions", "y ~ a + b*x", "--start", "a=1,b=1", "--family", "poisson")]
    [InlineData(2, "takes the place of a formula", "y ~ a + b*x", "--log-density", "a*x", "--parameters", "a")]
    [InlineData(2, "'a + b*x' is no formula", "a + b*x", "--start", "a=1,b=1")]
    [InlineData(2, "have none: they walk by random-walk:Q", "y ~ a + b*x", "--start", "a=1,b=1", "--memory", "local-trend:1,1")]
    [InlineData(2, "have the covariance of their filter", "y ~ a + b*x", "--start", "a=1,b=1", "--memory", "random-walk:0.1", "--robust", "hc0")]
    [InlineData(2, "which --memory window:50 does not count alike", "y ~ a + b*x", "--start", "a=1,b=1", "--memory", "window:50", "--passes", "exact")]
    [InlineData(2, "sandwiches already", "y ~ a + b*x", "--start", "a=1,b=1", "--memory", "exponential:50", "--robust", "hc0")]
    [InlineData(2, "a formula's mean has gaussian noise, which is known", "y ~ a + b*x", "--start", "a=1,b=1", "--sample", "y = u")]
    [InlineData(1, "not a finite number for x = 0.01", "y ~ a + log(x - b)", "--start", "a=1,b=1")]
    [InlineData(2, "^\nA formula with parameters of its own, as y ~ b1 * exp(-b2 * x), takes their starting values: --start b1=1,b2=1", "y ~ a * (1 - exp(-b * x))")]
    public void What_cannot_be_is_refused_with_its_reason(int code, string reason, string formula, params string[] options)
    {
        var outcome = _folder.Run(["fit", "one.csv", formula, .. options]);

        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(code, outcome.ExitCode);
    }

    [Fact]
    public void Rows_without_a_value_are_left_out_when_asked_and_what_is_not_determined_is_named()
    {
        var text = _folder.Do("fit", "one.csv", "y ~ a + b*log(x - 0.5)", "--start", "a=1,b=1", "--invalid", "reject");
        Assert.Contains("50 rows rejected", text, StringComparison.Ordinal);
        Assert.Contains("the data do not determine b (it cannot be told apart from a)", _folder.Do("fit", "one.csv", "y ~ a + b + c*x", "--start", "a=1,b=1,c=1"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_density_forgets_is_watched_and_draws_outcomes_as_asked_and_goes_on_to_the_same_answer()
    {
        string[] options =
        [
            "--log-density", Density, "--parameters", "m, s > 0", "--start", "m=1,s=1", "--buffer", "70", "--memory", "exponential:100", "--estimate", "monte-carlo:3", "--sample", "y = m + s*z",
            "--detect", "cusum:1000",
        ];
        _folder.Do(["fit", "one.csv", .. options, "--state", "one.ff"]);
        _folder.Do(["fit", "all.csv", .. options, "--state", "all.ff"]);
        var text = _folder.Do("show", "all.ff");
        using var document = JsonDocument.Parse(_folder.Do("update", "one.ff", "two.csv", "--format", "json"));
        var root = document.RootElement;

        Assert.Contains("Information: memory exponential:100 (", text, StringComparison.Ordinal);
        Assert.Contains("estimate monte-carlo:3", text, StringComparison.Ordinal);
        Assert.Contains("Changes (cusum:1000):", text, StringComparison.Ordinal);
        Assert.Equal(("exponential:100", "monte-carlo:3", "cusum:1000"), (root.GetProperty("memory").GetString(), root.GetProperty("estimate").GetString(), root.GetProperty("detector").GetString()));
        Assert.Equal(_folder.Do("show", "all.ff", "--format", "csv"), _folder.Do("show", "one.ff", "--format", "csv"));
        Assert.Contains("y = m + s*z", _folder.Do("show", "all.ff", "--what", "model"), StringComparison.Ordinal);
        Assert.Contains("cannot be merged", _folder.Run("merge", "one.ff", "all.ff").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--estimate monte-carlo:4 is a mean over outcomes, and a density by itself cannot draw them", "--estimate", "monte-carlo:4")]
    [InlineData("'q' is no number that the log-density reads; it reads y", "--estimate", "expected", "--sample", "q = m")]
    [InlineData("'v' is neither a parameter nor a column", "--estimate", "expected", "--sample", "y = m + v")]
    [InlineData("an outcome is not assigned here; legal is a column", "--estimate", "expected", "--sample", "m + z")]
    [InlineData("they jump while their random number moves: use monte-carlo:K", "--estimate", "expected", "--sample", "y = ifelse(u < 0.5, m, s)")]
    [InlineData("--sample draws outcomes for --estimate expected or monte-carlo:K", "--sample", "y = m + s*z")]
    public void Outcomes_that_cannot_be_drawn_are_refused_with_their_reason(string reason, params string[] options)
    {
        var outcome = _folder.Run(["fit", "one.csv", "--log-density", Density, "--parameters", "m, s > 0", "--start", "m=1,s=1", .. options]);

        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(2, outcome.ExitCode);
    }

    static double[] Estimates(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.True(document.RootElement.GetProperty("converged").GetBoolean());
        return [.. document.RootElement.GetProperty("coefficients").EnumerateArray().Select(c => c.GetProperty("estimate").GetDouble())];
    }
}
