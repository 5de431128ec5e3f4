using FisherFlow.Estimation;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Tests.Estimation;

public sealed class StructuredEstimatorTests
{
    static readonly IModel _gaussian = ModelFactory.Create(new());
    static readonly IModel _logistic = ModelFactory.Create(new() { Family = Family.Binomial });
    static readonly double[] _beta = [-0.5, 1, -0.25, 0.75];
    static readonly double[] _gamma = [0.3, -0.2, 0.5, 0];

    static Simulated Linear(int seed, int rows, double[]? gamma = null) => Simulated.Draw(seed, rows, _beta, gamma ?? [], (random, eta) => eta + 0.7 * Simulated.Normal(random));

    static Simulated Logistic(int seed, int rows, double[]? gamma = null) => Simulated.Draw(seed, rows, _beta, gamma ?? [], Simulated.Bernoulli);

    // An ε that changes no digit chooses the estimator that is asked about here.
    static EstimatorOptions Matrixfree(Structure structure, int buffer = 500) => new() { Structure = structure, BufferRows = buffer, Epsilon = 1e-300 };

    public static TheoryData<Structure> Exact => new() { Structure.Full, Structure.SquareRoot };

    /// <summary>Two derivations: Newton with conjugate gradients on batches, and Newton with factors.</summary>
    [Theory]
    [MemberData(nameof(Exact))]
    public void The_full_information_of_all_rows_is_the_maximum_likelihood_estimate(Structure structure)
    {
        foreach (var data in (Simulated[])[Linear(1, 3000), Linear(2, 3000, _gamma)])
        {
            var exact = data.Solve(data.Fit(_gaussian, new() { BufferRows = 10_000 }));
            var one = data.Solve(data.Fit(_gaussian, Matrixfree(structure)));
            Assert.Equal(exact.Factor.Kept, one.Factor.Kept);
            Assert.InRange(Simulated.Distance(exact, one), 0, 1e-8);   // the batches' conjugate gradients stop at 1e-12, and the last solve refines
            Assert.Equal(exact.Deviance, one.Deviance, 1e-8 * exact.Deviance);
            foreach (var (a, b) in Simulated.StandardErrors(exact).Zip(Simulated.StandardErrors(one))) { Assert.Equal(a, b, 1e-9 * a); }
        }
    }

    [Theory]
    [MemberData(nameof(Exact))]
    public void One_pass_under_a_logistic_model_stays_within_a_fifth_of_a_standard_error(Structure structure)
    {
        var data = Logistic(3, 20_000, _gamma);
        var exact = data.Solve(data.Fit(_logistic, new() { BufferRows = 40_000 }));
        var one = data.Solve(data.Fit(_logistic, Matrixfree(structure, 1000)));
        Assert.True(one.Converged);
        Assert.InRange(Simulated.Distance(exact, one), 0, 0.2);
        Assert.Equal(exact.Deviance, one.Deviance, 1e-3 * exact.Deviance);
        foreach (var (a, b) in Simulated.StandardErrors(exact).Zip(Simulated.StandardErrors(one))) { Assert.InRange(b / a, 0.98, 1.02); }
    }

    [Fact]
    public void While_all_rows_are_in_memory_every_structure_and_model_gives_the_maximum_likelihood_estimate()
    {
        foreach (var (model, data) in Models())
        {
            var exact = data.Solve(data.Fit(model, new() { BufferRows = 10_000 }));
            foreach (var structure in (Structure[])[Structure.Full, Structure.Diagonal, Structure.LowRank])
            {
                var one = data.Solve(data.Fit(model, Matrixfree(structure, 10_000)));
                Assert.True(one.Converged, $"{model.GetType()} under {structure}");
                for (var i = 0; i < exact.Theta.Length; i++)
                {
                    Assert.True(Math.Abs(exact.Theta[i] - one.Theta[i]) < 1e-3, $"{model.GetType()} under {structure}: parameter {i} is {one.Theta[i]}, not {exact.Theta[i]}");
                }
                Assert.Equal(exact.Deviance, one.Deviance, 1e-5 * Math.Abs(exact.Deviance));
            }
        }
    }

    /// <summary>Exponential forgetting of a linear model is weighted least squares in closed form, and its covariance B(Σω²xxᵀ)B.</summary>
    [Theory]
    [MemberData(nameof(Exact))]
    public void A_fading_linear_model_is_weighted_least_squares_however_the_stream_is_cut(Structure structure)
    {
        const double HalfLife = 150;
        var data = Linear(5, 1200);
        var lambda = Math.Pow(2, -1 / HalfLife);
        var weights = Enumerable.Range(0, 1200).Select(i => Math.Pow(lambda, 1199 - i)).ToArray();
        var (theta, covariance) = WeightedLeastSquares(data.All, weights);
        foreach (var buffer in (int[])[37, 200, 2000])
        {
            var estimate = data.Solve(data.Fit(_gaussian, new() { Structure = structure, BufferRows = buffer, Memory = new(MemoryKind.Exponential, HalfLife) }, blockRows: 83));
            var inverse = estimate.Factor.Inverse();
            for (var i = 0; i < 4; i++)
            {
                Assert.Equal(theta[i], estimate.Theta[i], 1e-9);
                for (var j = 0; j < 4; j++) { Assert.Equal(covariance[i, j], inverse[i * 4 + j], 1e-9); }
            }
            var sum = weights.Sum();
            Assert.Equal(sum * sum / weights.Sum(w => w * w), estimate.Structured!.EffectiveObservations!.Value, 1e-6);
        }
    }

    /// <summary>A window is the refit of its last rows, whenever its blocks are full.</summary>
    [Fact]
    public void A_window_is_the_refit_of_its_last_rows()
    {
        var data = Linear(6, 2000, _gamma);
        var windowed = data.Solve(data.Fit(_gaussian, new() { Structure = Structure.Full, Memory = new(MemoryKind.Window, 640) }, blockRows: 77));
        var refit = data.Solve(data.Fit(_gaussian, new() { Structure = Structure.Full, BufferRows = 5000 }, start: 2000 - 640, count: 640));
        var held = windowed.Responses.Observations;
        Assert.InRange(held, 640, 659);   // 20 rows a block, of which the newest may be begun
        var exact = data.Solve(data.Fit(_gaussian, new() { Structure = Structure.Full, BufferRows = 5000 }, start: 2000 - (int)held, count: (int)held));
        Assert.InRange(Simulated.Distance(exact, windowed), 0, 1e-8);
        Assert.Equal(exact.Deviance, windowed.Deviance, 1e-8 * exact.Deviance);
        Assert.Equal(exact.NullDeviance!.Value, windowed.NullDeviance!.Value, 1e-8 * exact.NullDeviance.Value);
        Assert.InRange(Simulated.Distance(refit, windowed), 0, 2);
    }

    [Fact]
    public void Merging_linear_states_is_one_stream()
    {
        var data = Linear(8, 2000, _gamma);
        foreach (var structure in (Structure[])[Structure.Full, Structure.SquareRoot])
        {
            var whole = data.Solve(data.Fit(_gaussian, Matrixfree(structure, 100)));
            var first = data.Fit(_gaussian, Matrixfree(structure, 100), count: 900);
            var second = data.Fit(_gaussian, Matrixfree(structure, 100), start: 900);
            var columns = Enumerable.Range(0, data.Schema.Columns.Count).ToArray();
            first.Merge(second, columns, [], []);
            var merged = data.Solve(first);
            Assert.InRange(Simulated.Distance(whole, merged), 0, 1e-7);
            Assert.Equal(whole.Deviance, merged.Deviance, 1e-7 * whole.Deviance);
        }
    }

    [Fact]
    public void Fading_states_merge_as_if_both_streams_ended_now()
    {
        var memory = new MemoryRule(MemoryKind.Exponential, 100);
        var data = Linear(9, 600);
        var first = data.Fit(_gaussian, new() { Structure = Structure.Full, Memory = memory, BufferRows = 50 }, count: 300);
        var second = data.Fit(_gaussian, new() { Structure = Structure.Full, Memory = memory, BufferRows = 50 }, start: 300);
        first.Merge(second, [0, 1, 2, 3], [], []);
        var weights = Enumerable.Range(0, 600).Select(i => Math.Pow(memory.Retention, 299 - i % 300)).ToArray();
        var (theta, _) = WeightedLeastSquares(data.All, weights);
        var merged = data.Solve(first);
        for (var i = 0; i < 4; i++) { Assert.Equal(theta[i], merged.Theta[i], 1e-8); }
    }

    [Fact]
    public void Windows_of_two_streams_do_not_merge()
    {
        var data = Linear(9, 200);
        var options = new EstimatorOptions { Memory = new(MemoryKind.Window, 64) };
        var (first, second) = (data.Fit(_gaussian, options, count: 100), data.Fit(_gaussian, options, start: 100));
        Assert.Contains("window:64", Assert.Throws<ArgumentException>(() => first.Merge(second, [0, 1, 2, 3], [], [])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Structure.Diagonal, "stationary")]
    [InlineData(Structure.LowRank, "stationary")]
    [InlineData(Structure.Full, "exponential:300")]
    [InlineData(Structure.SquareRoot, "window:320")]
    [InlineData(Structure.Diagonal, "window:320")]
    public void A_saved_state_goes_on_to_the_bit(Structure structure, string memory)
    {
        Assert.True(MemoryRule.TryParse(memory, out var rule));
        var options = new EstimatorOptions { Structure = structure, Rank = 2, Memory = rule, BufferRows = rule.Kind == MemoryKind.Window ? 0 : 100 };
        var data = Logistic(10, 1500, _gamma);
        var straight = data.Estimator(_logistic, options);
        var stopped = data.Estimator(_logistic, options);
        data.Feed(straight, 130, 0, 1040);
        data.Feed(stopped, 130, 0, 1040);
        var again = Estimator.Load(new(Bytes(stopped)), _logistic, data.Schema, options, data.Layout, data.HasOffset);
        data.Feed(straight, 115, 1040, 460);
        data.Feed(again, 115, 1040, 460);
        Assert.Equal(Bytes(straight), Bytes(again));
        Assert.Equal(data.Solve(straight).Theta, data.Solve(again).Theta);
    }

    [Fact]
    public void A_fork_knows_θ_and_nothing_else()
    {
        var data = Logistic(11, 2000);
        var fork = data.Fit(_logistic, Matrixfree(Structure.Diagonal)).Fork();
        Assert.Equal(0, fork.FoldedRows);
        Assert.All(fork.FoldedInformation().Cast<double>(), x => Assert.Equal(0, x));
    }

    [Fact]
    public void Asking_changes_nothing()
    {
        var data = Logistic(12, 1300, _gamma);
        foreach (var memory in (MemoryRule[])[default, new(MemoryKind.Exponential, 200), new(MemoryKind.Window, 320)])
        {
            var estimator = data.Fit(_logistic, new() { Structure = Structure.Diagonal, Memory = memory, BufferRows = 300 });
            var before = Bytes(estimator);
            var first = data.Solve(estimator);
            estimator.Preview(out _);
            Assert.Equal(first.Theta, data.Solve(estimator).Theta);
            Assert.Equal(before, Bytes(estimator));
        }
    }

    [Fact]
    public void Rows_that_are_not_finite_leave_no_trace_and_are_counted()
    {
        var data = Logistic(13, 1000);
        var poisoned = data.Slice(0, 1000);
        poisoned.Dense[5 * 4 + 2] = double.NaN;
        poisoned.Dense[900 * 4 + 1] = double.PositiveInfinity;
        poisoned.Response[400] = double.NaN;
        var healthy = data.Estimator(_logistic, Matrixfree(Structure.Full, 100));
        foreach (var (start, count) in ((int, int)[])[(0, 5), (6, 394), (401, 499), (901, 99)]) { healthy.Observe(data.Slice(start, count)); }
        var sick = data.Estimator(_logistic, Matrixfree(Structure.Full, 100));
        sick.Observe(poisoned);
        var estimate = data.Solve(sick);
        Assert.Equal(3, estimate.Structured!.NotFinite);
        Assert.Equal(997, estimate.Responses.Observations);
        Assert.Equal(data.Solve(healthy).Theta, estimate.Theta);
    }

    /// <summary>Where the columns of two terms are orthogonal, blocks are as good as the whole, and as two fits.</summary>
    [Fact]
    public void Blocks_of_orthogonal_terms_are_separate_fits()
    {
        var data = Linear(14, 4000);
        for (var i = 0; i < 4000; i++)
        {
            for (var j = 0; j < 4; j++) { data.All.Dense[i * 4 + j] = j == 0 || (i >> (j - 1)) % 2 == 0 ? 1 : -1; }   // a factorial design, orthogonal in every eight rows
        }
        var full = data.Solve(data.Fit(_gaussian, new() { BufferRows = 10_000 }));
        foreach (var structure in (Structure[])[Structure.Block, Structure.Diagonal])
        {
            var one = data.Solve(data.Fit(_gaussian, new() { Structure = structure, BufferRows = 400 }, blockRows: 400));
            Assert.InRange(Simulated.Distance(full, one), 0, 1e-6);
            foreach (var (a, b) in Simulated.StandardErrors(full).Zip(Simulated.StandardErrors(one))) { Assert.Equal(a, b, 1e-9 * a); }
        }
    }

    /// <summary>CK-40: what a diagonal leaves out makes intervals too narrow by √(1 − r²), and the report says so.</summary>
    [Theory]
    [InlineData(0.5, 0.9104)]
    [InlineData(0.9, 0.6071)]
    [InlineData(0.99, 0.2178)]
    public void A_diagonal_understates_standard_errors_by_what_its_warning_says(double correlation, double coverage)
    {
        var data = Simulated.Draw(15, 20_000, [0, 1, 1], [], (random, eta) => eta + Simulated.Normal(random));
        for (var i = 0; i < 20_000; i++) { data.All.Dense[i * 3 + 2] = correlation * data.All.Dense[i * 3 + 1] + Math.Sqrt(1 - correlation * correlation) * data.All.Dense[i * 3 + 2]; }
        var full = data.Solve(data.Fit(_gaussian, new() { BufferRows = 50_000 }));
        var diagonal = data.Solve(data.Fit(_gaussian, Matrixfree(Structure.Diagonal, 50_000)));
        Assert.True(diagonal.Structured!.UnderstatesVariance);
        Assert.False(data.Solve(data.Fit(_gaussian, Matrixfree(Structure.Full))).Structured!.UnderstatesVariance);
        var ratio = Simulated.StandardErrors(diagonal)[2] / Simulated.StandardErrors(full)[2];
        Assert.Equal(Math.Sqrt(1 - correlation * correlation), ratio, 0.02);
        Assert.Equal(coverage, 1 - 2 * MathNet.Numerics.Distributions.Normal.CDF(0, 1, -1.96 * Math.Sqrt(1 - correlation * correlation)), 0.001);
    }

    /// <summary>The change of coordinates by rule and the change by a solve are the same wherever the solve can be made.</summary>
    [Fact]
    public void A_table_of_an_approximate_structure_is_in_the_same_coordinates()
    {
        var schema = new DesignSchema([new(Term.Intercept, "", []), new("a", "", ["a"]), new("b", "", ["b"]), new("a:b", "", ["a", "b"])], hasIntercept: true);
        var block = new Block(900, 1, 3, false, false, false) { Count = 900 };
        var random = new Random(16);
        for (var i = 0; i < 900; i++)
        {
            var (a, b) = ($"a{random.Next(3)}", $"b{random.Next(4)}");
            block.Dense[i] = block.Weight[i] = 1;
            (block.Indices[3 * i], block.Indices[3 * i + 1], block.Indices[3 * i + 2]) = (Column(1, a), Column(2, b), Column(3, a, b));
            block.Response[i] = random.NextDouble() < 0.2 + 0.5 * ((a[1] + b[1]) % 2) ? 1 : 0;
        }
        block.Columns = schema.Columns.Count;
        Estimate Fit(Structure structure)
        {
            var estimator = FisherFlow.Estimation.Estimator.Create(_logistic, schema, Matrixfree(structure, 2000), block, false);
            estimator.Observe(block);
            return estimator.Solve(new(schema, _logistic));
        }
        var (exact, ruled) = (Fit(Structure.Full), Fit(Structure.Diagonal));
        Assert.Equal(12, exact.Factor.Rank);
        Assert.Equal(exact.Factor.Kept, ruled.Factor.Kept);
        for (var i = 0; i < exact.Theta.Length; i++) { Assert.Equal(exact.Theta[i], ruled.Theta[i], 1e-4); }

        int Column(int term, params string[] levels)
        {
            var name = string.Join(':', schema.Terms[term].Factors.Zip(levels, (f, l) => $"{f}[{l}]"));
            return schema.Find(name) is >= 0 and var known ? known : schema.Add(term, levels);
        }
    }

    [Fact]
    public void Damping_and_starting_information_are_the_priors_that_they_are_reported_as()
    {
        var data = Linear(17, 500);
        const double Precision = 40;
        var (gram, right) = Normal(data.All);
        var ridge = (gram + Precision * MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseIdentity(4)).Inverse();
        foreach (var options in (EstimatorOptions[])[new() { Structure = Structure.Full, Epsilon = Precision, BufferRows = 60 }, new() { Structure = Structure.Full, Damping = new(DampingKind.Tikhonov, Precision), BufferRows = 60 }])
        {
            var estimate = data.Solve(data.Fit(_gaussian, options));
            var expected = ridge * right;
            for (var i = 0; i < 4; i++)
            {
                Assert.Equal(expected[i], estimate.Theta[i], 1e-8);
                Assert.Equal(Math.Sqrt(ridge[i, i]), Simulated.StandardErrors(estimate)[i], 1e-10);
            }
            Assert.Equal(Precision, estimate.Structured!.Epsilon + estimate.Structured.DampingPrecision);
        }
        var conditioned = data.Solve(data.Fit(_gaussian, new() { Structure = Structure.Full, Damping = new(DampingKind.Condition, 1.1) }));
        var values = gram.Evd().EigenValues.Select(value => value.Real).ToArray();
        Assert.Equal(new DampingRule(DampingKind.Condition, 1.1).For(values.Max(), values.Min(), 0), conditioned.Structured!.DampingPrecision, 1e-6);
    }

    /// <summary>A change of one coefficient is found, named and dated, and what came before is forgotten; without one nothing is found.</summary>
    [Fact]
    public void An_adaptive_memory_finds_which_coefficient_changed_and_since_when()
    {
        var options = new EstimatorOptions { Memory = new(MemoryKind.Adaptive), BufferRows = 200 };
        var calm = Logistic(18, 20_000);
        Assert.Empty(calm.Solve(calm.Fit(_logistic, options)).Structured!.Changes);
        var (before, after) = (Logistic(19, 10_000), Simulated.Draw(20, 10_000, [-0.5, 1, 0.75, 0.75], [], Simulated.Bernoulli));
        var estimator = before.Estimator(_logistic, options);
        before.Feed(estimator, 500, 0, 10_000);
        after.Feed(estimator, 500, 0, 10_000);
        var estimate = before.Solve(estimator);
        var change = Assert.Single(estimate.Structured!.Changes);
        Assert.Equal(2, change.Parameter);
        Assert.InRange(change.Since, 9001, 11_001);
        Assert.InRange(change.Found, 10_001, 13_000);
        var truth = after.Solve(after.Fit(_logistic, new() { BufferRows = 20_000 }));
        Assert.InRange(Simulated.Distance(truth, estimate), 0, 2);
        var again = Estimator.Load(new(Bytes(estimator)), _logistic, before.Schema, options, before.Layout, false);
        Assert.Equal(Bytes(estimator), Bytes(again));
        Assert.Equal(estimate.Structured.Changes, before.Solve(again).Structured!.Changes);
    }

    /// <summary>A full transfer (discount 1) of another state is the fit of both data sets.</summary>
    [Fact]
    public void A_whole_transfer_is_one_fit_and_a_strange_one_is_discounted()
    {
        var options = new EstimatorOptions { Structure = Structure.Full, IsInformed = true };
        var data = Linear(21, 2000);
        var source = data.Solve(data.Fit(_gaussian, new() { BufferRows = 5000 }, count: 1200));
        Estimate Informed(Estimate from, double? discount)
        {
            var estimator = data.Estimator(_gaussian, options);
            estimator.Inform(TransferredPrior.From(from, data.Schema, _gaussian, new(data.Schema, _gaussian), discount));
            data.Feed(estimator, 500, 1200, 800);
            return data.Solve(estimator);
        }
        var alone = data.Solve(data.Fit(_gaussian, new() { BufferRows = 5000 }, start: 1200));
        var (first, second) = (source.Pearson / (1200 - 4), alone.Pearson / (800 - 4));
        var (one, right) = Normal(data.Slice(0, 1200));
        var (two, more) = Normal(data.Slice(1200, 800));
        var both = (one / first + two / second).Solve(right / first + more / second);   // each with its own dispersion
        var whole = Informed(source, 1);
        for (var i = 0; i < 4; i++) { Assert.Equal(both[i], whole.Theta[i], 1e-8); }
        Assert.Equal(1, whole.Structured!.TransferDiscount);
        var strange = Informed(source with { Theta = [.. source.Theta.Select(t => t + 3)] }, null);
        Assert.InRange(strange.Structured!.TransferDiscount!.Value, 0, 0.01);
        Assert.InRange(Simulated.Distance(alone, strange), 0, 0.5);
    }

    /// <summary>A cauchit model's observed weights are negative for outliers; a batch that they make indefinite counts by the expected information, and is counted.</summary>
    [Fact]
    public void Observed_information_is_the_second_derivative_and_falls_back_when_it_is_indefinite()
    {
        var cauchit = ModelFactory.Create(new() { Family = Family.Binomial, Link = Link.Cauchit });
        var data = Simulated.Draw(22, 3000, [0.2, 2, -1], [], (random, eta) => random.NextDouble() < 0.5 + Math.Atan(eta) / Math.PI ? 1 : 0);
        var observed = data.Solve(data.Fit(cauchit, new() { Structure = Structure.Full, Information = new(InformationKind.Observed), BufferRows = 5000 }));
        Assert.Equal(0, observed.Structured!.Fallbacks);
        var hessian = Hessian(cauchit, data.All, observed.Theta);
        var upper = observed.Factor.Upper;
        for (var i = 0; i < 3; i++)
        {
            for (var j = i; j < 3; j++)
            {
                var sum = 0.0;
                for (var l = 0; l <= i; l++) { sum += upper[l * 3 + i] * upper[l * 3 + j]; }
                Assert.Equal(-hessian[i, j], sum, 1e-3 * -hessian[0, 0]);   // central differences of the score
            }
        }
        var fallen = data.Solve(data.Fit(cauchit, new() { Structure = Structure.Diagonal, Information = new(InformationKind.Observed), BufferRows = 4, Memory = new(MemoryKind.Exponential, 100) }, count: 200));
        Assert.InRange(fallen.Structured!.Fallbacks, 1, 50);
        Assert.True(double.IsFinite(fallen.Deviance));
    }

    [Theory]
    [InlineData("empirical")]
    [InlineData("monte-carlo:8")]
    public void Other_estimates_agree_with_the_expected_one_where_the_model_is_right(string text)
    {
        Assert.True(InformationRule.TryParse(text, out var rule));
        foreach (var (model, data) in ((IModel, Simulated)[])[(_gaussian, Linear(23, 20_000)), (_logistic, Logistic(24, 20_000))])
        {
            var expected = Simulated.StandardErrors(data.Solve(data.Fit(model, Matrixfree(Structure.Full))));
            var estimate = data.Solve(data.Fit(model, new() { Structure = Structure.Full, Information = rule, BufferRows = 500 }));
            foreach (var (a, b) in expected.Zip(Simulated.StandardErrors(estimate))) { Assert.InRange(b / a, 0.95, 1.05); }   // a mean of 20,000 squares: four standard errors of its root are 2 · √(2/20,000)
            Assert.Equal(rule, estimate.Structured!.Information);
        }
    }

    [Fact]
    public void Observing_allocates_nothing_once_warm()
    {
        var data = Logistic(25, 6000);
        foreach (var options in (EstimatorOptions[])[Matrixfree(Structure.Diagonal, 256), new() { Structure = Structure.Diagonal, Memory = new(MemoryKind.Exponential, 2000), BufferRows = 256 }])
        {
            var estimator = data.Estimator(_logistic, options);
            data.Feed(estimator, 256, 0, 4096);
            var blocks = Enumerable.Range(0, 4).Select(i => data.Slice(4096 + 256 * i, 256)).ToArray();
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var block in blocks) { estimator.Observe(block); }
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(5120, estimator.FoldedRows);
        }
    }

    static double[,] Hessian(IModel model, Block rows, double[] theta)
    {
        var (d, hessian) = (theta.Length, new double[theta.Length, theta.Length]);
        const double Step = 1e-5;
        for (var j = 0; j < d; j++)
        {
            var (up, down) = (Score(model, rows, theta, j, Step), Score(model, rows, theta, j, -Step));
            for (var i = 0; i < d; i++) { hessian[i, j] = (up[i] - down[i]) / (2 * Step); }
        }
        return hessian;
    }

    static double[] Score(IModel model, Block rows, double[] theta, int moved, double step)
    {
        var at = (double[])theta.Clone();
        at[moved] += step;
        var sums = default(FitSums);
        var working = model.Work(rows, 0, rows.Count, rows.Shape, at, 0, default, ref sums, new());
        var score = new double[theta.Length];
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = 0; j < score.Length; j++) { score[j] += working.Scores[i] * rows.Dense[i * score.Length + j]; }
        }
        return score;
    }

    static (MathNet.Numerics.LinearAlgebra.Matrix<double> Gram, MathNet.Numerics.LinearAlgebra.Vector<double> Right) Normal(Block rows)
    {
        var d = rows.DenseColumns;
        var (gram, right) = (MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(d, d), MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(d));
        for (var i = 0; i < rows.Count; i++)
        {
            for (var a = 0; a < d; a++)
            {
                right[a] += rows.Dense[i * d + a] * rows.Response[i];
                for (var b = 0; b < d; b++) { gram[a, b] += rows.Dense[i * d + a] * rows.Dense[i * d + b]; }
            }
        }
        return (gram, right);
    }

    static IEnumerable<(IModel Model, Simulated Data)> Models()
    {
        yield return (_logistic, Logistic(20, 800, _gamma));
        yield return (ModelFactory.Create(new() { Family = Family.Poisson }), Simulated.Draw(21, 800, _beta, _gamma, Simulated.Poisson));
        yield return (ModelFactory.Create(new() { Family = Family.Gamma }), Simulated.Draw(22, 800, [3, 0.2, 0.1], [], (random, eta) => -Math.Log(1 - random.NextDouble()) / Math.Max(eta, 0.5)));
        yield return (ModelFactory.Create(new() { Family = Family.Multinomial }), Simulated.Draw(23, 800, _beta, _gamma, (random, eta) => random.Next(2) + Simulated.Bernoulli(random, eta), outcomes: 3));
        yield return (ModelFactory.Create(new() { Family = Family.Ordinal }), Simulated.Draw(24, 800, _beta, _gamma, (random, eta) => Simulated.Bernoulli(random, eta) + Simulated.Bernoulli(random, eta - 1), outcomes: 3, isOrdinal: true));
        yield return (ModelFactory.Create(new() { Family = Family.NegativeBinomial }), Simulated.Draw(25, 800, _beta, [], (random, eta) => Simulated.Poisson(random, eta + 0.7 * Simulated.Normal(random))));
    }

    static byte[] Bytes(Estimator estimator)
    {
        var writer = new StateWriter();
        estimator.Save(writer);
        return writer.Written.ToArray();
    }

    static (double[] Theta, double[,] Covariance) WeightedLeastSquares(Block rows, double[] weights)
    {
        var d = rows.DenseColumns;
        var (gram, meat, right) = (MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(d, d), MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(d, d), MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(d));
        for (var i = 0; i < rows.Count; i++)
        {
            for (var a = 0; a < d; a++)
            {
                right[a] += weights[i] * rows.Dense[i * d + a] * rows.Response[i];
                for (var b = 0; b < d; b++)
                {
                    var product = rows.Dense[i * d + a] * rows.Dense[i * d + b];
                    gram[a, b] += weights[i] * product;
                    meat[a, b] += weights[i] * weights[i] * product;
                }
            }
        }
        var inverse = gram.Inverse();
        return ((inverse * right).ToArray(), (inverse * meat * inverse).ToArray());
    }
}
