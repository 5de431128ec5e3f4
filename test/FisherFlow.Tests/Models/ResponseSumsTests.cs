using FisherFlow.Models;
using FisherFlow.Snapshots;
using FisherFlow.Tests.Estimation;

namespace FisherFlow.Tests.Models;

public sealed class ResponseSumsTests
{
    static ResponseSums Of(IModel model, Block block, int start, int count)
    {
        var sums = ResponseSums.Empty;
        model.Summarise(block, start, count, ref sums);
        return sums;
    }

    [Fact]
    public void Sums_may_be_split_anywhere_and_merged()
    {
        var model = ModelFactory.Create(new() { Family = Family.Gamma });
        var random = new Random(4);
        var n = 50;
        var y = Enumerable.Range(0, n).Select(_ => 1e6 + random.NextDouble()).ToArray();
        var w = Enumerable.Range(0, n).Select(i => i % 5 == 0 ? 0 : random.NextDouble()).ToArray();
        var block = SmallBlock.Dense([.. y.Select(_ => new[] { 1.0 })], y, w);
        var whole = Of(model, block, 0, n);
        foreach (var split in new[] { 0, 1, 17, n })
        {
            var merged = Of(model, block, split, n - split);
            merged.Add(Of(model, block, 0, split));
            Assert.Equal(whole.Observations, merged.Observations);
            Assert.Equal(10, merged.ZeroWeights);
            Assert.Equal(whole.Scatter, merged.Scatter, 1e-9 * whole.Scatter);   // ε times the mean, 10⁶ standard deviations away
            Assert.Equal(whole.Saturated, merged.Saturated, 1e-12 * Math.Abs(whole.Saturated));
            Assert.Equal(whole.Carrier, merged.Carrier, 1e-12 * Math.Abs(whole.Carrier));
            Assert.Equal((whole.Minimum, whole.Maximum), (merged.Minimum, merged.Maximum));
        }
        var mean = y.Zip(w, (a, b) => a * b).Sum() / w.Sum();
        Assert.Equal(y.Zip(w, (a, b) => b * (a - mean) * (a - mean)).Sum(), whole.Scatter, 1e-9);
    }

    [Fact]
    public void Outcome_weights_add_are_renamed_and_never_shared()
    {
        var model = ModelFactory.Create(new() { Family = Family.Multinomial });
        var sums = Of(model, SmallBlock.Dense([[1], [1], [1]], [0, 2, 2], [1, 2, 3], outcomes: 3), 0, 3);
        var copy = sums;
        copy.AddOutcomes([1, 1]);
        Assert.Equal([1, 0, 5], sums.OutcomeWeights.ToArray());
        Assert.Equal([2, 1, 5], copy.OutcomeWeights.ToArray());
        copy.RemapOutcomes([3, 0, 1]);
        Assert.Equal([1, 5, 0, 2], copy.OutcomeWeights.ToArray());
        Assert.Equal([1, 0, 5], sums.OutcomeWeights.ToArray());
    }

    [Fact]
    public void What_an_estimator_answered_stays_when_more_rows_come()
    {
        var model = ModelFactory.Create(new() { Family = Family.Multinomial });
        var data = Simulated.Draw(3, 400, [0, 1], [], (random, eta) => random.Next(3), outcomes: 3);
        var estimator = data.Fit(model, count: 300);
        var (estimate, responses) = (data.Solve(estimator), estimator.Responses);
        var (first, second) = (estimate.Responses.OutcomeWeights.ToArray(), responses.OutcomeWeights.ToArray());
        data.Feed(estimator, 50, 300, 100);

        Assert.Equal(300, first.Sum());
        Assert.Equal(first, second);
        Assert.Equal(first, estimate.Responses.OutcomeWeights.ToArray());
        Assert.Equal(second, responses.OutcomeWeights.ToArray());
        Assert.Equal(400, estimator.Responses.OutcomeWeights.ToArray().Sum());
    }

    [Fact]
    public void Sums_survive_the_state_bit_for_bit()
    {
        var sums = Of(ModelFactory.Create(new() { Family = Family.Ordinal }), SmallBlock.Dense([[1], [1]], [0, 1], [0.1, 0.7], [0, 3]), 0, 2);
        var writer = new StateWriter();
        sums.Save(writer);
        var read = ResponseSums.Load(new StateReader(writer.Written.ToArray()));
        Assert.Equal(sums.Weight, read.Weight);
        Assert.Equal(sums.Scatter, read.Scatter);
        Assert.Equal(sums.Offsets, read.Offsets);
        Assert.Equal(sums.Maximum, read.Maximum);
        Assert.Equal(sums.OutcomeWeights.ToArray(), read.OutcomeWeights.ToArray());
    }

    [Theory]   // R: glm(y ~ 0 + x, family)$null.deviance on y = c(1, 2, 4), x = 1:3
    [InlineData(Family.Gaussian, Link.Identity, 21), InlineData(Family.Poisson, Link.Log, 5.8629436111989062)]
    [InlineData(Family.Gamma, Link.Log, 3.8411169166403285)]
    public void Without_an_intercept_the_null_model_has_predictor_zero(Family family, Link link, double expected)
    {
        var model = ModelFactory.Create(new() { Family = family, Link = link });
        var sums = Of(model, SmallBlock.Dense([[1], [2], [3]], [1, 2, 4]), 0, 3);
        Assert.Equal(expected, model.NullDeviance(sums, hasIntercept: false, 0)!.Value, 1e-12);
    }

    [Fact]
    public void Where_zero_has_no_mean_there_is_no_null_deviance_without_an_intercept()
    {
        var model = ModelFactory.Create(new() { Family = Family.Gamma });
        Assert.Null(model.NullDeviance(Of(model, SmallBlock.Dense([[1]], [2]), 0, 1), hasIntercept: false, 0));
    }
}
