using System.Globalization;
using FisherFlow.Data;
using FisherFlow.Models;
using FisherFlow.Tests.Facade;

namespace FisherFlow.Tests.Simulations;

/// <summary>The size θ of the negative binomial, which is not a coefficient, is audited with them.</summary>
public sealed class CountSizeTests
{
    const int Rows = 2000;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(150, 0)]
    [InlineData(1200, 0)]
    [InlineData(150, 4)]
    public void Folded_counts_answer_as_those_of_a_single_fit(int buffer, int shards)
    {
        var lines = Draw(seed: 3);
        var exact = Fit(lines, 0).Report();
        var streamed = shards == 0
            ? Fit(lines, buffer)
            : Regression.Merge([.. lines.Skip(1).Chunk(Rows / shards).Select(shard => Fit([lines[0], .. shard], buffer))]);
        var report = streamed.Report();

        Assert.True(streamed.Estimator.FoldedRows >= Rows / 2, "nothing was streamed");
        // the sample holds every folded row: what is left is Newton's last move
        Assert.InRange(Distance.OfEstimates(report.Coefficients, exact.Coefficients), 0, 1e-3);
        Assert.InRange(Distance.OfStandardErrors(report.Coefficients, exact.Coefficients), 0, 1e-3);
        Assert.InRange(Math.Abs(report.DispersionParameter!.Value - exact.DispersionParameter!.Value) / exact.DispersionParameterStandardError!.Value, 0, 1e-3);
        Assert.InRange(report.DispersionParameterStandardError!.Value / exact.DispersionParameterStandardError.Value, 1 - 1e-3, 1 + 1e-3);
        Assert.Equal(exact.LogLikelihood!.Value, report.LogLikelihood!.Value, 1e-3);
        Assert.Equal(exact.NullDeviance!.Value, report.NullDeviance!.Value, 1e-2);
        Assert.InRange(report.DistanceBound!.Value, 0, 1e-2);
    }

    [Fact]
    public void The_bound_by_a_tenth_of_the_rows_holds_in_nineteen_of_twenty_runs()
    {
        var (runs, held, worst) = (Runs.Of(8, 200), 0, 0.0);
        for (var run = 0; run < runs; run++)
        {
            var lines = Draw(4000 + run);
            var (exact, streamed) = (Fit(lines, 0).Report(), Fit(lines, 100, audited: Rows / 10).Report());
            var distance = Math.Max(Distance.OfEstimates(streamed.Coefficients, exact.Coefficients),
                Math.Abs(streamed.DispersionParameter!.Value / exact.DispersionParameter!.Value - 1) * exact.DispersionParameter.Value / exact.DispersionParameterStandardError!.Value);
            held += distance <= streamed.DistanceBound ? 1 : 0;
            worst = Math.Max(worst, distance);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"the bound held in {held} of {runs} runs, worst distance {worst:G3}");
        // four standard errors below the promise
        Assert.True(held >= 0.95 * runs - 4 * Math.Sqrt(0.05 * 0.95 * runs), $"the bound held in {held} of {runs} runs");
    }

    static Regression Fit(IEnumerable<string> lines, int buffer, int audited = 0) => Answers.Fit(lines, "y ~ x + I(x^2) + g", new()
    {
        Model = new() { Family = Family.NegativeBinomial },
        Estimator = new() { BufferRows = buffer, AuditedRows = audited },
    });

    /// <summary>Poisson counts whose means are gamma with shape 1.5: exponential and half a squared normal.</summary>
    static string[] Draw(int seed)
    {
        const double Size = 1.5;
        var random = new Random(seed);
        var lines = new string[Rows + 1];
        lines[0] = "y,x,g";
        for (var i = 1; i <= Rows; i++)
        {
            var (x, g) = (Math.Round(4 * random.NextDouble() - 2, 3), random.Next(3));
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var gamma = (0.5 * normal * normal - Math.Log(1 - random.NextDouble())) / Size;
            var (count, left) = (-1, Math.Exp(-gamma * Math.Exp(0.6 + 0.4 * x - 0.2 * x * x + 0.3 * g)));
            for (var product = 1.0; product > left; count++) { product *= random.NextDouble(); }
            lines[i] = string.Create(CultureInfo.InvariantCulture, $"{count},{x},g{g}");
        }
        return lines;
    }
}
