using FisherFlow.Inference;

namespace FisherFlow.Tests.Inference;

public sealed class TailTests
{
    // 2*pnorm(-z) in R 4.2
    [Theory]
    [InlineData(0.1, 9.2034432544594202e-01)]
    [InlineData(1, 3.1731050786291409e-01)]
    [InlineData(1.96, 4.9995790296440856e-02)]
    [InlineData(5, 5.7330314375838782e-07)]
    [InlineData(10, 1.5239706048321054e-23)]
    [InlineData(20, 5.5072482372124675e-89)]
    [InlineData(30, 9.8134278542963744e-198)]
    [InlineData(37, 1.1451142445049154e-299)]
    public void Normal_tails_keep_their_digits_far_out(double z, double p) => AssertRelative(p, NormalDistribution.TwoSided(-z), 1e-12);   // exp(−z²/2) itself loses z²/2 ulps

    // 2*pt(-t, v) in R 4.2
    [Theory]
    [InlineData(0.001, 1, 9.9936338043983886e-01)]
    [InlineData(1.5, 1, 3.7433408362199760e-01)]
    [InlineData(10000, 1, 6.3661977024551526e-05)]
    [InlineData(0.5, 2, 6.6666666666666674e-01)]
    [InlineData(10000, 2, 9.9999998500000026e-09)]
    [InlineData(1.5, 3, 2.3058386524482283e-01)]
    [InlineData(30, 3, 8.1352804271639674e-05)]
    [InlineData(5, 7, 1.5652779531728240e-03)]
    [InlineData(10000, 7, 2.6410407775493037e-26)]
    [InlineData(0.5, 30, 6.2072300488512733e-01)]
    [InlineData(30, 30, 6.2517916306088989e-24)]
    [InlineData(10000, 30, 2.0728978939548240e-99)]
    [InlineData(30, 100, 8.3803325586883361e-52)]
    [InlineData(5, 1000, 6.7672563646486137e-07)]
    [InlineData(30, 1000, 1.5374687444045064e-141)]
    [InlineData(1.5, 99999, 1.3361755955440072e-01)]
    [InlineData(30, 99999, 7.3786848444348598e-197)]
    [InlineData(0.5, 1000000, 6.1707518747237167e-01)]
    [InlineData(30, 1000000, 1.2020094233663332e-197)]
    [InlineData(0.001, 2999541, 9.9920211563867845e-01)]
    [InlineData(5, 2999541, 5.7333536167311022e-07)]
    [InlineData(37, 2999541, 1.3389543136317837e-299)]
    [InlineData(30, 1000000000, 9.8154196879674238e-198)]
    public void Student_tails_keep_their_digits_at_any_degrees_of_freedom(double t, double degrees, double p) => AssertRelative(p, StudentDistribution.TwoSided(t, degrees), 1e-11);

    [Fact]
    public void Extreme_statistics_give_zero_or_one_and_never_NaN()
    {
        Assert.Equal(0, StudentDistribution.TwoSided(double.PositiveInfinity, 3));
        Assert.Equal(1, StudentDistribution.TwoSided(0, 3));
        Assert.Equal(0, NormalDistribution.TwoSided(1e200));
        Assert.InRange(StudentDistribution.TwoSided(1e200, 1), 6.3e-201, 6.4e-201);   // 2/(πt)
        Assert.InRange(StudentDistribution.TwoSided(1e-300, 1e6), 1 - 1e-15, 1);
    }

    // qnorm((1 + level)/2) and qt((1 + level)/2, c(1, 3, 29, 1e4)) in R 4.2
    [Theory]
    [InlineData(0.5, 0.6744897501960817, 0.7648923284043452, 0.6745142844835924)]
    [InlineData(0.9, 1.644853626951472, 2.353363434801825, 1.645006018069242)]
    [InlineData(0.95, 1.959963984540054, 3.182446305283708, 1.960201239890626)]
    [InlineData(0.999, 3.290526731491926, 12.92397863668796, 3.291499965941635)]
    public void Quantiles_are_those_of_R(double level, double normal, double three, double tenThousand)
    {
        AssertRelative(normal, NormalDistribution.Quantile(level), 1e-12);
        AssertRelative(three, StudentDistribution.Quantile(level, 3), 1e-12);
        AssertRelative(tenThousand, StudentDistribution.Quantile(level, 1e4), 1e-12);
    }

    [Fact]
    public void Gauss_Hermite_nodes_integrate_normal_moments()
    {
        AssertRelative(1, Expect(_ => 1), 1e-13);
        AssertRelative(1, Expect(z => z * z), 1e-13);
        AssertRelative(10395, Expect(z => Math.Pow(z, 12)), 1e-12);   // 11!!
        AssertRelative(Math.Exp(2), Expect(z => Math.Exp(2 * z)), 1e-12);
        static double Expect(Func<double, double> f) => Enumerable.Range(0, GaussHermite.Nodes.Length).Sum(i => GaussHermite.Weights.Span[i] * f(GaussHermite.Nodes.Span[i]));
    }

    static void AssertRelative(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"expected {expected:R}, got {actual:R}, off by {Math.Abs(actual - expected) / expected:E1}");
}
