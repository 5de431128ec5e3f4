using System.Globalization;

namespace FisherFlow.Tests.Cli.Runs;

public sealed class PredictTests : IDisposable
{
    readonly DataFolder _folder = new();

    public PredictTests()
    {
        _folder.Write("all.csv", Simulated.Text(600));
        _folder.Write("new.csv", "x,g,note\n0,a,first\n1,nowhere,\"second, unknown\"\n2,b,third\n,c,fourth\n");
        _folder.Do("fit", "all.csv", "y ~ x + g", "--state", "s.ff");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_row_has_its_line_and_what_cannot_be_predicted_is_empty()
    {
        var lines = Lines("predict", "s.ff", "new.csv", "--interval", "mean");

        Assert.Equal("estimate,std_error,lower,upper", lines[0]);
        Assert.Equal(5, lines.Length);
        Assert.Equal([",,,", ",,,"], [lines[2], lines[4]]);
        var (first, third) = (Numbers(lines[1]), Numbers(lines[3]));
        Assert.True(third[0] > first[0], "the mean rises with x");
        Assert.Equal(1.9599639845401, (first[3] - first[0]) / first[1], 0.02);   // the normal quantile, or t with 596 degrees of freedom: 1.964
    }

    [Fact]
    public void An_observation_is_less_certain_than_its_mean()
    {
        var mean = Numbers(Lines("predict", "s.ff", "new.csv", "--interval", "mean")[1]);
        var observation = Numbers(Lines("predict", "s.ff", "new.csv", "--interval", "observation")[1]);
        var narrow = Numbers(Lines("predict", "s.ff", "new.csv", "--interval", "observation", "--level", "0.5")[1]);

        Assert.Equal(mean[0], observation[0]);
        Assert.True(observation[3] - observation[2] > 5 * (mean[3] - mean[2]), "600 rows tell the mean far better than a row");
        Assert.True(narrow[3] - narrow[2] < 0.5 * (observation[3] - observation[2]));
    }

    [Fact]
    public void Appended_columns_come_first_and_as_they_were()
    {
        var lines = Lines("predict", "s.ff", "new.csv", "--append");

        Assert.StartsWith("x,g,note,estimate", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("1,nowhere,\"second, unknown\",", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_is_predicted_as_a_file_is() =>
        Assert.Equal(_folder.Do("predict", "s.ff", "new.csv"), FisherFlowProcess.RunWithInput(_folder.Path, File.ReadAllText(_folder["new.csv"]), "predict", "s.ff", "-").Output);

    [Fact]
    public void A_reader_that_has_seen_enough_ends_the_program_without_a_word()
    {
        _folder.Write("many.csv", Simulated.Text(20_000));
        using var process = FisherFlowProcess.StartWithClosedOutput(_folder.Path, "predict", "s.ff", "many.csv", "--append");

        var outcome = process.Wait();

        Assert.Equal("", outcome.Error);
        if (!OperatingSystem.IsWindows()) { Assert.Equal(141, outcome.ExitCode); }
    }

    [Fact]
    public void Outcomes_have_a_probability_each()
    {
        _folder.Do("fit", "all.csv", "grade ~ x", "--family", "ordinal", "--levels", "low,medium,high", "--state", "grade.ff");

        var lines = Lines("predict", "grade.ff", "new.csv");

        Assert.Equal("p[low],p[medium],p[high]", lines[0]);
        Assert.Equal(1, Numbers(lines[1]).Sum(), 1e-12);   // three numbers that round to about 1e-16
        Assert.Equal(2, _folder.Run("predict", "grade.ff", "new.csv", "--interval", "mean").ExitCode);   // probabilities come without limits
    }

    [Fact]
    public void A_missing_column_is_named_with_those_there_are()
    {
        _folder.Write("less.csv", "x\n1\n");

        var outcome = _folder.Run("predict", "s.ff", "less.csv");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("g", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("less.csv", outcome.Error, StringComparison.Ordinal);
    }

    string[] Lines(params string[] arguments) => _folder.Do(arguments).TrimEnd('\n').Split('\n');

    static double[] Numbers(string line) => [.. line.Split(',').Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
}
