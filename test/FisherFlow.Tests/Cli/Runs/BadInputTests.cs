using System.Text.Json;

namespace FisherFlow.Tests.Cli.Runs;

public sealed class BadInputTests : IDisposable
{
    readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_wrong_formula_is_shown_with_a_caret_under_the_place()
    {
        _folder.Write("a.csv", Simulated.Text(50));

        var outcome = _folder.Run("fit", "a.csv", "y ~ x + * z");

        Assert.Equal(2, outcome.ExitCode);
        var lines = outcome.Error.TrimEnd('\n').Split('\n');
        var formula = Array.FindIndex(lines, line => line.Contains("y ~ x + * z", StringComparison.Ordinal));
        Assert.Equal(lines[formula].IndexOf('*', StringComparison.Ordinal), lines[formula + 1].IndexOf('^', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("y ~ poly(x, 2)", "poly")]
    [InlineData("y ~ scale(x)", "scale")]
    [InlineData("y ~ nowhere", "nowhere")]
    [InlineData("y ~ log(g)", "g")]
    public void A_formula_that_the_data_cannot_answer_is_refused_by_name(string formula, string word)
    {
        _folder.Write("a.csv", Simulated.Text(50));

        var outcome = _folder.Run("fit", "a.csv", formula);

        Assert.InRange(outcome.ExitCode, 1, 2);
        Assert.Equal("", outcome.Output);
        Assert.Contains(word, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var outcome = _folder.Run("fit", "nowhere.csv", "y ~ x");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("nowhere.csv", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_count_stops_the_fit_with_its_place_or_rejects_its_row()
    {
        _folder.Write("counts.csv", "x,visits\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i % 5},{(i == 17 ? -3 : i % 4)}\n")));

        var stopped = _folder.Run("fit", "counts.csv", "visits ~ x", "--family", "poisson");
        using var rejected = JsonDocument.Parse(_folder.Do("fit", "counts.csv", "visits ~ x", "--family", "poisson", "--invalid", "reject", "--format", "json"));

        Assert.Equal(1, stopped.ExitCode);
        Assert.All(["counts.csv", "19", "-3", "visits"], word => Assert.Contains(word, stopped.Error, StringComparison.Ordinal));   // the header is line 1
        Assert.Equal((29, 1), (rejected.RootElement.GetProperty("observations").GetInt64(), rejected.RootElement.GetProperty("rows_rejected").GetInt64()));
    }

    [Fact]
    public void A_square_root_of_a_distribution_that_may_be_indefinite_is_a_wrong_option()
    {
        _folder.Write("late.csv", "entry,exit,event\n0,1,1\n1,2,0\n0,3,1\n");

        var refused = _folder.Run("fit", "late.csv", "Surv(entry, exit, event) ~ 1", "--family", "gumbel", "--structure", "square-root");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("square root holds positive ones only", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Observed_information_takes_factors_in_the_formula_of_every_parameter()
    {
        var random = new Random(5);
        _folder.Write("factors.csv", "g,y\n" + string.Concat(Enumerable.Range(0, 800).Select(i => FormattableString.Invariant($"{"abc"[i % 3]},{(1 + i % 3) * (random.NextDouble() + random.NextDouble() + random.NextDouble())}\n"))));

        var (observed, expected) = (Fit("observed"), Fit("expected"));

        Assert.Equal(6, observed.Length);
        foreach (var (one, other) in observed.Zip(expected))
        {
            Assert.InRange(Math.Abs(one.Estimate - other.Estimate) / other.Error, 0, 0.5);   // four folds of 200 rows: the two differ by the noise of each batch's information
            Assert.InRange(one.Error / other.Error, 0.8, 1.25);
        }

        (double Estimate, double Error)[] Fit(string kind)
        {
            using var fit = JsonDocument.Parse(_folder.Do("fit", "factors.csv", "y ~ g - 1", "--family", "normal", "--parameter", "scale ~ g", "--buffer", "200", "--estimate", kind, "--format", "json"));
            return [.. fit.RootElement.GetProperty("coefficients").EnumerateArray().Select(c => (c.GetProperty("estimate").GetDouble(), c.GetProperty("std_error").GetDouble()))];
        }
    }

    [Fact]
    public void Dirty_rows_are_counted_and_the_first_are_listed()
    {
        _folder.Write("dirty.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i % 7}\n")) + "NA,1\noops,2\n3,inf\n");

        using var fit = JsonDocument.Parse(_folder.Do("fit", "dirty.csv", "y ~ x", "--format", "json"));

        Assert.Equal((40, 3), (fit.RootElement.GetProperty("observations").GetInt64(), fit.RootElement.GetProperty("rows_rejected").GetInt64()));
        var warnings = string.Join('\n', fit.RootElement.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()));
        Assert.All(["42", "43", "44", "oops"], word => Assert.Contains(word, warnings, StringComparison.Ordinal));
    }

    [Fact]
    public void A_failing_run_leaves_an_existing_state_alone()
    {
        _folder.Write("good.csv", Simulated.Text(100));
        _folder.Do("fit", "good.csv", "n ~ x", "--family", "poisson", "--state", "s.ff");
        var before = File.ReadAllBytes(_folder["s.ff"]);
        _folder.Write("bad.csv", Simulated.Text(100, seed: 2) + "1,1,a,1,1,-1,1,low\n");

        Assert.Equal(1, _folder.Run("fit", "bad.csv", "n ~ x", "--family", "poisson", "--state", "s.ff").ExitCode);
        Assert.Equal(1, _folder.Run("update", "s.ff", "bad.csv").ExitCode);

        Assert.Equal(before, File.ReadAllBytes(_folder["s.ff"]));
        Assert.Equal(["bad.csv", "good.csv", "s.ff"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_state_that_cannot_be_written_is_refused_before_the_data_are_read()
    {
        _folder.Write("stopped.csv", "x,visits\n1,1\n2,-1\n");

        var outcome = _folder.Run("fit", "stopped.csv", "visits ~ x", "--family", "poisson", "--state", Path.Combine("no", "such", "folder", "s.ff"));

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("s.ff", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_whose_squares_are_none_reject_their_rows()
    {
        _folder.Write("huge.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i % 7}\n")) + "1e300,1\n2,-1e200\n");

        using var fit = JsonDocument.Parse(_folder.Do("fit", "huge.csv", "y ~ x", "--format", "json"));

        Assert.Equal((40, 2), (fit.RootElement.GetProperty("observations").GetInt64(), fit.RootElement.GetProperty("rows_rejected").GetInt64()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x,y\n")]
    public void Data_without_rows_are_a_failure_with_a_reason(string text)
    {
        _folder.Write("empty.csv", text);

        var outcome = _folder.Run("fit", "empty.csv", "y ~ x");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("empty.csv", outcome.Error, StringComparison.Ordinal);
    }
}
