using System.Globalization;
using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Models;
using FisherFlow.StateSpace;
using FisherFlow.Tests.Memory;
using FisherFlow.Tests.Simulations;
using FisherFlow.Tests.StateSpace;

namespace FisherFlow.Tests.Estimation;

/// <summary>Regression with coefficients that walk at random, against the filters of the state space room and against R.</summary>
public sealed class DriftingTests
{
    [Fact]
    public void A_level_on_the_Nile_is_that_of_R()
    {
        var fit = Fit(Column(Series.Nile), "y ~ 1", new(MemoryKind.RandomWalk) { Drift = 1469.1 / 15099 });
        var estimate = fit.Estimator.Solve(new(fit.Schema, fit.Model));
        Assert.Equal(1, estimate.Theta[0] / 798.370292608364, 1e-7);
        Assert.Equal(1, 15099 * estimate.Factor.Inverse()[0] / 4032.15794180848, 1e-7);
    }

    /// <summary>R's arima(Nile, c(0, 1, 1)) has the likelihood −632.5456 and −r/(q + 2r) = θ/(1 + θ²) with θ = −0.7329426.</summary>
    [Fact]
    public void The_drift_that_is_estimated_is_that_of_R()
    {
        var result = Fit(Column(Series.Nile), "y ~ 1", new(MemoryKind.RandomWalk) { Drift = double.NaN }).Report();
        Assert.True(MemoryRule.TryParse(result.Structured!.Memory, out var rule));
        var drift = rule.Drift;
        Assert.Equal(-632.545624383191, result.LogLikelihood!.Value, 1e-3);
        Assert.Equal(0.732942578287823 / (1 + 0.732942578287823 * 0.732942578287823), 1 / (drift + 2), 1e-4);
        Assert.True(result.Structured!.DriftIsEstimated);
        Assert.Equal(15099, result.Dispersion!.Value, 15.0);
    }

    [Fact]
    public void A_trend_is_that_of_the_state_space()
    {
        var fit = Fit(Column(Series.LakeHuron), "y ~ 1", new(MemoryKind.LocalTrend) { Drift = 3, SlopeDrift = 0.1 });
        var filter = new InformationFilter(LinearGaussianModel.LocalTrend(3, 0.1, 1));
        filter.Run(Series.LakeHuron);
        var estimate = fit.Estimator.Solve(new(fit.Schema, fit.Model));
        Assert.Equal(1, estimate.Theta[0] / filter.Mean()[0], 1e-8);
        Assert.Equal(1, estimate.Factor.Inverse()[0] / filter.Covariance()[0, 0], 1e-6);   // a start of variance 10⁷ against none
    }

    /// <summary>Over-complete levels walk each; in the table's coordinates the noise of intercept and contrasts is correlated, as A·q·Aᵀ.</summary>
    [Fact]
    public void Coefficients_of_a_factor_drift_as_contrasts_of_levels_that_drift()
    {
        const double Q = 0.02;
        var (normals, text) = (new Normals(4), new StringBuilder("y,x,g\n"));
        var a = new double[,] { { 1, 1, 0, 0, 0 }, { 0, 0, 0, 0, 1 }, { 0, -1, 1, 0, 0 }, { 0, -1, 0, 1, 0 } };   // (intercept, a, b, c, x) to (intercept, x, b − a, c − a)
        var model = new LinearGaussianModel(Square.Identity(4), Square.Product(Square.Product(a, Square.Identity(5, Q)), Square.Transpose(a)), new double[4], 1);
        var filter = new InformationFilter(model);
        for (var t = 0; t < 300; t++)
        {
            var (x, g, y) = (normals.Next(), (int)(3 * normals.Uniform()), normals.Next() + 0.02 * t);
            text.Append(CultureInfo.InvariantCulture, $"{y:R},{x:R},{"abc"[g]}\n");
            if (t > 0) { filter.Predict(); }
            filter.Observe([1, x, g == 1 ? 1 : 0, g == 2 ? 1 : 0], y);
        }
        var table = Fit(text.ToString(), "y ~ x + g", new(MemoryKind.RandomWalk) { Drift = Q }).Report();
        var (mean, covariance) = (filter.Mean(), filter.Covariance());
        Assert.Equal(["(Intercept)", "x", "g[b]", "g[c]"], table.Coefficients.Select(c => c.Term));
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(mean[i], table.Coefficients[i].Estimate!.Value, 1e-5);
            Assert.Equal(1, table.Coefficients[i].StandardError!.Value / Math.Sqrt(covariance[i, i] * table.Dispersion!.Value), 1e-5);
        }
    }

    [Fact]
    public void Without_drift_it_is_least_squares()
    {
        var text = ChangingStream.Draw(Family.Gaussian, 500, int.MaxValue, 21);
        var still = Fit(text, "y ~ x + z + g", default).Report();
        var drifting = Fit(text, "y ~ x + z + g", new(MemoryKind.RandomWalk)).Report();
        Assert.True(Distance.OfEstimates(drifting.Coefficients, still.Coefficients) < 1e-5);
        Assert.True(Distance.OfStandardErrors(drifting.Coefficients, still.Coefficients) < 1e-5);
    }

    /// <summary>A level that walks by steps of variance q per row, 500 rows of ones and zeros: intervals for where it is at the end cover 95 ± 1.5 %, or as near as so few runs can tell.</summary>
    [Fact]
    public void Intervals_for_todays_coefficient_cover_it()
    {
        var covered = new double[Runs.Of(120, 2000)];
        for (var run = 0; run < covered.Length; run++)
        {
            var (normals, text, level) = (new Normals(900 + run), new StringBuilder("y\n"), 0.3);
            for (var t = 0; t < 500; t++)
            {
                level += t > 0 ? 0.05 * normals.Next() : 0;
                text.Append(normals.Uniform() < 1 / (1 + Math.Exp(-level)) ? "1\n" : "0\n");
            }
            var line = Fit(text.ToString(), "y ~ 1", new(MemoryKind.RandomWalk) { Drift = 0.0025 }, Family.Binomial).Report().Coefficients[0];
            covered[run] = line.Lower <= level && level <= line.Upper ? 1 : 0;
        }
        Runs.AssertNominal(covered, "drifting level of a coin");
    }

    [Fact]
    public void A_drifting_state_goes_on_to_the_bit_and_is_not_merged()
    {
        var folder = Directory.CreateTempSubdirectory("fisherflow-").FullName;
        try
        {
            var lines = ChangingStream.Draw(Family.Poisson, 3000, 1500, 22).TrimEnd('\n').Split('\n');
            string Part(string name, IEnumerable<string> rows)
            {
                var path = Path.Combine(folder, name);
                File.WriteAllText(path, $"{lines[0]}\n{string.Join('\n', rows)}\n");
                return path;
            }
            var (first, second, all) = (Part("1.csv", lines[1..1001]), Part("2.csv", lines[1001..]), Part("all.csv", lines[1..]));
            var options = new RegressionOptions { Model = new() { Family = Family.Poisson }, Estimator = new() { Memory = new(MemoryKind.RandomWalk) { Drift = 0.001 } } };
            var whole = Regression.Fit(DataSource.From([all]), "y ~ x + z + g", options, null, TestContext.Current.CancellationToken);
            var part = Regression.Fit(DataSource.From([first]), "y ~ x + z + g", options, null, TestContext.Current.CancellationToken);
            part.Save(Path.Combine(folder, "part.ff"));
            var again = Regression.Load(Path.Combine(folder, "part.ff"));
            again.Update(DataSource.From([second]), null, TestContext.Current.CancellationToken);
            Assert.Equal(whole.Report().Coefficients, again.Report().Coefficients);
            Assert.InRange(again.Report().Coefficients[1].Estimate!.Value, 0.7, 1.3);   // x had 0.5 and has 1
            var other = Regression.Fit(DataSource.From([second]), "y ~ x + z + g", options, null, TestContext.Current.CancellationToken);
            Assert.Contains("in order of time", Assert.Throws<DataException>(() => Regression.Merge([part, other])).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void What_cannot_drift_says_so()
    {
        Assert.Throws<NotSupportedException>(() => Fit("y\n1\n2\n1\n", "y ~ 1", new(MemoryKind.RandomWalk), Family.NegativeBinomial));
        foreach (var text in new[] { "random-walk", "random-walk:-1", "random-walk:x", "local-trend:1", "local-trend:1,auto" }) { Assert.False(MemoryRule.TryParse(text, out _), text); }
        foreach (var text in new[] { "random-walk:0.01", "random-walk:auto", "local-trend:0.1,0.001", "local-trend:auto,auto" })
        {
            Assert.True(MemoryRule.TryParse(text, out var rule), text);
            Assert.Equal(text, rule.ToString());
        }
    }

    static string Column(double[] series) => $"y\n{string.Join('\n', series.Select(y => y.ToString("R", CultureInfo.InvariantCulture)))}\n";

    static Regression Fit(string text, string formula, MemoryRule memory, Family family = Family.Gaussian)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return Regression.Fit(DataSource.FromStandardInput(input), formula, new() { Model = new() { Family = family }, Estimator = new() { Memory = memory } });
    }
}
