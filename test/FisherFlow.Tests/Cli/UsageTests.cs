using FisherFlow.Cli.Terminal;
using FisherFlow.Data;

namespace FisherFlow.Tests.Cli;

public sealed class UsageTests : IDisposable
{
    readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--passes exact on standard input", "standard input", "-", "y ~ x", "--passes", "exact")]
    [InlineData("HC3 in one pass", "--passes exact", "a.csv", "y ~ x", "--robust", "hc3")]
    [InlineData("Firth in one pass", "--passes exact", "a.csv", "y ~ x", "--family", "binomial", "--firth")]
    [InlineData("Firth for a count", "binomial", "a.csv", "y ~ x", "--family", "poisson", "--passes", "exact", "--firth")]
    [InlineData("two priors", "choose one", "a.csv", "y ~ x", "--family", "binomial", "--passes", "exact", "--firth", "--ridge", "1")]
    [InlineData("a power without Tweedie", "--family tweedie", "a.csv", "y ~ x", "--power", "1.5")]
    [InlineData("Tweedie without a power", "--power 1.5", "a.csv", "y ~ x", "--family", "tweedie")]
    [InlineData("a power of two", "gamma", "a.csv", "y ~ x", "--family", "tweedie", "--power", "2")]
    [InlineData("a dispersion that cannot be", "no dispersion", "a.csv", "y ~ x", "--family", "ordinal", "--dispersion", "estimate")]
    [InlineData("levels of a number", "--family ordinal", "a.csv", "y ~ x", "--levels", "a,b")]
    [InlineData("one level", "two or more", "a.csv", "y ~ x", "--family", "ordinal", "--levels", "a")]
    [InlineData("a checkpoint without a state", "--state FILE", "a.csv", "y ~ x", "--checkpoint", "100")]
    [InlineData("resuming without a state", "--state FILE", "a.csv", "y ~ x", "--resume")]
    [InlineData("resuming an exact fit", "one pass", "a.csv", "y ~ x", "--passes", "exact", "--resume", "--state", "s.ff")]
    [InlineData("standard input among files", "concatenate", "-", "a.csv", "y ~ x")]
    [InlineData("a formula that comes first", "comes last", "y ~ x", "a.csv")]
    [InlineData("an unknown family", "negative-binomial", "a.csv", "y ~ x", "--family", "gaussion")]
    [InlineData("an unknown link", "cloglog", "a.csv", "y ~ x", "--link", "logistic")]
    [InlineData("a level beyond one", "between 0 and 1", "a.csv", "y ~ x", "--level", "95")]
    [InlineData("a negative ridge", "above 0", "a.csv", "y ~ x", "--ridge", "-1")]
    [InlineData("an option without its value", "--level needs a value: --level LEVEL", "a.csv", "y ~ x", "--level")]
    [InlineData("an option given again", "--level is given 2 times", "a.csv", "y ~ x", "--level", "0.9", "--level", "0.8")]
    [InlineData("the beginning of two options", "did you mean --level?", "a.csv", "y ~ x", "--lev", "0.9")]
    [InlineData("no threads", "from 1 to 2147483647", "a.csv", "y ~ x", "--threads", "0")]
    [InlineData("a cluster without a column", "cluster:COLUMN", "a.csv", "y ~ x", "--robust", "cluster:")]
    [InlineData("a reference without a level", "origin=ATL", "a.csv", "y ~ x", "--ref", "origin")]
    [InlineData("two references of a factor", "twice", "a.csv", "y ~ x", "--ref", "g=a", "--ref", "g=b")]
    [InlineData("a misspelt option", "did you mean --family", "a.csv", "y ~ x", "--famly", "binomial")]
    [InlineData("an option of a later version", "no option '--ensemble'", "a.csv", "y ~ x", "--ensemble", "rates")]
    public void What_cannot_be_is_refused_with_the_reason(string what, string reason, params string[] arguments)
    {
        var outcome = _folder.Run(["fit", .. arguments]);

        Assert.True(outcome.ExitCode == 2, $"{what}: exit code {outcome.ExitCode}\n{outcome.Error}");
        Assert.Equal("", outcome.Output);
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_does_not_replace_a_state_unasked()
    {
        _folder.Write("s.ff", "precious");

        var outcome = _folder.Run("fit", "a.csv", "y ~ x", "--checkpoint", "100", "--state", "s.ff");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("--resume", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_folder["s.ff"]));
    }

    [Fact]
    public void A_comparison_without_a_formula_is_not_called_a_fit() => Assert.StartsWith("fisherflow: compare needs DATA and FORMULA", _folder.Run("compare", "a.csv").Error, StringComparison.Ordinal);

    [Fact]
    public void What_cannot_be_told_still_has_its_exit_code()
    {
        using var full = new FullDisk();

        Assert.Equal(1, Failure.Report(new DataException("the data end"), full));
    }

    [Fact]
    public void A_misspelt_verb_is_recognised()
    {
        var outcome = _folder.Run("prdict", "s.ff", "new.csv");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("did you mean predict?", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_level_of_no_interval_is_refused()
    {
        var outcome = _folder.Run("predict", "s.ff", "new.csv", "--level", "0.9");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("--interval", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_state_cannot_be_merged() => Assert.Equal(2, _folder.Run("merge", "s.ff").ExitCode);

    sealed class FullDisk : StringWriter
    {
        public override void Write(char value) => throw new IOException("No space left on device");

        public override void WriteLine(string? value) => Write('\n');
    }
}
