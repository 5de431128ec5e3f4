using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Tests.Simulations;

/// <summary>CK-55: under a fading memory the inverse of the information is not a covariance; both accumulators together are.</summary>
public sealed class ForgettingCoverageTests
{
    const double HalfLife = 150;

    [Theory]
    [InlineData(Family.Gaussian, 250, 3000)]
    [InlineData(Family.Binomial, 250, 3000)]
    public void Intervals_under_a_fading_memory_cover_95_percent_and_naive_ones_99(Family family, int few, int many)
    {
        double[] truth = [0.3, 0.5, -0.4];
        var model = ModelFactory.Create(new() { Family = family });
        var shares = new double[Runs.Of(few, many)];
        var naive = new double[shares.Length];
        for (var run = 0; run < shares.Length; run++)
        {
            var data = Estimation.Simulated.Draw(7000 + run, 1500, truth, [], family == Family.Binomial ? Estimation.Simulated.Bernoulli : (random, eta) => eta + Estimation.Simulated.Normal(random));
            var estimate = data.Solve(data.Fit(model, new() { Memory = new(MemoryKind.Exponential, HalfLife) }));
            var dispersion = family == Family.Gaussian ? estimate.Pearson / estimate.Structured!.DispersionDegrees!.Value : 1;
            var errors = Estimation.Simulated.StandardErrors(estimate);
            for (var j = 0; j < 3; j++)
            {
                var distance = Math.Abs(estimate.Theta[j] - truth[j]) / Math.Sqrt(dispersion);
                shares[run] += distance < 1.96 * errors[j] ? 1.0 / 3 : 0;
                naive[run] += distance < 1.96 * Math.Sqrt(2) * errors[j] ? 1.0 / 3 : 0;   // (1 − λ)⁻¹ against (1 − λ²)⁻¹: a factor of 1 + λ
            }
        }
        Runs.AssertNominal(shares, $"{family}, half-life {HalfLife}");
        Assert.True(Runs.Coverage(naive).Coverage > 0.98, $"naive intervals cover {Runs.Coverage(naive).Coverage:P1}");
    }

    /// <summary>The same by the closed form of CK-55: λ = 0.99, unit information, variance (1 − λ)/(1 + λ), naive 1 − λ.</summary>
    [Fact]
    public void The_closed_form_of_the_variance_is_met()
    {
        var lambda = 0.99;
        var data = Estimation.Simulated.Draw(1, 4000, [0], [], (random, eta) => Estimation.Simulated.Normal(random));
        var estimate = data.Solve(data.Fit(ModelFactory.Create(new()), new() { Memory = new(MemoryKind.Exponential, -1 / Math.Log2(lambda)) }));
        Assert.Equal((1 - lambda) / (1 + lambda), estimate.Factor.Inverse()[0], 1e-12);
        Assert.Equal((1 + lambda) / (1 - lambda), estimate.Structured!.EffectiveObservations!.Value, 1e-6);
        Assert.Equal(0.9943, 1 - 2 * MathNet.Numerics.Distributions.Normal.CDF(0, 1, -1.96 * Math.Sqrt(2 / (1 + (1 - lambda)))), 0.001);
    }
}
