using FisherFlow.Data;
using FisherFlow.Data.Expressions;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Likelihoods;
using FisherFlow.Memory;
using FisherFlow.Models;
using FisherFlow.Snapshots;
using FisherFlow.Tests.Architecture;
using FisherFlow.Tests.Simulations;

namespace FisherFlow.Tests.Likelihoods;

/// <summary>Folded rows of likelihoods of one's own are asked again by a sample: how near the exact answer one pass and merging end, and whether the bound holds.</summary>
public sealed class LikelihoodAuditTests
{
    const int Buffer = 200;
    const int Rows = 50 * Buffer;

    [Theory]
    [InlineData("rise")]
    [InlineData("gumbel")]
    [InlineData("gamma")]
    public void While_the_sample_holds_every_row_one_pass_and_merged_shards_are_the_maximum(string name)
    {
        var (model, options) = Setting(name);
        var rows = Draw(name, 3000, 7);
        var exact = LikelihoodEstimatorTests.Of(model, rows, options);
        var once = LikelihoodEstimatorTests.Of(model, rows, options with { BufferRows = Buffer });
        var merged = Merged(model, rows, options with { BufferRows = Buffer }, 4).Solve();
        foreach (var estimate in new[] { once, merged })
        {
            // what differences of sums of 3000 rows leave of sixteen digits
            AssertNear(model, exact, estimate, distance: 1e-6, errors: 1e-6);
            Assert.Equal(exact.LogLikelihood, estimate.LogLikelihood, 1e-9 * Math.Abs(exact.LogLikelihood));
            Assert.Equal(0, estimate.DistanceBound);
        }
    }

    /// <summary>Streams of fifty buffers, audited by a sample of a tenth; two hundred rows of the rise are far from quadratic, and few draws of them begin far away.</summary>
    [Theory]
    [InlineData("rise", 5, 200)]
    [InlineData("gumbel", 5, 200)]
    [InlineData("gamma", 5, 200)]
    public void A_sample_of_a_tenth_brings_one_pass_near_and_bounds_what_is_left(string name, int few, int many)
    {
        var (model, options) = Setting(name);
        var (runs, held, near, farthest, off) = (Runs.Of(few, many), 0, 0, 0.0, 0.0);
        for (var run = 0; run < runs; run++)
        {
            var rows = Draw(name, Rows, 100 + run);
            var exact = LikelihoodEstimatorTests.Of(model, rows, options with { BufferRows = 2 * Rows });
            var once = LikelihoodEstimatorTests.Of(model, rows, options with { BufferRows = Buffer, AuditRows = Rows / 10 });
            var (distance, errors) = Compare(model, exact, once);
            (held, near) = (held + (once.DistanceBound >= distance ? 1 : 0), near + (distance <= 0.2 && errors <= 0.02 ? 1 : 0));
            (farthest, off) = (Math.Max(farthest, distance), Math.Max(off, errors));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: at most {farthest:G3} standard errors away, errors at most {100 * off:F2} % off, near in {near}, the bound held in {held} of {runs}");
        Assert.True(near >= Often(runs), $"{name}: within a fifth of a standard error and 2 % of it in {near} of {runs}");
        Assert.True(held >= Often(runs), $"{name}: the bound held in {held} of {runs}");
    }

    /// <summary>Errors that grow with x, so that robust errors differ from the model's; weights, as their squares are what is summed. The rise needs more rows for a first anchor.</summary>
    [Theory]
    [InlineData("rise", 6, 3 * Buffer)]
    [InlineData("gumbel", 2, Buffer)]
    [InlineData("gamma", 2, Buffer)]
    public void Robust_errors_of_folded_rows_are_brought_up_to_date_with_the_estimate(string name, int runs, int room)
    {
        var (model, options) = Setting(name);
        options = options with { Sandwich = true };
        var near = 0;
        for (var run = 0; run < runs; run++)
        {
            var rows = Draw(name, Rows, 900 + run);
            for (var i = 0; i < Rows && name != "gamma"; i++) { rows[2 * i + 1] += Math.Abs(rows[2 * i]) * (name == "rise" ? 0.05 : 1) * (i % 2 == 0 ? -1 : 1); }
            double[] weights = [.. Enumerable.Range(0, Rows).Select(i => 0.5 * (i % 4))];
            var (exact, once, all) = (Learnt(2 * Rows, 0), Learnt(room, Rows / 10), Learnt(room, 0));
            foreach (var kind in new[] { CovarianceKind.HC0, CovarianceKind.HC1 })
            {
                var (right, plain) = (Errors(exact, kind), Errors(exact, CovarianceKind.Model));
                Assert.Contains(right.Zip(plain), pair => Math.Abs(pair.First / pair.Second - 1) > 0.03);
                LikelihoodEstimatorTests.Close([.. right.Select(_ => 1.0)], [.. Errors(once, kind).Zip(right, (a, b) => a / b)], 0.02);   // of twelve streams of the rise the worst was 1.7 % off
                LikelihoodEstimatorTests.Close([.. right.Select(_ => 1.0)], [.. Errors(all, kind).Zip(right, (a, b) => a / b)], 1e-6);   // every row sampled: rounding
            }
            near += once.DistanceBound <= 0.2 ? 1 : 0;

            LikelihoodEstimate Learnt(int buffer, int sampled)
            {
                var estimator = new LikelihoodEstimator(model, options with { BufferRows = buffer, AuditRows = sampled });
                estimator.Observe(rows, weights);
                return estimator.Solve();
            }
        }
        Assert.True(near > runs / 2, $"{near} of {runs} near");

        double[] Errors(LikelihoodEstimate estimate, CovarianceKind kind)
        {
            Assert.True(estimate.Converged, estimate.Failure);
            var covariance = new LikelihoodCovariance(estimate, model, kind);
            return [.. Enumerable.Range(0, model.Space.Natural).Select(k => covariance.Error(k)!.Value)];
        }
    }

    /// <summary>A stream whose second half is another: the quadratics of the first end twenty-six standard errors away, and a sample that holds every row still knows the way.</summary>
    [Fact]
    public void A_sample_that_has_no_noise_is_believed_however_far_it_leads()
    {
        var (model, options) = Setting("rise");
        var rows = Draw("rise", 4000, 8);
        for (var i = 2000; i < 4000; i++) { rows[2 * i + 1] -= 60 * (1 - Math.Exp(-0.01 * rows[2 * i])); }
        var exact = LikelihoodEstimatorTests.Of(model, rows, options);
        var once = LikelihoodEstimatorTests.Of(model, rows, options with { BufferRows = Buffer });
        AssertNear(model, exact, once, distance: 1e-6, errors: 1e-6);
        Assert.Equal(0, once.DistanceBound);
    }

    /// <summary>All rows folded at once, as far away as a first anchor of the rise has been: sums at today's φ by a sample of a tenth, against the rows themselves.</summary>
    [Fact]
    public void Sums_at_the_estimate_are_found_from_folds_that_were_far_away()
    {
        const int N = 5000;
        var (model, _) = Setting("rise");
        double[] phi = [240, 0.002], anchor = [335, 0.00115];
        for (var run = 0; run < 8; run++)
        {
            var store = new RowStore(2);
            store.Append(Draw("rise", N, 1300 + run), default, N);
            var diagonal = new double[2];
            var then = At(anchor);
            then.ToEvidence()!.CopyDiagonal(diagonal);
            var sample = new FoldedSample(model, N / 10);
            sample.Add(anchor, null, store, diagonal, N, threads: 1);
            var (now, totals) = (At(phi), new SampleTotals(sample, model, phi));
            // squared residuals have a relative variance of 2, which the sum of 500 of them keeps: four standard errors; the information has no noise but the ratio of gradients
            LikelihoodEstimatorTests.Close([1.0, 1, 1, 1], [.. totals.Products(then.Products!, N).Zip(now.Products!, (a, b) => a / b)], 4 * Math.Sqrt(2.0 / 500));
            LikelihoodEstimatorTests.Close([1.0, 1, 1, 1], [.. totals.Information(then.ToDense(), N).Zip(now.ToDense(), (a, b) => a / b)], 0.03);

            Linearisation At(double[] point) => new Target(model, store, null, null, new() { Sandwich = true }).Linearise(point)!;
        }
    }

    /// <summary>Four shards of twelve buffers and a half each: from a sample of a quarter. From the sample that is kept by default, which holds all of these rows, they are the maximum itself.</summary>
    [Theory]
    [InlineData("rise", 4, 100)]
    [InlineData("gumbel", 2, 100)]
    public void Merged_shards_are_brought_near_and_bounded_like_one_stream(string name, int few, int many)
    {
        var (model, options) = Setting(name);
        var (runs, held, farthest, mean) = (Runs.Of(few, many), 0, 0.0, 0.0);
        for (var run = 0; run < runs; run++)
        {
            var rows = Draw(name, Rows, 500 + run);
            var exact = LikelihoodEstimatorTests.Of(model, rows, options with { BufferRows = 2 * Rows });
            var merged = Merged(model, rows, options with { BufferRows = Buffer, AuditRows = Rows / 4 }, 4).Solve();
            var (distance, _) = Compare(model, exact, merged);
            held += merged.DistanceBound >= distance ? 1 : 0;
            (farthest, mean) = (Math.Max(farthest, distance), mean + distance / runs);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {mean:G2} standard errors away on average, at most {farthest:G2}; the bound held in {held} of {runs}");
        Assert.InRange(mean, 0, 0.1);
        Assert.True(held >= Often(runs), $"{name}: the bound held in {held} of {runs}");
    }

    /// <summary>The noise of a sample by gradients, against single rows by their Hessians.</summary>
    [Theory]
    [InlineData("rise", null)]
    [InlineData("gumbel", null)]
    [InlineData("gamma", null)]
    [InlineData("gumbel", InformationKind.Empirical)]
    public void The_noise_of_a_sample_is_that_of_its_rows(string name, InformationKind? kind)
    {
        var (model, options) = Setting(name);
        var store = new RowStore(2);
        store.Append(Draw(name, 1000, 3), default, 1000);
        var whole = new Target(model, store, null, null, options);
        var end = new Search(whole, 1000).Climb(LikelihoodEstimatorTests.Of(model, store.Rows.ToArray(), options).Phi, Search.Manners[0])!;
        var factor = end.ToEvidence()!.Factorise(GaussNewton.Order(end.Phi.Length), default, default);
        var diagonal = new double[end.Phi.Length];
        end.ToEvidence()!.CopyDiagonal(diagonal);
        var anchor = end.Phi.Select(x => 1.01 * x + 0.02 * Math.Sign(x) * (name == "rise" ? 0 : 1)).ToArray();
        var sample = new FoldedSample(model, 60);
        sample.Add(anchor, kind, store, diagonal, 1000, threads: 1);
        var (variances, gauge) = (new double[factor.Rank], 0.0);
        for (var i = 0; i < sample.Count; i++)
        {
            var one = new RowStore(2);
            one.Append(sample.Rows.Rows.Slice(2 * i, 2), default, 1);
            var (now, then) = (new Target(model, one, null, null, options).Linearise(end.Phi)!, new Target(model, one, null, null, options, kind).Linearise(anchor)!);
            var (error, move, q, information) = (new double[end.Phi.Length], new double[end.Phi.Length], end.Phi.Length, then.ToDense());
            if (name == "rise") { information = [.. information.Zip(ResidualCurvature.Of(model, anchor, one, threads: 1), (gauss, bent) => gauss - bent)]; }
            for (var j = 0; j < q; j++)
            {
                error[j] = now.Score[j] - then.Score[j];
                for (var k = 0; k < q; k++) { error[j] += information[j * q + k] * (end.Phi[k] - anchor[k]); }
                error[j] *= sample.Scale(i);
            }
            factor.Solve(error, move);
            var share = 1 - 1 / sample.Scale(i);
            for (var k = 0; k < q; k++)
            {
                variances[k] += share * move[k] * move[k];
                gauge += share * error[k] * move[k];
            }
        }
        var noise = SampleNoise.Of(sample, model, end.Phi, factor);

        Assert.InRange(sample.Count, 60, 80);
        Assert.True(gauge > 0);
        // third derivatives over a thousandth of the way, squared
        LikelihoodEstimatorTests.Close([.. variances.Append(gauge).Select(v => 1.0)], [.. noise.Variances.Append(noise.Gauge).Zip(variances.Append(gauge), (a, b) => a / b)], 1e-4);
    }

    [Fact]
    public void A_saved_state_has_the_same_sample_and_the_same_bound()
    {
        var (model, options) = Setting("gumbel");
        options = options with { BufferRows = 100, AuditRows = 150 };
        var rows = Draw("gumbel", 3050, 11);
        var first = new LikelihoodEstimator(model, options);
        first.Observe(rows.AsSpan(0, 2 * 2030));
        var second = Copy(first, model, options);
        first.Observe(rows.AsSpan(2 * 2030));
        second.Observe(rows.AsSpan(2 * 2030));

        Assert.True(first.Solve().DistanceBound > 0);
        Assert.Equal(first.Solve().DistanceBound, second.Solve().DistanceBound);
        Assert.Equal(first.Solve().Theta, second.Solve().Theta);
        Assert.Equal(first.Solve().Factor!.Inverse(), second.Solve().Factor!.Inverse());
    }

    [Fact]
    public void A_polished_state_is_exact_until_it_learns_more_and_is_audited_then()
    {
        var (model, options) = Setting("gumbel");
        options = options with { BufferRows = 100 };
        var rows = Draw("gumbel", 2000, 12);
        var estimator = new LikelihoodEstimator(model, options);
        estimator.Observe(rows.AsSpan(0, 2400));
        var polished = estimator.Polish(new Again(rows[..2400], 2));
        Assert.Equal((true, 0.0), (polished.IsExact, polished.DistanceBound));
        Assert.Equal((true, 0.0), (Copy(estimator, model, options).Solve().IsExact, Copy(estimator, model, options).Solve().DistanceBound));
        estimator.Observe(rows.AsSpan(2400));

        Assert.False(estimator.Solve().IsExact);
        AssertNear(model, LikelihoodEstimatorTests.Of(model, rows, options with { BufferRows = 10_000 }), estimator.Solve(), distance: 1e-6, errors: 1e-6);
    }

    [Fact]
    public void Where_rows_are_forgotten_nothing_is_audited()
    {
        var (model, options) = Setting("gumbel");
        var estimate = LikelihoodEstimatorTests.Of(model, Draw("gumbel", 1000, 13), options with { BufferRows = 100, Memory = new(MemoryKind.Exponential, 300) });

        Assert.True(estimate.Converged, estimate.Failure);
        Assert.Equal(double.NaN, estimate.DistanceBound);
    }

    /// <summary>A state of the first layout, whose folded rows nobody has sampled; <c>States/README.md</c> says how it was made.</summary>
    [Fact]
    public void A_state_without_a_sample_is_read_and_its_distance_stays_unknown()
    {
        var path = Path.Combine(Repository.Root, "test/FisherFlow.Tests/States/golden-expression-v1.ff");
        var fit = ExpressionFit.Load(path);
        var result = fit.Report();

        Assert.Equal((100L, 20), (fit.Estimator.FoldedRows, fit.Estimator.BufferedRows));
        LikelihoodEstimatorTests.Close([11.7015, 3.0525], [.. result.Coefficients.Select(c => c.Estimate!.Value)], 1e-4);   // as printed by the version that wrote it
        Assert.Null(result.DistanceBound);
        fit.Estimator.Observe([.. Enumerable.Range(0, 60).Select(i => 8.0 + i % 11)]);
        Assert.True(fit.Estimator.Solve().Converged);
        Assert.Equal(double.NaN, fit.Estimator.Solve().DistanceBound);
    }

    static LikelihoodEstimator Copy(LikelihoodEstimator estimator, LikelihoodModel model, LikelihoodOptions options)
    {
        var writer = new StateWriter();
        estimator.Save(writer);
        return LikelihoodEstimator.Load(new StateReader(writer.Written.ToArray()), model, options);
    }

    static LikelihoodEstimator Merged(LikelihoodModel model, double[] rows, LikelihoodOptions options, int shards)
    {
        var parts = rows.Chunk(rows.Length / shards).Select(part =>
        {
            var estimator = new LikelihoodEstimator(model.Fork(), options);
            estimator.Observe(part);
            return estimator;
        }).ToList();
        foreach (var part in parts.Skip(1)) { parts[0].Merge(part); }
        return parts[0];
    }

    /// <summary>95 in a hundred, less four standard errors of a share.</summary>
    static double Often(int runs) => runs * (0.95 - 4 * Math.Sqrt(0.95 * 0.05 / runs));

    static void AssertNear(LikelihoodModel model, LikelihoodEstimate exact, LikelihoodEstimate estimate, double distance, double errors)
    {
        var (away, off) = Compare(model, exact, estimate);
        Assert.InRange(away, 0, distance);
        Assert.InRange(off, 0, errors);
    }

    /// <summary>The worst parameter's distance in standard errors, and by what share the worst standard error is off.</summary>
    static (double Distance, double Errors) Compare(LikelihoodModel model, LikelihoodEstimate exact, LikelihoodEstimate estimate)
    {
        Assert.True(exact.Converged && estimate.Converged, estimate.Failure);
        var (distance, errors) = (0.0, 0.0);
        foreach (var (a, b) in LikelihoodEstimatorTests.Table(exact, model).Zip(LikelihoodEstimatorTests.Table(estimate, model)))
        {
            distance = Math.Max(distance, Math.Abs(b.Estimate!.Value - a.Estimate!.Value) / a.StandardError!.Value);
            errors = Math.Max(errors, Math.Abs(b.StandardError!.Value / a.StandardError.Value - 1));
        }
        return (distance, errors);
    }

    static (LikelihoodModel Model, LikelihoodOptions Options) Setting(string name) => name switch
    {
        "rise" => (Model(new() { Formula = "y ~ top * (1 - exp(-rate * x))", Parameters = "top, rate" }), new() { Start = [200, 0.001] }),
        "gumbel" => (Model(new() { LogDensity = "(a + b*x - y) * exp(-log_s) - log_s - exp((a + b*x - y) * exp(-log_s))", Parameters = "a, b, log_s" }), new() { Start = [0, 0, 0] }),
        _ => (Model(new() { LogDensity = "k * (log(k) - a - b*x + log(y) - y * exp(-a - b*x)) - lgamma(k)", Parameters = "a, b, k > 0" }), new() { Start = [0, 0, 1] }),
    };

    static LikelihoodModel Model(ExpressionOptions options) => new ExpressionPlan(options, [new("x", ColumnKind.Numeric, []), new("y", ColumnKind.Numeric, [])]).Model;

    static double[] Draw(string name, int n, int seed)
    {
        var (random, rows) = (new Random(seed), new double[2 * n]);
        for (var i = 0; i < n; i++)
        {
            var x = SimulatedRows.Normal(random);
            rows[2 * i] = name == "rise" ? 100 + 1000 * random.NextDouble() : x;
            rows[2 * i + 1] = name switch
            {
                "rise" => 240 * (1 - Math.Exp(-0.002 * rows[2 * i])) + 40 * SimulatedRows.Normal(random),
                "gumbel" => 1 + x - 2 * Math.Log(-Math.Log(random.NextDouble())),
                _ => Math.Exp(0.5 + x) / 3 * -Math.Log(random.NextDouble() * random.NextDouble() * random.NextDouble()),
            };
        }
        return rows;
    }
}
