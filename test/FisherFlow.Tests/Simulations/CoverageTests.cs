namespace FisherFlow.Tests.Simulations;

/// <summary>Whether the intervals of a single pass are true, where peers that take one step per batch cover 9 to 94 %.</summary>
public sealed class CoverageTests
{
    /// <summary>The promise is 95 ± 1.5 %; the runs affordable here measure it with the standard error stated in each message.</summary>
    [Theory]
    [InlineData("easy", 30)]
    [InlineData("strong and skewed", 30)]
    [InlineData("rare events", 150)]
    public void Intervals_of_one_pass_cover_the_truth_as_often_as_they_say(string regime, int runs)
    {
        var (setting, buffer) = Setting(regime);
        var shares = new double[runs];
        for (var run = 0; run < runs; run++)
        {
            var table = setting.Fit(setting.Draw(1000 + run), buffer).Report().Coefficients;
            shares[run] = table.Zip(setting.Truth, (c, truth) => c.Lower <= truth && truth <= c.Upper ? 1.0 : 0).Average();
        }

        var coverage = shares.Average();
        var error = Math.Sqrt(shares.Sum(s => (s - coverage) * (s - coverage)) / (runs - 1) / runs);
        Assert.True(Math.Abs(coverage - 0.95) <= Math.Max(0.015, 4 * error), $"{regime}: {coverage:P1} covered, Monte-Carlo standard error {error:P2}");
    }

    /// <summary>
    /// Estimates are promised within 0.2 standard errors. Folded information is that of an early estimate: of one that rested on m events it is off by about
    /// 1/√m (half of that in a standard error) and stays so. These buffers are tiny (the default holds tens of thousands of rows), hence the wider bands where the signal is strong or events are few.
    /// </summary>
    [Theory]
    [InlineData("easy", 3, 0.02)]
    [InlineData("strong and skewed", 3, 0.06)]
    [InlineData("rare events", 10, 0.08)]
    public void One_pass_stays_within_a_fifth_of_a_standard_error_of_the_maximum_likelihood(string regime, int runs, double errors)
    {
        var (setting, buffer) = Setting(regime);
        for (var run = 0; run < runs; run++)
        {
            var lines = setting.Draw(5000 + run);
            var streamed = setting.Fit(lines, buffer);
            var exact = setting.Fit(lines, buffer: 0).Report().Coefficients;
            Assert.True(streamed.Estimator.FoldedRows > 0, "nothing was streamed");
            var table = streamed.Report().Coefficients;
            Assert.True(Distance.OfEstimates(table, exact) <= 0.2, $"{regime}, run {run}: {Distance.OfEstimates(table, exact):F3} standard errors");
            Assert.True(Distance.OfStandardErrors(table, exact) <= errors, $"{regime}, run {run}: standard errors differ by {Distance.OfStandardErrors(table, exact):P1}");
        }
    }

    /// <summary>Buffers of a twentieth of the data: most rows are folded long before the end.</summary>
    static (Regime Regime, int Buffer) Setting(string name) => name switch
    {
        "easy" => (Regime.Easy, 1000),
        "strong and skewed" => (Regime.Strong, 1000),
        _ => (Regime.Rare, 300),
    };
}
