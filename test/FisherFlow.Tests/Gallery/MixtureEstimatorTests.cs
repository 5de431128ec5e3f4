using System.Globalization;
using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;
using FisherFlow.Tests.Simulations;
using FisherFlow.Tests.Sources;

namespace FisherFlow.Tests.Gallery;

/// <summary>Mixtures of regressions over streams: beyond the buffer, split, merged, interrupted, weighted, predicted; and what is refused.</summary>
public sealed class MixtureEstimatorTests : IDisposable
{
    static readonly string[] _levels = ["a", "b", "c"];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Fifty buffers of two lines with a factor: against EM on all rows in memory. The sample keeps every row of so short a stream, so that only Newton's last step is missing.</summary>
    [Fact]
    public void One_pass_is_near_the_maximum_and_so_are_merged_shards()
    {
        for (var seed = 1; seed <= Runs.Of(1, 20); seed++)
        {
            var rows = Rows(seed, 20_000).ToList();
            var exact = Fit(rows).Report();
            Near(exact, Fit(rows, buffer: 400).Report(), 1e-4, 1e-4, $"one pass, seed {seed}");
            var merged = Regression.Merge([.. rows.Chunk(5000).Select((shard, i) => Fit(shard, buffer: 250, name: $"{seed}-{i}"))]);
            Near(exact, merged.Report(), 1e-4, 1e-4, $"merged, seed {seed}");
        }
    }

    [Fact]
    public void Shards_that_are_still_in_memory_merge_to_the_maximum_of_the_whole()
    {
        var rows = Rows(3, 900).ToList();
        var merged = Regression.Merge([Fit(rows[..200], name: "one"), Fit(rows[200..], name: "other")]).Report();
        var whole = Fit(rows).Report();
        Assert.Equal(0, merged.DistanceBound);
        Near(whole, merged, 1e-6, 1e-6, "merged in memory");
        Assert.Equal(whole.LogLikelihood!.Value, merged.LogLikelihood!.Value, 1e-6);
    }

    /// <summary>A third of the later rows have a level that the start did not: the first of them are expected without it, and the sample puts that right.</summary>
    [Fact]
    public void Levels_may_come_after_the_start()
    {
        var rows = Rows(4, 6000).ToList();
        var late = rows.Where((row, i) => i >= 900 || !row.Contains(",c,", StringComparison.Ordinal)).ToList();
        var (exact, online) = (Fit(late).Report(), Fit(late, buffer: 500).Report());
        Near(exact, online, 1e-4, 1e-4, "late levels");
        Near(exact, Fit(late, buffer: 500, change: o => o with { Exact = true }).Report(), 1e-4, 1e-4, "late levels, exact passes");
        Assert.Equal(0, online.DistanceBound);
        Assert.Empty(online.Warnings);
    }

    [Fact]
    public void A_state_goes_on_to_the_same_bits_in_memory_and_after_it()
    {
        var rows = Rows(5, 1500).ToList();
        foreach (var first in new[] { 300, 900 })
        {
            var path = Path.Combine(_folder.Path, $"{first}.ff");
            var stopped = Fit(rows[..first], buffer: 500, name: "first");
            stopped.Save(path);
            var (resumed, straight) = (Regression.Load(path), stopped);
            resumed.Update(Source(rows[first..], "second"), cancel: TestContext.Current.CancellationToken);
            straight.Update(Source(rows[first..], "second"), cancel: TestContext.Current.CancellationToken);
            resumed.Save(path);
            straight.Save(path + "2");
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(path + "2"));
            Assert.Equal(1500, resumed.Report().Observations);
        }
    }

    /// <summary>A row of weight 2 is two rows, for the likelihood; a row of weight 0 is none.</summary>
    [Fact]
    public void A_weight_counts_rows()
    {
        var rows = Rows(6, 500).ToList();
        var weighted = Fit(rows, weights: "w").Report();
        var repeated = Fit(rows.SelectMany(row => Enumerable.Repeat(row, row[^1] - '0')).ToList()).Report();
        Near(repeated, weighted, 1e-6, 1e-6, "weights");
        Assert.Equal(repeated.LogLikelihood!.Value, weighted.LogLikelihood!.Value, 1e-7 * Math.Abs(repeated.LogLikelihood.Value));
    }

    /// <summary>The delta method against differences of the prediction, and limits against the mixture's own distribution function.</summary>
    [Fact]
    public void Predictions_are_the_means_and_quantiles_of_the_mixture()
    {
        var fit = Fit(Rows(7, 20_000).ToList());
        var model = new NormalMixture(2);
        var eta = new double[5];
        var at = fit.Report().Coefficients.ToDictionary(c => (c.Parameter!, c.Term), c => c.Estimate!.Value);
        for (var k = 0; k < 2; k++)
        {
            eta[k] = at[($"mean[{k + 1}]", "(Intercept)")] + 1.5 * at[($"mean[{k + 1}]", "x")] + at[($"mean[{k + 1}]", "g[b]")];
            eta[2 + k] = at[($"sigma[{k + 1}]", "(Intercept)")];
        }
        eta[4] = at[("weight[2]", "(Intercept)")];
        var (mean, jacobian) = (new double[1], new double[5]);
        model.Predict(eta, mean, jacobian);
        for (var j = 0; j < 5; j++)
        {
            var (above, below, step) = (eta.ToArray(), eta.ToArray(), 1e-5);
            (above[j], below[j]) = (above[j] + step, below[j] - step);
            var (up, down, unused) = (new double[1], new double[1], new double[5]);
            model.Predict(above, up, unused);
            model.Predict(below, down, unused);
            Assert.Equal((up[0] - down[0]) / (2 * step), jacobian[j], 1e-8);
        }
        var line = Predicted(fit, "x,g\n1.5,b\n", PredictionInterval.Observation);
        Assert.Equal(mean[0], line[0], 1e-9);
        Assert.InRange(line[1], 0.005, 0.05);
        // that parameters are estimated widens the limits by a part in n, here less than a thousandth of the probability
        Assert.Equal(0.025, model.Cumulative(line[2], eta), 1e-3);
        Assert.Equal(0.975, model.Cumulative(line[3], eta), 1e-3);
        foreach (var p in new[] { 1e-9, 0.01, 0.5, 0.999 }) { Assert.Equal(p, model.Cumulative(model.Quantile(p, eta), eta), 1e-12); }
    }

    /// <summary>EM in R (Reference/mixtures.R, fit("", "faithful", eruptions ~ waiting, 2, function(D) D$eruptions)) ends at −189.9541; lower maxima are many, and found by worse starts.</summary>
    [Fact]
    public void The_start_is_the_likeliest_of_several()
    {
        var source = DataSource.From([GalleryReference.PathOf("data/faithful.csv")]);
        var fit = Regression.Fit(source, "eruptions ~ waiting", new() { Model = ModelNames.Parse("gaussian-mixture(2)") }, cancel: TestContext.Current.CancellationToken).Report();
        Assert.True(fit.LogLikelihood >= -189.9542, $"{fit.LogLikelihood}");
        Assert.NotNull(fit.Mixture!.Refusal);   // one line predicts as well
    }

    [Fact]
    public void A_component_too_many_is_refused_with_the_rank_report()
    {
        var report = Fit(Rows(8, 1000).ToList(), components: 3).Report();
        Assert.All(report.Coefficients, c => Assert.Null(c.StandardError));
        Assert.All(report.Parameters, p => Assert.Null(p.StandardError));
        Assert.NotNull(report.Mixture!.Refusal);
        Assert.Contains(report.Warnings, w => w == $"no standard errors: {report.Mixture.Refusal}");
        Assert.True(report.CovarianceMatrix.Length == 0);
    }

    /// <summary>Forty equal responses among a thousand: the likelihood has no maximum there.</summary>
    [Fact]
    public void A_component_that_closes_in_on_one_value_is_refused()
    {
        var random = new Random(9);
        var rows = Enumerable.Range(0, 400).Select(i => i % 5 == 0 ? "7,0,a,1" : string.Create(CultureInfo.InvariantCulture, $"{Normal(random)},0,a,1")).ToList();
        var report = Fit(rows, formula: "y ~ 1").Report();
        Assert.Contains("closed in on a few responses", report.Mixture!.Refusal, StringComparison.Ordinal);
        Assert.All(report.Coefficients, c => Assert.Null(c.StandardError));
    }

    [Fact]
    public void Columns_that_depend_on_others_are_aliased_in_every_component()
    {
        var rows = Rows(10, 800).ToList();
        var (with, without) = (Fit(rows, formula: "y ~ x + I(2*x) + g").Report(), Fit(rows).Report());
        Assert.Equal(2, with.Coefficients.Count(c => c.Status == CoefficientStatus.Aliased));
        Assert.Equal(without.LogLikelihood!.Value, with.LogLikelihood!.Value, 1e-7);
        Assert.Equal(without.Rank, with.Rank);
    }

    [Fact]
    public void Too_few_rows_are_said_to_be_too_few() => Assert.Contains("20 observations are too few for a mixture of 11 parameters; 44 are the least",
        Assert.Throws<DataException>(() => Fit(Rows(11, 20).ToList()).Report()).Message, StringComparison.Ordinal);

    [Fact]
    public void What_em_has_no_place_for_is_refused()
    {
        Assert.Contains("no penalty", Assert.Throws<NotSupportedException>(() => Fit(Rows(1, 50).ToList(), change: o => o with { Estimator = new() { Ridge = 1 } })).Message, StringComparison.Ordinal);
        Assert.Contains("leave structure, memory", Assert.Throws<NotSupportedException>(() => Fit(Rows(1, 50).ToList(), change: o => o with { Estimator = new() { Structure = FisherFlow.Estimation.Structure.Diagonal } })).Message, StringComparison.Ordinal);
        Assert.Contains("no formulas", Assert.ThrowsAny<Exception>(() => Fit(Rows(1, 50).ToList(), change: o => o with { ParameterFormulas = ["sigma ~ x"] })).Message, StringComparison.Ordinal);
        Assert.Contains("two to nine", Assert.Throws<ArgumentException>(() => ModelNames.Parse("gaussian-mixture(1)")).Message, StringComparison.Ordinal);
    }

    static void Near(FitResult exact, FitResult other, double distance, double errors, string what)
    {
        Assert.Equal(exact.Coefficients.Select(c => c.FullName), other.Coefficients.Select(c => c.FullName));
        foreach (var (a, b) in exact.Coefficients.Zip(other.Coefficients))
        {
            var apart = Math.Abs(a.Estimate!.Value - b.Estimate!.Value) / a.StandardError!.Value;
            Assert.True(apart <= distance, $"{what}: {a.FullName} is {apart:G3} standard errors away");
            Assert.True(Math.Abs(b.StandardError!.Value / a.StandardError.Value - 1) <= errors, $"{what}: the standard error of {a.FullName} is {b.StandardError.Value / a.StandardError.Value:F4} times the exact one");
        }
    }

    Regression Fit(IReadOnlyList<string> rows, int buffer = 0, int components = 2, string? weights = null, string formula = "y ~ x + g", string name = "rows", Func<RegressionOptions, RegressionOptions>? change = null)
    {
        var options = new RegressionOptions { Model = ModelNames.Parse($"gaussian-mixture({components})"), Estimator = new() { BufferRows = buffer }, WeightsColumn = weights };
        return Regression.Fit(Source(rows, name), formula, change?.Invoke(options) ?? options, cancel: TestContext.Current.CancellationToken);
    }

    DataSource Source(IReadOnlyList<string> rows, string name)
    {
        var path = Path.Combine(_folder.Path, name + ".csv");
        File.WriteAllText(path, new StringBuilder("y,x,g,w\n").AppendJoin('\n', rows).Append('\n').ToString());
        return DataSource.From([path]);
    }

    double[] Predicted(Regression fit, string text, PredictionInterval interval)
    {
        var path = Path.Combine(_folder.Path, "new.csv");
        File.WriteAllText(path, text);
        using var output = new StringWriter();
        fit.Predict(DataSource.From([path]), output, new() { Interval = interval }, cancel: TestContext.Current.CancellationToken);
        return [.. output.ToString().Split('\n')[1].Split(',').Select(x => double.Parse(x, CultureInfo.InvariantCulture))];
    }

    /// <summary>Two crossing lines with a factor, deviations 0.5 and 1, weights 0.35 and 0.65: <c>y,x,g,w</c>.</summary>
    static IEnumerable<string> Rows(int seed, int n)
    {
        var random = new Random(seed);
        for (var i = 0; i < n; i++)
        {
            var (x, g) = (2 * Normal(random), random.Next(3));
            var effect = 0.5 * g - 0.5;
            var y = random.NextDouble() < 0.35 ? -1 + x + effect + 0.5 * Normal(random) : 2 - 0.5 * x + 2 * effect + Normal(random);
            yield return string.Create(CultureInfo.InvariantCulture, $"{y:F6},{x:F6},{_levels[g]},{random.Next(4)}");
        }
    }

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
