using FisherFlow.Models;

namespace FisherFlow.Tests.Models;

public sealed class MultinomialTests
{
    static readonly Multinomial _model = new();

    /// <summary>Two dense columns, two slots over three level columns, four outcomes.</summary>
    static Block Random(int seed, int n)
    {
        var random = new Random(seed);
        var block = new Block(n, 2, 2, hasValues: true, hasTrials: false, hasClusters: false) { Count = n, Columns = 5, Outcomes = 4 };
        for (var i = 0; i < n; i++)
        {
            (block.Dense[2 * i], block.Dense[2 * i + 1]) = (1, random.NextDouble());
            (block.Indices[2 * i], block.Values[2 * i]) = (2 + random.Next(3), 1);
            (block.Indices[2 * i + 1], block.Values[2 * i + 1]) = (random.Next(2) == 0 ? -1 : 2 + random.Next(3), random.NextDouble());
            (block.Response[i], block.Weight[i]) = (random.Next(4), 0.5 + random.NextDouble());
        }
        return block;
    }

    [Fact]
    public void Rows_sum_to_the_closed_form()
    {
        var block = Random(1, 20);
        var shape = block.Shape;
        var d = _model.Dimension(shape);
        var random = new Random(2);
        var theta = Enumerable.Range(0, d).Select(_ => random.NextDouble() - 0.5).ToArray();
        var sums = default(FitSums);
        var work = _model.Work(block, 0, 20, shape, theta, 0, default, ref sums, new Workspace());
        Assert.Equal(4, work.PerObservation);
        var (information, score) = DenseFit.Collect(work, d);

        var (expected, expectedScore, deviance, pearson) = (new double[d, d], new double[d], 0.0, 0.0);
        var designs = new double[4][];
        for (var i = 0; i < 20; i++)
        {
            var eta = new double[4];
            for (var o = 0; o < 4; o++)
            {
                _model.DescribePredictor(block, i, shape, o, designs[o] = new double[d]);
                eta[o] = designs[o].Zip(theta, (x, t) => x * t).Sum();
            }
            var total = eta.Sum(Math.Exp);
            var pi = eta.Select(e => Math.Exp(e) / total).ToArray();
            var (y, w) = ((int)block.Response[i], block.Weight[i]);
            deviance -= 2 * w * Math.Log(pi[y]);
            pearson += w * Enumerable.Range(0, 4).Sum(o => Math.Pow((o == y ? 1 : 0) - pi[o], 2) / pi[o]);
            for (var o = 0; o < 4; o++)
            {
                for (var p = 0; p < d; p++)
                {
                    expectedScore[p] += w * ((o == y ? 1 : 0) - pi[o]) * designs[o][p];
                    for (var other = 0; other < 4; other++)
                    {
                        for (var q = 0; q < d; q++) { expected[p, q] += w * pi[o] * ((o == other ? 1 : 0) - pi[other]) * designs[o][p] * designs[other][q]; }
                    }
                }
            }
        }
        Assert.Equal(deviance, sums.Deviance, 1e-11);
        Assert.Equal(pearson, sums.Pearson, 1e-11);
        for (var p = 0; p < d; p++)
        {
            Assert.Equal(expectedScore[p], score[p], 1e-12);
            for (var q = 0; q < d; q++) { Assert.Equal(expected[p, q], information[p, q], 1e-12); }
        }
    }

    [Theory, InlineData(1, 2), InlineData(3, 3), InlineData(0, 4)]
    public void Every_parameter_has_one_place_and_levels_only_append(int dense, int outcomes)
    {
        foreach (IModel model in new IModel[] { _model, ModelFactory.Create(new() { Family = Family.Ordinal }) })
        {
            var shape = new ModelShape(dense, dense + 3, outcomes);
            var places = new List<int>();
            for (var o = 0; o < (model.IsOrdinal ? 1 : outcomes); o++)
            {
                for (var c = 0; c < shape.Columns; c++) { places.Add(model.Parameter(shape, o, c)); }
            }
            for (var o = 0; o < outcomes; o++) { places.Add(model.Parameter(shape, o, -1)); }
            Assert.Equal(Enumerable.Range(0, model.Dimension(shape)), places.Where(p => p >= 0).Order());
        }
        var (small, large) = (new ModelShape(dense, dense + 1, outcomes), new ModelShape(dense, dense + 9, outcomes));
        Assert.Equal(_model.Parameter(small, outcomes - 1, dense), _model.Parameter(large, outcomes - 1, dense));
    }

    [Theory, InlineData(800), InlineData(-1e300), InlineData(1e300), InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void Rows_stay_finite_wherever_the_predictors_go(double coefficient)
    {
        var block = SmallBlock.Dense([[1], [-1]], [0, 1], outcomes: 3);
        var sums = default(FitSums);
        var work = _model.Work(block, 0, 2, block.Shape, [coefficient, 0, 0], 0, default, ref sums, new Workspace());
        for (var i = 0; i < work.Rows.Count; i++)
        {
            Assert.True(double.IsFinite(work.Weights[i]) && double.IsFinite(work.Scores[i]));
            Assert.True(work.Weights[i] == 0 ? work.Scores[i] == 0 : double.IsFinite(work.Scores[i] * work.Scores[i] / work.Weights[i]));
            Assert.True(double.IsFinite(work.Rows.Dense[i]));
        }
        Assert.True(sums.Deviance >= 0);
        Assert.Equal(double.IsFinite(coefficient), double.IsFinite(sums.Deviance));
    }

    [Fact]
    public void The_jacobian_of_the_probabilities_is_that_of_softmax()
    {
        double[] eta = [0.3, -1, 0.9];
        var (means, jacobian, up, down, unused) = (new double[3], new double[9], new double[3], new double[3], new double[9]);
        _model.Predict(eta, means, jacobian);
        Assert.Equal(1, means.Sum(), 1e-15);
        for (var l = 0; l < 3; l++)
        {
            const double H = 1e-5;
            _model.Predict([.. eta.Select((e, i) => e + (i == l ? H : 0))], up, unused);
            _model.Predict([.. eta.Select((e, i) => e - (i == l ? H : 0))], down, unused);
            for (var m = 0; m < 3; m++) { Assert.Equal((up[m] - down[m]) / (2 * H), jacobian[3 * m + l], 1e-9); }   // truncation H², rounding ε/H
        }
    }
}
