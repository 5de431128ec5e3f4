using FisherFlow.Estimation;
using FisherFlow.Mixtures;
using FisherFlow.Snapshots;
using FisherFlow.Tests.Simulations;

namespace FisherFlow.Tests.Gallery;

/// <summary>Mixtures of regressions by online EM, and their refusals.</summary>
public sealed class MixtureTests
{
    /// <summary>CK-104: .4 at −2 and .6 at +2, deviation 1, 10⁵ points, step n^(−.6): the average within .03 of batch EM's answer (here of the truth, which is within .01 of that).</summary>
    [Theory]
    [InlineData(1)]
    public void Averaged_online_means_are_within_three_hundredths(int seed)
    {
        var report = Learn(Normals(seed, 100_000, 0.4, -2, 2), columns: 1).Report();
        foreach (var components in new[] { report.Averages, report.Components })
        {
            Assert.Equal(-2, components[0].Coefficients[0], 0.03);
            Assert.Equal(2, components[1].Coefficients[0], 0.03);
            Assert.Equal(0.4, components[0].Weight, 0.01);
            Assert.All(components, c => Assert.Equal(1, c.Scale, 0.02));
        }
        Assert.NotNull(report.StandardErrors);
        Assert.Equal(5, report.Rank);
    }

    /// <summary>Distance to batch EM on the same rows, in standard errors, over data sets: online EM with averaging is efficient to first order.</summary>
    [Fact]
    public void Online_estimates_stay_near_the_maximum_likelihood()
    {
        for (var seed = 10; seed < 10 + Runs.Of(3, 30); seed++)
        {
            var rows = Normals(seed, 20_000, 0.4, -2, 2);
            var online = Learn(rows, columns: 1).Report();
            var batch = Learn(rows, columns: 1, new() { StartRows = rows.Length, Starts = 0 }).Report();
            for (var k = 0; k < 2; k++)
            {
                Assert.True(Math.Abs(online.Components[k].Coefficients[0] - batch.Components[k].Coefficients[0]) <= 0.2 * batch.StandardErrors![k].Coefficients[0], $"seed {seed}, component {k}");
                Assert.Equal(1, online.StandardErrors![k].Coefficients[0] / batch.StandardErrors[k].Coefficients[0], 0.05);
            }
        }
    }

    /// <summary>One pass and four merged shards, with a tenth and a fortieth of the rows in the sample: what is left is its noise, 0.13 and 0.17 standard errors at most over three data sets.</summary>
    [Theory]
    [InlineData(2000, 0.25)]
    [InlineData(500, 0.4)]
    public void A_sample_of_folded_rows_puts_the_quadratics_right(int sampled, double distance)
    {
        var worst = 0.0;
        for (var seed = 30; seed < 30 + Runs.Of(1, 10); seed++)
        {
            var rows = Lines(seed, 20_000);
            var options = new OnlineMixtureOptions { StartRows = 250, SampledRows = sampled };
            var batch = Learn(rows, columns: 2, new() { StartRows = rows.Length, Starts = 0 }).Report();
            var merged = Learn(rows[..5000], columns: 2, options);
            foreach (var shard in rows[5000..].Chunk(5000)) { merged.Merge(Learn(shard, columns: 2, options)); }
            foreach (var report in new[] { Learn(rows, columns: 2, options).Report(), merged.Report() })
            {
                for (var k = 0; k < 2; k++)
                {
                    var (found, best, error) = (report.Components[k], batch.Components[k], batch.StandardErrors![k]);
                    double[] apart = [(found.Coefficients[0] - best.Coefficients[0]) / error.Coefficients[0], (found.Coefficients[1] - best.Coefficients[1]) / error.Coefficients[1],
                        (found.Scale - best.Scale) / error.Scale, (found.Weight - best.Weight) / error.Weight];
                    worst = Math.Max(worst, apart.Max(Math.Abs));
                    Assert.Equal(1, report.StandardErrors![k].Scale / error.Scale, 0.02);
                }
            }
            TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: at most {worst:G3} standard errors");
        }
        Assert.True(worst <= distance, $"{worst:G3} standard errors");
    }

    /// <summary>Quadratics about one place say nothing of another; the sample keeps every row of so short a stream, and everything begins again with these.</summary>
    [Theory]
    [InlineData(1000, 1)]
    [InlineData(0, 100)]
    [InlineData(20, 1.5)]
    public void Shards_of_unlike_location_or_scale_merge_to_the_maximum_of_the_whole(double location, double scale)
    {
        var (near, far) = (Lines(40, 1500), Array.ConvertAll(Lines(41, 1500), row => (row.X, location + scale * row.Y)));
        var (options, later) = (new OnlineMixtureOptions { StartRows = 250 }, Array.ConvertAll(Lines(42, 300), row => (row.X, location + scale * row.Y)));
        var whole = Learn([.. near, .. far], columns: 2, new() { StartRows = 3000 }).Report();
        var all = Learn([.. near, .. far, .. later], columns: 2, new() { StartRows = 3300 }).Report();
        foreach (var (one, other) in new[] { (near, far), (far, near) })
        {
            var merged = Learn(one, columns: 2, options);
            merged.Merge(Learn(other, columns: 2, options));
            Same(whole, merged.Report());
            foreach (var (x, y) in later) { merged.Observe(x, y); }
            Same(all, merged.Report());
        }
        Same(whole, Learn([.. near, .. far], columns: 2, options).Report());   // as they would come in a sorted file
    }

    /// <summary>A sixth of the rows is kept: the answer is theirs, and says so. They are about 950 independent rows of 6000, so an estimate is within four times √6 standard errors.</summary>
    [Fact]
    public void Unlike_shards_whose_rows_are_gone_are_not_said_to_have_converged()
    {
        var (near, far) = (Lines(43, 3000), Array.ConvertAll(Lines(44, 3000), row => (row.X, 1000 + row.Y)));
        var whole = Learn([.. near, .. far], columns: 2, new() { StartRows = 6000 }).Report();
        var merged = Learn(near, columns: 2, new() { StartRows = 250, SampledRows = 1000 });
        merged.Merge(Learn(far, columns: 2, new() { StartRows = 250, SampledRows = 1000 }));
        var report = merged.Report();
        Assert.False(report.Converged);
        Assert.Null(report.StandardErrors);
        Assert.Contains("too unlike for one pass: the estimates are those of a sample", report.Refusal, StringComparison.Ordinal);
        Assert.Contains("of 6000 rows; --passes exact gives the maximum likelihood estimate", report.Refusal, StringComparison.Ordinal);
        for (var k = 0; k < 2; k++)
        {
            for (var j = 0; j < 2; j++) { Assert.Equal(whole.Components[k].Coefficients[j], report.Components[k].Coefficients[j], 4 * Math.Sqrt(6) * whole.StandardErrors![k].Coefficients[j]); }
        }
    }

    /// <summary>The farthest parameter from the maximum of all rows, against the bound that the sample gives: it may fail in one stream of twenty. Half of the streams are four shards.</summary>
    [Fact]
    public void The_bound_holds_the_distance_from_the_maximum()
    {
        var (runs, failed, sums) = (Runs.Of(8, 200), 0, (Distance: 0.0, Bound: 0.0));
        for (var run = 0; run < runs; run++)
        {
            var rows = Lines(7000 + run, 6000);
            var exact = Learn(rows, columns: 2, new() { StartRows = rows.Length, Starts = 0 }).Solve([0, 1]);
            var shards = rows.Chunk(run % 2 == 0 ? 6000 : 1500).Select(shard => Learn(shard, columns: 2, new() { StartRows = 250, SampledRows = 1200 })).ToList();
            foreach (var shard in shards.Skip(1)) { shards[0].Merge(shard); }
            var found = shards[0].Solve([0, 1]);
            Assert.True(found is { IsConverged: true, IsMaximum: false });
            var free = found.Model.Free(found.Kept);
            var distance = free.Select((parameter, i) => Math.Abs(found.Theta[parameter] - exact.Theta[parameter]) / Math.Sqrt(exact.Covariance![i * (free.Length + 1)])).Max();
            var bound = AuditNoise.Limit(found.Deviations);
            failed += distance > bound ? 1 : 0;
            sums = (sums.Distance + distance, sums.Bound + bound);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{failed} of {runs} failed; the distance is {sums.Distance / runs:G2} on average, the bound {sums.Bound / runs:G2}");
        Assert.True(failed <= 0.05 * runs + 4 * Math.Sqrt(0.05 * 0.95 * runs), $"{failed} of {runs} failed");
        Assert.True(sums.Bound < 5 * sums.Distance, "the bound says something");
    }

    /// <summary>Two lines a thousand deviations apart: each has a scale far below that of all responses, and neither is a spike.</summary>
    [Fact]
    public void A_component_of_many_rows_may_have_a_scale_far_below_that_of_all()
    {
        var random = new Random(45);
        var rows = Enumerable.Range(0, 2000).Select(i => (new double[] { 1 }, (i % 2 == 0 ? 0 : 1000) + Normal(random))).ToArray();
        var report = Learn(rows, columns: 1).Report();
        Assert.True(report.Converged);
        for (var k = 0; k < 2; k++)
        {
            double[] own = [.. rows.Where((_, i) => i % 2 == k).Select(row => row.Item2)];
            Assert.Equal(own.Average(), report.Components[k].Coefficients[0], 1e-6);
            Assert.Equal(Math.Sqrt(own.Average(y => (y - own.Average()) * (y - own.Average()))), report.Components[k].Scale, 1e-6);
            Assert.Equal(0.5, report.Components[k].Weight, 1e-9);
        }
    }

    [Fact]
    public void Intervals_cover_the_truth_as_often_as_they_say()
    {
        var shares = new double[Runs.Of(30, 1000)];
        for (var run = 0; run < shares.Length; run++)
        {
            var report = Learn(Lines(1000 + run, 4000), columns: 2, new() { StartRows = 500 }).Report();
            Assert.NotNull(report.StandardErrors);
            double[] truth = [-1, 1, 2, -0.5];
            var covered = 0;
            for (var i = 0; i < 4; i++)
            {
                covered += Math.Abs(report.Components[i / 2].Coefficients[i % 2] - truth[i]) <= 1.959964 * report.StandardErrors[i / 2].Coefficients[i % 2] ? 1 : 0;
            }
            double[] deviations = [0.5, 1];
            for (var k = 0; k < 2; k++) { covered += Math.Abs(Math.Log(report.Components[k].Scale / deviations[k])) <= 1.959964 * report.StandardErrors[k].Scale / report.Components[k].Scale ? 1 : 0; }
            covered += Math.Abs(report.Components[0].Weight - 0.35) <= 1.959964 * report.StandardErrors[0].Weight ? 1 : 0;
            shares[run] = covered / 7.0;
        }
        var (coverage, error) = Runs.Coverage(shares);
        TestContext.Current.TestOutputHelper?.WriteLine($"{coverage:P1} covered, Monte-Carlo standard error {error:P2}");
        Assert.True(Math.Abs(coverage - 0.95) <= Math.Max(0.02, 4 * Math.Sqrt(0.95 * 0.05 / shares.Length)), $"{coverage:P1} covered, Monte-Carlo standard error {error:P2}");
    }

    /// <summary>CK-23, Example 19: one normal sample called two components.</summary>
    [Fact]
    public void Components_that_coincide_are_refused_with_the_rank_of_the_information()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var report = Learn(Normals(seed, 5000, 0.5, 0, 0), columns: 1).Report();
            Assert.Null(report.StandardErrors);
            Assert.NotNull(report.Refusal);
            Assert.True(report.InformationShares.Count == 0 || report.InformationShares[0] < 0.1, $"smallest share {report.InformationShares[0]}");
        }
    }

    /// <summary>The likelihood is flat, or has a hundred maxima, where there are components too many: the rounds are bounded, and the answer refused.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Components_too_many_end_after_few_rounds_and_are_refused(int components)
    {
        var mixture = new OnlineMixture(components, 2, new() { StartRows = 1500 });
        foreach (var (x, y) in Lines(46, 1500)) { mixture.Observe(x, y); }
        Assert.InRange(mixture.Rounds, 1, 1000);
        var report = mixture.Report();
        Assert.Null(report.StandardErrors);
        Assert.NotNull(report.Refusal);
        Assert.True(report.LogLikelihood > Learn(Lines(46, 1500), columns: 2, new() { StartRows = 1500 }).Report().LogLikelihood, "more components fit no worse");
    }

    [Fact]
    public void A_component_of_a_handful_of_rows_is_refused()
    {
        var report = Learn(Normals(5, 4000, 0.002, -6, 2), columns: 1).Report();
        Assert.Null(report.StandardErrors);
        Assert.NotNull(report.Refusal);
    }

    /// <summary>The smallest eigenvalue of the information of one response vanishes with the weight, between π and π²; at equal means it is zero for every weight.</summary>
    [Fact]
    public void The_information_of_a_mixture_is_singular_at_its_boundaries()
    {
        double[] weights = [0.1, 0.01, 0.001];
        var smallest = Array.ConvertAll(weights, weight => Smallest(weight, 0, 3));
        for (var i = 1; i < weights.Length; i++)
        {
            var power = Math.Log(smallest[i - 1] / smallest[i]) / Math.Log(weights[i - 1] / weights[i]);
            Assert.InRange(power, 1 - 0.05, 2 + 0.05);
        }
        Assert.All(weights, weight => Assert.Equal(0, Smallest(weight, 1, 1), 1e-12));

        static double Smallest(double weight, double first, double second)
        {
            // (π, μ₁, μ₂) of π·N(μ₁, 1) + (1 − π)·N(μ₂, 1) by the trapezoidal rule, which is exact to rounding for such densities
            var information = new double[9];
            for (var y = -12.0; y <= 15; y += 0.01)
            {
                var (f, g) = (Math.Exp(-0.5 * (y - first) * (y - first)) / Math.Sqrt(2 * Math.PI), Math.Exp(-0.5 * (y - second) * (y - second)) / Math.Sqrt(2 * Math.PI));
                var density = weight * f + (1 - weight) * g;
                if (density <= 0) { continue; }
                double[] score = [(f - g) / density, weight * f * (y - first) / density, (1 - weight) * g * (y - second) / density];
                for (var i = 0; i < 9; i++) { information[i] += 0.01 * density * score[i / 3] * score[i % 3]; }
            }
            var (values, vectors) = (new double[3], new double[9]);
            Assert.True(FisherFlow.Numerics.Kernels.SymmetricEigen(information, 3, 3, values, vectors, 3));
            return values.Min();
        }
    }

    [Fact]
    public void Shards_merge_whatever_their_components_are_called_and_a_state_goes_on_to_the_same_bits()
    {
        var rows = Lines(7, 12_000);
        var whole = Learn(rows, columns: 2).Report();
        var (one, other) = (Learn(rows[..6000], columns: 2), Learn(rows[6000..], columns: 2));
        one.Merge(other);
        var merged = one.Report();
        Assert.Equal(12_000, merged.Observations);
        for (var k = 0; k < 2; k++)
        {
            for (var j = 0; j < 2; j++) { Assert.True(Math.Abs(merged.Components[k].Coefficients[j] - whole.Components[k].Coefficients[j]) <= 0.2 * whole.StandardErrors![k].Coefficients[j]); }
            Assert.Equal(1, merged.StandardErrors![k].Scale / whole.StandardErrors![k].Scale, 0.05);
        }

        var straight = Learn(rows, columns: 2);
        var first = Learn(rows[..5000], columns: 2);
        var writer = new StateWriter();
        first.Save(writer);
        var resumed = OnlineMixture.Load(new(writer.Written.ToArray()));
        foreach (var (x, y) in rows[5000..]) { resumed.Observe(x, y); }
        var (a, b) = (new StateWriter(), new StateWriter());
        straight.Save(a);
        resumed.Save(b);
        Assert.True(a.Written.SequenceEqual(b.Written));
    }

    [Fact]
    public void What_is_not_a_mixture_is_said()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnlineMixture(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnlineMixture(2, 1, new() { Step = 0.4 }));
        var mixture = new OnlineMixture(2, 1);
        Assert.Contains("2 predictors where the mixture has 1", Assert.Throws<ArgumentException>(() => mixture.Observe([1, 2], 0)).Message, StringComparison.Ordinal);
        Assert.Contains("not a finite number", Assert.Throws<ArgumentException>(() => mixture.Observe([1], double.NaN)).Message, StringComparison.Ordinal);
        var earlier = new StateWriter();
        earlier.Write(-2);
        Assert.Contains("or of an earlier layout: it begins with -2, not -3", Assert.Throws<InvalidDataException>(() => OnlineMixture.Load(new(earlier.Written.ToArray()))).Message, StringComparison.Ordinal);
        Assert.Contains("0 observations are too few", Assert.Throws<InvalidOperationException>(() => mixture.Report()).Message, StringComparison.Ordinal);
    }

    /// <summary>Both are maxima to 10⁻⁸ standard errors; the sums behind them are of squares a million times the variances.</summary>
    static void Same(MixtureReport expected, MixtureReport report)
    {
        Assert.True(report.Converged);
        Assert.NotNull(report.StandardErrors);
        Assert.Equal(expected.LogLikelihood, report.LogLikelihood, 1e-6 * Math.Abs(expected.LogLikelihood));
        foreach (var ((a, b), k) in expected.Components.Zip(report.Components).Select((pair, k) => (pair, k)))
        {
            var error = expected.StandardErrors![k];
            for (var j = 0; j < a.Coefficients.Count; j++) { Assert.Equal(a.Coefficients[j], b.Coefficients[j], 1e-4 * error.Coefficients[j]); }
            Assert.Equal(a.Scale, b.Scale, 1e-4 * error.Scale);
            Assert.Equal(a.Weight, b.Weight, 1e-4 * error.Weight);
            Assert.Equal(1, report.StandardErrors[k].Scale / error.Scale, 1e-4);
        }
    }

    static OnlineMixture Learn(IReadOnlyList<(double[] X, double Y)> rows, int columns, OnlineMixtureOptions? options = null)
    {
        var mixture = new OnlineMixture(2, columns, options);
        foreach (var (x, y) in rows) { mixture.Observe(x, y); }
        return mixture;
    }

    static (double[] X, double Y)[] Normals(int seed, int n, double weight, double first, double second)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => (new double[] { 1 }, (random.NextDouble() < weight ? first : second) + Normal(random)))];
    }

    /// <summary>Two crossing lines, −1 + x and 2 − x/2, with deviations 0.5 and 1.</summary>
    static (double[] X, double Y)[] Lines(int seed, int n)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ =>
        {
            var x = 2 * Normal(random);
            return (new[] { 1, x }, random.NextDouble() < 0.35 ? -1 + x + 0.5 * Normal(random) : 2 - 0.5 * x + Normal(random));
        })];
    }

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
