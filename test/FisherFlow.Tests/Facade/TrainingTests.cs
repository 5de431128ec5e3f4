using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Optimisation;

namespace FisherFlow.Tests.Facade;

/// <summary>Training and comparing on delimited data.</summary>
public sealed class TrainingTests : IDisposable
{
    static readonly RegressionOptions _binomial = new() { Model = new() { Family = Family.Binomial } };

    readonly string _folder = Directory.CreateTempSubdirectory("fisherflow-").FullName;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    DataSource Source(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return DataSource.From([path]);
    }

    /// <summary>Logistic responses to a number and a factor whose levels arrive late.</summary>
    static string Text(int rows, int seed = 40)
    {
        var draws = new Optimisation.Draws(seed);
        var text = new StringBuilder("x,g,y\n");
        for (var i = 0; i < rows; i++)
        {
            var (x, g) = (draws.Normal(), (int)(draws.Uniform() * (1 + 3.0 * i / rows)));
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{x:F4},g{g},{(draws.Uniform() < 1 / (1 + Math.Exp(-0.3 - x + 0.5 * g)) ? 1 : 0)}\n");
        }
        return text.ToString();
    }

    [Fact]
    public void Long_training_comes_close_to_the_maximum_likelihood_estimate()
    {
        var source = Source("a.csv", Text(3000));
        var exact = Regression.Fit(source, "y ~ x + g", _binomial, cancel: Cancel).Report();
        var trained = Training.Fit(source, "y ~ x + g", new() { Data = _binomial, Preset = "natural:1/t", Epochs = 10 }, cancel: Cancel).Report();

        Assert.Equal(Regime.Trajectory, trained.Regime);
        Assert.Equal(exact.Coefficients.Select(c => c.Term), trained.Coefficients.Select(c => c.Term));
        foreach (var (a, b) in exact.Coefficients.Zip(trained.Coefficients))
        {
            Assert.InRange(Math.Abs(a.Estimate!.Value - b.Estimate!.Value), 0, 2 * a.StandardError!.Value);   // in the same coordinates, and within the sampling error
            Assert.Null(b.StandardError);
        }
        Assert.Equal((3000, 10), (trained.Observations, trained.Passes));
        Assert.True(trained.Training!.LastLoss < trained.Training.NullLoss);
    }

    [Fact]
    public void A_state_predicts_goes_on_and_shows_the_same()
    {
        var path = Path.Combine(_folder, "t.ff");
        var training = Training.Fit(Source("a.csv", Text(2000)), "y ~ x + g", new() { Data = _binomial, Preset = "adam" }, cancel: Cancel);
        training.Save(path);
        var loaded = Training.TryLoad(path)!;
        Assert.Equal(training.Report().Coefficients, loaded.Report().Coefficients);
        Assert.Equal(training.Report().Training, loaded.Report().Training);

        var (first, second) = (new StringWriter(), new StringWriter());
        training.Predict(Source("new.csv", "x,g\n0,g0\n1,nowhere\n-2,g1\n"), first, cancel: Cancel);
        loaded.Predict(Source("new.csv", "x,g\n0,g0\n1,nowhere\n-2,g1\n"), second, cancel: Cancel);
        var lines = first.ToString().Split('\n');
        Assert.Equal(first.ToString(), second.ToString());
        Assert.Equal("estimate,std_error,lower,upper", lines[0]);
        Assert.EndsWith(",,,", lines[1], StringComparison.Ordinal);
        Assert.Equal(",,,", lines[2]);
        var sum = training.Report().Coefficients[0].Estimate!.Value;
        Assert.Equal(1 / (1 + Math.Exp(-sum)), double.Parse(lines[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture), 1e-12);   // the intercept is the reference level's

        var more = Source("b.csv", Text(500, seed: 41));
        training.Update(more, cancel: Cancel);
        loaded.Update(more, cancel: Cancel);
        Assert.Equal(training.Report().Coefficients, loaded.Report().Coefficients);
        Assert.Equal(2500, loaded.Report().Observations);
        Assert.Contains("already inside", Assert.Throws<DataException>(() => loaded.Update(more, cancel: Cancel)).Message, StringComparison.Ordinal);
        Assert.Contains("trajectory", Assert.Throws<DataException>(() => Regression.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_that_is_too_large_is_found_out_and_a_smaller_one_suggested()
    {
        var text = string.Concat("x,y\n", string.Concat(Enumerable.Range(0, 500).Select(i => $"{i % 50 * 100},{i % 50 + i % 3}\n")));
        var problem = Assert.Throws<DataException>(() => Training.Fit(Source("a.csv", text), "y ~ x", new() { Preset = "sgd:0.1" }, cancel: Cancel));
        Assert.Contains("diverged", problem.Message, StringComparison.Ordinal);
        Assert.Contains("sgd:RATE", problem.Message, StringComparison.Ordinal);
        Assert.NotNull(Training.Fit(Source("a.csv", text), "y ~ x", new() { Preset = "implicit-sgd:0.1" }, cancel: Cancel));   // no rate throws it off
    }

    /// <summary>A level far from zero and few rows: after them Adam's default rate is still on its way, and a smaller one would be farther.</summary>
    [Fact]
    public void A_rate_that_is_only_slow_is_not_said_to_diverge()
    {
        var text = string.Concat("x,y\n", string.Concat(Enumerable.Range(0, 300).Select(i => $"{i % 7 / 7.0},{2 + i % 3 / 10.0}\n")));
        var slow = Training.Fit(Source("a.csv", text), "y ~ x", new() { Preset = "adam" }, cancel: Cancel).Report();
        Assert.True(slow.Training!.LastLoss > 1.5 * slow.Training.NullLoss);
        Assert.Contains(slow.Warnings, w => w.Contains("larger where the loss still falls", StringComparison.Ordinal));
        var contender = Comparison.Run(Source("a.csv", text), "y ~ x", new() { Presets = ["adam"], BatchRows = 32 }, null, Cancel).Contenders[0];
        Assert.False(contender.HasDiverged);
    }

    [Fact]
    public void A_model_with_a_parameter_of_its_own_is_refused() =>
        Assert.Contains("poisson", Assert.Throws<ArgumentException>(() => Training.Fit(Source("a.csv", "x,y\n1,2\n"), "y ~ x", new() { Data = new() { Model = new() { Family = Family.NegativeBinomial } }, Preset = "adam" }, cancel: Cancel)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_comparison_predicts_every_row_before_it_is_learned()
    {
        var result = Comparison.Run(Source("a.csv", Text(3000)), "y ~ x + g", new() { Data = _binomial, Presets = ["sgd", "natural", "one-pass", "sgd:1e4"] }, cancel: Cancel);

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3000], result.Contenders[0].Curve.Select(p => p.Rows));
        Assert.All(result.Contenders, c => Assert.Equal(Math.Log(2), c.Curve[0].Loss!.Value, 1e-12));   // of the first row nobody knows anything
        var (sgd, natural, exact, wild) = (result.Contenders[0], result.Contenders[1], result.Contenders[2], result.Contenders[3]);
        Assert.True(exact.LastLoss < sgd.LastLoss && natural.LastLoss < result.NullLoss, "what has learned predicts better");
        Assert.Equal([Regime.Trajectory, Regime.Trajectory, Regime.Converged, Regime.Trajectory], result.Contenders.Select(c => c.Regime));
        Assert.Equal([false, false, false, true], result.Contenders.Select(c => c.HasDiverged));
        Assert.InRange(exact.Calibration!.Value, 0, 0.08);   // 15 bins of some 100 rows each: 0.4·√(15/1500) = 0.04 by chance
        Assert.All(exact.Calibration!.Bins, b => Assert.InRange(b.Observed, 0, 1));
        Assert.Equal(1, exact.Calibration.Bins.Sum(b => b.Weight), 1e-12);
        Assert.All(result.Contenders, c => Assert.True(c.StateBytes > 0));
        Assert.NotNull(wild.Curve);
    }

    [Fact]
    public void Intervals_of_numbers_are_judged_by_their_coverage()
    {
        var draws = new Optimisation.Draws(42);
        var text = new StringBuilder("x,y\n");
        for (var i = 0; i < 4000; i++) { text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i % 10},{1 + 0.1 * (i % 10) + draws.Normal():F4}\n"); }
        var result = Comparison.Run(Source("a.csv", text.ToString()), "y ~ x", new() { Presets = ["one-pass"] }, cancel: Cancel);
        Assert.Equal("coverage", result.Contenders[0].Calibration!.Kind);
        // 90 % of the last 2 000 rows or more, four standard errors: 4·√(0.09/2000) = 0.027.
        Assert.Equal(0.9, result.Contenders[0].Calibration!.Value, 0.027);
    }

    [Fact]
    public void Names_of_methods_are_checked_with_what_there_is()
    {
        Assert.Null(MethodNames.Parse("adm", null, out var problem));
        Assert.Contains("adagrad", problem, StringComparison.Ordinal);
        Assert.Null(MethodNames.Parse("adam:x", null, out problem));
        Assert.Contains("0.1/t", problem, StringComparison.Ordinal);
        Assert.Null(MethodNames.Parse("kalman", null, out problem));
        Assert.Contains("leave it out", problem, StringComparison.Ordinal);
        Assert.Null(MethodNames.Parse("adam", "jump:1", out problem));
        Assert.Contains("levenberg-marquardt", problem, StringComparison.Ordinal);
        Assert.Null(MethodNames.Parse("natural", "inverse-root:-1", out problem));
        Assert.All(MethodNames.All, p => Assert.NotNull(MethodNames.Parse(p.Name, null, out _)));
        Assert.All((string[])["natural:0.1", "nesterov:0.1", "levenberg-marquardt", "inverse-root:0.1", "proximal:1"], step => Assert.NotNull(MethodNames.Parse("natural", step, out _)));
        Assert.Contains("natural 0.3", MethodNames.Parse("adam", "natural:0.3", out _)!.Description, StringComparison.Ordinal);
    }
}
