using FisherFlow.Estimation;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Tests.Estimation;

/// <summary>The audit of models with several linear predictors, seen from single observations, against the same sums over working rows of whole blocks.</summary>
public sealed class SeveralPredictorAuditTests
{
    const int Rows = 400;

    static Simulated Data(string name, int seed = 5) => name switch
    {
        "multinomial" => Simulated.Draw(seed, Rows, [0.2, 0.5, -0.3], [0.3, -0.2, 0.1], (random, eta) => (int)Math.Clamp(Math.Floor(1.5 + eta + Simulated.Normal(random)), 0, 2), outcomes: 3, hasOffset: true),
        "ordinal" => Simulated.Draw(seed, Rows, [0, 0.5, -0.3], [0.3, -0.2, 0.1], (random, eta) => (int)Math.Clamp(Math.Floor(2 + eta + Simulated.Normal(random)), 0, 3), outcomes: 4, isOrdinal: true, hasOffset: true),
        "poisson" => Simulated.Draw(seed, Rows, [0.2, 0.5, -0.3], [0.3, -0.2, 0.1], Simulated.Poisson, hasOffset: true),
        "zero-inflated-poisson" => Simulated.Draw(seed, Rows, [0.2, 0.5, -0.3], [0.3, -0.2, 0.1], (random, eta) => random.Next(3) == 0 ? 0 : Simulated.Poisson(random, eta), hasOffset: true),
        _ => Simulated.Draw(seed, Rows, [0.2, 0.5, -0.3], [0.3, -0.2, 0.1], (random, eta) => Math.Exp(eta + 0.5 * Simulated.Normal(random)), hasOffset: true),
    };

    static IModel Model(string name) => name switch
    {
        "multinomial" => ModelFactory.Create(new() { Family = Family.Multinomial }),
        "ordinal" => ModelFactory.Create(new() { Family = Family.Ordinal }),
        "poisson" => ModelFactory.Create(new() { Family = Family.Poisson }),
        // the second parameter uses the constant and the second dense column, and no levels
        _ => ((DistributionalModel)ModelFactory.Create(new() { Family = Family.Distributional, Distribution = name })).With(new(2, [3, 1, 3], [1], hasIntercept: true)),
    };

    static ModelShape Shape(IModel model, Block block) => model is DistributionalModel ? new(block.DenseColumns, block.Columns, 2) : block.Shape;

    [Theory]
    [InlineData("multinomial"), InlineData("ordinal"), InlineData("weibull"), InlineData("student-t(4)"), InlineData("zero-inflated-poisson"), InlineData("poisson")]
    public void A_sample_of_all_rows_knows_the_quadratic_and_the_truth(string name)
    {
        var (model, data) = (Model(name), Data(name));
        var block = data.All;
        var shape = Shape(model, block);
        var (early, later) = (Theta(model, shape, 0.1), Theta(model, shape, 0.3));
        var audit = new Audit(model, data.Layout, Rows);
        audit.Fold(block, Rows, shape, early, 0, Enumerable.Repeat(1.0, early.Length).ToArray());
        Assert.Equal(Rows, audit.Count);

        var (then, thenSums) = Work(model, block, shape, early);
        var (now, nowSums) = Work(model, block, shape, later);
        var (thenScore, nowScore) = (Score(then), Score(now));
        var move = later.Zip(early, (a, b) => a - b).ToArray();
        var (moved, quadratic) = (new double[move.Length], 0.0);
        then.Multiply(move, moved);
        var remainder = audit.Compare(shape, later, 0, wantsPearson: true);
        for (var i = 0; i < move.Length; i++)
        {
            // sums of a few hundred rows in another order
            Assert.Equal(nowScore[i] - (thenScore[i] - moved[i]), remainder.Score[i], 1e-9 * Rows);
            quadratic += move[i] * (moved[i] - 2 * thenScore[i]);
        }
        Assert.Equal(nowSums.Deviance - (thenSums.Deviance + quadratic), remainder.Deviance, 1e-9 * Rows);
        Assert.Equal(nowSums.Pearson - (thenSums.Pearson + quadratic), remainder.Pearson, 1e-9 * Math.Max(Rows, nowSums.Pearson));

        var corrected = (FullInformation)then.Copy();
        audit.Correct(corrected, shape, later, 0);
        var (wanted, found) = (now.ToDense(), corrected.ToDense());
        for (var i = 0; i < move.Length; i++)
        {
            for (var j = 0; j < move.Length; j++) { Assert.Equal(wanted[i, j], found[i, j], 1e-9 * Rows); }
        }
    }

    [Theory]
    [InlineData("multinomial"), InlineData("ordinal"), InlineData("weibull")]
    public void A_part_of_the_rows_scaled_up_is_unbiased(string name)
    {
        const int Seeds = 40;
        var (model, z) = (Model(name), new double[Seeds]);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var data = Data(name, 600 + seed);
            var shape = Shape(model, data.All);
            var (early, later) = (Theta(model, shape, 0.1), Theta(model, shape, 0.15));
            var diagonal = new double[early.Length];
            Work(model, data.All, shape, early).Information.CopyDiagonal(diagonal);
            var (all, some) = (new Audit(model, data.Layout, Rows), new Audit(model, data.Layout, Rows / 4));
            foreach (var audit in (Audit[])[all, some]) { audit.Fold(data.All, Rows, shape, early, 0, diagonal); }
            Assert.InRange(some.Count, Rows / 8, Rows / 2);
            var (truth, guess) = (all.Compare(shape, later, 0), some.Compare(shape, later, 0));
            // along one direction, whose variance the sampled errors give
            var (direction, difference, variance) = (Theta(model, shape, 1), 0.0, 0.0);
            for (var i = 0; i < direction.Length; i++) { difference += direction[i] * (guess.Score[i] - truth.Score[i]); }
            var (view, vector) = (some.View(shape), new double[direction.Length]);
            var row = new AuditRow(view);
            for (var i = 0; i < some.Count; i++)
            {
                Array.Clear(vector);
                row.Write(some.Rows, i, guess.Errors.AsSpan(i * view.Count, view.Count));
                row.AddTo(vector);
                var along = vector.Zip(direction, (a, b) => a * b).Sum();
                variance += (1 - 1 / some.Scale(i)) * along * along;
            }
            z[seed] = difference / Math.Sqrt(variance);
        }
        // four standard errors of a mean, and of a mean square, of standard normals
        Assert.InRange(z.Average(), -4 / Math.Sqrt(Seeds), 4 / Math.Sqrt(Seeds));
        Assert.InRange(z.Average(v => v * v), 1 - 4 * Math.Sqrt(2.0 / Seeds), 1 + 4 * Math.Sqrt(2.0 / Seeds));
    }

    [Fact]
    public void An_outcome_that_arrives_after_folds_is_audited_for_the_rows_before_it()
    {
        var model = ModelFactory.Create(new() { Family = Family.Multinomial });
        var data = Simulated.Draw(8, 4000, [0, 0.5, -0.5], [], (random, eta) => random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0, outcomes: 3);
        for (var i = 2500; i < 4000; i += 3) { data.All.Response[i] = 2; }
        var estimator = data.Estimator(model, new() { BufferRows = 300 });
        for (var start = 0; start < 4000; start += 100)
        {
            var block = data.Slice(start, 100);
            block.Outcomes = start < 2500 ? 2 : 3;
            estimator.Observe(block);
        }
        var (streamed, exact) = (data.Solve(estimator), data.Solve(data.Fit(model, new() { BufferRows = 10_000 })));

        Assert.True(estimator.FoldedRows > 2500);
        Assert.InRange(Simulated.Distance(exact, streamed), 0, 1e-3);
        Assert.InRange(streamed.DistanceBound, 0, 1e-2);
    }

    static double[] Score(FullInformation evidence)
    {
        var score = new double[evidence.Dimension];
        evidence.CopyScore(score);
        return score;
    }

    static double[] Theta(IModel model, in ModelShape shape, double size)
    {
        var theta = new double[model.Dimension(shape)];
        for (var i = 0; i < theta.Length; i++) { theta[i] = size * Math.Sin(3 * i + 1); }
        for (var cut = 0; model.IsOrdinal && cut < shape.Outcomes - 1; cut++) { theta[shape.Columns + cut] = cut - 1 + size * cut; }
        return theta;
    }

    static (FullInformation Information, FitSums Sums) Work(IModel model, Block block, in ModelShape shape, double[] theta)
    {
        var sums = default(FitSums);
        var information = new FullInformation(theta.Length);
        var working = model.Work(block, 0, Rows, shape, theta, 0, default, ref sums, new());
        information.Add(working.Rows, working.Weights, working.Scores);
        if (!working.Deficits.IsEmpty) { information.Correct(working.Rows, Array.ConvertAll(working.Deficits.ToArray(), deficit => -deficit)); }
        return (information, sums);
    }
}
