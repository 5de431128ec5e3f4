namespace FisherFlow.Tests.Simulations;

/// <summary>Whether the intervals of a single pass are true, where peers that take one step per batch cover 9 to 94 %.</summary>
public sealed class CoverageTests
{
    /// <summary>The promise is 95 ± 1.5 %; the runs affordable here measure it with the standard error stated in each message.</summary>
    [Theory]
    [InlineData("easy", 20, 400)]
    [InlineData("strong and skewed", 20, 400)]
    [InlineData("rare events", 100, 1500)]
    [InlineData("rare events, all held", 100, 1500)]
    [InlineData("counts", 40, 1000)]
    [InlineData("gamma", 40, 1000)]
    public void Intervals_of_one_pass_cover_the_truth_as_often_as_they_say(string regime, int few, int many)
    {
        var (setting, buffer) = Setting(regime);
        var shares = new double[Runs.Of(few, many)];
        for (var run = 0; run < shares.Length; run++)
        {
            var table = setting.Fit(setting.Draw(1000 + run), buffer).Report().Coefficients;
            shares[run] = table.Zip(setting.Truth, (c, truth) => c.Lower <= truth && truth <= c.Upper ? 1.0 : 0).Average();
        }
        Runs.AssertNominal(shares, regime);
    }

    /// <summary>Estimates are promised within 0.2 standard errors, standard errors within 2 %: the audit reweighs what was folded at early estimates.</summary>
    [Theory]
    [InlineData("easy", 3, 50)]
    [InlineData("strong and skewed", 3, 50)]
    [InlineData("rare events", 10, 200)]
    [InlineData("counts", 3, 100)]
    [InlineData("gamma", 3, 100)]
    public void One_pass_stays_within_a_fifth_of_a_standard_error_of_the_maximum_likelihood(string regime, int few, int many)
    {
        var (setting, buffer) = Setting(regime);
        var (estimates, errors) = (0.0, 0.0);
        for (var run = 0; run < Runs.Of(few, many); run++)
        {
            var lines = setting.Draw(5000 + run);
            var streamed = setting.Fit(lines, buffer);
            var exact = setting.Fit(lines, buffer: 0).Report().Coefficients;
            Assert.True(streamed.Estimator.FoldedRows > 0, "nothing was streamed");
            var table = streamed.Report().Coefficients;
            (estimates, errors) = (Math.Max(estimates, Distance.OfEstimates(table, exact)), Math.Max(errors, Distance.OfStandardErrors(table, exact)));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{regime}: estimates at most {estimates:G3} standard errors apart, standard errors {100 * errors:F3} %");
        Assert.True(estimates <= 0.2, $"{regime}: {estimates:F3} standard errors");
        Assert.True(errors <= 0.02, $"{regime}: standard errors differ by {errors:P1}");
    }

    /// <summary>Buffers of a twentieth of the data: most rows are folded long before the end.</summary>
    static (Regime Regime, int Buffer) Setting(string name) => name switch
    {
        "easy" => (Regime.Easy, 1000),
        "strong and skewed" => (Regime.Strong, 1000),
        "rare events, all held" => (Regime.Rare with { Rows = 2000 }, 300),
        "counts" => (Regime.Counts, 500),
        "gamma" => (Regime.Positive, 500),
        _ => (Regime.Rare, 300),
    };
}
