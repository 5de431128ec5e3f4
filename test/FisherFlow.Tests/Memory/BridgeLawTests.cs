using FisherFlow.Memory;
using FisherFlow.Tests.Simulations;

namespace FisherFlow.Tests.Memory;

public sealed class BridgeLawTests
{
    /// <summary>Hansen (1992), table 1, at 5 %; and the Cramér–von Mises law of Anderson &amp; Darling (1952) for one dimension.</summary>
    [Theory]
    [InlineData(1, 0.05, 0.470)]
    [InlineData(2, 0.05, 0.749)]
    [InlineData(3, 0.05, 1.01)]
    [InlineData(4, 0.05, 1.24)]
    [InlineData(5, 0.05, 1.47)]
    [InlineData(1, 0.01, 0.748)]
    [InlineData(1, 0.10, 0.353)]
    public void Critical_values_are_those_of_Hansens_table(int dimension, double level, double critical) =>
        Assert.Equal(critical, BridgeLaw.IntegralQuantile(level, dimension), 0.011);

    /// <summary>The first terms of Anderson and Darling's own series for ∫B², which shares nothing with the inversion: P(ω² ≥ 0.46136) = 0.05, P(ω² ≥ 0.74346) = 0.01, P(ω² ≥ 1.16786) = 0.001.</summary>
    [Theory]
    [InlineData(0.46136, 0.05)]
    [InlineData(0.74346, 0.01)]
    [InlineData(1.16786, 0.001)]
    public void The_integral_of_a_squared_bridge_has_the_law_of_Cramer_and_von_Mises(double x, double probability) =>
        Assert.Equal(1, BridgeLaw.IntegralTail(x, 1) / probability, 2e-4);

    [Fact]
    public void The_supremum_of_a_bridge_has_Kolmogorovs_law()
    {
        Assert.Equal(1.3581, BridgeLaw.SupremumQuantile(0.05), 1e-4);
        Assert.Equal(1.6276, BridgeLaw.SupremumQuantile(0.01), 1e-4);
        Assert.Equal(1, BridgeLaw.SupremumTail(0.1));
    }

    /// <summary>Many points make a bridge; ten have a law of their own, here against 200 000 draws within four standard errors.</summary>
    [Fact]
    public void The_law_of_a_sum_is_exact_for_few_points_and_that_of_the_integral_for_many()
    {
        const int Draws = 200_000;
        Assert.Equal(1, BridgeLaw.SumQuantile(0.01, 2000) / BridgeLaw.IntegralQuantile(0.01, 1), 1e-3);
        var (critical, normals, beyond) = (BridgeLaw.SumQuantile(0.01, 10), new Normals(11), 0);
        var values = new double[10];
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var i = 0; i < 10; i++) { values[i] = normals.Next(); }
            var (total, sum, squares) = (values.Sum(), 0.0, 0.0);
            for (var t = 1; t < 10; t++)
            {
                sum += values[t - 1];
                squares += Math.Pow(sum - total * t / 10, 2) / 100;
            }
            beyond += squares >= critical ? 1 : 0;
        }
        Assert.Equal(0.01, beyond / (double)Draws, 4 * Math.Sqrt(0.01 * 0.99 / Draws));
    }

    /// <summary>Type I errors and power over simulated series of 1 000 normal values with unknown mean and variance; bands of four standard errors about .05, and about the power .793 for a shift of 0.2 standard deviations in the middle.</summary>
    [Fact]
    public void The_tests_of_a_whole_series_keep_their_level_and_have_the_power_expected()
    {
        var runs = Runs.Of(600, 4000);
        var (supremum, square, power) = (0.0, 0.0, 0.0);
        var values = new double[1000];
        for (var run = 0; run < runs; run++)
        {
            var normals = new Normals(300 + run);
            for (var i = 0; i < values.Length; i++) { values[i] = normals.Next(); }
            supremum += CumulativeScores.Test(values, BridgeStatistic.Supremum).PValue < 0.05 ? 1.0 / runs : 0;
            square += CumulativeScores.Test(values, BridgeStatistic.MeanSquare).PValue < 0.05 ? 1.0 / runs : 0;
            for (var i = values.Length / 2; i < values.Length; i++) { values[i] += 0.2; }
            power += CumulativeScores.Test(values, BridgeStatistic.Supremum).PValue < 0.05 ? 1.0 / runs : 0;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"level of the supremum {supremum:F4}, of the mean square {square:F4}; power of the supremum {power:F3}");
        var band = 4 * Math.Sqrt(0.05 * 0.95 / runs);
        Assert.Equal(0.05, supremum, band);
        Assert.Equal(0.05, square, band);
        Assert.Equal(0.793, power, 4 * Math.Sqrt(0.793 * 0.207 / runs) + 0.01);
    }
}
