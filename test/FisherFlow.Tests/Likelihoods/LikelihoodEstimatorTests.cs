using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Likelihoods;
using FisherFlow.Snapshots;

namespace FisherFlow.Tests.Likelihoods;

/// <summary>Maximum likelihood against closed forms, and in one pass against all rows at once.</summary>
public sealed class LikelihoodEstimatorTests
{
    static readonly LikelihoodOptions _start = new() { Start = [0, 0, 1] };

    [Fact]
    public void A_gaussian_line_has_the_estimates_and_errors_of_its_closed_form()
    {
        var rows = SimulatedRows.Line(500, 1, 2, 0.5);
        var (a, b, squares, sxx, mean) = LeastSquares(rows);
        var estimate = Of(LikelihoodModel.Of<Line>(), rows, _start);
        var s = Math.Sqrt(squares / 500);
        var table = Table(estimate, LikelihoodModel.Of<Line>());

        Assert.True(estimate.Converged, estimate.Failure);
        Close([a, b, s], estimate.Theta, 1e-11);
        Close([s * Math.Sqrt(1 / 500.0 + mean * mean / sxx), s / Math.Sqrt(sxx), s / Math.Sqrt(1000)], [.. table.Select(c => c.StandardError!.Value)], 1e-9);
        Assert.Null(table[2].Statistic);   // zero is no value of a positive parameter
        Assert.True(table[2].Lower > 0);
    }

    /// <summary>CK-19: on a quadratic the proximal step is the exact minimum, whatever the buffer.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Least_squares_of_a_line_is_the_regression_itself_however_it_is_cut(int buffer)
    {
        var rows = SimulatedRows.Line(300, -3, 0.7, 2);
        var (a, b, squares, sxx, _) = LeastSquares(rows);
        var model = LikelihoodModel.OfMean<MeanLine>();
        var estimate = Of(model, rows, new() { Start = [0, 0], BufferRows = buffer });
        var slope = Table(estimate, model)[1];

        Close([a, b], estimate.Theta, 1e-12);
        Close([squares, Math.Sqrt(squares / 298 / sxx)], [estimate.ResidualSumOfSquares!.Value, slope.StandardError!.Value], 1e-11);
    }

    /// <summary>CK-26: sufficient statistics say what the raw data say.</summary>
    [Fact]
    public void The_gaussian_by_its_sums_is_the_gaussian_by_its_rows()
    {
        var random = new Random(3);
        var raw = Enumerable.Range(0, 400).Select(_ => 5 + 3 * SimulatedRows.Normal(random)).ToArray();
        var sums = raw.Chunk(20).SelectMany(part => new[] { part.Length, part.Average(), part.Sum(y => Math.Pow(y - part.Average(), 2)) }).ToArray();
        var options = new LikelihoodOptions { Start = [0, 1] };
        var (whole, condensed) = (Of(LikelihoodModel.Of<Gaussian>(), raw, options), Of(LikelihoodModel.Of<GaussianSums>(), sums, options));

        Close(whole.Theta, condensed.Theta, 1e-12);
        Close(whole.Factor!.Inverse(), condensed.Factor!.Inverse(), 1e-10);
    }

    [Fact]
    public void Shares_on_a_simplex_are_the_observed_ones_with_the_multinomial_covariance()
    {
        var estimate = Of(LikelihoodModel.Of<Shares>(), [10, 20, 5, 15, 40, 10], new());
        double[] p = [0.25, 0.6, 0.15];
        var covariance = LikelihoodSummary.Of(estimate, LikelihoodModel.Of<Shares>(), Context, new()).CovarianceMatrix;

        Close(p, estimate.Theta, 1e-9);
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++) { Assert.Equal(((i == j ? p[i] : 0) - p[i] * p[j]) / 100, covariance[i, j], 1e-9); }
        }
    }

    [Fact]
    public void One_pass_with_a_small_buffer_ends_within_a_fifth_of_a_standard_error()
    {
        var rows = SimulatedRows.Line(4000, 1, 2, 0.5);
        var model = LikelihoodModel.Of<Line>();
        var (exact, once) = (Of(model, rows, _start), Of(model, rows, _start with { BufferRows = 150 }));
        var errors = Table(exact, model).Select(c => c.StandardError!.Value).ToArray();

        Assert.True(once.Converged && !once.IsExact);
        for (var k = 0; k < 3; k++) { Assert.True(Math.Abs(exact.Theta[k] - once.Theta[k]) < 0.2 * errors[k]); }
    }

    [Fact]
    public void Exact_passes_close_the_gap()
    {
        var rows = SimulatedRows.Line(2000, 1, 2, 0.5);
        var model = LikelihoodModel.Of<Line>();
        var estimator = new LikelihoodEstimator(model, _start with { BufferRows = 100 });
        estimator.Observe(rows);

        var polished = estimator.Polish(new Again(rows, 2));

        Assert.True(polished.Converged && polished.IsExact && polished.Passes > 1);
        Close(Of(model, rows, _start).Theta, polished.Theta, 1e-9);
    }

    [Fact]
    public void Merged_shards_in_memory_are_the_whole_and_folded_ones_are_near_it()
    {
        var rows = SimulatedRows.Line(3000, 1, 2, 0.5);
        var model = LikelihoodModel.Of<Line>();
        var exact = Of(model, rows, _start);
        var errors = Table(exact, model).Select(c => c.StandardError!.Value).ToArray();
        foreach (var (buffer, tolerance) in new[] { (0, 1e-6), (200, 0.3) })   // three shards, each a fifth of its own error at most
        {
            var parts = rows.Chunk(2000).Select(part =>
            {
                var estimator = new LikelihoodEstimator(model.Fork(), _start with { BufferRows = buffer });
                estimator.Observe(part);
                return estimator;
            }).ToList();
            parts[0].Merge(parts[1]);
            parts[0].Merge(parts[2]);
            var merged = parts[0].Solve();
            Assert.Equal(3000, parts[0].Observations);
            for (var k = 0; k < 3; k++) { Assert.InRange(Math.Abs(exact.Theta[k] - merged.Theta[k]) / errors[k], 0, tolerance); }
        }
    }

    [Fact]
    public void A_worker_forked_at_the_estimate_brings_only_its_own_evidence()
    {
        var rows = SimulatedRows.Line(2000, 1, 2, 0.5);
        var estimator = new LikelihoodEstimator(LikelihoodModel.Of<Line>(), _start with { BufferRows = 100 });
        estimator.Observe(rows.AsSpan(0, 2000));
        var worker = estimator.Fork();
        Assert.Equal(0, worker.Observations);
        worker.Observe(rows.AsSpan(2000));
        estimator.Merge(worker);

        Assert.Equal(2000, estimator.Observations);
        Assert.Equal(0.5 / Math.Sqrt(4000), Table(estimator.Solve(), estimator.Model)[2].StandardError!.Value, 1e-3);
    }

    [Fact]
    public void A_saved_state_goes_on_to_the_bit()
    {
        var rows = SimulatedRows.Line(1000, 1, 2, 0.5);
        var model = LikelihoodModel.Of<Line>();
        var options = _start with { BufferRows = 90, Sandwich = true };
        var first = new LikelihoodEstimator(model, options);
        first.Observe(rows.AsSpan(0, 900));
        var writer = new StateWriter();
        first.Save(writer);
        var second = LikelihoodEstimator.Load(new StateReader(writer.Written.ToArray()), model, options);
        first.Observe(rows.AsSpan(900));
        second.Observe(rows.AsSpan(900));

        Assert.Equal(first.Solve().Theta, second.Solve().Theta);
        Assert.Equal(first.Solve().Products, second.Solve().Products);
        Assert.Equal(Of(model, rows, options).Theta, second.Solve().Theta);
    }

    [Fact]
    public void Forgetting_weighs_rows_by_their_age()
    {
        var rows = SimulatedRows.Line(200, 1, 2, 0.5);
        var memory = new MemoryRule(MemoryKind.Exponential, 23);
        var weights = Enumerable.Range(0, 200).Select(i => Math.Pow(memory.Retention, 199 - i)).ToArray();
        var model = LikelihoodModel.OfMean<MeanLine>();
        var weighted = new LikelihoodEstimator(model, new() { Start = [0, 0] });
        weighted.Observe(rows, weights);

        foreach (var buffer in new[] { 0, 13 }) { Close(weighted.Solve().Theta, Of(model, rows, new() { Start = [0, 0], Memory = memory, BufferRows = buffer }).Theta, 1e-11); }
    }

    [Fact]
    public void Random_starts_are_the_same_for_the_same_seed_and_find_the_same_maximum_for_another()
    {
        var rows = SimulatedRows.Line(200, 40, -7, 0.1);
        var model = LikelihoodModel.Of<Line>();
        var (one, again, other) = (Of(model, rows, new() { Seed = 1 }), Of(model, rows, new() { Seed = 1 }), Of(model, rows, new() { Seed = 2 }));

        Assert.True(one.Converged, one.Failure);
        Assert.Equal(one.Theta, again.Theta);
        Close(one.Theta, other.Theta, 1e-8);
    }

    [Fact]
    public void Robust_errors_are_the_sandwich()
    {
        var rows = SimulatedRows.Line(300, 1, 2, 0.5);
        var (a, b, _, _, _) = LeastSquares(rows);
        var model = LikelihoodModel.OfMean<MeanLine>();
        var estimate = Of(model, rows, new() { Start = [0, 0], Sandwich = true });
        double[] bread = new double[3], meat = new double[3];   // 11, 1x, xx
        for (var i = 0; i < 300; i++)
        {
            var (x, r2) = (rows[2 * i], Math.Pow(rows[2 * i + 1] - a - b * rows[2 * i], 2));
            for (var k = 0; k < 3; k++) { (bread[k], meat[k]) = (bread[k] + Math.Pow(x, k), meat[k] + r2 * Math.Pow(x, k)); }
        }
        var determinant = bread[0] * bread[2] - bread[1] * bread[1];
        double[] row = [-bread[1] / determinant, bread[0] / determinant];   // the slope's row of the inverse
        var expected = Math.Sqrt(row[0] * row[0] * meat[0] + 2 * row[0] * row[1] * meat[1] + row[1] * row[1] * meat[2]);

        var table = LikelihoodSummary.Of(estimate, model, Context, new() { Covariance = CovarianceKind.HC0 }).Coefficients;
        Assert.Equal(expected, table[1].StandardError!.Value, 1e-10);
    }

    internal static FitContext Context => new() { Formula = "", Method = "one-pass" };

    internal static LikelihoodEstimate Of(LikelihoodModel model, double[] rows, LikelihoodOptions options)
    {
        var estimator = new LikelihoodEstimator(model, options);
        estimator.Observe(rows);
        return estimator.Solve();
    }

    internal static IReadOnlyList<Coefficient> Table(LikelihoodEstimate estimate, LikelihoodModel model) => LikelihoodSummary.Of(estimate, model, Context, new()).Coefficients;

    internal static void Close(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++) { Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"{i}: {expected[i]:R} expected, {actual[i]:R} found"); }
    }

    static (double A, double B, double Squares, double Sxx, double Mean) LeastSquares(double[] rows)
    {
        var pairs = rows.Chunk(2).ToList();
        var (mean, level) = (pairs.Average(p => p[0]), pairs.Average(p => p[1]));
        var sxx = pairs.Sum(p => Math.Pow(p[0] - mean, 2));
        var b = pairs.Sum(p => (p[0] - mean) * (p[1] - level)) / sxx;
        var a = level - b * mean;
        return (a, b, pairs.Sum(p => Math.Pow(p[1] - a - b * p[0], 2)), sxx, mean);
    }
}
