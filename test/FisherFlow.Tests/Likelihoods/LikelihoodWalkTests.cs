using System.Globalization;
using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Likelihoods;
using FisherFlow.Models;
using FisherFlow.StateSpace;
using FisherFlow.Tests.Memory;
using FisherFlow.Tests.Simulations;
using FisherFlow.Tests.StateSpace;

namespace FisherFlow.Tests.Likelihoods;

/// <summary>Parameters of a likelihood of one's own that walk at random, against the filters of the state space room, the regressions' drift, and Newton's method on the whole path.</summary>
public sealed class LikelihoodWalkTests
{
    /// <summary>A linear mean is Kalman's model: wherever buffers end, mean, covariance and prediction errors are those of the information filter.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(37)]
    public void A_linear_mean_is_Kalmans_filter(int buffer)
    {
        const double Q = 0.02;
        var (rows, normals) = (new double[2 * 400], new Normals(31));
        var filter = new InformationFilter(new LinearGaussianModel(Square.Identity(2), Square.Identity(2, Q), new double[2], 1));
        for (var t = 0; t < 400; t++)
        {
            (rows[2 * t], rows[2 * t + 1]) = (normals.Next(), normals.Next() + 0.02 * t);
            if (t > 0) { filter.Predict(); }
            filter.Observe([1, rows[2 * t]], rows[2 * t + 1]);
        }
        var model = LikelihoodModel.OfMean<MeanLine>();
        var estimate = LikelihoodEstimatorTests.Of(model, rows, new() { Start = [0, 0], Memory = Walk(Q), BufferRows = buffer });
        var (mean, covariance, inverse) = (filter.Mean(), filter.Covariance(), estimate.Factor!.Inverse());

        Assert.True(estimate.Converged);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(mean[i], estimate.Theta[i], 1e-9);
            for (var j = 0; j < 2; j++) { Assert.Equal(covariance[i, j], inverse[2 * i + j], 1e-9); }
        }
        Assert.Equal(filter.SquaredInnovations, estimate.ResidualSumOfSquares!.Value, 1e-7);
    }

    [Fact]
    public void A_level_on_the_Nile_and_the_drift_that_is_estimated_are_those_of_R()
    {
        var model = LikelihoodModel.OfMean<Level>();
        var estimate = LikelihoodEstimatorTests.Of(model, Series.Nile, new() { Start = [1000], Memory = Walk(double.NaN) });
        var report = LikelihoodSummary.Of(estimate, model, LikelihoodEstimatorTests.Context, new());

        Assert.Equal(-632.545624383191, report.LogLikelihood!.Value, 1e-4);   // R's arima(Nile, c(0, 1, 1)), which stops at 1e-8 of its own
        Assert.Equal(0.732942578287823 / (1 + 0.732942578287823 * 0.732942578287823), 1 / (estimate.Structured!.Memory.Drift + 2), 1e-4);
        Assert.Equal(15099, report.Dispersion!.Value, 15.0);
        Assert.True(report.Structured!.DriftIsEstimated);
    }

    [Fact]
    public void Without_drift_it_is_the_fit_of_all_rows()
    {
        var (rows, model) = (SimulatedRows.Extremes(900, 32), LikelihoodModel.Of<Extremes>());
        var still = LikelihoodEstimatorTests.Of(model, rows, new() { Start = [10, 2] });
        var walking = LikelihoodEstimatorTests.Of(model, rows, new() { Start = [10, 2], Memory = Walk(0) });
        var inverse = walking.Factor!.Inverse();

        Assert.Equal(still.Theta[0], walking.Theta[0], 1e-9);
        Assert.Equal(still.Theta[1], walking.Theta[1], 1e-9);
        Assert.All(still.Factor!.Inverse().Zip(inverse), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    /// <summary>The same objective by dense matrices: Newton's method on 2n numbers, and the last block of the inverse Hessian.</summary>
    [Fact]
    public void A_density_has_the_mode_of_its_whole_path()
    {
        const int N = 60;
        const double Q = 0.01;
        var (rows, model) = (SimulatedRows.Extremes(N, 33), LikelihoodModel.Of<Extremes>());
        var estimate = LikelihoodEstimatorTests.Of(model, rows, new() { Start = [10, 2], Memory = Walk(Q) });
        double[] path = [.. Enumerable.Repeat(new[] { 11, Math.Log(3) }, N).SelectMany(p => p)];
        var hessian = new double[2 * N, 2 * N];
        for (var step = 0; step < 30; step++)
        {
            (hessian, var score) = (new double[2 * N, 2 * N], new double[2 * N]);
            for (var t = 0; t < N; t++)
            {
                // −log s − z − e^(−z) with z = (y − m)/s, by m and log s
                var (s, z) = (Math.Exp(path[2 * t + 1]), (rows[t] - path[2 * t]) / Math.Exp(path[2 * t + 1]));
                var e = Math.Exp(-z);
                (score[2 * t], score[2 * t + 1]) = ((1 - e) / s, -1 + z * (1 - e));
                hessian[2 * t, 2 * t] = e / (s * s);
                hessian[2 * t, 2 * t + 1] = hessian[2 * t + 1, 2 * t] = (1 - e + z * e) / s;
                hessian[2 * t + 1, 2 * t + 1] = z * (1 - e) + z * z * e;
            }
            for (var i = 2; i < 2 * N; i++)
            {
                var pull = (path[i] - path[i - 2]) / Q;
                (score[i], score[i - 2]) = (score[i] - pull, score[i - 2] + pull);
                (hessian[i, i], hessian[i - 2, i - 2]) = (hessian[i, i] + 1 / Q, hessian[i - 2, i - 2] + 1 / Q);
                (hessian[i, i - 2], hessian[i - 2, i]) = (hessian[i, i - 2] - 1 / Q, hessian[i - 2, i] - 1 / Q);
            }
            var move = Square.Product(Square.Inverse(hessian)!, score);
            for (var i = 0; i < move.Length; i++) { path[i] += move[i]; }
        }
        var (covariance, inverse) = (Square.Inverse(hessian)!, estimate.Factor!.Inverse());

        Assert.Equal(path[^2], estimate.Phi[0], 1e-8);
        Assert.Equal(path[^1], estimate.Phi[1], 1e-8);
        for (var i = 0; i < 4; i++) { Assert.Equal(covariance[2 * N - 2 + i / 2, 2 * N - 2 + i % 2], inverse[i], 1e-8); }
    }

    /// <summary>Regressions take one row after the other and look back at none; a path looks back at its buffer. They differ by what a row's curvature changes on the way.</summary>
    [Fact]
    public void A_coin_written_as_an_expression_drifts_like_the_regression()
    {
        var (normals, text, level) = (new Normals(34), new StringBuilder("y,x\n"), 0.3);
        for (var t = 0; t < 3000; t++)
        {
            level += 0.03 * normals.Next();
            var x = normals.Next();
            text.Append(CultureInfo.InvariantCulture, $"{(normals.Uniform() < 1 / (1 + Math.Exp(-level - x)) ? 1 : 0)},{x:R}\n");
        }
        var table = Regression.Fit(Source(), "y ~ x", new() { Model = new() { Family = Family.Binomial }, Estimator = new() { Memory = Walk(0.0009) } }).Report();
        var fit = ExpressionFit.Fit(Source(), new() { LogDensity = "y*(a + b*x) - log1pexp(a + b*x)", Parameters = "a, b", Start = new Dictionary<string, double> { ["a"] = 0, ["b"] = 0 }, Likelihood = new() { Memory = Walk(0.0009) } }).Report();

        Assert.True(Distance.OfEstimates(fit.Coefficients, table.Coefficients) < 0.1, $"{Distance.OfEstimates(fit.Coefficients, table.Coefficients)}");   // standard errors
        Assert.True(Distance.OfStandardErrors(fit.Coefficients, table.Coefficients) < 0.05, $"{Distance.OfStandardErrors(fit.Coefficients, table.Coefficients)}");
        Assert.Equal("random-walk:0.0009", fit.Structured!.Memory);

        DataSource Source() => DataSource.FromStandardInput(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Where the parameters are at the end of a walk of 500 rows, in buffers of 200: location and logarithm of the scale of extremes, or a nonlinear mean.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Intervals_cover_where_the_walk_has_come_to(bool isDensity)
    {
        var model = isDensity ? LikelihoodModel.Of<Extremes>() : LikelihoodModel.OfMean<Growth>();
        var q = isDensity ? 0.0009 : 0.0004;
        var shares = new double[Runs.Of(100, 2000)];
        for (var run = 0; run < shares.Length; run++)
        {
            var normals = new Normals(1700 + run);
            double[] phi = [isDensity ? 11 : 5, Math.Log(isDensity ? 3 : 0.8)];
            List<double> rows = [];
            for (var t = 0; t < 500; t++)
            {
                for (var j = 0; j < 2 && t > 0; j++) { phi[j] += Math.Sqrt(q) * (isDensity ? 1 : 0.5) * normals.Next(); }   // of least squares in units of the noise
                if (isDensity)
                {
                    rows.Add(phi[0] - Math.Exp(phi[1]) * Math.Log(-Math.Log(normals.Uniform())));
                    continue;
                }
                var x = 5 * normals.Uniform();
                rows.AddRange([x, phi[0] * (1 - Math.Exp(-Math.Exp(phi[1]) * x)) + 0.5 * normals.Next()]);
            }
            double[] truth = [phi[0], Math.Exp(phi[1])];
            var options = new LikelihoodOptions { Start = isDensity ? [11, 3] : [5, 0.8], Memory = Walk(q), BufferRows = 200 };
            var table = LikelihoodEstimatorTests.Table(LikelihoodEstimatorTests.Of(model, [.. rows], options), model);
            shares[run] = table.Select((line, k) => line.Lower < truth[k] && truth[k] < line.Upper ? 1.0 : 0).Average();
        }
        Runs.AssertNominal(shares, $"a random walk, {(isDensity ? "a density" : "least squares")}");
    }

    [Fact]
    public void What_a_filter_has_no_place_for_is_refused()
    {
        var model = LikelihoodModel.OfMean<Level>();
        Assert.Contains("covariance of their filter", Assert.Throws<ArgumentException>(() => new LikelihoodEstimator(model, new() { Memory = Walk(1), Sandwich = true })).Message, StringComparison.Ordinal);
        Assert.Contains("covariance of their filter", Assert.Throws<ArgumentException>(() => new LikelihoodEstimator(model, new() { Memory = Walk(1), Information = new(InformationKind.Observed) })).Message, StringComparison.Ordinal);
    }

    static MemoryRule Walk(double drift) => new(MemoryKind.RandomWalk) { Drift = drift };
}
