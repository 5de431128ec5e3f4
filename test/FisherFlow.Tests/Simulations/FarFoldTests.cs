using System.Globalization;
using FisherFlow.Data;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;
using FisherFlow.Tests.Facade;

namespace FisherFlow.Tests.Simulations;

/// <summary>Streams whose folds are far from the maximum, where what a row weighs has changed by the time somebody asks: the missing step is many standard errors of a fold long.</summary>
public sealed class FarFoldTests
{
    const int Rows = 3000;

    /// <summary>A buffer of 1,600 rows leaves rows at hand, which have to be weighed again too.</summary>
    [Theory]
    [InlineData("smallest-extreme", "Surv(entry, y, event) ~ g", null, 300)]
    [InlineData("smallest-extreme", "Surv(entry, y, event) ~ g", null, 1000)]
    [InlineData("smallest-extreme", "Surv(entry, y, event) ~ g", null, 1600)]
    [InlineData("smallest-extreme", "Surv(entry, y, event) ~ x * g", null, 1000)]
    [InlineData("truncated-normal", "y ~ x + g", "scale ~ x", 300)]
    [InlineData("truncated-normal", "y ~ x + g", "scale ~ x", 1600)]
    [InlineData("zero-inflated-negative-binomial", "count ~ x + I(x^2)", "zero ~ x + g", 300)]
    public void Their_answer_is_the_maximum_with_its_standard_errors(string family, string formula, string? further, int buffer)
    {
        var lines = Draw(seed: 11);
        var exact = Fit(lines, family, formula, further, buffer: 0).Report();
        var streamed = Fit(lines, family, formula, further, buffer);
        var report = streamed.Report();

        Assert.True(streamed.Estimator.FoldedRows >= Rows / 3, "nothing was streamed");
        Assert.True(exact.Converged && report.Converged);
        var distance = Distance.OfEstimates(report.Coefficients, exact.Coefficients);
        Assert.InRange(distance, 0, 1e-3);                      // the sample holds every folded row: what is left is Newton's last move
        Assert.InRange(distance, 0, report.DistanceBound!.Value + 1e-6);   // to which the exact fit was found
        Assert.InRange(Distance.OfStandardErrors(report.Coefficients, exact.Coefficients), 0, 5e-3);
        Assert.Equal(exact.LogLikelihood!.Value, report.LogLikelihood!.Value, 1e-3);
    }

    /// <summary>Inverse links have means for some predictors only: one pass ends at an estimate under which rows of early folds, far out, have none.</summary>
    [Theory]
    [InlineData("gamma", "y ~ x + g", 300)]
    [InlineData("inverse-gaussian", "y ~ x + g", 300)]
    [InlineData("inverse-gaussian", "y ~ x + g", 1000)]
    public void An_estimate_outside_the_domain_of_folded_rows_is_led_back(string family, string formula, int buffer)
    {
        var lines = Draw(seed: 11);
        var exact = Fit(lines, family, formula, null, buffer: 0).Report();
        var streamed = Fit(lines, family, formula, null, buffer);
        var report = streamed.Report();

        Assert.True(streamed.Estimator.FoldedRows >= Rows / 3, "nothing was streamed");
        Assert.True(exact.Converged && report is { Converged: true, DistanceBound: not null });
        Assert.InRange(Distance.OfEstimates(report.Coefficients, exact.Coefficients), 0, 1e-3);
        Assert.InRange(Distance.OfStandardErrors(report.Coefficients, exact.Coefficients), 0, 5e-3);
        Assert.Equal(exact.LogLikelihood!.Value, report.LogLikelihood!.Value, 1e-3);
    }

    /// <summary>Where the maximum lies at the edge of the domain the exact fit does not converge either.</summary>
    [Fact]
    public void An_estimate_outside_the_domain_that_cannot_be_led_back_is_not_called_converged()
    {
        var random = new Random(5);
        var lines = new string[Rows + 1];
        lines[0] = "count,x";
        for (var i = 1; i <= Rows; i++)
        {
            var x = Math.Round(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()), 3);
            var (count, left) = (-1, Math.Exp(-Math.Exp(0.5 + 0.9 * x)));
            for (var product = 1.0; product > left; count++) { product *= random.NextDouble(); }
            lines[i] = string.Create(CultureInfo.InvariantCulture, $"{count},{x}");
        }
        var report = Answers.Fit(lines, "count ~ x", new() { Model = new() { Family = Family.Poisson, Link = Link.Sqrt }, Estimator = new() { BufferRows = 50 } }).Report();
        Assert.False(report.Converged);
        Assert.Null(report.DistanceBound);
        Assert.All(report.Coefficients, coefficient => Assert.Null(coefficient.StandardError));
    }

    static Regression Fit(string[] lines, string family, string formula, string? further, int buffer) => Answers.Fit(lines, formula, new()
    {
        Model = ModelNames.Parse(family),
        ParameterFormulas = further is null ? [] : [further],
        Estimator = new() { BufferRows = buffer },
    });

    /// <summary>Weibull times, half of them seen from a late entry on, and counts with zeros of their own.</summary>
    static string[] Draw(int seed)
    {
        var random = new Random(seed);
        var lines = new string[Rows + 1];
        lines[0] = "entry,y,event,count,x,g";
        var counts = (DistributionalModel)ModelFactory.Create(ModelNames.Parse("zero-inflated-negative-binomial"));
        for (var i = 1; i <= Rows; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var (x, g) = (Math.Round(normal, 3), (int)(4 * Math.Pow(random.NextDouble(), 1.5)));
            var eta = 0.4 + 0.6 * x + 0.5 * Math.Sin(2 * g);
            var time = 4 * Math.Exp(0.5 * eta) * Math.Pow(-Math.Log(1 - random.NextDouble()), 1 / 1.5);
            var censored = -6 * Math.Log(1 - random.NextDouble());
            var y = Math.Min(time, censored) + 1e-4;
            var entry = random.NextDouble() < 0.5 ? 0.9 * y * random.NextDouble() : 0;
            var count = counts.Quantile(random.NextDouble(), [0.5 + 0.5 * eta, 0.7, -0.8]);
            lines[i] = string.Create(CultureInfo.InvariantCulture, $"{entry:R},{y:R},{(time < censored ? 1 : 0)},{count},{x},g{g}");
        }
        return lines;
    }
}
