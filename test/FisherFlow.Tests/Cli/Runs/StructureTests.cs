using System.Text.Json;

namespace FisherFlow.Tests.Cli.Runs;

public sealed class StructureTests : IDisposable
{
    readonly DataFolder _folder = new();

    public StructureTests() => _folder.Write("all.csv", Simulated.Text(600));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("structure", "diagonal", "--structure", "diagonal")]
    [InlineData("structure", "low-rank:2", "--structure", "low-rank:2")]
    [InlineData("structure", "block", "--structure", "block")]
    [InlineData("structure", "sparse", "--structure", "sparse")]
    [InlineData("structure", "scalar", "--structure", "scalar")]
    [InlineData("memory", "exponential:100", "--memory", "exponential:100")]
    [InlineData("memory", "window:128", "--memory", "window:128")]
    [InlineData("memory", "adaptive", "--memory", "adaptive")]
    [InlineData("estimate", "empirical", "--estimate", "empirical")]
    [InlineData("estimate", "monte-carlo:3", "--estimate", "monte-carlo:3", "--seed", "7")]
    [InlineData("damping", "condition:50", "--damping", "condition:50")]
    [InlineData("epsilon", "0.5", "--prior", "epsilon:0.5")]
    public void What_a_fit_kept_is_named_in_json_and_state(string field, string value, params string[] options)
    {
        using var json = JsonDocument.Parse(_folder.Do([.. (string[])["fit", "all.csv", "y ~ x + g", "--format", "json", "--state", "s.ff"], .. options]));
        var root = json.RootElement;
        Assert.Equal(value, root.GetProperty(field).ToString());
        Assert.Equal("converged", root.GetProperty("regime").GetString());
        Assert.All(root.GetProperty("coefficients").EnumerateArray(), c => Assert.True(c.GetProperty("std_error").GetDouble() > 0));
        using var shown = JsonDocument.Parse(_folder.Do("show", "s.ff", "--format", "json"));
        Assert.Equal(root.GetProperty("coefficients").ToString(), shown.RootElement.GetProperty("coefficients").ToString());
    }

    [Fact]
    public void Nothing_is_said_of_the_usual_structure_and_much_of_another()
    {
        Assert.DoesNotContain("structure", _folder.Do("fit", "all.csv", "y ~ x", "--format", "json"), StringComparison.Ordinal);
        var text = _folder.Do("fit", "all.csv", "y ~ x + g", "--structure", "diagonal", "--memory", "exponential:200");
        Assert.Contains("Information: structure diagonal, memory exponential:200 (", text, StringComparison.Ordinal);
        Assert.Contains("at 0.9 61 %", text, StringComparison.Ordinal);
        Assert.Contains("older ones weighing less", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("standard errors under a fading memory", "--memory", "exponential:100", "--robust", "hc1")]
    [InlineData("hc3", "--memory", "window:100", "--robust", "hc3", "--passes", "exact")]
    [InlineData("which --memory is not", "--memory", "exponential:100", "--passes", "exact")]
    [InlineData("which --structure diagonal is not", "--structure", "diagonal", "--passes", "exact")]
    [InlineData("the same prior", "--ridge", "1", "--prior", "ridge:1")]
    [InlineData("what --estimate monte-carlo:K samples", "--seed", "1")]
    [InlineData("--memory cannot be 'window'", "--memory", "window")]
    [InlineData("low-rank:R", "--structure", "banded")]
    [InlineData("--prior cannot be 'state:x:2'", "--prior", "state:x:2")]
    [InlineData("full information", "--structure", "diagonal", "--prior", "state:s.ff")]
    public void Combinations_without_an_answer_say_why(string reason, params string[] options)
    {
        var outcome = _folder.Run([.. (string[])["fit", "all.csv", "y ~ x"], .. options]);
        Assert.Equal(2, outcome.ExitCode);
        if (reason != "hc3") { Assert.Contains(reason, outcome.Error, StringComparison.Ordinal); }
    }

    [Fact]
    public void Hashed_columns_fit_merge_and_predict_texts_never_met()
    {
        var rows = Simulated.Rows(600).ToList();
        _folder.Write("one.csv", $"{Simulated.Header}\n{string.Concat(rows[..300])}");
        _folder.Write("two.csv", $"{Simulated.Header}\n{string.Concat(rows[300..])}");
        foreach (var name in (string[])["one", "two"]) { _folder.Do("fit", $"{name}.csv", "y ~ x + hash(g:grade, 2^12)", "--state", $"{name}.ff"); }
        using var merged = JsonDocument.Parse(_folder.Do("merge", "one.ff", "two.ff", "--state", "both.ff", "--format", "json"));
        using var whole = JsonDocument.Parse(_folder.Do("fit", "all.csv", "y ~ x + hash(g:grade, 2^12)", "--format", "json"));
        Assert.Equal(9, whole.RootElement.GetProperty("hashed_met").GetInt32());
        Assert.Equal(4096, whole.RootElement.GetProperty("hashed_columns").GetInt32());
        Assert.Equal(2, whole.RootElement.GetProperty("coefficients").GetArrayLength());
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(Number(whole, i, "estimate"), Number(merged, i, "estimate"), 1e-6);   // both hold all rows in memory
            Assert.Equal(Number(whole, i, "std_error"), Number(merged, i, "std_error"), 1e-6);
        }
        _folder.Write("new.csv", "x,g,grade\n0.5,never,seen\n");
        var lines = _folder.Do("predict", "both.ff", "new.csv").TrimEnd('\n').Split('\n');
        Assert.Equal(Number(whole, 0, "estimate") + 0.5 * Number(whole, 1, "estimate"), double.Parse(lines[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture), 1e-5);
    }

    [Fact]
    public void Another_states_estimate_is_a_prior_as_far_as_the_data_agree()
    {
        _folder.Do("fit", "all.csv", "y ~ x + z", "--state", "old.ff");
        _folder.Write("few.csv", Simulated.Text(40, seed: 2));
        using var alone = JsonDocument.Parse(_folder.Do("fit", "few.csv", "y ~ x + z", "--format", "json"));
        using var informed = JsonDocument.Parse(_folder.Do("fit", "few.csv", "y ~ x + z", "--prior", "state:old.ff", "--state", "new.ff", "--format", "json"));
        Assert.InRange(informed.RootElement.GetProperty("transfer_discount").GetDouble(), 0.05, 1);
        Assert.True(Number(informed, 1, "std_error") < Number(alone, 1, "std_error"));
        Assert.Contains("the other state's information", _folder.Do("show", "new.ff"), StringComparison.Ordinal);
        Assert.Equal(1, _folder.Run("fit", "few.csv", "won ~ x + z", "--family", "binomial", "--prior", "state:old.ff").ExitCode);
    }

    static double Number(JsonDocument fit, int coefficient, string field) => fit.RootElement.GetProperty("coefficients")[coefficient].GetProperty(field).GetDouble();
}
