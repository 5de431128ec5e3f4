using FisherFlow.Differentiation;
using FisherFlow.Models;
using FisherFlow.Models.Families;
using FisherFlow.Models.Links;

namespace FisherFlow.Tests.Models;

public sealed class InformationKindTests
{
    const int Rows = 4000;

    /// <summary>CK-43: at the optimum the estimates agree; a unit away from it the scores' squares no longer measure the Fisher information, and Adam's batch means least of all.</summary>
    [Fact]
    public void Squared_scores_are_the_information_at_the_truth_and_nowhere_else()
    {
        double[] truth = [0.5, -1, 0.75];
        var block = Logistic(truth, 64_000);
        var (expected, empirical, means) = Diagonals(block, truth);
        for (var j = 0; j < 3; j++)
        {
            Assert.InRange(empirical[j] / expected[j], 0.95, 1.05);      // four standard errors of 64,000 squared scores are 0.03
            Assert.InRange(32 * means[j] / expected[j], 0.85, 1.15);     // a mean of 2,000 batches: √(2/2000) = 0.032, four of them
        }
        var (away, awayEmpirical, awayMeans) = Diagonals(block, [.. truth.Select(t => t + 1)]);
        for (var j = 0; j < 3; j++)
        {
            Assert.True(away[j] < 0.95 * expected[j], "further out, the Fisher information is less");
            Assert.True(awayEmpirical[j] > 1.4 * away[j], "squared scores hold the squared residual too");
            Assert.True(32 * awayMeans[j] > 2 * awayEmpirical[j], "and the square of a batch's mean holds the mean's square");
        }
    }

    /// <summary>Two derivations: the closed form, and minus the second derivative of the log-density by a jet.</summary>
    [Fact]
    public void Observed_weights_are_the_negative_second_derivatives_of_the_log_density()
    {
        Check(new Glm<Binomial, ProbitLink>(default, default), default(Binomial), default(ProbitLink), [(0, 0.3), (1, -1.2), (1, 2), (0.25, 0.4)]);
        Check(new Glm<Binomial, CauchitLink>(default, default), default(Binomial), default(CauchitLink), [(0, 3), (1, -4), (1, 0.1)]);
        Check(new Glm<Binomial, ComplementaryLogLogLink>(default, default), default(Binomial), default(ComplementaryLogLogLink), [(0, 0.5), (1, -2)]);
        Check(new Glm<Gamma, LogLink>(default, default), default(Gamma), default(LogLink), [(0.2, 0.5), (7, 1)]);
        Check(new Glm<Poisson, SqrtLink>(default, default), default(Poisson), default(SqrtLink), [(0, 1.5), (9, 2)]);
        Check(new Glm<Gaussian, InverseLink>(default, default), default(Gaussian), default(InverseLink), [(4, 0.5), (1, 0.7)]);
        Check(new Glm<InverseGaussian, LogLink>(default, default), default(InverseGaussian), default(LogLink), [(0.3, 0.2), (5, 0.4)]);
        Check(new Glm<NegativeBinomial, LogLink>(new(1), default), new NegativeBinomial(1), default(LogLink), [(0, 0.2), (5, 0.4)]);
    }

    [Fact]
    public void Under_a_canonical_link_observed_information_is_expected_information_to_the_bit()
    {
        var block = Logistic([0.5, -1, 0.75], 100);
        Assert.Equal(Weights(new Glm<Binomial, LogitLink>(default, default), block, [0.1, 0.2, 0.3]),
            Weights(new Glm<Binomial, LogitLink>(default, default).WithInformation(InformationKind.Observed), block, [0.1, 0.2, 0.3]));
    }

    [Fact]
    public void Sampled_information_tends_to_the_expected_one_whatever_the_family()
    {
        Tends(new Glm<Binomial, LogitLink>(default, default), 0.3, trials: 1);
        Tends(new Glm<Binomial, LogitLink>(default, default), 0.3, trials: 12);
        Tends(new Glm<Poisson, LogLink>(default, default), 0.8, 1);
        Tends(new Glm<Gaussian, IdentityLink>(default, default), 0.8, 1);
        Tends(new Glm<Gamma, LogLink>(default, default), 0.8, 1);
        Tends(new Glm<NegativeBinomial, LogLink>(new(1), default), 0.8, 1);
    }

    [Fact]
    public void Samples_depend_on_the_rows_number_in_the_stream_and_not_on_how_it_is_cut()
    {
        var model = new Glm<Binomial, LogitLink>(default, default).WithInformation(InformationKind.MonteCarlo, 3, seed: 7);
        var whole = Logistic([0.5, -1, 0.75], 64);
        var weights = Weights(model, whole, [0.1, 0.2, 0.3]);
        var tail = Logistic([0.5, -1, 0.75], 64);
        Array.Copy(whole.Dense, 20 * 3, tail.Dense, 0, 44 * 3);
        (tail.Count, tail.FirstRow) = (44, 20);
        Assert.Equal(weights[20..], Weights(model, tail, [0.1, 0.2, 0.3]));
        Assert.NotEqual(weights, Weights(new Glm<Binomial, LogitLink>(default, default).WithInformation(InformationKind.MonteCarlo, 3, seed: 8), whole, [0.1, 0.2, 0.3]));
    }

    [Fact]
    public void What_cannot_be_sampled_is_refused_with_what_there_is()
    {
        Assert.Contains("observed", Assert.Throws<NotSupportedException>(() => new Glm<Tweedie, LogLink>(new(2.5), default).WithInformation(InformationKind.MonteCarlo)).Message, StringComparison.Ordinal);
        Assert.Contains("empirical", Assert.Throws<NotSupportedException>(() => new Ordinal<LogitLink>(default).WithInformation(InformationKind.MonteCarlo)).Message, StringComparison.Ordinal);
    }

    /// <summary>The empirical information of any model is the sum of its score vectors' squares, and its score is the model's.</summary>
    [Fact]
    public void Empirical_information_of_several_predictors_is_the_square_of_the_whole_score()
    {
        var block = Outcomes(40, 3);
        var random = new Random(3);
        foreach (var model in (IModel[])[new Multinomial(), new Ordinal<ProbitLink>(default)])
        {
            var shape = block.Shape;
            var theta = new double[model.Dimension(shape)];
            for (var i = 0; i < theta.Length; i++) { theta[i] = model.IsOrdinal && i >= shape.Columns ? i - shape.Columns : random.NextDouble() - 0.5; }
            for (var i = 0; i < block.Count; i++)
            {
                var (_, score) = Sums(model, block, i, theta);
                var (information, again) = Sums(model.WithInformation(InformationKind.Empirical), block, i, theta);
                for (var a = 0; a < theta.Length; a++)
                {
                    Assert.Equal(score[a], again[a], 12);
                    for (var b = 0; b < theta.Length; b++) { Assert.Equal(score[a] * score[b], information[a, b], 12); }
                }
            }
        }
    }

    [Fact]
    public void Sampled_information_of_a_multinomial_tends_to_the_expected_one()
    {
        var block = Outcomes(1, 3);
        var theta = new double[] { 0.2, -0.4, 0.5, 0.1, -0.3, 0.6 };
        var model = new Multinomial();
        var (expected, _) = Sums(model, block, 0, theta);
        var (sampled, _) = Sums(model.WithInformation(InformationKind.MonteCarlo, 40_000, 5), block, 0, theta);
        for (var a = 0; a < 6; a++)
        {
            for (var b = 0; b < 6; b++) { Assert.Equal(expected[a, b], sampled[a, b], 0.02); }   // four standard errors of 40,000 draws of a number below 1
        }
    }

    static void Check<TFamily, TLink>(Glm<TFamily, TLink> model, TFamily family, TLink link, (double Response, double Eta)[] cases)
        where TFamily : struct, IFamily<TFamily> where TLink : struct, ILink
    {
        foreach (var (response, eta) in cases)
        {
            var block = new Block(1, 1, 0, false, false, false) { Count = 1 };
            (block.Dense[0], block.Response[0], block.Weight[0]) = (1, response, 1.5);
            var curvature = -1.5 * family.LogDensity(link, Jet.Variable(eta), response, 1).Second;
            Assert.Equal(curvature, Weights(model.WithInformation(InformationKind.Observed), block, [eta])[0], 1e-8 * (1 + Math.Abs(curvature)));
        }
    }

    static void Tends(IModel model, double eta, double trials)
    {
        var block = new Block(1, 1, 0, false, trials > 1, false) { Count = 1 };
        (block.Dense[0], block.Response[0], block.Weight[0]) = (1, trials > 1 ? 0.5 : 1, 2 * trials);
        if (trials > 1) { block.Trials[0] = trials; }
        var expected = Weights(model, block, [eta])[0];
        var sampled = Weights(model.WithInformation(InformationKind.MonteCarlo, Rows, seed: 1), block, [eta])[0];
        Assert.InRange(sampled / expected, 0.75, 1.25);   // the exponential's squared residual has a kurtosis of 9: four standard errors are 4·√(8/4000) = 0.18
    }

    static double[] Weights(IModel model, Block block, double[] theta)
    {
        var sums = default(FitSums);
        return model.Work(block, 0, block.Count, block.Shape, theta, 0, default, ref sums, new()).Weights.ToArray();
    }

    static (double[,] Information, double[] Score) Sums(IModel model, Block block, int row, double[] theta)
    {
        var sums = default(FitSums);
        var working = model.Work(block, row, 1, block.Shape, theta, 0, default, ref sums, new());
        var full = FisherFlow.Information.FullInformation.Create(theta.Length);
        full.Add(working.Rows, working.Weights, working.Scores);
        var score = new double[theta.Length];
        full.CopyScore(score);
        return (full.ToDense(), score);
    }

    static (double[] Fisher, double[] Squares, double[] BatchMeans) Diagonals(Block block, double[] theta)
    {
        var (sums, model) = (default(FitSums), new Glm<Binomial, LogitLink>(default, default));
        var working = model.Work(block, 0, block.Count, block.Shape, theta, 0, default, ref sums, new());
        var (fisher, squares, means, batch) = (new double[3], new double[3], new double[3], new double[3]);
        for (var i = 0; i < block.Count; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                var x = block.Dense[i * 3 + j];
                fisher[j] += working.Weights[i] * x * x / block.Count;
                squares[j] += working.Scores[i] * working.Scores[i] * x * x / block.Count;
                batch[j] += working.Scores[i] * x / 32;
                if (i % 32 < 31) { continue; }
                means[j] += batch[j] * batch[j] / (block.Count / 32);
                batch[j] = 0;
            }
        }
        return (fisher, squares, means);
    }

    static Block Logistic(double[] theta, int rows)
    {
        var random = new Random(43);
        var block = new Block(rows, 3, 0, false, false, false) { Count = rows };
        for (var i = 0; i < rows; i++)
        {
            var (a, b) = (Normal(random), Normal(random));
            (block.Dense[3 * i], block.Dense[3 * i + 1], block.Dense[3 * i + 2], block.Weight[i]) = (1, a, b, 1);
            var eta = theta[0] + theta[1] * a + theta[2] * b;
            block.Response[i] = random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0;
        }
        return block;
    }

    static Block Outcomes(int rows, int outcomes)
    {
        var random = new Random(17);
        var block = new Block(rows, 1, 1, true, false, false) { Count = rows, Columns = 2, Outcomes = outcomes };
        for (var i = 0; i < rows; i++)
        {
            (block.Dense[i], block.Indices[i], block.Values[i]) = (Normal(random), 1, Normal(random));
            (block.Response[i], block.Weight[i]) = (random.Next(outcomes), 1 + i % 2);
        }
        return block;
    }

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
