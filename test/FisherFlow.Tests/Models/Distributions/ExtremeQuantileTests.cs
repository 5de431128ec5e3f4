using FisherFlow.Models.Distributions;

namespace FisherFlow.Tests.Models.Distributions;

/// <summary>Quantiles where parameters are extreme, as estimates at the edge of their range are: an answer, and the right one.</summary>
public sealed class ExtremeQuantileTests
{
    static readonly double[] _probabilities = [1e-12, 0.025, 0.3, 0.5, 0.975, 1 - 1e-9];

    [Theory]
    [InlineData(0.05), InlineData(0.3), InlineData(0.999), InlineData(1), InlineData(30), InlineData(9.9e4)]
    public void A_t_quantile_is_where_its_distribution_says(double nu)
    {
        var distribution = new StudentT(nu);
        foreach (var p in _probabilities)
        {
            var t = distribution.Quantile(p, [2, 3]);
            if (Math.Abs(t) > 1e150) { continue; }   // its square is no number
            var back = distribution.Cumulative(t, [2, 3]);
            Assert.InRange(back, p - 1e-6 * Math.Min(p, 1 - p) - 1e-13, p + 1e-6 * Math.Min(p, 1 - p) + 1e-13);   // of the distribution's own digits in its tails
        }
    }

    [Theory]
    [InlineData(1e5, 1e-9), InlineData(5e7, 1e-9), InlineData(1e12, 1e-9)]
    public void A_t_of_many_degrees_is_nearly_normal(double nu, double tolerance)
    {
        foreach (var p in _probabilities)
        {
            var z = StandardNormal.Quantile(p);
            // by Hill's first term; the second is checked against bisection at 10⁵
            Assert.Equal(z + (z * z * z + z) / (4 * nu), new StudentT(nu).Quantile(p, [0, 1]), tolerance + 60 * Math.Abs(Math.Pow(z, 5)) / (96 * nu * nu));
        }
        if (nu == 1e5) { Assert.Equal(new StudentT(nu - 1e-3).Quantile(0.975, [0, 1]), new StudentT(nu).Quantile(0.975, [0, 1]), 1e-8); }   // found by bisection
    }

    [Theory]
    [InlineData(1e-3), InlineData(0.1), InlineData(1e4), InlineData(1e9), InlineData(1e15)]
    public void A_gamma_quantile_is_where_its_distribution_says(double shape)
    {
        var distribution = default(GammaShape);
        foreach (var p in _probabilities)
        {
            var y = distribution.Quantile(p, [2, shape]);
            Assert.True(y >= 0 && double.IsFinite(y));
            if (y < 1e-290) { continue; }   // smaller than numbers are
            // a number's neighbours are 10⁻¹⁶ of it apart, and the distribution rises by √shape within its own size
            Assert.Equal(p, distribution.Cumulative(y, [2, shape]), 1e-10 + 1e-15 * Math.Sqrt(shape));
        }
    }

    [Fact]
    public void Heaviest_tails_end_where_numbers_do()
    {
        foreach (var p in _probabilities) { Assert.True(double.IsFinite(new StudentT(1e-3).Quantile(p, [0, 1]))); }
    }
}
