using FisherFlow.Differentiation;
using FisherFlow.Models;
using FisherFlow.Models.Links;

namespace FisherFlow.Tests.Models;

public sealed class OrdinalTests
{
    const double Infinity = double.PositiveInfinity;

    public static TheoryData<Link> Links => [.. ModelNames.Links(Family.Ordinal)];

    public static TheoryData<Link, double, double> Intervals
    {
        get
        {
            var data = new TheoryData<Link, double, double>();
            foreach (var link in ModelNames.Links(Family.Ordinal))
            {
                foreach (var (lower, upper) in new[] { (-1, 0.5), (0.2, 0.9), (-3, 2.5), (-6, -5.5), (1.5, 2), (0.3, 0.3 + 1e-3), (-Infinity, 0.4), (-Infinity, -4), (-0.7, Infinity), (2, Infinity) })
                {
                    data.Add(link, lower, upper);
                }
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Intervals))]
    public void Scores_and_information_of_an_interval_are_derivatives_of_its_log_probability(Link link, double lower, double upper)
    {
        var actual = Between(link, lower, upper);
        var shift = LogProbability(link, new(lower, double.IsFinite(lower) ? 1 : 0), new(upper, double.IsFinite(upper) ? 1 : 0));
        var top = LogProbability(link, lower, new(upper, double.IsFinite(upper) ? 1 : 0));
        var both = LogProbability(link, new(lower, double.IsFinite(lower) ? 1 : 0), new(upper, double.IsFinite(upper) ? 2 : 0));
        var tolerance = double.IsFinite(upper - lower) ? 1e-11 / Math.Pow(Math.Min(1, upper - lower), 2) : 1e-11;   // Jet's own formula cancels in narrow intervals
        Assert.Equal(Math.Exp(shift.Value), actual.Probability, 1e-12);
        if (double.IsFinite(upper))
        {
            Assert.Equal(top.First, actual.UpperScore, tolerance);
            Assert.Equal(-top.Second, actual.UpperInformation, tolerance * (1 + Math.Abs(top.Second)));
        }
        if (double.IsFinite(lower))
        {
            Assert.Equal(shift.First, actual.ShiftScore, tolerance);
            Assert.Equal(-shift.Second, actual.ShiftInformation, tolerance);
        }
        if (double.IsFinite(upper - lower)) { Assert.Equal(-(both.Second - shift.Second - top.Second) / 2, actual.CrossInformation, tolerance * (1 + Math.Abs(top.Second))); }
    }

    [Theory, MemberData(nameof(Links))]
    public void A_very_narrow_interval_keeps_the_information_of_its_place(Link link)
    {
        // as u − l → 0 the log-probability tends to log f + log(u − l): along the shift its curvature is that of log f
        const double X = -1.3;
        var expected = link switch
        {
            Link.Logit => 2 * Transcendental.Logistic(X) * Transcendental.Logistic(-X),
            Link.Probit => 1,
            _ => Math.Exp(X),
        };
        foreach (var width in new[] { 1e-3, 1e-5, 1e-6 })
        {
            var interval = Between(link, X - width / 2, X + width / 2);
            // p is a difference of numbers near ½: its relative rounding is ε/width
            Assert.Equal(expected, interval.ShiftInformation, 1e-15 / width + width * width);
            var left = interval.ShiftInformation - interval.CrossInformation / interval.UpperInformation * interval.CrossInformation;
            Assert.Equal(expected, left, 1e-14 / width + width);
        }
    }

    [Theory, MemberData(nameof(Links))]
    public void Rows_sum_to_the_negative_hessian_of_the_log_likelihood(Link link)
    {
        var model = ModelFactory.Create(new() { Family = Family.Ordinal, Link = link });
        var random = new Random(3);
        var block = new Block(30, 1, 1, hasValues: false, hasTrials: false, hasClusters: false) { Count = 30, Columns = 3, Outcomes = 4 };
        for (var i = 0; i < 30; i++)
        {
            (block.Dense[i], block.Indices[i], block.Response[i], block.Weight[i], block.Offset[i]) =
                (random.NextDouble() - 0.5, random.Next(3) - 1 < 0 ? -1 : 1 + random.Next(2), random.Next(4), 0.5 + random.NextDouble(), 0.1 * random.NextDouble());
        }
        double[] theta = [0.7, -0.2, 0.3, -1, 0.1, 1.2];
        var (information, score, deviance) = Evaluate(theta);
        const double H = 1e-5;
        for (var p = 0; p < 6; p++)
        {
            var (up, down) = (Evaluate(Moved(p, H)), Evaluate(Moved(p, -H)));
            Assert.Equal(-(up.Deviance - down.Deviance) / (4 * H), score[p], 1e-7);      // D = −2ℓ; truncation H², rounding ε·D/H
            for (var q = 0; q < 6; q++) { Assert.Equal(-(up.Score[q] - down.Score[q]) / (2 * H), information[p, q], 1e-7); }
        }
        Assert.True(deviance > 0);

        double[] Moved(int p, double h) => [.. theta.Select((t, i) => i == p ? t + h : t)];
        (double[,] Information, double[] Score, double Deviance) Evaluate(double[] at)
        {
            var sums = default(FitSums);
            var (i, s) = DenseFit.Collect(model.Work(block, 0, 30, block.Shape, at, 0, default, ref sums, new Workspace()), 6);
            return (i, s, sums.Deviance);
        }
    }

    [Theory, MemberData(nameof(Links))]
    public void Cut_points_out_of_order_have_infinite_deviance_and_finite_rows_that_part_them(Link link)
    {
        var model = ModelFactory.Create(new() { Family = Family.Ordinal, Link = link });
        var block = SmallBlock.Dense([[0]], [1], outcomes: 3);
        var sums = default(FitSums);
        var work = model.Work(block, 0, 1, block.Shape, [0, 0.5, -0.5], 0, default, ref sums, new Workspace());
        Assert.Equal(Infinity, sums.Deviance);
        var (_, score) = DenseFit.Collect(work, 3);
        Assert.True(score[1] < 0 && score[2] > 0 && double.IsFinite(score[1]) && double.IsFinite(score[2]));
    }

    [Theory, MemberData(nameof(Links))]
    public void Rows_stay_finite_wherever_the_predictor_goes(Link link)
    {
        var model = ModelFactory.Create(new() { Family = Family.Ordinal, Link = link });
        var block = SmallBlock.Dense([[1], [1], [1], [1]], [0, 1, 2, 3], outcomes: 4);
        foreach (var beta in new[] { 40, -40, 750, -750, 1e300, -1e300, Infinity, double.NaN })
        {
            var sums = default(FitSums);
            var work = model.Work(block, 0, 4, block.Shape, [beta, -1, 0.5, 1], 0, default, ref sums, new Workspace());
            for (var i = 0; i < work.Rows.Count; i++)
            {
                Assert.InRange(work.Weights[i], 0, double.MaxValue);
                Assert.True(double.IsFinite(work.Scores[i]), $"score {work.Scores[i]} at {beta}");
                Assert.True(work.Weights[i] == 0 ? work.Scores[i] == 0 : double.IsFinite(work.Scores[i] * work.Scores[i] / work.Weights[i]));
            }
            foreach (var value in work.Rows.Dense) { Assert.True(double.IsFinite(value)); }
            foreach (var value in work.Rows.Values) { Assert.True(double.IsFinite(value)); }
            Assert.True(sums.Deviance >= 0);
        }
    }

    [Theory, MemberData(nameof(Links))]
    public void The_start_gives_every_outcome_its_frequency(Link link)
    {
        var model = ModelFactory.Create(new() { Family = Family.Ordinal, Link = link });
        var sums = ResponseSums.Empty;
        var block = SmallBlock.Dense([[0], [0], [0], [0]], [2, 2, 0, 2], outcomes: 4);
        model.Summarise(block, 0, 4, ref sums);
        Assert.Equal([1, 0, 3], sums.OutcomeWeights.ToArray());
        var theta = new double[4];
        model.Start(block.Shape, sums, block, theta);
        var (means, jacobian) = (new double[4], new double[12]);
        model.Predict(theta.AsSpan(1), means, jacobian);
        var expected = new[] { 1.5, 0.5, 3.5, 0.5 };
        for (var k = 0; k < 4; k++) { Assert.Equal(expected[k] / 6, means[k], 1e-8); }   // the inverse normal distribution is good to 1e-9
    }

    [Fact]
    public void A_single_outcome_is_certain_and_says_nothing()
    {
        var model = ModelFactory.Create(new() { Family = Family.Ordinal });
        var block = SmallBlock.Dense([[1.0], [2.0]], [0, 0]);
        var sums = default(FitSums);
        var work = model.Work(block, 0, 2, block.Shape, [0.3], 0, default, ref sums, new Workspace());
        Assert.Equal(0, sums.Deviance);
        foreach (var weight in work.Weights) { Assert.Equal(0, weight); }
        foreach (var score in work.Scores) { Assert.Equal(0, score); }
    }

    static OrdinalInterval Between(Link link, double lower, double upper) => link switch
    {
        Link.Logit => OrdinalInterval.Between(default(LogitLink), lower, upper),
        Link.Probit => OrdinalInterval.Between(default(ProbitLink), lower, upper),
        _ => OrdinalInterval.Between(default(ComplementaryLogLogLink), lower, upper),
    };

    static Jet LogProbability(Link link, Jet lower, Jet upper) => link switch
    {
        Link.Logit => LogProbability(default(LogitLink), lower, upper),
        Link.Probit => LogProbability(default(ProbitLink), lower, upper),
        _ => LogProbability(default(ComplementaryLogLogLink), lower, upper),
    };

    static Jet LogProbability<TLink>(TLink link, Jet lower, Jet upper) where TLink : struct, ILink
    {
        if (double.IsInfinity(lower.Value)) { return link.LogMean(upper); }
        if (double.IsInfinity(upper.Value)) { return link.LogComplement(lower); }
        return upper.Value < 0   // in whichever tail is thinner
            ? LogDifference(link.LogMean(upper), link.LogMean(lower))
            : LogDifference(link.LogComplement(lower), link.LogComplement(upper));
    }

    static T LogDifference<T>(T greater, T smaller) where T : struct, IScalar<T> => greater + T.LogOneMinusExp(smaller - greater);
}
