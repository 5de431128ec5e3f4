using FisherFlow.Data.Design;
using FisherFlow.Data.Expressions;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Likelihoods;
using FisherFlow.Models;

namespace FisherFlow.Tests.Likelihoods;

/// <summary>The four kinds of information of a likelihood of one's own: against closed forms, finite differences and each other.</summary>
public sealed class InformationKindTests
{
    const double Euler = 0.57721566490153286;

    static readonly LikelihoodOptions _extremes = new() { Start = [10, 2] };
    static readonly LikelihoodOptions _growth = new() { Start = [4, 1] };

    /// <summary>The golden matrix <c>n/s² [[1, γ − 1], [·, (1 − γ)² + π²/6]]</c>; in φ the scale's row and column are multiplied by s.</summary>
    [Fact]
    public void Expected_information_of_a_sampled_density_is_its_closed_form()
    {
        var rows = SimulatedRows.Extremes(300, seed: 1);
        var estimate = Of(LikelihoodModel.OfSampled<Extremes>(), rows, _extremes with { Information = new(InformationKind.Expected) });
        var s = estimate.Theta[1];
        double[] golden = [300 / (s * s), 300 * (Euler - 1) / s, 300 * (Euler - 1) / s, 300 * (Math.Pow(1 - Euler, 2) + Math.PI * Math.PI / 6)];

        LikelihoodEstimatorTests.Close(golden, Information(estimate), 1e-9);
        Assert.False(estimate.OutcomesDisagree);
    }

    /// <summary>Each kind by itself over data sets of its own: means within four standard errors of the mean, and a thousandth for what an estimate from 1,000 rows is biased by.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_four_kinds_agree_within_four_standard_errors_of_a_simulation(bool isDensity)
    {
        var model = isDensity ? LikelihoodModel.OfSampled<Extremes>() : LikelihoodModel.OfMean<Growth>();
        foreach (var rule in (InformationRule[])[new(InformationKind.Observed), new(InformationKind.Empirical), new(InformationKind.MonteCarlo, 2)])
        {
            var ratios = Enumerable.Range(0, 24).Select(run =>
            {
                var rows = isDensity ? SimulatedRows.Extremes(1000, 100 + run) : SimulatedRows.Growth(1000, 100 + run);
                var options = (isDensity ? _extremes : _growth) with { Seed = run };
                var expected = Of(model, rows, options with { Information = new(InformationKind.Expected) });
                var other = Of(model, rows, options with { Information = rule });
                Assert.Equal(expected.Theta, other.Theta);   // the kind decides errors, and never the estimate
                return Information(expected).Zip(Information(other), (e, o) => o / e).ToArray();
            }).ToList();
            for (var k = 0; k < 4; k++)
            {
                var mean = ratios.Average(r => r[k]);
                var error = Math.Sqrt(ratios.Sum(r => (r[k] - mean) * (r[k] - mean)) / 23 / 24);
                TestContext.Current.TestOutputHelper?.WriteLine($"{rule} {k}: {mean:F4} ± {error:F4}");
                Assert.InRange(mean, 1 - 4 * error - 0.003, 1 + 4 * error + 0.003);
                Assert.InRange(error, 0, 0.06);   // fourth moments of extreme values are large
            }
            Assert.Contains(ratios, r => Math.Abs(r[3] - 1) > 1e-4);   // they are different numbers
        }
    }

    /// <summary>Second differences of the sum of squares in φ, with steps of 1e-4: half of it has the observed information as its Hessian.</summary>
    [Fact]
    public void Observed_information_of_least_squares_is_the_hessian_by_finite_differences()
    {
        var rows = SimulatedRows.Growth(60, seed: 5);
        var estimate = Of(LikelihoodModel.OfMean<Growth>(), rows, _growth with { Information = new(InformationKind.Observed) });
        var (information, phi) = (Information(estimate), estimate.Phi);
        const double H = 1e-4;
        double Squares(double da, double db)
        {
            var sum = 0.0;
            for (var i = 0; i < rows.Length; i += 2) { sum += Math.Pow(rows[i + 1] - (phi[0] + da) * (1 - Math.Exp(-Math.Exp(phi[1] + db) * rows[i])), 2); }
            return 0.5 * sum;
        }
        double[] differences =
        [
            (Squares(H, 0) - 2 * Squares(0, 0) + Squares(-H, 0)) / (H * H),
            (Squares(H, H) - Squares(H, -H) - Squares(-H, H) + Squares(-H, -H)) / (4 * H * H),
            (Squares(0, H) - 2 * Squares(0, 0) + Squares(0, -H)) / (H * H),
        ];

        LikelihoodEstimatorTests.Close(differences, [information[0], information[1], information[3]], 1e-5);
        var gauss = Information(Of(LikelihoodModel.OfMean<Growth>(), rows, _growth));
        Assert.True(Math.Abs(gauss[3] / information[3] - 1) > 1e-3);   // which Gauss and Newton's is not
    }

    [Theory]
    [InlineData(InformationKind.Empirical)]
    [InlineData(InformationKind.MonteCarlo)]
    [InlineData(InformationKind.Observed)]
    public void Folded_rows_keep_their_information_and_the_sample_moves_it_to_the_answer(InformationKind kind)
    {
        var rule = new InformationRule(kind, kind == InformationKind.MonteCarlo ? 3 : 0);
        foreach (var (model, rows, options) in new[] { (LikelihoodModel.OfSampled<Extremes>(), SimulatedRows.Extremes(4000, 9), _extremes), (LikelihoodModel.OfMean<Growth>(), SimulatedRows.Growth(4000, 9), _growth) })
        {
            var whole = Errors(model, Of(model, rows, options with { Information = rule }));
            var once = Errors(model, Of(model, rows, options with { Information = rule, BufferRows = 150, AuditRows = 500 }));
            // 2 % is what one pass promises; outcomes drawn at other estimates are other outcomes, 12,000 of them
            for (var k = 0; k < 2; k++) { Assert.InRange(once[k] / whole[k], 0.98, 1.02); }
        }
    }

    [Theory]
    [InlineData(InformationKind.Empirical)]
    [InlineData(InformationKind.Expected)]
    public void Merged_shards_and_exact_passes_have_the_information_of_the_whole(InformationKind kind)
    {
        var (rows, model) = (SimulatedRows.Extremes(2000, 10), LikelihoodModel.OfSampled<Extremes>());
        var options = _extremes with { Information = new(kind) };
        var whole = Errors(model, Of(model, rows, options));
        foreach (var (buffer, tolerance) in new[] { (0, 1e-7), (150, 0.02) })   // rows in memory merge exactly, folded ones within what one pass promises
        {
            var shards = rows.Chunk(500).Select(part =>
            {
                var shard = new LikelihoodEstimator(model.Fork(), options with { BufferRows = buffer, AuditRows = 300 });
                shard.Observe(part);
                return shard;
            }).ToList();
            foreach (var shard in shards.Skip(1)) { shards[0].Merge(shard); }
            var merged = Errors(model, shards[0].Solve());
            var polished = Errors(model, shards[0].Polish(new Again(rows, 1)));
            for (var k = 0; k < 2; k++)
            {
                Assert.InRange(merged[k] / whole[k], 1 - tolerance, 1 + tolerance);
                Assert.InRange(polished[k] / whole[k], 1 - 1e-6, 1 + 1e-6);
            }
        }
        var other = new LikelihoodEstimator(model, _extremes);
        other.Observe(rows);
        Assert.Contains("estimated differently", Assert.Throws<ArgumentException>(() => other.Merge(new(model, options))).Message, StringComparison.Ordinal);
    }

    /// <summary>A search that starts on top of a hill of the sum of squares stays there: Gauss and Newton's information is 4 a row, the exact one 4 − 2·9.</summary>
    [Fact]
    public void Where_exact_second_derivatives_are_not_positive_the_usual_information_stands_in_and_it_is_said()
    {
        double[] rows = [.. Enumerable.Range(0, 200).SelectMany(i => new[] { i % 2 == 0 ? 1.0 : -1, 10 })];
        var model = LikelihoodModel.OfMean<SquaredDistance>();
        var estimate = LikelihoodEstimatorTests.Of(model, rows, new() { Start = [0], BufferRows = 4, Information = new(InformationKind.Observed) });

        Assert.Equal(1, estimate.Structured!.Fallbacks);
        Assert.Equal(1 / 800.0, estimate.Factor!.Inverse()[0], 1e-9);
        Assert.Contains(LikelihoodSummary.Of(estimate, model, LikelihoodEstimatorTests.Context, new()).Warnings, w => w.Contains("was indefinite", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(4000)]
    public void Random_outcomes_are_the_same_bits_however_rows_are_batched(int batch)
    {
        var rows = SimulatedRows.Extremes(700, seed: 3);
        var model = LikelihoodModel.OfSampled<Extremes>();
        var options = _extremes with { Information = new(InformationKind.MonteCarlo, 2), BufferRows = 200 };
        var estimator = new LikelihoodEstimator(model, options);
        foreach (var part in rows.Chunk(batch)) { estimator.Observe(part); }

        Assert.Equal(Of(model, rows, options).Factor!.Inverse(), estimator.Solve().Factor!.Inverse());
        Assert.NotEqual(Of(model, rows, options with { Seed = 7 }).Factor!.Inverse(), estimator.Solve().Factor!.Inverse());
    }

    [Fact]
    public void Outcomes_drawn_by_an_expression_are_those_drawn_in_C_sharp()
    {
        var rows = SimulatedRows.Extremes(400, seed: 4);
        foreach (var rule in (InformationRule[])[new(InformationKind.Expected), new(InformationKind.MonteCarlo, 3)])
        {
            var options = _extremes with { Information = rule };
            LikelihoodEstimatorTests.Close(Information(Of(LikelihoodModel.OfSampled<Extremes>(), rows, options)), Information(Of(Drawn("y = m - s*log(-log(u))"), rows, options)), 1e-10);
        }
    }

    [Fact]
    public void Outcomes_of_another_law_are_told_by_their_scores()
    {
        foreach (var rule in (InformationRule[])[new(InformationKind.Expected), new(InformationKind.MonteCarlo, 3)])
        {
            var model = LikelihoodModel.OfSampled<WrongExtremes>();
            var estimate = Of(model, SimulatedRows.Extremes(2000, seed: 6), _extremes with { Information = rule });
            Assert.True(estimate.OutcomesDisagree);
            Assert.Contains(LikelihoodSummary.Of(estimate, model, LikelihoodEstimatorTests.Context, new()).Warnings, w => w.Contains("do not average to zero", StringComparison.Ordinal));
            Assert.False(Of(LikelihoodModel.OfSampled<Extremes>(), SimulatedRows.Extremes(2000, seed: 6), _extremes with { Information = rule }).OutcomesDisagree);
        }
    }

    [Theory]
    [InlineData("expected", null, "cannot draw them")]
    [InlineData("monte-carlo:4", null, "cannot draw them")]
    [InlineData("expected", "y = ifelse(u < 0.5, m, m + s)", "they jump while their random number moves")]
    [InlineData("expected", "y = m + s*(u + z)", "they take two random numbers a row")]
    public void What_cannot_be_known_is_refused_with_what_to_do(string kind, string? sample, string reason)
    {
        Assert.True(InformationRule.TryParse(kind, out var rule));
        var refusal = Assert.Throws<ArgumentException>(() => new LikelihoodEstimator(sample is null ? LikelihoodModel.Of<Extremes>() : Drawn(sample), _extremes with { Information = rule }));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_kind_is_named_in_the_report()
    {
        var model = LikelihoodModel.OfMean<Growth>();
        foreach (var (rule, name) in new (InformationRule?, string?)[] { (null, null), (new(InformationKind.Expected), "expected"), (new(InformationKind.MonteCarlo, 3), "monte-carlo:3") })
        {
            var report = LikelihoodSummary.Of(Of(model, SimulatedRows.Growth(100, 2), _growth with { Information = rule }), model, LikelihoodEstimatorTests.Context, new());
            Assert.Equal(name, report.Structured?.Information);
        }
    }

    /// <summary>The density of extreme values as an expression that is told how outcomes are drawn.</summary>
    static LikelihoodModel Drawn(string sample)
    {
        var options = new Data.ExpressionOptions { LogDensity = "-log(s) - (y - m)/s - exp(-(y - m)/s)", Parameters = "m, s > 0", Sample = sample, Likelihood = new() { Information = new(InformationKind.MonteCarlo, 1) } };
        options.Check();
        return new ExpressionPlan(options, [new("y", ColumnKind.Numeric, [])]).Model;
    }

    static LikelihoodEstimate Of(LikelihoodModel model, double[] rows, LikelihoodOptions options)
    {
        var estimate = LikelihoodEstimatorTests.Of(model, rows, options);
        Assert.True(estimate.Converged, estimate.Failure);
        return estimate;
    }

    /// <summary>The information of two coordinates, from the factor's inverse.</summary>
    static double[] Information(LikelihoodEstimate estimate)
    {
        var v = estimate.Factor!.Inverse();
        var determinant = v[0] * v[3] - v[1] * v[2];
        return [v[3] / determinant, -v[1] / determinant, -v[2] / determinant, v[0] / determinant];
    }

    static double[] Errors(LikelihoodModel model, LikelihoodEstimate estimate) => [.. LikelihoodEstimatorTests.Table(estimate, model).Select(c => c.StandardError!.Value)];
}
