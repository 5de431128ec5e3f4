using FisherFlow.Estimation;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Optimisation;
using FisherFlow.Tests.Models;

namespace FisherFlow.Tests.Optimisation;

/// <summary>Recursive least squares, Kalman filters and batch least squares are one thing; the extended filter is one Newton step.</summary>
public sealed class RecursionTests
{
    static readonly double[] _theta = [1, -2, 0.5, 0, 3];
    readonly double[][] _rows;
    readonly double[] _response;

    public RecursionTests()
    {
        var draws = new Draws(4);
        _rows = draws.Design(400, 5);
        _response = draws.Linear(_rows, _theta);
    }

    [Fact]
    public void Recursive_least_squares_is_ridge_regression_at_every_row()
    {
        var filter = Presets.RecursiveLeastSquares(prior: 0.01).Start(new double[5]);
        for (var i = 0; i < 400; i++)
        {
            Assert.True(filter.Observe(Draws.Gaussian, SmallBlock.Dense([_rows[i]], [_response[i]])).HasMoved);
            if ((i + 1) % 100 != 0) { continue; }
            var batch = Draws.Solve(Draws.Gram(_rows[..(i + 1)], ridge: 0.01), Draws.Cross(_rows[..(i + 1)], r => _response[r]));
            Draws.Close(batch, filter.Theta, 1e-12);   // CK-04; the condition number is about 2
        }
    }

    [Fact]
    public void A_Kalman_filter_without_process_noise_gives_the_same_numbers()
    {
        // In covariance form, by Sherman and Morrison: P ← P − Pxx'P/(1 + x'Px); CK-04's second path and CK-05.
        var covariance = new double[5, 5];
        for (var a = 0; a < 5; a++) { covariance[a, a] = 100; }
        var mean = new double[5];
        var precision = new FullInformation(5);
        for (var a = 0; a < 5; a++) { precision.Add([.. Enumerable.Range(0, 5).Select(b => a == b ? 1.0 : 0)], 0.01); }
        var filter = Presets.KalmanFilter().Start(mean, precision);
        var errors = new double[5];
        for (var i = 0; i < 400; i++)
        {
            var x = _rows[i];
            var gain = new double[5];
            for (var a = 0; a < 5; a++) { gain[a] = Enumerable.Range(0, 5).Sum(b => covariance[a, b] * x[b]); }
            var innovation = 1 + Draws.Inner(gain, x);
            var residual = _response[i] - Draws.Inner(mean, x);
            for (var a = 0; a < 5; a++) { mean[a] += gain[a] * residual / innovation; }
            for (var a = 0; a < 5; a++)
            {
                for (var b = 0; b < 5; b++) { covariance[a, b] -= gain[a] * gain[b] / innovation; }
            }
            filter.Observe(Draws.Gaussian, SmallBlock.Dense([x], [_response[i]]));
        }
        Draws.Close(mean, filter.Theta, 1e-10);
        Assert.True(filter.TryCopyStandardErrors(errors, out _));
        Draws.Close([.. Enumerable.Range(0, 5).Select(a => Math.Sqrt(covariance[a, a]))], errors, 1e-10);
        Assert.True(filter.Gauge() < 1e-20, "a quadratic likelihood leaves no score");
    }

    [Fact]
    public void Batches_of_any_size_give_the_same_filter()
    {
        var whole = Presets.RecursiveLeastSquares(1).Start(new double[5]);
        whole.Observe(Draws.Gaussian, SmallBlock.Dense(_rows, _response));
        var parts = Presets.RecursiveLeastSquares(1).Start(new double[5]);
        for (var i = 0; i < 400; i += 37) { parts.Observe(Draws.Gaussian, SmallBlock.Dense(_rows[i..Math.Min(400, i + 37)], _response[i..Math.Min(400, i + 37)])); }
        Draws.Close(whole.Theta, parts.Theta, 1e-12);
        Assert.Equal(whole.Observations, parts.Observations);
    }

    [Fact]
    public void Without_enough_rows_the_filter_has_no_errors_and_says_why()
    {
        var filter = Presets.RecursiveLeastSquares(0).Start(new double[5]);
        filter.Observe(Draws.Gaussian, SmallBlock.Dense(_rows[..3], _response[..3]));
        Assert.False(filter.TryCopyStandardErrors(new double[5], out var reason));
        Assert.Contains("do not determine", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_extended_filter_takes_one_Newton_step_of_the_proximal_problem()
    {
        // CK-37: θ′ = θ + (I + XᵀWX)⁻¹s at θ, computed here from the definitions.
        var draws = new Draws(5);
        var rows = draws.Design(60, 4);
        var response = draws.Logistic(rows, [0.5, -1, 0.25, 0.75]);
        double[] start = [0.1, -0.3, 0, 0.2];
        double Mean(int i) => 1 / (1 + Math.Exp(-Draws.Inner(rows[i], start)));
        var newton = Draws.Solve(Draws.Gram(rows, i => Mean(i) * (1 - Mean(i)), ridge: 2), Draws.Cross(rows, i => response[i] - Mean(i)));
        var expected = start.Zip(newton, (a, b) => a + b).ToArray();

        var filter = Presets.ExtendedKalmanFilter(prior: 2).Start(start);
        filter.Step(Draws.Binomial, SmallBlock.Dense(rows, response));
        Draws.Close(expected, filter.Theta, 1e-12);

        Method<FullInformation> once = (Structures.Full, Retention.Sum, Curvature.Expected, Steps.Proximal(1, iterations: 1), 2.0);
        var proximal = once.Start(start);
        proximal.Step(Draws.Binomial, SmallBlock.Dense(rows, response));
        Draws.Close(expected, proximal.Theta, 1e-12);
    }

    [Fact]
    public void The_proximal_step_solved_out_is_the_renewable_estimator()
    {
        var draws = new Draws(6);
        var rows = draws.Design(900, 4);
        var response = draws.Logistic(rows, [0.5, -1, 0.25, 0.75]);
        var filter = Presets.Renewable(prior: 1e-10).Start(new double[4]);
        var (theta, information) = (new double[4], Draws.Gram([new double[4]], ridge: 1e-10));
        for (var at = 0; at < 900; at += 300)
        {
            var (x, y) = (rows[at..(at + 300)], response[at..(at + 300)]);
            filter.Observe(Draws.Binomial, SmallBlock.Dense(x, y));
            var anchor = theta;
            for (var iteration = 0; iteration < 30; iteration++)
            {
                var here = theta;
                double Mean(int i) => 1 / (1 + Math.Exp(-Draws.Inner(x[i], here)));
                var hessian = Draws.Gram(x, i => Mean(i) * (1 - Mean(i)));
                var gradient = Draws.Cross(x, i => y[i] - Mean(i));
                for (var a = 0; a < 4; a++)
                {
                    for (var b = 0; b < 4; b++)
                    {
                        gradient[a] -= information[a, b] * (here[b] - anchor[b]);
                        hessian[a, b] += information[a, b];
                    }
                }
                theta = [.. here.Zip(Draws.Solve(hessian, gradient), (a, b) => a + b)];
            }
            var last = theta;
            double Fitted(int i) => 1 / (1 + Math.Exp(-Draws.Inner(x[i], last)));
            var gained = Draws.Gram(x, i => Fitted(i) * (1 - Fitted(i)));
            for (var a = 0; a < 4; a++)
            {
                for (var b = 0; b < 4; b++) { information[a, b] += gained[a, b]; }
            }
        }
        Draws.Close(theta, filter.Theta, 1e-9);   // steps end within 1e-9 standard errors
        Assert.True(filter.TryCopyStandardErrors(new double[4], out _));
    }

    [Fact]
    public void Every_structure_reaches_the_same_proximal_point_of_a_first_batch()
    {
        // With no information before, the structure only preconditions: the batch's own likelihood decides.
        var full = SolveFirstBatch(Structures.Full);
        var diagonal = SolveFirstBatch(Structures.Diagonal);
        Draws.Close(full, diagonal, 1e-8);

        static double[] SolveFirstBatch<T>(Structure<T> structure) where T : class, IInformation<T>
        {
            var draws = new Draws(8);
            var rows = draws.Design(300, 4);
            foreach (var row in rows) { row[2] = row[1] + 0.1 * row[2]; }   // correlated at 0.995
            Method<T> method = (structure, Retention.Sum, Curvature.Expected, Steps.Proximal(1, 50), 0.5);
            var optimiser = method.Start(new double[4]);
            Assert.True(optimiser.Step(Draws.Binomial, SmallBlock.Dense(rows, draws.Logistic(rows, [0.5, -1, 0.25, 0.75]))).HasMoved);
            return optimiser.Theta.ToArray();
        }
    }

    [Fact]
    public void An_extended_filter_far_from_home_would_have_to_withhold_its_errors()
    {
        // One Newton step a batch from a bad start leaves a score of hundreds: a filter of one iteration says so.
        var draws = new Draws(9);
        var rows = draws.Design(200, 3);
        var response = draws.Logistic(rows, [2, 3, -2]);
        ConvergedMethod<FullInformation> once = (Structures.Full, 1, 1e-6);
        var filter = once.Start(new double[3]);
        filter.Observe(Draws.Binomial, SmallBlock.Dense(rows, response));
        Assert.True(filter.Gauge() > Filter<FullInformation>.LargestGauge);
        Assert.False(filter.TryCopyStandardErrors(new double[3], out var reason));
        Assert.Contains("left a score", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Jeffreys_posterior_and_the_filter_agree_to_first_order()
    {
        // CK-21: 30 of 100. The filter's error of p by the delta method against the Beta(30.5, 70.5) posterior: .04583 and .04546.
        var filter = Presets.Renewable().Start([0]);
        filter.Observe(Draws.Binomial, SmallBlock.Dense([[1.0]], [0.3], trials: [100]));
        var p = 1 / (1 + Math.Exp(-filter.Theta[0]));
        var error = new double[1];
        Assert.True(filter.TryCopyStandardErrors(error, out _));
        Assert.Equal(0.3, p, 1e-12);
        Assert.Equal(Math.Sqrt(0.3 * 0.7 / 100), error[0] * p * (1 - p), 1e-12);
        var (a, b) = (30.5, 70.5);
        Assert.Equal(0.30198, a / (a + b), 1e-5);
        Assert.Equal(0.297980, (a - 1) / (a + b - 2), 1e-6);
        Assert.Equal(0.04546, Math.Sqrt(a * b / ((a + b) * (a + b) * (a + b + 1))), 1e-5);
    }

    [Fact]
    public void A_filter_comes_back_from_its_state_to_the_bit()
    {
        var filter = Presets.Renewable(0.1).Start(new double[5]);
        filter.Observe(Draws.Gaussian, SmallBlock.Dense(_rows[..50], _response[..50]));
        var writer = new Snapshots.StateWriter();
        filter.Save(writer);
        var loaded = Filter<FullInformation>.Load(new(writer.Written.ToArray()), Presets.Renewable(0.1));
        foreach (var each in (Filter<FullInformation>[])[filter, loaded]) { each.Observe(Draws.Gaussian, SmallBlock.Dense(_rows[50..], _response[50..])); }
        Assert.Equal(filter.Theta, loaded.Theta);
        Assert.Equal(400, loaded.Observations);
    }
}
