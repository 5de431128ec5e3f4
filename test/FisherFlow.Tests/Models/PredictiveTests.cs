using FisherFlow.Models;
using FisherFlow.Models.Families;

namespace FisherFlow.Tests.Models;

public sealed class PredictiveTests
{
    public static TheoryData<string> Names => [.. FamilyCase.All.Select(one => one.Name)];

    static IModel Model(Family family) => ModelFactory.Create(new() { Family = family });

    [Theory]   // R 4.2.2: pgamma(1.3, 2.5, 1.25); statmod 1.5.0: pinvgauss(y, 2, dispersion = .7); pnbinom(y, 1.7, mu = 3.2); pbinom(y, 10, .37); ppois(y, 3.7)
    [InlineData(Family.Gamma, 1.3, 2, 0.4, 0, 1, 0.33849507966048997)]
    [InlineData(Family.InverseGaussian, 0.3, 2, 0.7, 0, 1, 0.057032906016222393), InlineData(Family.InverseGaussian, 9, 2, 0.7, 0, 1, 0.97772938738348614)]
    [InlineData(Family.NegativeBinomial, 0, 3.2, 1, 1.7, 1, 0.16535975885835444), InlineData(Family.NegativeBinomial, 20, 3.2, 1, 1.7, 1, 0.99937459829558595)]
    [InlineData(Family.Binomial, 0.3, 0.37, 1, 0, 10, 0.45999620731185487), InlineData(Family.Binomial, 0.9, 0.37, 1, 0, 10, 0.99995191415627582)]
    [InlineData(Family.Poisson, 0, 3.7, 1, 0, 1, 0.024723526470339388), InlineData(Family.Poisson, 9, 3.7, 1, 0, 1, 0.99515166261084564)]
    public void Distributions_are_those_of_R(Family family, double y, double mean, double dispersion, double theta, double trials, double expected) =>
        Assert.Equal(expected, Model(family).Cumulative(y, mean, dispersion, Math.Log(Math.Max(theta, 1e-9)), trials), 1e-12);

    [Theory]   // R 4.2.2: qnorm, qgamma(.9, 2.5, 1.25), qnbinom, qbinom / 10, qpois; statmod's qinvgauss
    [InlineData(Family.Gaussian, 0.025, 1, 4, 0, 1, -2.9199279690801077), InlineData(Family.Gamma, 0.9, 2, 0.4, 0, 1, 3.6945427599124478)]
    [InlineData(Family.InverseGaussian, 0.05, 2, 0.7, 0, 1, 0.28618636197374248), InlineData(Family.InverseGaussian, 0.975, 2, 0.7, 0, 1, 8.6173016114403271)]
    [InlineData(Family.NegativeBinomial, 0.025, 3.2, 1, 1.7, 1, 0), InlineData(Family.NegativeBinomial, 0.975, 3.2, 1, 1.7, 1, 11)]
    [InlineData(Family.Binomial, 0.025, 0.37, 1, 0, 10, 0.1), InlineData(Family.Binomial, 0.975, 0.37, 1, 0, 10, 0.7)]
    [InlineData(Family.Poisson, 0.5, 3.7, 1, 0, 1, 4), InlineData(Family.Poisson, 0.975, 3.7, 1, 0, 1, 8)]
    public void Quantiles_are_those_of_R(Family family, double probability, double mean, double dispersion, double theta, double trials, double expected) =>
        Assert.Equal(expected, Model(family).Quantile(probability, mean, dispersion, Math.Log(Math.Max(theta, 1e-9)), trials), 1e-9 * (1 + Math.Abs(expected)));

    [Theory, MemberData(nameof(Names))]
    public void The_distribution_is_the_density_summed(string name)
    {
        var one = FamilyCase.Find(name);
        var eta = one.Etas[^1];
        var mean = one.Mean(eta).Value;
        var discrete = name.Split(' ')[0] is "binomial" or "poisson" or "negative-binomial";
        var sum = 0.0;
        var previous = 0.0;
        foreach (var (y, probability) in one.Distribution(eta).OrderBy(pair => pair.Response))
        {
            if (discrete || y == 0)
            {
                sum += probability;
                Assert.Equal(sum, Cumulative(y), 1e-9);
            }
            else
            {
                // the trapezoidal rule up to y counts half of the node at y; its error there is of second order in the step of 0.01 to 0.015
                sum += 0.5 * (previous + probability);
                Assert.Equal(sum, Cumulative(y), 1e-4);
            }
            previous = y == 0 ? 0 : probability;
            if (sum > 0.999) { break; }
        }

        double Cumulative(double y) => one.Model.Cumulative(y, mean, one.Dispersion, one.Auxiliary, 1);
    }

    [Theory, MemberData(nameof(Names))]
    public void Quantiles_invert_the_distribution(string name)
    {
        var one = FamilyCase.Find(name);
        var mean = one.Mean(one.Etas[^1]).Value;
        foreach (var probability in new[] { 1e-6, 0.025, 0.5, 0.975, 1 - 1e-6 })
        {
            var y = one.Model.Quantile(probability, mean, one.Dispersion, one.Auxiliary, 1);
            var reached = one.Model.Cumulative(y, mean, one.Dispersion, one.Auxiliary, 1);
            Assert.True(reached >= probability - 1e-12, $"{reached} at {y}");
            var less = y - 1e-7 * (Math.Abs(y) + 1e-9) - (one.Responses.All(r => r == Math.Floor(r)) ? 0.5 : 0);
            if (y > 0 || name.StartsWith("gaussian", StringComparison.Ordinal))
            {
                Assert.True(one.Model.Cumulative(less, mean, one.Dispersion, one.Auxiliary, 1) < probability + 1e-12, $"{y} is not the smallest");
            }
        }
    }

    [Theory, InlineData(1.2), InlineData(1.5), InlineData(1.8)]
    public void Many_amounts_are_summed_by_the_saddlepoint(double power)
    {
        // about 500 amounts, where the exact sum is still cheap; the saddlepoint's error is of the order of 1/500 of a probability, and in fact far less
        var dispersion = Math.Pow(3, 2 - power) / (500 * (2 - power));
        foreach (var y in new[] { 2.2, 2.9, 2.9999999, 3, 3.05, 3.6 })
        {
            var exact = CompoundPoisson.Cumulative(y, 3, dispersion, power);
            Assert.Equal(exact, CompoundPoisson.Saddlepoint(y, 3, dispersion, power), 1e-4);
        }
    }

    [Fact]
    public void Quasi_likelihoods_have_neither_distribution_nor_likelihood()
    {
        var model = ModelFactory.Create(new() { Family = Family.Poisson, EstimateDispersion = true });
        Assert.False(model.HasPredictiveDistribution);
        Assert.True(model.EstimatesDispersion);
        Assert.Null(model.LogLikelihood(new() { Observations = 3, Weight = 3 }, 1, 0));
    }
}
