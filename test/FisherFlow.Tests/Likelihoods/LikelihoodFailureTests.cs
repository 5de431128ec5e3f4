using FisherFlow.Differentiation;
using FisherFlow.Inference;
using FisherFlow.Likelihoods;

namespace FisherFlow.Tests.Likelihoods;

/// <summary>What cannot be estimated is said to be so, by name, and has no standard errors.</summary>
public sealed class LikelihoodFailureTests
{
    [Fact]
    public void Parameters_that_cannot_be_told_apart_are_named_with_each_other()
    {
        var model = LikelihoodModel.OfMean<Twins>();
        var estimate = LikelihoodEstimatorTests.Of(model, SimulatedRows.Line(100, 1, 2, 0.5), new() { Start = [0, 0, 0] });
        var result = LikelihoodSummary.Of(estimate, model, LikelihoodEstimatorTests.Context, new());

        Assert.False(estimate.Converged);
        Assert.Equal("b (it cannot be told apart from a)", Assert.Single(estimate.Unidentified));
        Assert.Equal(CoefficientStatus.Aliased, result.Coefficients[1].Status);
        Assert.All(result.Coefficients, c => Assert.Null(c.StandardError));
        Assert.Equal(Regime.Trajectory, result.Regime);
    }

    /// <summary>A density's singular information is not a square root: the partners come from the matrix itself.</summary>
    [Fact]
    public void Those_of_a_density_are_too()
    {
        var estimate = LikelihoodEstimatorTests.Of(LikelihoodModel.Of<TwinMeans>(), SimulatedRows.Line(100, 1, 0, 0.5), new() { Start = [0, 0] });

        Assert.False(estimate.Converged);
        Assert.Equal("the data do not determine b (it cannot be told apart from a)", estimate.Failure);
    }

    [Fact]
    public void A_log_density_that_grows_without_end_is_not_called_flat()
    {
        var estimate = LikelihoodEstimatorTests.Of(LikelihoodModel.Of<Slope>(), [1, 2, 3], new() { Start = [0, 0] });

        Assert.False(estimate.Converged);
        Assert.Contains("s (where the search stopped, the log-likelihood changes with it at a constant rate", estimate.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_that_runs_to_its_bound_is_named_with_the_bound()
    {
        var estimate = LikelihoodEstimatorTests.Of(LikelihoodModel.Of<Coin>(), [0, 0, 0, 0, 0], new() { Start = [0.5] });

        Assert.False(estimate.Converged);
        Assert.Contains("p runs to its bound 0", estimate.Failure, StringComparison.Ordinal);
    }

    /// <summary>Three known components, and responses of the middle one: the other shares vanish, with a standard error that is small in θ and endless in logits.</summary>
    [Fact]
    public void A_share_that_vanishes_is_named_with_its_bound()
    {
        var estimate = LikelihoodEstimatorTests.Of(LikelihoodModel.Of<Shares>(), [.. Enumerable.Range(0, 80).Select(i => 3 + 0.02 * i)], new() { Start = [0.3, 0.4, 0.3] });

        Assert.False(estimate.Converged);
        Assert.Contains("p1 runs to its bound 0", estimate.Failure, StringComparison.Ordinal);
    }

    /// <summary>Three ordered outcomes of which nobody has the middle one: its cut points meet.</summary>
    [Fact]
    public void Ordered_numbers_that_meet_are_named()
    {
        var estimate = LikelihoodEstimatorTests.Of(LikelihoodModel.Of<Cuts>(), [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? 0.0 : 2)], new() { Start = [-1, 1] });

        Assert.False(estimate.Converged);
        Assert.Contains("c2 closes in on c1", estimate.Failure, StringComparison.Ordinal);
    }

    /// <summary>A share that is small but seen has limits between 0 and 1, those of its logit: 3 of 400.</summary>
    [Fact]
    public void A_small_share_has_limits_inside()
    {
        var model = LikelihoodModel.Of<Outcomes>();
        var estimate = LikelihoodEstimatorTests.Of(model, [.. Enumerable.Range(0, 400).Select(i => i < 3 ? 0.0 : i < 200 ? 1 : 2)], new() { Start = [0.3, 0.4, 0.3] });
        var line = LikelihoodSummary.Of(estimate, model, LikelihoodEstimatorTests.Context, new()).Coefficients[0];

        Assert.True(estimate.Converged, estimate.Failure);
        var half = 1.959963984540054 / Math.Sqrt(400 * 0.0075 * 0.9925);
        var logit = Math.Log(0.0075 / 0.9925);
        Assert.Equal(1 / (1 + Math.Exp(half - logit)), line.Lower!.Value, 1e-9);
        Assert.Equal(1 / (1 + Math.Exp(-half - logit)), line.Upper!.Value, 1e-9);
    }

    [Fact]
    public void A_curve_through_every_response_says_that_its_residuals_are_rounding()
    {
        var estimate = LikelihoodEstimatorTests.Of(LikelihoodModel.OfMean<Growth>(), [.. Enumerable.Range(0, 20).SelectMany(i => new[] { i, 2 * Math.Exp(0.1 * i) })], new() { Start = [1, 0.05] });

        Assert.False(estimate.Converged);
        Assert.Contains("goes through the responses but for rounding errors", estimate.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_density_without_a_value_at_the_start_says_where_and_for_which_row()
    {
        var estimator = new LikelihoodEstimator(LikelihoodModel.Of<LogOf>(), new() { Start = [-1] });
        estimator.Observe([2, 3]);

        var refusal = Assert.Throws<LikelihoodException>(() => estimator.Solve());
        Assert.Contains("the start a = -1 for the row y = 2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_outside_the_domain_is_refused_with_what_is_legal()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new LikelihoodEstimator(LikelihoodModel.Of<Line>(), new() { Start = [0, 0, -1] }));
        Assert.Equal("s cannot start at -1; legal is above 0", refusal.Message);
    }

    [Fact]
    public void Too_few_steps_are_no_convergence()
    {
        var estimate = LikelihoodEstimatorTests.Of(LikelihoodModel.Of<Line>(), SimulatedRows.Line(100, 1000, 2, 0.5), new() { Start = [0, 0, 1], MostSteps = 3 });

        Assert.False(estimate.Converged);
        Assert.NotNull(estimate.Failure);
    }

    [Fact]
    public void No_rows_are_no_estimate() => Assert.Throws<LikelihoodException>(() => new LikelihoodEstimator(LikelihoodModel.Of<Line>(), new()).Solve());

    [Fact]
    public void States_of_unlike_likelihoods_do_not_merge() =>
        Assert.Throws<ArgumentException>(() => new LikelihoodEstimator(LikelihoodModel.Of<Line>(), new()).Merge(new(LikelihoodModel.Of<Coin>(), new())));

    readonly struct Twins : INonlinearModel
    {
        public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("a"), Parameter.Free("b"), Parameter.Free("c")];

        public static IReadOnlyList<string> Predictors => ["x"];

        public static T Mean<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> x) where T : struct, IScalar<T> => p[0] + p[1] + p[2] * x[0];
    }

    readonly struct TwinMeans : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("a"), Parameter.Free("b")];

        public static IReadOnlyList<string> Columns => ["x", "y"];

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T> => -T.Square(row[1] - p[0] - p[1]);
    }

    readonly struct Slope : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("m"), Parameter.Free("s")];

        public static IReadOnlyList<string> Columns => ["y"];

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T> => -p[1] - T.Square(row[0] - p[0]);
    }

    readonly struct Shares : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => [Parameter.Simplex("p", 3)];

        public static IReadOnlyList<string> Columns => ["y"];

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T> =>
            T.Log(p[0] * Math.Exp(-0.5 * (row[0] - 1) * (row[0] - 1)) + p[1] * Math.Exp(-0.5 * (row[0] - 4) * (row[0] - 4)) + p[2] * Math.Exp(-0.5 * (row[0] - 6) * (row[0] - 6)));
    }

    readonly struct Outcomes : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => [Parameter.Simplex("p", 3)];

        public static IReadOnlyList<string> Columns => ["outcome"];

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T> => T.Log(row[0] == 0 ? p[0] : row[0] == 1 ? p[1] : p[2]);
    }

    readonly struct Cuts : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => [Parameter.Ordered("c", 2)];

        public static IReadOnlyList<string> Columns => ["outcome"];

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T>
        {
            var (low, high) = (1.0 / (1.0 + T.Exp(-p[0])), 1.0 / (1.0 + T.Exp(-p[1])));
            return T.Log(row[0] == 0 ? low : row[0] == 1 ? high - low : 1.0 - high);
        }
    }

    readonly struct Growth : INonlinearModel
    {
        public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("a"), Parameter.Free("b")];

        public static IReadOnlyList<string> Predictors => ["x"];

        public static T Mean<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> x) where T : struct, IScalar<T> => p[0] * T.Exp(p[1] * x[0]);
    }

    readonly struct Coin : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => [Parameter.Unit("p")];

        public static IReadOnlyList<string> Columns => ["y"];

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T> => T.Log(row[0] == 1 ? p[0] : 1 - p[0]);
    }

    readonly struct LogOf : ILikelihood
    {
        public static IReadOnlyList<Parameter> Parameters => [Parameter.Free("a")];

        public static IReadOnlyList<string> Columns => ["y"];

        public static T LogDensity<T>(ReadOnlySpan<T> p, ReadOnlySpan<double> row) where T : struct, IScalar<T> => T.Log(p[0]) * row[0] - p[0];
    }
}
