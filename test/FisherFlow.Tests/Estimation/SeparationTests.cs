using System.Globalization;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Tests.Facade;
using FisherFlow.Tests.Sources;

namespace FisherFlow.Tests.Estimation;

/// <summary>Infinite estimates are named, in one pass as in exact fits, and nothing else is.</summary>
public sealed class SeparationTests
{
    static readonly string[] _buffers = ["all", "small", "exact"];

    public static TheoryData<string> Ways => [.. _buffers];

    [Theory, MemberData(nameof(Ways))]
    public void A_predictor_that_tells_all_responses_apart_is_named(string way)
    {
        var random = new Random(1);
        var lines = Lines("y,x,z", 400, _ => (X: random.NextDouble() - 0.5, Z: random.NextDouble()), r => $"{(r.X > 0 ? 1 : 0)},{r.X:F4},{r.Z:F4}");
        var result = Fit(lines, "y ~ x + z", Family.Binomial, way);

        Assert.Equal(CoefficientStatus.Separated, Status(result, "x"));
        Assert.Contains(result.Warnings, w => w.Contains('x', StringComparison.Ordinal) && w.Contains("separate", StringComparison.Ordinal));
        Answers.AssertHonest(result, way);
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_level_of_ones_only_is_named_and_the_others_keep_their_estimates(string way)
    {
        var random = new Random(2);
        var lines = Lines("y,x,g", 3000, i => (X: random.NextDouble(), G: i % 37 == 5 ? "sure" : i % 2 == 0 ? "a" : "b", U: random.NextDouble()),
            r => $"{(r.G == "sure" || r.U < 0.3 + 0.3 * r.X ? 1 : 0)},{r.X:F4},{r.G}");
        var result = Fit(lines, "y ~ x + g", Family.Binomial, way);
        var without = Fit([.. lines.Where(line => !line.EndsWith("sure", StringComparison.Ordinal))], "y ~ x + g", Family.Binomial, "all");

        Assert.Equal(["g[sure]"], result.Coefficients.Where(c => c.Status == CoefficientStatus.Separated).Select(c => c.Term));
        foreach (var other in without.Coefficients)
        {
            // rows of the infinite level say nothing of the others; one pass may be a fifth of a standard error off
            var here = result.Coefficients.Single(c => c.Term == other.Term);
            Assert.InRange(Math.Abs(here.Estimate!.Value - other.Estimate!.Value) / other.StandardError!.Value, 0, way == "small" ? 0.2 : 0.01);
            Assert.InRange(here.StandardError!.Value / other.StandardError!.Value, 0.98, 1.02);
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_level_without_a_single_count_is_named(string way)
    {
        var random = new Random(3);
        var lines = Lines("y,x,g", 2000, i => (X: random.NextDouble(), G: "abz"[i % 3]), r => $"{(r.G == 'z' ? 0 : Simulated.Poisson(random, 0.5 * r.X))},{r.X:F4},{r.G}");
        var result = Fit(lines, "y ~ x + g", Family.Poisson, way);

        Assert.Equal(["g[z]"], result.Coefficients.Where(c => c.Status == CoefficientStatus.Separated).Select(c => c.Term));
        Answers.AssertHonest(result, way);
    }

    [Theory, MemberData(nameof(Ways))]
    public void Coefficients_that_are_merely_large_are_finite(string way)
    {
        var random = new Random(4);
        var lines = Lines("y,x,z", 4000, _ => (X: random.NextDouble() - 0.5, Z: random.NextDouble() - 0.5, U: random.NextDouble()),
            r => $"{(r.U < 1 / (1 + Math.Exp(-25 * r.X - 3 * r.Z)) ? 1 : 0)},{r.X * 1e-6:G6},{r.Z:F4}");
        var result = Fit(lines, "y ~ x + z", Family.Binomial, way);

        Assert.All(result.Coefficients, c => Assert.Equal(CoefficientStatus.Ok, c.Status));
        Assert.InRange(result.Coefficients[1].Estimate!.Value, 2e7, 3e7);
        Assert.True(result.Converged);
    }

    [Theory, MemberData(nameof(Ways))]
    public void Collinear_columns_are_aliased_and_nearly_collinear_ones_are_estimated(string way)
    {
        var random = new Random(5);
        var lines = Lines("y,x,twice,near", 3000, _ => (X: random.Next(1000), U: random.NextDouble(), E: random.Next(1000)),
            r => $"{(r.U < 1 / (1 + Math.Exp(-0.002 * (r.X - 500))) ? 1 : 0)},{r.X},{2 * r.X},{r.X + r.E * 1e-5:F5}");
        var exactly = Fit(lines, "y ~ x + twice", Family.Binomial, way);
        var nearly = Fit(lines, "y ~ x + near", Family.Binomial, way);

        Assert.Equal([CoefficientStatus.Ok, CoefficientStatus.Ok, CoefficientStatus.Aliased], exactly.Coefficients.Select(c => c.Status));
        Assert.Contains(exactly.Warnings, w => w.Contains("twice", StringComparison.Ordinal));
        Assert.All(nearly.Coefficients, c => Assert.Equal(CoefficientStatus.Ok, c.Status));
    }

    [Fact]
    public void A_level_that_stopped_long_ago_keeps_what_it_knew()
    {
        var random = new Random(6);
        var lines = Lines("y,x,g", 6000, i => (X: random.NextDouble(), G: i < 300 ? "early" : i % 2 == 0 ? "a" : "b", U: random.NextDouble()),
            r => $"{(r.U < (r.G == "early" ? 0.7 : 0.3) ? 1 : 0)},{r.X:F4},{r.G}");
        var (exact, onePass) = (Fit(lines, "y ~ x + g", Family.Binomial, "all"), Fit(lines, "y ~ x + g", Family.Binomial, "small"));
        foreach (var (a, b) in exact.Coefficients.Zip(onePass.Coefficients)) { Assert.InRange(Math.Abs(a.Estimate!.Value - b.Estimate!.Value) / a.StandardError!.Value, 0, 0.2); }
    }

    [Theory]
    [InlineData(Family.Gaussian)]
    [InlineData(Family.Binomial)]
    [InlineData(Family.Poisson)]
    public void Units_do_not_matter(Family family)
    {
        var random = new Random(7);
        var rows = Enumerable.Range(0, 3000).Select(_ => (X: random.Next(1, 1000) / 1000.0, Z: random.Next(1, 1000) / 1000.0, U: random.NextDouble())).ToList();
        string Response(double x, double z, double u) => family switch
        {
            Family.Binomial => u < 1 / (1 + Math.Exp(x - z)) ? "1" : "0",
            Family.Poisson => $"{Math.Floor(3 * u + x)}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{x - z + u:F6}"),
        };
        string[] Table(string x, string z) => ["y,x,z", .. rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"{Response(r.X, r.Z, r.U)},{r.X:F3}{x},{r.Z:F3}{z}"))];
        foreach (var way in (string[])["all", "small"])
        {
            var plain = Fit(Table("", ""), "y ~ x + z", family, way);
            var scaled = Fit(Table("e12", "e-12"), "y ~ x + z", family, way);
            // decimal fractions times a power of ten round differently; nothing else may change
            foreach (var (a, b) in plain.Coefficients.Zip(scaled.Coefficients)) { Assert.Equal(a.Statistic!.Value, b.Statistic!.Value, 1e-6 * (1 + Math.Abs(a.Statistic.Value))); }
            Assert.Equal(plain.Deviance!.Value, scaled.Deviance!.Value, 1e-6 * plain.Deviance.Value);
        }
    }

    static CoefficientStatus Status(FitResult result, string term) => result.Coefficients.Single(c => c.Term == term).Status;

    static string[] Lines<T>(string header, int rows, Func<int, T> draw, Func<T, FormattableString> line) =>
        [header, .. Enumerable.Range(0, rows).Select(i => FormattableString.Invariant(line(draw(i))))];

    static FitResult Fit(string[] lines, string formula, Family family, string way)
    {
        var options = new RegressionOptions { Model = new() { Family = family }, Estimator = new() { BufferRows = way == "small" ? 200 : 0 } };
        if (way != "exact") { return Answers.Fit(lines, formula, options).Report(); }
        using var folder = new TemporaryFolder();
        var path = folder.Write("data.csv", string.Join('\n', lines) + "\n");
        return Regression.Fit(DataSource.From([path]), formula, options with { Exact = true }).Report();
    }
}
