using System.Globalization;
using FisherFlow.Data;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Tests.Facade;

namespace FisherFlow.Tests.Estimation;

/// <summary>Shards with levels, offsets, clusters and score products of their own, merged in any order, against one stream that holds everything.</summary>
public sealed class MergingTests
{
    const int Rows = 6000;

    sealed record Case(string Name, ModelSpecification Model, Sandwich Sandwich = Sandwich.None, bool Offset = false, double Ridge = 0);

    static readonly Case[] _cases =
    [
        new("gaussian", new()),
        new("gaussian with ridge and offset", new(), Ridge: 5, Offset: true),
        new("gaussian, clusters", new(), Sandwich.Clusters),
        new("logistic", new() { Family = Family.Binomial }),
        new("logistic, rows' score products", new() { Family = Family.Binomial }, Sandwich.Rows),
        new("logistic, clusters, ridge", new() { Family = Family.Binomial }, Sandwich.Clusters, Ridge: 1),
        new("poisson with offset", new() { Family = Family.Poisson }, Offset: true),
        new("poisson, rows' score products", new() { Family = Family.Poisson }, Sandwich.Rows),
        new("gamma", new() { Family = Family.Gamma, Link = Link.Log }),
        new("negative binomial", new() { Family = Family.NegativeBinomial }),
        new("negative binomial with offset", new() { Family = Family.NegativeBinomial }, Offset: true),
        new("multinomial", new() { Family = Family.Multinomial }),
        new("multinomial, rows' score products", new() { Family = Family.Multinomial }, Sandwich.Rows),
        new("ordinal", new() { Family = Family.Ordinal }),
    ];

    public static TheoryData<string> Names => [.. _cases.Select(c => c.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Shards_merged_in_any_order_answer_as_the_whole(string name)
    {
        var one = _cases.Single(c => c.Name == name);
        var lines = Draw(one.Model.Family);
        var whole = Fit(one, lines, 0).Report();
        // the middle shard is never folded, the last brings levels that no other has; each begins with another level
        var shards = new[] { Fit(one, lines[..2500], 250), Fit(one, lines[2500..2600], 0), Fit(one, lines[2600..], 250) };
        Assert.True(shards[0].Estimator.FoldedRows > 0 && shards[1].Estimator.FoldedRows == 0 && shards[2].Estimator.FoldedRows > 0);
        foreach (var order in (int[][])[[0, 1, 2], [2, 1, 0], [1, 0, 2]])
        {
            var merged = Regression.Merge([.. order.Select(i => shards[i])]).Report();
            Compare(whole, merged, one, $"{name}, order {string.Join(' ', order)}");
        }
    }

    [Fact]
    public void Merging_is_associative_and_leaves_the_shards_as_they_were()
    {
        var one = _cases.Single(c => c.Name == "logistic, clusters, ridge");
        var lines = Draw(Family.Binomial);
        var shards = new[] { Fit(one, lines[..2000], 250), Fit(one, lines[2000..4000], 250), Fit(one, lines[4000..], 250) };
        var before = shards.Select(s => s.Report().Coefficients.Select(c => c.Estimate).ToList()).ToList();
        var left = Regression.Merge([Regression.Merge([shards[0], shards[1]]), shards[2]]).Report();
        var right = Regression.Merge([shards[0], Regression.Merge([shards[1], shards[2]])]).Report();

        Assert.Equal(left.Coefficients.Select(c => c.Term), right.Coefficients.Select(c => c.Term));
        foreach (var (a, b) in left.Coefficients.Zip(right.Coefficients)) { Assert.InRange(Math.Abs(a.Estimate!.Value - b.Estimate!.Value) / a.StandardError!.Value, 0, 0.05); }
        Assert.Equal(before, shards.Select(s => s.Report().Coefficients.Select(c => c.Estimate).ToList()));
    }

    [Theory]
    [InlineData(Structure.Full)]
    [InlineData(Structure.SquareRoot)]
    public void Workers_that_were_forked_count_the_prior_once(Structure structure)
    {
        var data = Simulated.Draw(9, 3000, [1, 0.5, -0.5], [0.3, -0.3, 0.1], (random, eta) => eta + Simulated.Normal(random));
        var model = ModelFactory.Create(new());
        var options = new EstimatorOptions { Ridge = 50, BufferRows = 200, Structure = structure };
        var whole = data.Solve(data.Fit(model, options));
        var hub = data.Fit(model, options, start: 0, count: 1000);
        var workers = new[] { hub.Fork(), hub.Fork(), hub.Fork() };   // the third stays idle
        data.Feed(workers[0], 100, 1000, 700);
        data.Feed(workers[1], 100, 1700, 1300);
        foreach (var worker in workers) { hub.Merge(worker, [.. Enumerable.Range(0, data.Schema.Columns.Count)], [], [.. Enumerable.Range(0, 300)]); }
        var merged = data.Solve(hub);

        Assert.Equal(whole.Responses.Observations, merged.Responses.Observations);
        for (var i = 0; i < whole.Theta.Length; i++) { Assert.Equal(whole.Theta[i], merged.Theta[i], 1e-9); }
    }

    [Fact]
    public void Ridge_is_least_squares_with_a_row_of_zeros_for_every_penalised_column()
    {
        // λ as √λ·e_j with response 0 (Hoerl & Kennard 1970): the closed form, by another way
        const double Ridge = 4;
        var data = Simulated.Draw(10, 200, [2, 1, -1], [], (random, eta) => eta + Simulated.Normal(random));
        var model = ModelFactory.Create(new());
        var ridge = data.Solve(data.Fit(model, new() { Ridge = Ridge, BufferRows = 50 }));
        var augmented = data.Fit(model);
        var block = data.Slice(0, 2);
        Array.Clear(block.Dense);
        Array.Clear(block.Response);
        (block.Dense[1], block.Dense[3 + 2]) = (Math.Sqrt(Ridge), Math.Sqrt(Ridge));
        augmented.Observe(block);
        var closed = data.Solve(augmented);

        for (var i = 0; i < 3; i++) { Assert.Equal(closed.Theta[i], ridge.Theta[i], 1e-12); }
        foreach (var (a, b) in Simulated.StandardErrors(closed).Zip(Simulated.StandardErrors(ridge))) { Assert.Equal(a, b, 1e-12); }
    }

    static void Compare(FitResult whole, FitResult merged, Case one, string what)
    {
        var isExact = one.Model.Family == Family.Gaussian;
        Assert.Equal(whole.Observations, merged.Observations);
        Assert.Equal(whole.Clusters, merged.Clusters);
        // outcomes are listed in the order in which streams bring them
        var (wanted, found) = (whole.Coefficients.OrderBy(Key).ToList(), merged.Coefficients.OrderBy(Key).ToList());
        Assert.Equal(wanted.Select(Key), found.Select(Key));
        foreach (var (a, b) in wanted.Zip(found))
        {
            var distance = Math.Abs(a.Estimate!.Value - b.Estimate!.Value) / a.StandardError!.Value;
            Assert.True(distance <= (isExact ? 1e-9 : 0.1), $"{what}: {a.Outcome} {a.Term} is {distance:G3} standard errors off");
            // a linear model is not audited: its score products of folded rows are those at early anchors
            var allowed = !isExact ? 0.02 : one.Sandwich == Sandwich.None ? 1e-9 : 0.1;
            Assert.True(Math.Abs(b.StandardError!.Value / a.StandardError!.Value - 1) <= allowed, $"{what}: the standard error of {a.Outcome} {a.Term} is {b.StandardError / a.StandardError - 1:P2} off");
        }
        Assert.True(whole.LogLikelihood is null || Math.Abs(merged.LogLikelihood!.Value - whole.LogLikelihood.Value) <= 1, $"{what}: converged {merged.Converged}, bound {merged.DistanceBound}, log-likelihood {merged.LogLikelihood} for {whole.LogLikelihood}, deviance {merged.Deviance} for {whole.Deviance}, null deviance {merged.NullDeviance} for {whole.NullDeviance}, theta {merged.DispersionParameter} for {whole.DispersionParameter} ± {whole.DispersionParameterStandardError}");
        Assert.True(Math.Abs(merged.Deviance!.Value - whole.Deviance!.Value) <= (isExact ? 1e-9 * whole.Deviance.Value : whole.DispersionParameter is null ? 1 : 0.01 * whole.Deviance.Value), $"{what}: deviance {merged.Deviance} for {whole.Deviance}");
        Assert.True(Math.Abs(merged.NullDeviance!.Value - whole.NullDeviance!.Value) <= (isExact ? 1e-9 * whole.NullDeviance.Value : whole.DispersionParameter is null ? 1 : 0.01 * whole.NullDeviance.Value), $"{what}: null deviance {merged.NullDeviance} for {whole.NullDeviance}");
        if (whole.DispersionParameter is { } theta)
        {
            // θ is not audited: what early folds thought of it stays, and the deviance goes with it
            Assert.True(Math.Abs(merged.DispersionParameter!.Value - theta) <= 0.3 * whole.DispersionParameterStandardError!.Value, $"{what}: theta {merged.DispersionParameter} for {theta} ± {whole.DispersionParameterStandardError}");
        }
    }

    static string Key(Coefficient c) => $"{c.Outcome} {c.Term} {c.Status}";

    static Regression Fit(Case one, string[] rows, int buffer) => Answers.Fit(rows.Prepend("y,x,z,g,o,c"), "y ~ x + z + g", new()
    {
        Model = one.Model,
        OffsetColumn = one.Offset ? "o" : null,
        ClusterColumn = one.Sandwich == Sandwich.Clusters ? "c" : null,
        Covariance = one.Sandwich switch { Sandwich.Clusters => CovarianceKind.Cluster, Sandwich.Rows => CovarianceKind.HC0, _ => CovarianceKind.Model },
        OutcomeLevels = one.Model.Family == Family.Ordinal ? ["few", "some", "many"] : [],
        Estimator = new() { BufferRows = buffer, Sandwich = one.Sandwich, Ridge = one.Ridge },
    });

    static string[] Draw(Family family)
    {
        var random = new Random(21);
        return [.. Enumerable.Range(0, Rows).Select(i =>
        {
            var (x, z, o) = (Math.Round(Simulated.Normal(random), 3), Math.Round(Simulated.Normal(random), 3), Math.Round(0.3 * Simulated.Normal(random), 3));
            var g = i >= 3500 && i % 5 == 0 ? 4 : (i / 1000 + random.Next(3)) % 4;
            var eta = 0.3 + 0.4 * x - 0.2 * z + 0.3 * Math.Sin(g) + o;
            var y = family switch
            {
                Family.Binomial => $"{Simulated.Bernoulli(random, eta)}",
                Family.Poisson => $"{Simulated.Poisson(random, eta)}",
                Family.NegativeBinomial => $"{Simulated.Poisson(random, eta + Math.Log(-Math.Log(1 - random.NextDouble())))}",
                Family.Gamma => (Math.Exp(eta) * (0.3 - Math.Log(1 - random.NextDouble()))).ToString("F6", CultureInfo.InvariantCulture),
                Family.Multinomial or Family.Ordinal => (string[])["few", "some", "many"] is var names ? names[(int)Math.Clamp(Math.Floor(1.5 + 0.5 * eta + Simulated.Normal(random)), 0, 2)] : "",
                _ => (eta + Simulated.Normal(random)).ToString("F6", CultureInfo.InvariantCulture),
            };
            return string.Create(CultureInfo.InvariantCulture, $"{y},{x},{z},level{g},{o},c{random.Next(80)}");
        })];
    }
}
