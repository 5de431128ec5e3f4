using System.Globalization;
using FisherFlow.Data;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Tests.Estimation;
using FisherFlow.Tests.Facade;

namespace FisherFlow.Tests.Simulations;

/// <summary>Robust intervals of a single pass where the model is wrong about the variance but right about the mean.</summary>
public sealed class RobustCoverageTests
{
    const int Rows = 3000;
    static readonly double[] _truth = [0.2, 0.3, -0.2];

    [Fact]
    public void Overdispersed_counts_under_a_poisson_model_are_covered_by_robust_intervals_and_not_by_the_model_s()
    {
        var (robust, model) = Cover(Family.Poisson, Sandwich.Rows, CovarianceKind.HC0, (random, eta, _) => $"{Simulated.Poisson(random, eta + Math.Log(-Math.Log(1 - random.NextDouble())))}");
        Runs.AssertNominal(robust, "poisson, variance twice the mean and more, HC0");
        Assert.InRange(model.Average(), 0.5, 0.92);   // what the robust intervals are for
    }

    [Fact]
    public void Errors_that_grow_with_a_predictor_are_covered_by_robust_intervals()
    {
        var (robust, _) = Cover(Family.Gaussian, Sandwich.Rows, CovarianceKind.HC0, (random, eta, x) => Text(eta + (0.2 + x * x) * Simulated.Normal(random)));
        Runs.AssertNominal(robust, "gaussian, variance grows with x, HC0");
    }

    [Fact]
    public void Gamma_responses_with_another_dispersion_law_are_covered_by_robust_intervals()
    {
        var (robust, _) = Cover(Family.Gamma, Sandwich.Rows, CovarianceKind.HC0, (random, eta, x) => Text(Math.Exp(eta) * (x > 0 ? -Math.Log(1 - random.NextDouble()) : 0.5 + random.NextDouble())));
        Runs.AssertNominal(robust, "gamma, dispersion depends on x, HC0");
    }

    [Fact]
    public void Rows_that_share_a_cluster_s_error_are_covered_by_clustered_intervals_and_not_by_the_model_s()
    {
        var (robust, model) = Cover(Family.Gaussian, Sandwich.Clusters, CovarianceKind.Cluster, (random, eta, _) => Text(eta + Simulated.Normal(random)), shared: 1);
        Runs.AssertNominal(robust, "gaussian, 150 clusters of 20, CR1");
        Assert.InRange(model.Average(), 0.3, 0.92);
    }

    static (double[] Robust, double[] Model) Cover(Family family, Sandwich sandwich, CovarianceKind kind, Func<Random, double, double, string> response, double shared = 0)
    {
        var (robust, model) = (new double[Runs.Of(60, 1000)], new double[Runs.Of(60, 1000)]);
        for (var run = 0; run < robust.Length; run++)
        {
            var random = new Random(9000 + run);
            var clusters = Enumerable.Range(0, Rows / 20).Select(_ => (X: Simulated.Normal(random), Error: shared * Simulated.Normal(random))).ToArray();
            var lines = new string[Rows + 1];
            lines[0] = "y,x,z,c";
            for (var i = 0; i < Rows; i++)
            {
                var cluster = random.Next(clusters.Length);
                var (x, z) = (Math.Round(shared > 0 ? clusters[cluster].X : Simulated.Normal(random), 4), Math.Round(Simulated.Normal(random), 4));
                lines[i + 1] = string.Create(CultureInfo.InvariantCulture, $"{response(random, _truth[0] + _truth[1] * x + _truth[2] * z + clusters[cluster].Error, x)},{x},{z},c{cluster}");
            }
            var regression = Answers.Fit(lines, "y ~ x + z", new()
            {
                Model = new() { Family = family, Link = family == Family.Gaussian ? Link.Identity : Link.Log },
                ClusterColumn = sandwich == Sandwich.Clusters ? "c" : null,
                Covariance = kind,
                Estimator = new() { BufferRows = 300, Sandwich = sandwich },
            });
            robust[run] = Share(regression.Report());
            model[run] = Share(regression.Report(new() { Covariance = CovarianceKind.Model }));
        }
        return (robust, model);
    }

    static double Share(FitResult result) => result.Coefficients.Zip(_truth, (c, truth) => c.Lower <= truth && truth <= c.Upper ? 1.0 : 0).Average();

    static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
