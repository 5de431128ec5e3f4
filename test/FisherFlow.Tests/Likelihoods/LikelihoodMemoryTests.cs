using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Likelihoods;
using FisherFlow.Models;
using FisherFlow.Snapshots;
using FisherFlow.Tests.Simulations;

namespace FisherFlow.Tests.Likelihoods;

/// <summary>How long a likelihood of one's own remembers.</summary>
public sealed class LikelihoodMemoryTests
{
    static readonly LikelihoodOptions _extremes = new() { Start = [10, 2] };

    /// <summary>The weighted fit of R's gaussian closed form: <c>θ = Σ ωy/Σ ω</c> with the variance <c>Σ ω²r²/(Σ ω)²</c>.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(37)]
    public void Exponential_memory_is_the_weighted_fit_with_a_sandwich(int buffer)
    {
        var random = new Random(8);
        double[] rows = [.. Enumerable.Range(0, 300).Select(_ => 5 + 2 * SimulatedRows.Normal(random))];
        var memory = new MemoryRule(MemoryKind.Exponential, 40);
        var model = LikelihoodModel.OfMean<Level>();
        var estimate = LikelihoodEstimatorTests.Of(model, rows, new() { Start = [0], Memory = memory, BufferRows = buffer });
        double[] weights = [.. rows.Select((_, i) => Math.Pow(memory.Retention, rows.Length - 1 - i))];
        var (total, squares) = (weights.Sum(), weights.Sum(w => w * w));
        var mean = rows.Zip(weights, (y, w) => w * y).Sum() / total;
        var meat = rows.Zip(weights, (y, w) => Math.Pow(w * (y - mean), 2)).Sum();
        var report = LikelihoodSummary.Of(estimate, model, LikelihoodEstimatorTests.Context, new());

        Assert.Equal(mean, estimate.Theta[0], 1e-12);
        if (buffer == 0) { Assert.Equal(Math.Sqrt(meat) / total, report.Coefficients[0].StandardError!.Value, 1e-12); }
        else { Assert.Equal(Math.Sqrt(meat) / total, report.Coefficients[0].StandardError!.Value, 0.01 * Math.Sqrt(meat) / total); }   // residuals of folded rows are those of their time
        Assert.Equal(total * total / squares, report.EffectiveObservations!.Value, 1e-9);
        Assert.Equal(rows.Zip(weights, (y, w) => w * (y - mean) * (y - mean)).Sum() / (total - squares / total), report.Dispersion!.Value, 1e-9);
        Assert.Equal((null, null, "exponential:40"), (report.LogLikelihood, report.Aic, report.Structured!.Memory));
        Assert.True(report.Structured.Fades);
    }

    /// <summary>Nothing drifts, and intervals by a memory of 115 rows cover what they say; the buffer is folded ten times.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Exponential_memory_covers_ninety_five_percent(bool isDensity)
    {
        var model = isDensity ? LikelihoodModel.Of<Extremes>() : LikelihoodModel.OfMean<Growth>();
        double[] truth = isDensity ? [11, 3] : [5, 0.8];
        var shares = Enumerable.Range(0, Runs.Of(160, 4000)).Select(run =>
        {
            var rows = isDensity ? SimulatedRows.Extremes(700, 1000 + run) : SimulatedRows.Growth(700, 1000 + run);
            var table = LikelihoodEstimatorTests.Table(LikelihoodEstimatorTests.Of(model, rows, new() { Start = truth, Memory = new(MemoryKind.Exponential, 80), BufferRows = 70 }), model);
            return table.Select((line, k) => line.Lower < truth[k] && truth[k] < line.Upper ? 1.0 : 0).Average();
        }).ToArray();
        Runs.AssertNominal(shares, $"exponential memory, {(isDensity ? "a density" : "least squares")}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(90)]
    [InlineData(2000)]
    public void A_window_is_the_fit_of_its_rows_to_the_bit_however_they_come(int batch)
    {
        var rows = SimulatedRows.Extremes(1000, seed: 12);
        var model = LikelihoodModel.OfSampled<Extremes>();
        var estimator = new LikelihoodEstimator(model, _extremes with { Memory = new(MemoryKind.Window, 250) });
        foreach (var part in rows.Chunk(batch)) { estimator.Observe(part); }
        var (window, alone) = (estimator.Solve(), LikelihoodEstimatorTests.Of(model, rows[750..], _extremes));
        var report = LikelihoodSummary.Of(window, model, LikelihoodEstimatorTests.Context, new());

        Assert.Equal(alone.Theta, window.Theta);
        Assert.Equal(alone.LogLikelihood, window.LogLikelihood);
        Assert.Equal((250L, 1000L, 250L, 0L), (estimator.Observations, estimator.Rows, report.Observations, estimator.FoldedRows));
        Assert.Equal(("window:250", 0.0), (report.Structured!.Memory, report.DistanceBound));
    }

    [Fact]
    public void An_adaptive_memory_forgets_what_was_before_a_change_and_only_then()
    {
        foreach (var change in new[] { int.MaxValue, 6001 })
        {
            var model = LikelihoodModel.Of<Extremes>();
            var estimate = LikelihoodEstimatorTests.Of(model, SimulatedRows.Extremes(12_000, 14, change), _extremes with { Memory = new(MemoryKind.Adaptive) });
            var report = LikelihoodSummary.Of(estimate, model, LikelihoodEstimatorTests.Context, new());
            if (change == int.MaxValue)
            {
                Assert.Empty(report.Structured!.Changes);
                Assert.Equal(12_000, report.Observations);
                continue;
            }
            var found = Assert.Single(report.Structured!.Changes);
            Assert.Equal("m", found.Term);
            Assert.InRange(found.Since, change - 3 * 1024, change + 2 * 1024);   // batches of 1,024 rows, and a cumulative sum that looks back to its last zero
            Assert.InRange(report.Observations, 12_000 - found.Found, 6000 + 1024);
            Assert.InRange(estimate.Theta[0], 12 - 4 * 0.05, 12 + 4 * 0.05);
            Assert.Contains(report.Warnings, w => w.StartsWith("m has changed since about row", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("exponential:200", null)]
    [InlineData("window:300", "expected")]
    [InlineData("adaptive", "empirical")]
    [InlineData("stationary", "monte-carlo:2")]
    [InlineData("exponential:90", "observed")]
    [InlineData("random-walk:0.001", null)]
    [InlineData("random-walk:auto", null)]
    public void A_saved_state_goes_on_to_the_bit(string memory, string? kind)
    {
        Assert.True(MemoryRule.TryParse(memory, out var rule));
        var options = _extremes with { Memory = rule, Information = kind is not null && InformationRule.TryParse(kind, out var information) ? information : null, BufferRows = 128 };
        var (rows, model) = (SimulatedRows.Extremes(2500, 15, change: 700), LikelihoodModel.OfSampled<Extremes>());
        var whole = new LikelihoodEstimator(model, options);
        whole.Observe(rows);
        var first = new LikelihoodEstimator(model, options);
        first.Observe(rows.AsSpan(0, 1111));
        var writer = new StateWriter();
        first.Save(writer);
        var second = LikelihoodEstimator.Load(new StateReader(writer.Written.ToArray()), model, options);
        second.Observe(rows.AsSpan(1111));

        Assert.Equal(whole.Solve().Theta, second.Solve().Theta);
        Assert.Equal(whole.Solve().Factor!.Inverse(), second.Solve().Factor!.Inverse());
        Assert.Equal(whole.Solve().Structured?.Changes ?? [], second.Solve().Structured?.Changes ?? []);
        Assert.Equal((whole.Rows, whole.Observations), (second.Rows, second.Observations));
    }

    [Theory]
    [InlineData("exponential:200")]
    [InlineData("window:300")]
    [InlineData("adaptive")]
    [InlineData("random-walk:0.001")]
    public void Where_rows_have_an_order_states_do_not_merge_and_no_fit_is_exact(string memory)
    {
        Assert.True(MemoryRule.TryParse(memory, out var rule));
        var estimator = new LikelihoodEstimator(LikelihoodModel.Of<Extremes>(), _extremes with { Memory = rule });
        estimator.Observe(SimulatedRows.Extremes(400, 16));
        Assert.Contains("have an order", Assert.Throws<ArgumentException>(() => estimator.Merge(estimator.Fork())).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => estimator.Polish(new Nothing()));
    }

    [Theory]
    [InlineData("local-trend:auto", "random-walk:Q, or forget by exponential:HALF_LIFE, window:ROWS or adaptive")]
    [InlineData("window:900000000", "at most 1 is taken")]
    public void A_memory_that_cannot_be_had_is_refused_with_those_that_can(string memory, string reason)
    {
        Assert.True(MemoryRule.TryParse(memory, out var rule));
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new LikelihoodEstimator(LikelihoodModel.Of<Extremes>(), _extremes with { Memory = rule })).Message, StringComparison.Ordinal);
    }

    sealed class Nothing : IRowSource
    {
        public void Rewind()
        {
        }

        public bool TryRead(out ReadOnlySpan<double> rows, out ReadOnlySpan<double> weights)
        {
            rows = default;
            weights = default;
            return false;
        }
    }
}
