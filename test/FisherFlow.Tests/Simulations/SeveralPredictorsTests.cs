using FisherFlow.Data;

namespace FisherFlow.Tests.Simulations;

/// <summary>One pass over streams fifty buffers long, of models with several linear predictors, against the fit of all rows at once.</summary>
public sealed class SeveralPredictorsTests
{
    const int Buffer = 150;
    const int Rows = 50 * Buffer;

    public static TheoryData<string> Names => [.. PredictorRegime.All.Select(r => r.Name)];

    /// <summary>The promise is 0.2 standard errors and 2 %; the sample holds every folded row here, so that what is left is Newton's.</summary>
    [Theory, MemberData(nameof(Names))]
    public void One_pass_stays_within_a_fifth_of_a_standard_error_of_the_maximum_likelihood(string name)
    {
        var regime = Named(name);
        var (estimates, errors, bounds) = (0.0, 0.0, 0.0);
        for (var run = 0; run < Runs.Of(1, 50); run++)
        {
            var rows = regime.Draw(7000 + run, Rows);
            var exact = regime.Fit(rows, buffer: 0).Report();
            var streamed = regime.Fit(rows, Buffer);
            Assert.True(streamed.Estimator.FoldedRows > Rows / 2, "nothing was streamed");
            var report = streamed.Report();
            estimates = Math.Max(estimates, Distance.OfEstimates(report.Coefficients, exact.Coefficients));
            errors = Math.Max(errors, Distance.OfStandardErrors(report.Coefficients, exact.Coefficients));
            bounds = Math.Max(bounds, report.DistanceBound ?? double.PositiveInfinity);
            Assert.Equal(exact.LogLikelihood!.Value, report.LogLikelihood!.Value, 0.05);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: estimates at most {estimates:G3} standard errors apart (bound {bounds:G3}), standard errors {100 * errors:F3} %");
        Assert.True(estimates <= 0.2, $"{name}: {estimates:F3} standard errors");
        Assert.True(errors <= 0.02, $"{name}: standard errors differ by {errors:P1}");
        Assert.True(bounds <= 0.2, $"{name}: a bound of {bounds:F3}");
    }

    /// <summary>A sample of a tenth of the rows: the step is then an estimate, and the bound its error.</summary>
    [Theory]
    [InlineData("multinomial", 4, 200)]
    [InlineData("ordinal", 4, 200)]
    [InlineData("weibull", 4, 200)]
    [InlineData("student-t", 2, 100)]
    public void The_bound_holds_in_nineteen_of_twenty_runs(string name, int few, int many)
    {
        var regime = Named(name);
        var (runs, held, worst) = (Runs.Of(few, many), 0, 0.0);
        for (var run = 0; run < runs; run++)
        {
            var rows = regime.Draw(9000 + run, Rows);
            var exact = regime.Fit(rows, buffer: 0).Report();
            var streamed = regime.Fit(rows, Buffer, audited: Rows / 10).Report();
            var distance = Distance.OfEstimates(streamed.Coefficients, exact.Coefficients);
            held += distance <= streamed.DistanceBound ? 1 : 0;
            worst = Math.Max(worst, distance);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: the bound held in {held} of {runs} runs, worst distance {worst:G3}");
        // four standard errors below the promise
        Assert.True(held >= 0.95 * runs - 4 * Math.Sqrt(0.05 * 0.95 * runs), $"{name}: the bound held in {held} of {runs} runs");
    }

    [Theory, MemberData(nameof(Names))]
    public void Four_merged_shards_answer_as_the_whole(string name)
    {
        var regime = Named(name);
        for (var run = 0; run < Runs.Of(1, 20); run++)
        {
            var rows = regime.Draw(8000 + run, 6000);
            var whole = regime.Fit(rows, buffer: 0).Report().Coefficients;
            var shards = Enumerable.Range(0, 4).Select(s => regime.Fit(rows[(1500 * s)..(1500 * (s + 1))], buffer: 250)).ToArray();
            Assert.All(shards, shard => Assert.True(shard.Estimator.FoldedRows > 0));
            var merged = Regression.Merge(shards).Report();
            var sorted = merged.Coefficients.OrderBy(c => $"{c.Parameter} {c.Outcome} {c.Term}", StringComparer.Ordinal).ToList();
            var wanted = whole.OrderBy(c => $"{c.Parameter} {c.Outcome} {c.Term}", StringComparer.Ordinal).ToList();
            Assert.Equal(wanted.Select(c => c.Term), sorted.Select(c => c.Term));
            var (estimates, errors) = (Distance.OfEstimates(sorted, wanted), Distance.OfStandardErrors(sorted, wanted));
            TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {estimates:G3} standard errors apart, bound {merged.DistanceBound:G3}, standard errors {100 * errors:F3} %");
            Assert.True(estimates <= 0.1, $"{name}: {estimates:F3} standard errors from the whole");
            Assert.True(errors <= 0.02, $"{name}: standard errors differ by {errors:P1}");
        }
    }

    /// <summary>A vertex of a median's likelihood is no place that a part of the rows could lead to: with a tenth of them 28 of 100 bounds by the sample's noise were too small.</summary>
    [Fact]
    public void A_median_whose_sample_has_lost_rows_claims_no_distance()
    {
        var regime = Named("laplace");
        var rows = regime.Draw(9000, Rows);
        var (exact, streamed) = (regime.Fit(rows, buffer: 0).Report(), regime.Fit(rows, Buffer, audited: Rows / 10).Report());
        Assert.True(streamed.Converged);
        Assert.Null(streamed.DistanceBound);
        Assert.InRange(Distance.OfEstimates(streamed.Coefficients, exact.Coefficients), 0, 1);   // 0.25 here, and up to 1.1 for other seeds
    }

    static PredictorRegime Named(string name) => PredictorRegime.All.Single(r => r.Name == name);
}
