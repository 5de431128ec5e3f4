using FisherFlow.Memory;
using FisherFlow.Snapshots;
using FisherFlow.StateSpace;
using FisherFlow.Tests.Simulations;

namespace FisherFlow.Tests.Memory;

public sealed class ForgettingTests
{
    /// <summary>Recursive least squares = ridge normal equations = the Kalman filter without drift; 400 rows, five coefficients.</summary>
    [Fact]
    public void Recursive_least_squares_is_batch_least_squares_and_the_Kalman_filter()
    {
        const double Ridge = 0.1;
        var (normals, recursive, gram, moment) = (new Normals(1), new RecursiveLeastSquares(5, 1, Ridge), Square.Identity(5, Ridge), new double[5]);
        var model = LinearGaussianModel.DriftingRegression(5, 0, 1);
        var filter = new CovarianceFilter(new(model.Transition, model.ProcessNoise, model.Observation, 1) { StartCovariance = Square.Identity(5, 1 / Ridge) });
        for (var t = 0; t < 400; t++)
        {
            double[] x = [1, normals.Next(), normals.Next(), normals.Next(), normals.Next()];
            var y = 1 + 2 * x[1] - x[4] + normals.Next();
            recursive.Observe(x, y);
            if (t > 0) { filter.Predict(); }
            filter.Observe(x, y);
            for (var i = 0; i < 5; i++)
            {
                moment[i] += x[i] * y;
                for (var j = 0; j < 5; j++) { gram[i, j] += x[i] * x[j]; }
            }
        }
        var batch = Square.Product(Square.Inverse(gram)!, moment);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(batch[i], recursive.Theta[i], 1e-12);
            Assert.Equal(batch[i], filter.Mean()[i], 1e-12);
        }
    }

    /// <summary>With forgetting: the normal equations with weights λ^age, and the covariance written out.</summary>
    [Fact]
    public void Forgetting_is_weighted_least_squares_with_both_sums()
    {
        const double Rate = 0.97;
        var (normals, recursive, rows, responses) = (new Normals(2), new RecursiveLeastSquares(2, Rate, 1e-9), new List<double[]>(), new List<double>());
        for (var t = 0; t < 1500; t++)
        {
            rows.Add([1, normals.Next()]);
            responses.Add(3 + rows[t][1] + normals.Next());
            recursive.Observe(rows[t], responses[t]);
        }
        var (once, twice, moment) = (new double[2, 2], new double[2, 2], new double[2]);
        for (var t = 0; t < 1500; t++)
        {
            var w = Math.Pow(Rate, 1499 - t);
            for (var i = 0; i < 2; i++)
            {
                moment[i] += w * rows[t][i] * responses[t];
                for (var j = 0; j < 2; j++) { (once[i, j], twice[i, j]) = (once[i, j] + w * rows[t][i] * rows[t][j], twice[i, j] + w * w * rows[t][i] * rows[t][j]); }
            }
        }
        var inverse = Square.Inverse(once)!;
        var (theta, covariance) = (Square.Product(inverse, moment), Square.Congruence(inverse, twice));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(theta[i], recursive.Theta[i], 1e-9);
            for (var j = 0; j < 2; j++) { Assert.Equal(covariance[i, j], recursive.Covariance()[i, j] / recursive.Variance, 1e-9); }
        }
    }

    /// <summary>λ = .99 and unit information: variance (1 − λ)/(1 + λ) = .005025, where the naive one is .01 and its intervals cover 99.4 %; bands of four standard errors over independent streams.</summary>
    [Fact]
    public void Standard_errors_under_forgetting_are_right_with_both_sums_and_too_large_with_one()
    {
        var (right, naive) = (new double[Runs.Of(1000, 4000)], new double[Runs.Of(1000, 4000)]);
        for (var run = 0; run < right.Length; run++)
        {
            var (normals, filter) = (new Normals(100 + run), new RecursiveLeastSquares(1, 0.99, 1e-9));
            for (var t = 0; t < 1200; t++) { filter.Observe([1], normals.Next()); }
            var error = Math.Sqrt(filter.Covariance()[0, 0] / filter.Variance);
            Assert.Equal(0.005025, error * error, 1e-6);
            right[run] = Math.Abs(filter.Theta[0]) <= 1.959964 * error ? 1 : 0;
            naive[run] = Math.Abs(filter.Theta[0]) <= 1.959964 * 0.1 ? 1 : 0;
        }
        Runs.AssertNominal(right, "both sums");
        var (coverage, standardError) = Runs.Coverage(naive);
        TestContext.Current.TestOutputHelper?.WriteLine($"naive intervals cover {coverage:P2}");
        Assert.Equal(0.9943, coverage, 4 * Math.Max(standardError, 0.0024));
    }

    /// <summary>6 000 steps with a jump and a sinusoid: the mixture follows better than any one of its seven rates.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_ensemble_is_no_worse_than_the_best_single_rate(int seed)
    {
        const int Steps = 6000;
        var ensemble = new ForgettingEnsemble<RecursiveLeastSquares>([.. ForgettingEnsemble<RecursiveLeastSquares>.Rates.Select(rate => new RecursiveLeastSquares(1, rate, 1e-3))]);
        var (normals, squares, mixture, logs) = (new Normals(seed), new double[7], 0.0, new double[7]);
        for (var t = 0; t < Steps; t++)
        {
            var truth = t < 2000 ? 0 : t < 4000 ? 3 : 3 + 2 * Math.Sin(2 * Math.PI * (t - 4000) / 500.0);
            var y = truth + normals.Next();
            for (var k = 0; k < 7; k++)
            {
                var (mean, variance) = ensemble.Members[k].Predict([1]);
                // The noise is known to be 1, as it is to each rate alone.
                variance /= ensemble.Members[k].Variance;
                logs[k] = -0.5 * (Math.Log(variance) + (y - mean) * (y - mean) / variance);
            }
            ensemble.Judge(logs);
            for (var k = 0; k < 7; k++)
            {
                ensemble.Members[k].Observe([1], y);
                squares[k] += Math.Pow(ensemble.Members[k].Theta[0] - truth, 2) / Steps;
            }
            mixture += Math.Pow(ensemble.Mean(member => member.Theta[0]) - truth, 2) / Steps;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"ensemble {mixture:F4}; single rates {string.Join(", ", squares.Select(s => s.ToString("F4")))}");
        Assert.True(mixture <= squares.Min(), $"ensemble {mixture}, best single rate {squares.Min()}");
    }

    [Fact]
    public void Weights_are_those_of_Bayes_without_tempering_and_survive_a_save()
    {
        var ensemble = new ForgettingEnsemble<string>(["a", "b"], tempering: 1);
        for (var i = 0; i < 3; i++) { ensemble.Judge([Math.Log(0.2), Math.Log(0.4)]); }
        Assert.Equal(1.0 / 9, ensemble.Weights[0], 1e-15);
        var (mean, variance) = ensemble.Mixture(member => member == "a" ? (0, 0.5) : (1, 2));
        Assert.Equal(8.0 / 9, mean, 1e-14);
        Assert.Equal(0.5 / 9 + 8 * 2.0 / 9 + 8.0 / 81, variance, 1e-14);
        var writer = new StateWriter();
        ensemble.Save(writer);
        var again = new ForgettingEnsemble<string>(["a", "b"], 1);
        again.Restore(new(writer.Written.ToArray()));
        Assert.Equal(ensemble.Weights.ToArray(), again.Weights.ToArray());
        Assert.Throws<ArgumentException>(() => ensemble.Judge([0]));
    }
}
