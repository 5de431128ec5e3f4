using FisherFlow.Inference;
using FisherFlow.Models.Families;
using MathNet.Numerics;

namespace FisherFlow.Tests.Models;

public sealed class IncompleteGammaTests
{
    /// <summary>Just beyond the switch both ways can be computed; the ten thousand terms of Math.NET's series round to 2e-8 there, and the recurrence <c>Q(a + 1, x) − Q(a, x) = xᵃe⁻ˣ/Γ(a + 1)</c> is sharper.</summary>
    [Theory]
    [InlineData(-6), InlineData(-3), InlineData(-1), InlineData(-0.01), InlineData(0), InlineData(0.01), InlineData(1), InlineData(3), InlineData(6)]
    public void The_expansion_meets_the_series(double deviations)
    {
        var a = 1.0001 * IncompleteGamma.Large;
        var x = a + deviations * Math.Sqrt(a);

        Assert.Equal(SpecialFunctions.GammaUpperRegularized(a, x), IncompleteGamma.Upper(a, x), 1e-7);
        Assert.Equal(Math.Exp(a * Math.Log(x) - x - SpecialFunctions.GammaLn(a + 1)), IncompleteGamma.Upper(a + 1, x) - IncompleteGamma.Upper(a, x), 1e-11);
        Assert.Equal(1, IncompleteGamma.Upper(a, x) + IncompleteGamma.Lower(a, x), 1e-12);
    }

    /// <summary>A count of a hundred quintillion is normal to 1e-10, its skewness; doubles there are 16,384 apart, a millionth of its standard deviation.</summary>
    [Fact]
    public void Counts_in_the_quintillions_take_no_time()
    {
        Assert.Equal(NormalDistribution.Cumulative(1.5), IncompleteGamma.Lower(1e20, 1e20 + 1.5e10), 1e-6);
        Assert.Equal(1e20 - 1.959964e10, default(Poisson).Quantile(0.025, 1e20, 1, 1), 1e5);   // seven digits of the quantile
        Assert.Equal((0, 1), (IncompleteGamma.Lower(1e9, 0), IncompleteGamma.Lower(1e9, double.PositiveInfinity)));
    }
}
