using FisherFlow.Models;

namespace FisherFlow.Tests.Models;

public sealed class DomainTests
{
    static readonly double[] _extremes =
        [750, -750, 40, -40, 1e300, -1e300, 1e-300, -1e-300, 0, double.MaxValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    public static TheoryData<string> Names => [.. FamilyCase.All.Select(one => one.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Weights_and_scores_are_finite_wherever_the_predictor_goes(string name)
    {
        var one = FamilyCase.Find(name);
        foreach (var eta in _extremes)
        {
            foreach (var y in one.Responses)
            {
                var (weight, score, sums) = one.At(eta, y, leverage: 0.5);
                Assert.InRange(weight, 0, double.MaxValue);
                Assert.InRange(score, -double.MaxValue, double.MaxValue);
                Assert.True(weight == 0 ? score == 0 : double.IsFinite(score * score / weight), $"r²/w at η = {eta}, y = {y}");
                Assert.True(sums.Deviance >= 0, $"deviance {sums.Deviance} at η = {eta}, y = {y}");
                Assert.True(double.IsFinite(sums.Pearson));
            }
        }
    }

    [Theory]
    [InlineData(Family.Gamma, Link.Inverse, -1), InlineData(Family.Gamma, Link.Identity, -0.5), InlineData(Family.Poisson, Link.Identity, 0), InlineData(Family.Poisson, Link.Sqrt, -2)]
    [InlineData(Family.InverseGaussian, Link.InverseSquare, -3), InlineData(Family.Binomial, Link.Log, 0.1), InlineData(Family.Gaussian, Link.Inverse, 0)]
    [InlineData(Family.Poisson, Link.Log, double.NaN), InlineData(Family.Binomial, Link.Logit, double.NaN), InlineData(Family.Gaussian, Link.Identity, double.NaN)]
    public void A_predictor_outside_the_domain_has_infinite_deviance_unless_its_row_weighs_nothing(Family family, Link link, double eta)
    {
        var model = ModelFactory.Create(new() { Family = family, Link = link });
        Assert.Equal(double.PositiveInfinity, DevianceOf(weight: 2));
        Assert.Equal(0, DevianceOf(weight: 0));

        double DevianceOf(double weight)
        {
            var sums = default(FitSums);
            var block = SmallBlock.Single(1, weight);
            model.Work(block, 0, 1, block.Shape, [eta], 0, default, ref sums, new Workspace());
            return sums.Deviance;
        }
    }

    [Fact]
    public void A_response_without_a_legal_start_is_left_out_of_the_first_step()
    {
        var model = ModelFactory.Create(new() { Family = Family.Gaussian, Link = Link.Log });
        var block = SmallBlock.Dense([[1], [1]], [-2, 5]);
        var sums = default(FitSums);
        var work = model.WorkAtStart(block, 0, 2, block.Shape, [0], ref sums, new Workspace());
        Assert.Equal((0, 0), (work.Weights[0], work.Scores[0]));
        Assert.Equal(25, work.Weights[1], 1e-12);
        Assert.Equal(25 * Math.Log(5), work.Scores[1], 1e-12);
    }

    [Fact]
    public void Logistic_rows_are_the_same_alone_and_four_at_a_time()
    {
        var model = ModelFactory.Create(new() { Family = Family.Binomial });
        var random = new Random(5);
        var y = Enumerable.Range(0, 23).Select(i => i == 9 ? 0.25 : random.Next(2)).ToArray();
        var w = Enumerable.Range(0, 23).Select(i => i % 7 == 3 ? 0 : random.NextDouble()).ToArray();
        var x = Enumerable.Range(0, 23).Select(i => new[] { 60 * (random.NextDouble() - 0.5) }).ToArray();
        var (block, workspace, sums, alone) = (SmallBlock.Dense(x, y, w), new Workspace(), default(FitSums), default(FitSums));
        var work = model.Work(block, 0, 23, block.Shape, [1], 0, default, ref sums, workspace);
        for (var i = 0; i < 23; i++)
        {
            var single = model.Work(block, i, 1, block.Shape, [1], 0, default, ref alone, new Workspace());
            Assert.Equal(single.Weights[0], work.Weights[i], 1e-15 * single.Weights[0]);
            Assert.Equal(single.Scores[0], work.Scores[i], 1e-15);
        }
        Assert.Equal(alone.Deviance, sums.Deviance, 1e-13 * alone.Deviance);
        Assert.Equal(alone.Pearson, sums.Pearson, 1e-13 * alone.Pearson);
    }

    [Theory]
    [InlineData(Family.Gaussian, -3, true), InlineData(Family.Gaussian, double.NaN, false), InlineData(Family.Binomial, 0.5, true), InlineData(Family.Binomial, 1.5, false)]
    [InlineData(Family.Poisson, 0, true), InlineData(Family.Poisson, -1, false), InlineData(Family.Gamma, 0, false), InlineData(Family.InverseGaussian, 2, true)]
    [InlineData(Family.NegativeBinomial, -1, false), InlineData(Family.Tweedie, 0, true), InlineData(Family.Tweedie, -0.1, false)]
    [InlineData(Family.Multinomial, 2, true), InlineData(Family.Multinomial, 1.5, false), InlineData(Family.Ordinal, -1, false), InlineData(Family.Poisson, double.PositiveInfinity, false)]
    public void A_family_knows_which_responses_it_can_produce(Family family, double response, bool expected) =>
        Assert.Equal(expected, ModelFactory.Create(new() { Family = family }).Supports(response));
}
