using System.Text.Json;

namespace FisherFlow.Tests.Cli.Runs;

/// <summary>show, update and merge: what a state is good for.</summary>
public sealed class StateTests : IDisposable
{
    readonly DataFolder _folder = new();

    public StateTests()
    {
        var rows = Simulated.Rows(600).ToList();
        _folder.Write("all.csv", Simulated.Text(600));
        _folder.Write("east.csv", $"{Simulated.Header}\n{string.Concat(rows[..250])}");
        _folder.Write("west.csv", $"{Simulated.Header}\n{string.Concat(rows[250..])}");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("csv")]
    [InlineData("markdown")]
    public void A_state_shows_what_the_fit_printed(string format)
    {
        var printed = _folder.Do("fit", "all.csv", "y ~ x + g", "--robust", "hc1", "--state", "s.ff", "--format", format);

        Assert.Equal(printed, _folder.Do("show", "s.ff", "--format", format));
    }

    [Theory]
    [InlineData("coefficients", "(Intercept)")]
    [InlineData("model", "formula")]
    [InlineData("levels", "g")]
    [InlineData("estimate", "(Intercept)")]
    [InlineData("information", "(Intercept)")]
    [InlineData("covariance", "(Intercept)")]
    [InlineData("sums", "deviance")]
    [InlineData("lineage", "fingerprint")]
    [InlineData("rejections", "reason")]
    public void Any_part_of_a_state_can_be_shown_in_any_format(string part, string word)
    {
        _folder.Do("fit", "all.csv", "y ~ x + g", "--state", "s.ff");

        foreach (var format in new[] { "text", "csv", "markdown" }) { Assert.Contains(word, _folder.Do("show", "s.ff", "--what", part, "--format", format), StringComparison.Ordinal); }
        using var json = JsonDocument.Parse(_folder.Do("show", "s.ff", "--what", part, "--format", "json"));
        Assert.Equal(JsonValueKind.Array, json.RootElement.GetProperty(part).ValueKind);
    }

    [Fact]
    public void A_matrix_that_there_is_not_is_refused_with_the_reason_and_rows_have_names_of_their_own()
    {
        _folder.Write("two.csv", "x,y\n1,2\n2,4\n");
        _folder.Do("fit", "two.csv", "y ~ x", "--state", "two.ff");
        var refused = _folder.Run("show", "two.ff", "--what", "covariance");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("there is no covariance. no standard errors: 2 observations", refused.Error, StringComparison.Ordinal);

        _folder.Do("fit", "all.csv", "y ~ x", "--family", "normal", "--state", "normal.ff");
        Assert.StartsWith(",location:(Intercept),location:x,scale:(Intercept)\n", _folder.Do("show", "normal.ff", "--what", "covariance", "--format", "csv"), StringComparison.Ordinal);
        _folder.Do("fit", "all.csv", "y ~ x + hash(g, 16)", "--state", "hash.ff");
        Assert.StartsWith(",(Intercept),x\n", _folder.Do("show", "hash.ff", "--what", "information", "--format", "csv"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_reference_is_refused_with_the_levels_there_are()
    {
        _folder.Do("fit", "all.csv", "y ~ x + g", "--state", "s.ff");

        var outcome = _folder.Run("show", "s.ff", "--ref", "g=nowhere");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("a, b, c", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_errors_that_the_state_does_not_hold_are_refused()
    {
        _folder.Do("fit", "all.csv", "y ~ x", "--state", "s.ff");

        Assert.NotEqual(0, _folder.Run("show", "s.ff", "--robust", "cluster").ExitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a state")]
    public void What_is_no_state_is_refused_with_a_message(string content)
    {
        _folder.Write("s.ff", content);

        var outcome = _folder.Run("show", "s.ff");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("s.ff", outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_changed_byte_is_found_by_the_checksum()
    {
        _folder.Do("fit", "all.csv", "y ~ x", "--state", "s.ff");
        var bytes = File.ReadAllBytes(_folder["s.ff"]);
        bytes[^40] ^= 1;
        File.WriteAllBytes(_folder["s.ff"], bytes);

        Assert.Equal(1, _folder.Run("show", "s.ff").ExitCode);
    }

    [Fact]
    public void An_update_goes_on_where_the_fit_stopped()
    {
        _folder.Do("fit", "east.csv", "y ~ x + g", "--state", "s.ff");

        var updated = _folder.Do("update", "s.ff", "west.csv", "--format", "json");

        AssertSame(_folder.Do("fit", "all.csv", "y ~ x + g", "--format", "json"), updated);
        Assert.Equal(updated, _folder.Do("show", "s.ff", "--format", "json"));
    }

    [Fact]
    public void An_update_can_leave_the_old_state_alone()
    {
        _folder.Do("fit", "east.csv", "y ~ x", "--state", "old.ff");
        var old = File.ReadAllBytes(_folder["old.ff"]);

        _folder.Do("update", "old.ff", "west.csv", "--state", "new.ff");

        Assert.Equal(old, File.ReadAllBytes(_folder["old.ff"]));
        Assert.NotEqual(old, File.ReadAllBytes(_folder["new.ff"]));
    }

    [Fact]
    public void Data_that_are_inside_already_are_refused_and_the_state_stays()
    {
        _folder.Do("fit", "east.csv", "y ~ x", "--state", "s.ff");
        var before = File.ReadAllBytes(_folder["s.ff"]);

        var outcome = _folder.Run("update", "s.ff", "east.csv");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("east.csv", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder["s.ff"]));
    }

    [Fact]
    public void Merged_shards_are_the_whole_in_either_order()
    {
        _folder.Do("fit", "east.csv", "y ~ x + g", "--state", "east.ff");
        _folder.Do("fit", "west.csv", "y ~ x + g", "--state", "west.ff");

        var whole = _folder.Do("fit", "all.csv", "y ~ x + g", "--format", "json");
        AssertSame(whole, _folder.Do("merge", "east.ff", "west.ff", "--state", "us.ff", "--format", "json"));
        AssertSame(whole, _folder.Do("merge", "west.ff", "east.ff", "--format", "json"));
        AssertSame(whole, _folder.Do("show", "us.ff", "--format", "json"));
    }

    [Fact]
    public void A_shard_merges_once_and_only_with_its_like()
    {
        _folder.Do("fit", "east.csv", "y ~ x", "--state", "east.ff");
        _folder.Do("fit", "west.csv", "y ~ x", "--state", "west.ff");
        _folder.Do("fit", "west.csv", "y ~ z", "--state", "other.ff");
        _folder.Do("merge", "east.ff", "west.ff", "--state", "us.ff");

        var twice = _folder.Run("merge", "us.ff", "west.ff");
        var unlike = _folder.Run("merge", "east.ff", "other.ff");

        Assert.Equal((1, 1), (twice.ExitCode, unlike.ExitCode));
        Assert.Contains("y ~ z", unlike.Error, StringComparison.Ordinal);
    }

    /// <summary>Equal but for rounding: a linear model is a sum, in whatever order it is taken.</summary>
    static void AssertSame(string expected, string actual)
    {
        using JsonDocument a = JsonDocument.Parse(expected), b = JsonDocument.Parse(actual);
        Assert.Equal(a.RootElement.GetProperty("observations").GetInt64(), b.RootElement.GetProperty("observations").GetInt64());
        var pairs = a.RootElement.GetProperty("coefficients").EnumerateArray().Zip(b.RootElement.GetProperty("coefficients").EnumerateArray());
        Assert.All(pairs, pair =>
        {
            Assert.Equal(pair.First.GetProperty("term").GetString(), pair.Second.GetProperty("term").GetString());
            Assert.Equal(pair.First.GetProperty("estimate").GetDouble(), pair.Second.GetProperty("estimate").GetDouble(), 1e-9);
            Assert.Equal(pair.First.GetProperty("std_error").GetDouble(), pair.Second.GetProperty("std_error").GetDouble(), 1e-9);
        });
    }
}
