using System.Globalization;
using System.Text.Json;

namespace FisherFlow.Tests.Cli.Runs;

public sealed class FitTests : IDisposable
{
    readonly DataFolder _folder = new();

    public FitTests() => _folder.Write("all.csv", Simulated.Text(600));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_becomes_a_table_and_nothing_else_is_said()
    {
        var outcome = _folder.Run("fit", "all.csv", "y ~ x + g");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("(Intercept)", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("g[b]", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("***", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_compressed_files_and_patterns_are_the_same_stream()
    {
        var expected = _folder.Do("fit", "all.csv", "y ~ x + g", "--format", "json");
        var rows = Simulated.Rows(600).ToList();
        _folder.WriteCompressed("all.csv.gz", Simulated.Text(600));
        _folder.Write("part-1.csv", $"{Simulated.Header}\n{string.Concat(rows[..200])}");
        _folder.Write("part-2.csv", $"{Simulated.Header}\n{string.Concat(rows[200..])}");

        Assert.Equal(expected, FisherFlowProcess.RunWithInput(_folder.Path, Simulated.Text(600), "fit", "-", "y ~ x + g", "--format", "json").Output);
        Assert.Equal(expected, _folder.Do("fit", "all.csv.gz", "y ~ x + g", "--format", "json"));
        Assert.Equal(expected, _folder.Do("fit", "part-*.csv", "y ~ x + g", "--format", "json"));
        Assert.Equal(expected, _folder.Do("fit", "part-1.csv", "part-2.csv", "y ~ x + g", "--format", "json"));
    }

    [Fact]
    public void The_answer_comes_as_text_json_csv_and_markdown()
    {
        using var json = JsonDocument.Parse(_folder.Do("fit", "all.csv", "y ~ x", "--format", "json"));
        Assert.Equal(1, json.RootElement.GetProperty("version").GetInt32());
        Assert.Equal(600, json.RootElement.GetProperty("observations").GetInt64());
        Assert.Equal(["(Intercept)", "x"], json.RootElement.GetProperty("coefficients").EnumerateArray().Select(c => c.GetProperty("term").GetString()));

        var csv = _folder.Do("fit", "all.csv", "y ~ x", "--format", "csv").TrimEnd('\n').Split('\n');
        Assert.StartsWith("term,", csv[0], StringComparison.Ordinal);
        Assert.Equal(3, csv.Length);

        Assert.Contains("| (Intercept) |", _folder.Do("fit", "all.csv", "y ~ x", "--format", "markdown"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y ~ x + z", "--family", "gaussian")]
    [InlineData("won ~ x", "--family", "binomial")]
    [InlineData("won ~ x", "--family", "binomial", "--link", "probit")]
    [InlineData("won ~ x", "--family", "binomial", "--link", "cauchit")]
    [InlineData("cbind(won, w) ~ x", "--family", "binomial", "--link", "cloglog")]
    [InlineData("n ~ x", "--family", "poisson")]
    [InlineData("n ~ x", "--family", "poisson", "--dispersion", "estimate")]
    [InlineData("w ~ x", "--family", "gamma", "--link", "log")]
    [InlineData("w ~ x", "--family", "inverse-gaussian", "--link", "log")]
    [InlineData("n ~ x", "--family", "negative-binomial")]
    [InlineData("n ~ x", "--family", "tweedie", "--power", "1.5")]
    [InlineData("grade ~ x", "--family", "multinomial")]
    [InlineData("grade ~ x", "--family", "ordinal", "--levels", "low,medium,high")]
    public void Every_family_answers_with_finite_numbers(string formula, params string[] options)
    {
        var fit = Fit(formula, options);

        Assert.Equal(options[1], fit.GetProperty("family").GetString());
        Assert.All(fit.GetProperty("coefficients").EnumerateArray(), c =>
        {
            Assert.Equal("ok", c.GetProperty("status").GetString());
            Assert.True(c.GetProperty("std_error").GetDouble() > 0);
        });
    }

    [Fact]
    public void Exact_and_one_pass_agree_within_a_fifth_of_a_standard_error()
    {
        var (once, exact) = (Fit("won ~ x + g", "--family", "binomial"), Fit("won ~ x + g", "--family", "binomial", "--passes", "exact"));

        Assert.Equal(("one-pass", "exact"), (once.GetProperty("method").GetString(), exact.GetProperty("method").GetString()));
        foreach (var (a, b) in once.GetProperty("coefficients").EnumerateArray().Zip(exact.GetProperty("coefficients").EnumerateArray()))
        {
            Assert.Equal(b.GetProperty("estimate").GetDouble(), a.GetProperty("estimate").GetDouble(), 0.2 * b.GetProperty("std_error").GetDouble());
        }
    }

    [Theory]
    [InlineData("hc0", "hc0")]
    [InlineData("hc1", "hc1")]
    [InlineData("cluster:g", "cluster")]
    public void Robust_standard_errors_differ_from_the_models_and_estimates_do_not(string robust, string name)
    {
        var (model, other) = (Fit("n ~ x", "--family", "poisson"), Fit("n ~ x", "--family", "poisson", "--robust", robust));

        Assert.Equal(name, other.GetProperty("covariance").GetString());
        Assert.Equal(Estimate(model, "x"), Estimate(other, "x"));
        Assert.NotEqual(Number(model, "x", "std_error"), Number(other, "x", "std_error"));
    }

    [Fact]
    public void HC3_is_a_little_wider_than_HC0()
    {
        var (zero, three) = (Fit("y ~ x", "--passes", "exact", "--robust", "hc0"), Fit("y ~ x", "--passes", "exact", "--robust", "hc3"));

        Assert.InRange(Number(three, "x", "std_error") / Number(zero, "x", "std_error"), 1, 1.05);   // leverages are about 2/600
    }

    [Fact]
    public void A_weight_of_two_is_two_rows()
    {
        var rows = Simulated.Rows(300).ToList();
        _folder.Write("weighted.csv", $"{Simulated.Header},twice\n{string.Concat(rows.Select(r => r.TrimEnd('\n') + ",2\n"))}");
        _folder.Write("doubled.csv", $"{Simulated.Header}\n{string.Concat(rows.SelectMany(r => new[] { r, r }))}");

        var (weighted, doubled) = (Fit("weighted.csv", "n ~ x", ["--family", "poisson", "--weights", "twice", "--passes", "exact"]), Fit("doubled.csv", "n ~ x", ["--family", "poisson", "--passes", "exact"]));

        Assert.Equal(Number(doubled, "x", "std_error"), Number(weighted, "x", "std_error"), 1e-8);   // both at the maximum of the same likelihood
    }

    [Fact]
    public void An_offset_column_is_an_offset_term() =>
        Assert.Equal(Estimate(Fit("n ~ x + offset(z)", "--family", "poisson"), "x"), Estimate(Fit("n ~ x", "--family", "poisson", "--offset", "z"), "x"), 1e-12);   // the same arithmetic but for its order

    [Fact]
    public void A_reference_level_drops_out()
    {
        var terms = Fit("y ~ g", "--ref", "g=b").GetProperty("coefficients").EnumerateArray().Select(c => c.GetProperty("term").GetString());

        Assert.Equal(["(Intercept)", "g[a]", "g[c]"], terms);
    }

    [Fact]
    public void A_reference_level_stays_with_the_state_until_another_is_asked_for()
    {
        _folder.Do("fit", "all.csv", "grade ~ x + g", "--family", "multinomial", "--ref", "g=b", "--ref", "grade=medium", "--state", "s.ff");

        using var kept = JsonDocument.Parse(_folder.Do("show", "s.ff", "--format", "json"));
        using var other = JsonDocument.Parse(_folder.Do("show", "s.ff", "--ref", "g=c", "--format", "json"));

        Assert.Equal(("b", "medium"), (kept.RootElement.GetProperty("references").GetProperty("g").GetString(), kept.RootElement.GetProperty("reference_outcome").GetString()));
        Assert.Equal(("c", "medium"), (other.RootElement.GetProperty("references").GetProperty("g").GetString(), other.RootElement.GetProperty("reference_outcome").GetString()));
    }

    [Fact]
    public void A_higher_level_widens_the_interval()
    {
        var (narrow, wide) = (Fit("y ~ x"), Fit("y ~ x", "--level", "0.99"));

        Assert.Equal(2.5758293035489 / 1.9599639845401, (Number(wide, "x", "upper") - Estimate(wide, "x")) / (Number(narrow, "x", "upper") - Estimate(narrow, "x")), 1e-9);   // normal quantiles
    }

    [Fact]
    public void A_ridge_shrinks_what_it_is_a_prior_of() =>
        Assert.InRange(Estimate(Fit("y ~ x", "--ridge", "1000"), "x"), 0.01, 0.9 * Estimate(Fit("y ~ x"), "x"));

    [Fact]
    public void Firths_penalty_keeps_separated_data_finite()
    {
        _folder.Write("separated.csv", "x,won\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{(i < 10 ? 0 : 1)}\n")));

        var penalised = Fit("separated.csv", "won ~ x", ["--family", "binomial", "--passes", "exact", "--firth"]);
        var plain = Fit("separated.csv", "won ~ x", ["--family", "binomial", "--passes", "exact"]);

        Assert.Equal("ok", Term(penalised, "x").GetProperty("status").GetString());
        Assert.Equal("separated", Term(plain, "x").GetProperty("status").GetString());
    }

    [Fact]
    public void Levels_beyond_the_most_are_counted_together()
    {
        _folder.Write("wide.csv", "g,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture, $"l{i % 6},{i % 7}\n"))));

        var terms = Fit("wide.csv", "y ~ g", ["--max-levels", "3"]).GetProperty("coefficients").EnumerateArray().Select(c => c.GetProperty("term").GetString()).ToList();

        Assert.Contains("g[l1]", terms);
        Assert.DoesNotContain("g[l5]", terms);
        Assert.True(terms.Count <= 4, string.Join(' ', terms));
    }

    [Theory]
    [InlineData("--structure", "full")]
    [InlineData("--structure", "square-root")]
    [InlineData("--buffer", "50")]
    [InlineData("--threads", "1")]
    [InlineData("--quiet")]
    public void How_it_is_computed_hardly_changes_the_answer(params string[] options)
    {
        var (usual, other) = (Fit("y ~ x + g"), Fit("y ~ x + g", options));

        Assert.Equal(Estimate(usual, "x"), Estimate(other, "x"), 1e-9);   // a linear model: only rounding differs
    }

    JsonElement Fit(string formula, params string[] options) => Fit("all.csv", formula, options);

    JsonElement Fit(string file, string formula, string[] options) =>
        JsonDocument.Parse(_folder.Do(["fit", file, formula, .. options, "--format", "json"])).RootElement;

    static JsonElement Term(JsonElement fit, string term) => fit.GetProperty("coefficients").EnumerateArray().Single(c => c.GetProperty("term").GetString() == term);

    static double Number(JsonElement fit, string term, string name) => Term(fit, term).GetProperty(name).GetDouble();

    static double Estimate(JsonElement fit, string term) => Number(fit, term, "estimate");
}
