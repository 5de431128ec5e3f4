using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;
using FisherFlow.Tests.Reference;

namespace FisherFlow.Tests.Gallery;

/// <summary>Median regression: its maximum is a vertex, where no derivative vanishes.</summary>
public sealed class MedianRegressionTests
{
    [Fact]
    public void Passes_over_the_data_end_on_the_vertex_too()
    {
        var reference = GalleryReference.Of("laplace, scale of its own");
        var differences = new Differences();
        var options = reference.Options with { Exact = true, Estimator = new() { BufferRows = 64 } };
        var fit = Regression.Fit(DataSource.From([reference.DataFile]), reference.Formula, options, cancel: TestContext.Current.CancellationToken);
        reference.Compare(fit.Report(), differences, "expected", c => c.Parameter ?? "");
        differences.AssertNone();
    }

    /// <summary>Three residuals vanish, and the rows behind them need scores between −1 and 1 to balance all others: the optimality of linear programming, from the coefficients alone.</summary>
    [Fact]
    public void As_many_residuals_vanish_as_there_are_coefficients_and_zero_is_a_subgradient()
    {
        var (rows, theta) = Vertex();
        var at = Array.FindAll(rows, row => Math.Abs(Residual(row, theta)) < 1e-5);
        Assert.Equal(3, at.Length);
        var rest = new double[3];
        foreach (var row in rows.Except(at))
        {
            for (var j = 0; j < 3; j++) { rest[j] -= Math.Sign(Residual(row, theta)) * row.X[j]; }
        }
        var whole = Determinant(at[0].X, at[1].X, at[2].X);
        double[] scores = [Determinant(rest, at[1].X, at[2].X) / whole, Determinant(at[0].X, rest, at[2].X) / whole, Determinant(at[0].X, at[1].X, rest) / whole];
        Assert.All(scores, score => Assert.InRange(score, -1, 1));
    }

    [Fact]
    public void A_row_of_weight_two_is_two_rows()
    {
        var lines = GalleryFitTests.Stream(60, seed: 11).Select(line => string.Join(',', line.Split(',')[0], line.Split(',')[9])).ToArray();
        string[] weighted = [lines[0] + ",w", .. lines[1..].Select((line, i) => $"{line},{1 + i % 2}")];
        string[] repeated = [lines[0], .. lines[1..].SelectMany((line, i) => Enumerable.Repeat(line, 1 + i % 2))];
        var one = Fit(weighted, "w").Report().Coefficients;
        var other = Fit(repeated, null).Report().Coefficients;
        Assert.InRange(GalleryFitTests.Distance(one, other), 0, 1e-6);   // the corner is 1e-7 wide
    }

    /// <summary>Between the middle two of an even number of responses every value is a median.</summary>
    [Fact]
    public void Where_medians_are_many_one_of_them_is_found()
    {
        var result = Fit(["corner", "3", "1", "10", "4"], null, "corner ~ 1").Report();
        Assert.True(result.Converged);
        Assert.InRange(result.Coefficients[0].Estimate!.Value, 3 - 1e-6, 4 + 1e-6);
        Assert.Equal(Math.Log(10 / 4.0), result.Coefficients[1].Estimate!.Value, 6);   // mean distance from it
    }

    /// <summary>Residuals that all vanish have a scale of zero and an unbounded likelihood.</summary>
    [Fact]
    public void A_perfect_fit_is_not_given_errors()
    {
        var result = Fit(["corner,x", .. Enumerable.Range(0, 30).Select(i => $"{2 * i + 1},{i}")], null).Report();
        Assert.False(result.Converged);
        Assert.All(result.Coefficients, c => Assert.Null(c.StandardError));
    }

    /// <summary>Where censoring hides some responses the likelihood is smooth along them and has corners along the others: nothing near the answer is likelier.</summary>
    [Fact]
    public void Censored_responses_have_a_vertex_as_well()
    {
        var lines = GalleryFitTests.Stream(200, seed: 12);
        var result = GalleryFitTests.Fit("laplace", "Surv(capped, capped < 1) ~ x", lines, buffer: 0).Report();
        Assert.True(result.Converged);
        double[] theta = [.. result.Coefficients.Select(c => c.Estimate!.Value)];
        var best = LogLikelihood(theta);
        Assert.Equal(best, result.LogLikelihood!.Value, 6);
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            double[] near = [.. theta.Select(t => t + Math.Pow(10, -1 - i % 5) * (random.NextDouble() - 0.5))];
            Assert.True(LogLikelihood(near) <= best + 1e-6, $"likelier by {LogLikelihood(near) - best} at {string.Join(", ", near)}");
        }

        double LogLikelihood(double[] at) => lines[1..].Select(line => line.Split(',')).Sum(fields =>
        {
            var (x, y) = (double.Parse(fields[0]), double.Parse(fields[10]));
            var u = (y - at[0] - at[1] * x) / Math.Exp(at[2]);
            return y < 1 ? -Math.Abs(u) - Math.Log(2) - at[2] : u > 0 ? -u - Math.Log(2) : Math.Log(1 - 0.5 * Math.Exp(u));
        });
    }

    /// <summary>What folds of 750 rows add up to is 0.2 standard errors off the vertex; the sampled rows, all of them here, lead back to it.</summary>
    [Fact]
    public void Median_regression_beyond_the_buffer_ends_at_the_vertex()
    {
        var lines = GalleryFitTests.Stream(6000, seed: 9);
        var exact = GalleryFitTests.Fit("laplace", "corner ~ x", lines, buffer: 0).Report();
        var fit = GalleryFitTests.Fit("laplace", "corner ~ x", lines, buffer: 750);
        var streamed = fit.Report();
        Assert.True(fit.Estimator.FoldedRows >= 4500, "nothing was streamed");
        Assert.True(exact is { Converged: true, DistanceBound: 0 } && streamed is { Converged: true, DistanceBound: 0 });
        Assert.InRange(GalleryFitTests.Distance(streamed.Coefficients, exact.Coefficients), 0, 1e-5);   // corners are a ten-millionth of a scale wide, standard errors a fiftieth
        foreach (var (one, other) in streamed.Coefficients.Zip(exact.Coefficients)) { Assert.Equal(1, one.StandardError!.Value / other.StandardError!.Value, 1e-5); }
        Assert.Equal(exact.LogLikelihood!.Value, streamed.LogLikelihood!.Value, 1e-6);
    }

    static ((double[] X, double Y)[] Rows, double[] Theta) Vertex()
    {
        var reference = GalleryReference.Of("laplace");
        double[] theta = [.. reference.Fit().Report().Coefficients.Where(c => c.Parameter == "location").Select(c => c.Estimate!.Value)];
        var lines = File.ReadAllLines(reference.DataFile);
        var column = Array.IndexOf(lines[0].Split(','), "laplace");
        return ([.. lines[1..].Select(line => line.Split(',')).Select(f => (new[] { 1, double.Parse(f[0]), double.Parse(f[1]) }, double.Parse(f[column])))], theta);
    }

    static double Residual((double[] X, double Y) row, double[] theta) => row.Y - row.X.Zip(theta, (x, t) => x * t).Sum();

    static double Determinant(double[] a, double[] b, double[] c) =>
        a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);

    static Regression Fit(string[] lines, string? weights, string formula = "corner ~ x") => Regression.Fit(
        DataSource.FromStandardInput(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"))), formula,
        new() { Model = ModelNames.Parse("laplace"), WeightsColumn = weights }, cancel: TestContext.Current.CancellationToken);
}
