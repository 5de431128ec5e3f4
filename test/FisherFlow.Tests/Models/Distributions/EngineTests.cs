using FisherFlow.Differentiation;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Tests.Models.Distributions;

/// <summary>Working rows of distributional regression: scores, information, and where coefficients live.</summary>
public sealed class EngineTests
{
    public static TheoryData<string, bool> Cases => new()
    {
        { "normal", false }, { "normal", true }, { "geometric", false }, { "student-t", false }, { "student-t", true }, { "zero-inflated-poisson", true }, { "zero-inflated-negative-binomial", false }, { "gaussian-mixture(2)", false },
    };

    [Theory, MemberData(nameof(Cases))]
    public void The_score_is_the_gradient_of_the_deviance(string name, bool isShared)
    {
        var (model, block, theta) = Setting(name, isShared);
        var working = Dense(model, block, theta, out _);
        for (var j = 0; j < theta.Length; j++)
        {
            const double h = 1e-3;
            double At(double step)
            {
                var moved = theta.ToArray();
                moved[j] += step * h;
                return -0.5 * Deviance(model, block, moved);
            }
            var expected = (45 * (At(1) - At(-1)) - 9 * (At(2) - At(-2)) + (At(3) - At(-3))) / (60 * h);   // h⁶ and ε·|ℓ|/h
            Assert.Equal(expected, working.Score[j], 1e-8 * (1 + Math.Abs(expected)));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Observed_rows_add_up_to_the_hessian_and_default_rows_to_it_where_they_say_what_they_exceed(string name, bool isShared)
    {
        var (model, block, theta) = Setting(name, isShared);
        var observed = (DistributionalModel)model.WithInformation(InformationKind.Observed);
        var rows = Dense(observed, block, theta, out _);
        var bounded = Dense(model, block, theta, out var deficits);
        for (var j = 0; j < theta.Length; j++)
        {
            const double h = 1e-3;
            double[] At(double step)
            {
                var moved = theta.ToArray();
                moved[j] += step * h;
                return Dense(observed, block, moved, out _).Score;
            }
            var (a, b, c, d, e, f) = (At(1), At(-1), At(2), At(-2), At(3), At(-3));
            for (var i = 0; i < theta.Length; i++)
            {
                var expected = -(45 * (a[i] - b[i]) - 9 * (c[i] - d[i]) + (e[i] - f[i])) / (60 * h);
                Assert.Equal(expected, rows.Information[i, j], 1e-7 * (1 + Math.Abs(expected)));
                if (model.IsObserved) { Assert.Equal(rows.Information[i, j], bounded.Information[i, j] - deficits[i, j], 1e-9 * (1 + Math.Abs(bounded.Information[i, j]))); }
            }
        }
        Assert.Equal(rows.Score.Select(s => Math.Round(s, 8)), bounded.Score.Select(s => Math.Round(s, 8)));
    }

    [Fact]
    public void Sampled_information_comes_near_the_expected()
    {
        var (model, block, theta) = Setting("normal", isShared: true);
        var expected = Dense(model, block, theta, out _).Information;
        var sampled = Dense((DistributionalModel)model.WithInformation(InformationKind.MonteCarlo, 4000, 7), block, theta, out _).Information;
        for (var i = 0; i < theta.Length; i++)
        {
            // of 4000 draws the mean of s² has a relative error of at most √(15/4000) = 6 % a row, less over 12 rows; four of them
            for (var j = 0; j < theta.Length; j++) { Assert.Equal(expected[i, j], sampled[i, j], 0.12 * Math.Sqrt(expected[i, i] * expected[j, j])); }
        }
    }

    [Fact]
    public void A_parameter_that_does_not_use_a_column_has_no_coefficient_for_it()
    {
        var design = new PredictorDesign(3, dense: [0b111, 0b001, 0b100], slots: [0b101], hasIntercept: true);
        var shape = new ModelShape(3, 5, 3);
        Assert.Equal(5 + 2 * 2, design.Dimension(shape));
        Assert.Equal([0, 1, -1, 2, -1, -1, 3, -1, 4], Enumerable.Range(0, 9).Select(i => design.Parameter(i / 3, i % 3)));
        Assert.Equal([5, 7, -1, -1, 6, 8], Enumerable.Range(0, 6).Select(i => design.Parameter(i / 2, 3 + i % 2)));
        Assert.Equal([0, 2, 3], Enumerable.Range(0, 3).Select(design.Constant));
        // a new level only appends
        Assert.Equal(design.Dimension(shape), design.Parameter(0, 5));
    }

    [Fact]
    public void Predictions_move_with_every_parameter_that_the_mean_depends_on()
    {
        var model = DistributionCatalog.Create("lognormal");
        var (mean, jacobian) = (new double[1], new double[2]);
        model.Predict([0.3, Math.Log(0.5)], mean, jacobian);
        Assert.Equal(Math.Exp(0.3 + 0.125), mean[0], 1e-14);
        Assert.Equal(mean[0], jacobian[0], 1e-14);
        Assert.Equal(0.25 * mean[0], jacobian[1], 1e-14);   // ∂/∂log σ of σ²/2
        Assert.Equal(Interval.Positive, model.MeanRange);
        Assert.Equal(Interval.Unit, DistributionCatalog.Create("beta").MeanRange);
        Assert.Equal(0.5, model.Cumulative(Math.Exp(0.3), [0.3, 0]), 1e-14);
    }

    [Theory]
    [InlineData("norml", "there is no family 'norml'"), InlineData("normal(3)", "legal is normal"), InlineData("student-t(x)", "legal is student-t"), InlineData("student-t(5", "legal is student-t")]
    public void A_name_that_is_not_legal_is_told_what_is(string name, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => DistributionCatalog.Create(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_distribution_reads_back_from_its_own_name() =>
        Assert.All(DistributionCatalog.Names.Except(["dirichlet"]).Append("dirichlet(3)").Append("student-t(4.5)"), name => Assert.Equal(name, DistributionCatalog.Create(name).Name));

    /// <summary>Twelve rows with a constant, a numeric column, a factor, offsets and weights; shared or with parts of the design each.</summary>
    static (DistributionalModel Model, Block Block, double[] Theta) Setting(string name, bool isShared)
    {
        var model = DistributionCatalog.Create(name);
        var k = model.Parameters.Length;
        var all = (1 << k) - 1;
        model = model.With(isShared ? PredictorDesign.Common(k, 2, 1) : new(k, [all, 1], [k == 1 ? 1 : 1 << (k - 1)], hasIntercept: true));
        var block = new Block(12, 2, 1, false, false, false) { Count = 12, Columns = 4, Outcomes = k };
        var random = new Random(5);
        for (var i = 0; i < 12; i++)
        {
            (block.Dense[2 * i], block.Dense[2 * i + 1]) = (1, random.NextDouble() - 0.5);
            block.Indices[i] = i % 5 == 4 ? -1 : 2 + i % 2;
            block.Offset[i] = 0.1 * (i % 3);
            block.Weight[i] = i == 7 ? 0 : 1 + 0.5 * (i % 2);
            block.Response[i] = model.IsDiscrete ? random.Next(4) : 0.2 + random.NextDouble();
        }
        var theta = new double[model.Dimension(block.Shape)];
        for (var j = 0; j < theta.Length; j++) { theta[j] = 0.6 * (random.NextDouble() - 0.4); }
        return (model, block, theta);
    }

    static double Deviance(DistributionalModel model, Block block, double[] theta)
    {
        var sums = default(FitSums);
        model.Work(block, 0, block.Count, block.Shape, theta, 0, default, ref sums, new());
        return sums.Deviance;
    }

    static (double[] Score, double[,] Information) Dense(DistributionalModel model, Block block, double[] theta, out double[,] deficits)
    {
        var sums = default(FitSums);
        var working = model.Work(block, 0, block.Count, block.Shape, theta, 0, default, ref sums, new());
        var d = theta.Length;
        var (score, information) = (new double[d], new double[d, d]);
        deficits = new double[d, d];
        for (var r = 0; r < working.Rows.Count; r++)
        {
            var row = new double[d];
            for (var j = 0; j < working.Rows.DenseColumns; j++) { row[j] += working.Rows.Dense[r * working.Rows.DenseColumns + j]; }
            for (var s = r * working.Rows.Slots; s < (r + 1) * working.Rows.Slots; s++)
            {
                if (working.Rows.Indices[s] >= 0) { row[working.Rows.Indices[s]] += working.Rows.Values.IsEmpty ? 1 : working.Rows.Values[s]; }
            }
            for (var i = 0; i < d; i++)
            {
                score[i] += working.Scores[r] * row[i];
                for (var j = 0; j < d; j++)
                {
                    information[i, j] += working.Weights[r] * row[i] * row[j];
                    if (!working.Deficits.IsEmpty) { deficits[i, j] += working.Deficits[r] * row[i] * row[j]; }
                }
            }
        }
        return (score, information);
    }
}
