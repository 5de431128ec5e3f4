using FisherFlow.Differentiation;
using FisherFlow.Likelihoods;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Tests.Models.Distributions;

/// <summary>What changes and what does not when parameters are written in other coordinates (CK-11, CK-12, CK-26, CK-27 of the mathematics).</summary>
public sealed class ReparameterisationTests
{
    [Theory]   // step in p, in the logit, in the arcsine
    [InlineData(0.4, 0.46, 0.478665, 0.468836), InlineData(0.2, 0.38, 0.385482, 0.382634), InlineData(0.1, 0.34, 0.341454, 0.340711), InlineData(0.05, 0.32, 0.320373, 0.320184)]
    public void A_natural_step_of_a_bernoulli_differs_by_the_square_of_its_length(double eta, double p, double logit, double arcsine)
    {
        const double from = 0.3, target = 0.7;
        Assert.Equal(p, from + eta * (target - from), 1e-12);
        Assert.Equal(logit, Step(x => 1 / (1 + Math.Exp(-x)), Math.Log(from / (1 - from)), from * (1 - from)), 1e-6);
        Assert.Equal(arcsine, Step(x => Math.Pow(Math.Sin(x / 2), 2), 2 * Math.Asin(Math.Sqrt(from)), Math.Sqrt(from * (1 - from))), 1e-6);

        // natural direction in coordinates x: (dp/dx)⁻¹(target − p)
        double Step(Func<double, double> value, double x, double slope) => value(x + eta * (target - from) / slope);
    }

    [Theory, InlineData("normal"), InlineData("lognormal"), InlineData("gamma-shape"), InlineData("beta"), InlineData("weibull"), InlineData("logistic")]
    public void The_natural_direction_is_the_same_vector_in_every_coordinates(string name)
    {
        var model = DistributionCatalog.Create(name);
        var k = model.Parameters.Length;
        double[] eta = [0.3, 0.4, 1.2];
        var (score, information, isExpected) = (new double[k], new double[k * k], true);
        model.Differentiate(new(0.45), eta.AsSpan(0, k), score, information, ref isExpected);
        Assert.True(isExpected);
        var direction = Solve(information, score);
        var random = new Random(3);
        for (var trial = 0; trial < 20; trial++)
        {
            // other coordinates φ with η = Aφ + c (locally any diffeomorphism is one): s_φ = Aᵀs, I_φ = AᵀIA, and A·I_φ⁻¹s_φ = I⁻¹s
            var a = Enumerable.Range(0, k * k).Select(i => (i % (k + 1) == 0 ? 1.5 : 0) + random.NextDouble() - 0.5).ToArray();
            var (other, metric) = (new double[k], new double[k * k]);
            for (var i = 0; i < k; i++)
            {
                for (var o = 0; o < k; o++)
                {
                    other[i] += a[o * k + i] * score[o];
                    for (var j = 0; j < k; j++)
                    {
                        for (var l = 0; l < k; l++) { metric[i * k + j] += a[o * k + i] * information[o * k + l] * a[l * k + j]; }
                    }
                }
            }
            var back = Solve(metric, other);
            for (var o = 0; o < k; o++) { Assert.Equal(direction[o], Enumerable.Range(0, k).Sum(i => a[o * k + i] * back[i]), 1e-10 * (1 + Math.Abs(direction[o]))); }
        }
    }

    [Fact]
    public void The_natural_direction_of_a_covariance_is_the_same_by_logarithms_and_correlations()
    {
        // two standard deviations and a correlation, in free coordinates and in their own
        var space = new ParameterSet([Parameter.Positive("s1"), Parameter.Positive("s2"), Parameter.Correlation("r", 2)]);
        double[] phi = [0.3, -0.4, 0.5];
        var (theta, jacobian) = (new double[3], new double[9]);
        space.ToNatural(phi, theta);
        space.Jacobian(phi, jacobian);
        var tape = new Tape();
        var (score, freeScore) = (new double[3], new double[3]);
        tape.Differentiate(default(Bivariate), theta, score, default);
        tape.Differentiate(default(FreeBivariate), phi, freeScore, default);
        for (var i = 0; i < 3; i++) { Assert.Equal(Enumerable.Range(0, 3).Sum(k => jacobian[k * 3 + i] * score[k]), freeScore[i], 1e-10); }
        var information = Information(theta);
        var free = new double[9];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                for (var k = 0; k < 9; k++) { free[i * 3 + j] += jacobian[k / 3 * 3 + i] * information[k] * jacobian[k % 3 * 3 + j]; }
            }
        }
        var (natural, pushed) = (Solve(information, score), Solve(free, freeScore));
        for (var k = 0; k < 3; k++) { Assert.Equal(natural[k], Enumerable.Range(0, 3).Sum(i => jacobian[k * 3 + i] * pushed[i]), 1e-10 * (1 + Math.Abs(natural[k]))); }
    }

    [Fact]
    public void Raw_draws_and_their_sufficient_statistics_say_the_same()
    {
        var draws = Enumerable.Range(0, 40).Select(i => Math.Sin(i * 1.3) + 0.1 * i).ToArray();
        var model = DistributionCatalog.Create("normal");
        double[] eta = [0.7, 0.2];
        var (score, information, sum) = (new double[2], new double[4], new double[2]);
        foreach (var y in draws)
        {
            var isExpected = true;
            model.Differentiate(new(y), eta, score, information, ref isExpected);
            for (var o = 0; o < 2; o++) { sum[o] += score[o]; }
        }
        var (n, mean, scale) = (draws.Length, draws.Average(), Math.Exp(eta[1]));
        var squares = draws.Sum(y => (y - mean) * (y - mean));   // (n, mean, M2)
        Assert.Equal(n * (mean - eta[0]) / (scale * scale), sum[0], 1e-12 * n);
        Assert.Equal((squares + n * (mean - eta[0]) * (mean - eta[0])) / (scale * scale) - n, sum[1], 1e-12 * n);

        // and a binomial count is its Bernoulli draws
        var bernoulli = ModelFactory.Create(new() { Family = Family.Binomial });
        var (single, counted) = (SmallBlock.Dense([[1], [1], [1], [1], [1]], [1, 0, 0, 1, 1]), SmallBlock.Dense([[1]], [0.6]));
        counted.Weight[0] = 5;
        var (a, b) = (default(FitSums), default(FitSums));
        var raw = bernoulli.Work(single, 0, 5, single.Shape, [0.4], 0, default, ref a, new());
        var (rawScore, rawWeight) = (Sum(raw.Scores), Sum(raw.Weights));
        var count = bernoulli.Work(counted, 0, 1, counted.Shape, [0.4], 0, default, ref b, new());
        Assert.Equal(rawScore, count.Scores[0], 1e-12);
        Assert.Equal(rawWeight, count.Weights[0], 1e-12);
    }

    [Theory, InlineData("normal"), InlineData("gamma-shape"), InlineData("beta")]
    public void Observed_information_is_no_tensor_but_where_the_score_vanishes(string name)
    {
        var model = DistributionCatalog.Create(name);
        var k = model.Parameters.Length;
        double[] eta = [0.3, 0.4];
        var (score, information, isExpected) = (new double[k], new double[k * k], false);
        model.Differentiate(new(0.45), eta, score, information, ref isExpected);
        // η = φ + ½φ² (0.1 each): −∂²ℓ/∂φ² = JᵀI J − Σ s_o ∂²η_o/∂φ²
        double[] phi = [.. eta.Select(e => Math.Sqrt(1 + 2 * 0.1 * e) - 1).Select(x => x / 0.1)];
        for (var o = 0; o < k; o++)
        {
            Assert.Equal(eta[o], phi[o] + 0.05 * phi[o] * phi[o], 1e-12);
            var slope = 1 + 0.1 * phi[o];
            var transported = slope * information[o * k + o] * slope;
            var direct = -Second(step =>
            {
                var moved = eta.ToArray();
                var x = phi[o] + step;
                moved[o] = x + 0.05 * x * x;
                var (s, i, e) = (new double[k], new double[k * k], false);
                return model.Differentiate(new(0.45), moved, s, i, ref e);
            });
            Assert.Equal(transported - 0.1 * score[o], direct, 1e-8 * (1 + Math.Abs(direct)) + 1e-8);
        }

        static double Second(Func<double, double> f)
        {
            const double h = 2e-2;   // eighth order: h⁸, and ε/h²
            return (-205.0 / 72 * f(0) + 8.0 / 5 * (f(h) + f(-h)) - 1.0 / 5 * (f(2 * h) + f(-2 * h)) + 8.0 / 315 * (f(3 * h) + f(-3 * h)) - 1.0 / 560 * (f(4 * h) + f(-4 * h))) / (h * h);
        }
    }

    /// <summary>The log-likelihood of a centred bivariate normal with scatter (1.2, 0.3, 0.8) a row.</summary>
    readonly struct Bivariate : IScalarFunction
    {
        public T At<T>(ReadOnlySpan<T> x) where T : struct, IScalar<T>
        {
            var rest = 1 - x[2] * x[2];
            var form = 1.2 / T.Square(x[0]) - 2 * 0.3 * x[2] / (x[0] * x[1]) + 0.8 / T.Square(x[1]);
            return -T.Log(x[0]) - T.Log(x[1]) - 0.5 * T.Log(rest) - 0.5 * form / rest;
        }
    }

    readonly struct FreeBivariate : IScalarFunction
    {
        public T At<T>(ReadOnlySpan<T> x) where T : struct, IScalar<T> => default(Bivariate).At<T>([T.Exp(x[0]), T.Exp(x[1]), T.Tanh(x[2])]);
    }

    /// <summary><c>½ tr(S⁻¹ ∂S S⁻¹ ∂S)</c>.</summary>
    static double[] Information(double[] theta)
    {
        var (a, b, r) = (theta[0], theta[1], theta[2]);
        double[] s = [a * a, r * a * b, r * a * b, b * b];
        var det = s[0] * s[3] - s[1] * s[2];
        double[] inverse = [s[3] / det, -s[1] / det, -s[2] / det, s[0] / det];
        double[][] d = [[2 * a, r * b, r * b, 0], [0, r * a, r * a, 2 * b], [0, a * b, a * b, 0]];
        var information = new double[9];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                var (x, y) = (Times(inverse, d[i]), Times(inverse, d[j]));
                information[i * 3 + j] = 0.5 * (x[0] * y[0] + x[1] * y[2] + x[2] * y[1] + x[3] * y[3]);
            }
        }
        return information;

        static double[] Times(double[] x, double[] y) => [x[0] * y[0] + x[1] * y[2], x[0] * y[1] + x[1] * y[3], x[2] * y[0] + x[3] * y[2], x[2] * y[1] + x[3] * y[3]];
    }

    static double[] Solve(double[] matrix, double[] right)
    {
        var k = right.Length;
        var x = new double[k];
        var (a, b) = (matrix.ToArray(), right.ToArray());
        for (var c = 0; c < k; c++)
        {
            for (var r = c + 1; r < k; r++)
            {
                var factor = a[r * k + c] / a[c * k + c];
                for (var j = c; j < k; j++) { a[r * k + j] -= factor * a[c * k + j]; }
                b[r] -= factor * b[c];
            }
        }
        for (var r = k - 1; r >= 0; r--)
        {
            x[r] = b[r];
            for (var j = r + 1; j < k; j++) { x[r] -= a[r * k + j] * x[j]; }
            x[r] /= a[r * k + r];
        }
        return x;
    }

    static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) { sum += value; }
        return sum;
    }
}
