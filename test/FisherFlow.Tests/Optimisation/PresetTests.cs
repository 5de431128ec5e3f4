using FisherFlow.Estimation;
using FisherFlow.Optimisation;

namespace FisherFlow.Tests.Optimisation;

/// <summary>Every preset against the algorithm as its authors write it, step by step, on the scores of a noisy quadratic.</summary>
public sealed class PresetTests
{
    const int D = 7;
    const int Steps = 1000;

    // A thousand steps of a stable recursion keep the rounding of a few of them: some tens of ulps.
    const double LastBits = 1e-13;

    static readonly double[] _optimum = [1, -2, 0.5, 3, 0, -1, 10];
    static readonly double[] _curvature = [1, 10, 0.1, 3, 1, 100, 0.01];

    /// <summary>Runs a method and a plain implementation of it side by side; both climb, the plain one is told the gradient to descend along.</summary>
    static void SideBySide(Method method, Action<double[], double[], int> plain, double tolerance = LastBits)
    {
        var draws = new Draws(3);
        var optimiser = method.Start(new double[D]);
        var theta = new double[D];
        var (score, gradient) = (new double[D], new double[D]);
        for (var t = 1; t <= Steps; t++)
        {
            var noise = draws.Normals(D);
            for (var i = 0; i < D; i++)
            {
                score[i] = _curvature[i] * (_optimum[i] - optimiser.Theta[i]) + noise[i];
                gradient[i] = -(_curvature[i] * (_optimum[i] - theta[i]) + noise[i]);
            }
            Assert.True(optimiser.Step(score).HasMoved);
            plain(theta, gradient, t);
            Draws.Close(theta, optimiser.Iterate, tolerance);
        }
    }

    [Fact]
    public void Sgd_is_gradient_descent() => SideBySide(Presets.Sgd(0.005), (theta, g, _) =>
    {
        for (var i = 0; i < D; i++) { theta[i] -= 0.005 * g[i]; }
    });

    [Fact]
    public void Momentum_sgd_keeps_a_velocity()
    {
        var velocity = new double[D];
        SideBySide(Presets.MomentumSgd(0.001, 0.9), (theta, g, _) =>
        {
            for (var i = 0; i < D; i++)
            {
                velocity[i] = 0.9 * velocity[i] + g[i];
                theta[i] -= 0.001 * velocity[i];
            }
        });
    }

    [Fact]
    public void RmsProp_divides_by_the_root_of_a_running_square()
    {
        var v = new double[D];
        SideBySide(Presets.RmsProp(0.01, 0.99), (theta, g, _) =>
        {
            for (var i = 0; i < D; i++)
            {
                v[i] = 0.99 * v[i] + (1 - 0.99) * g[i] * g[i];
                theta[i] -= 0.01 * g[i] / (Math.Sqrt(v[i]) + 1e-8);
            }
        });
    }

    [Fact]
    public void AdaGrad_divides_by_the_root_of_the_sum_of_squares()
    {
        var v = new double[D];
        SideBySide(Presets.AdaGrad(0.5), (theta, g, _) =>
        {
            for (var i = 0; i < D; i++)
            {
                v[i] += g[i] * g[i];
                theta[i] -= 0.5 * g[i] / (Math.Sqrt(v[i]) + 1e-10);
            }
        });
    }

    [Fact]
    public void Adam_is_Adam() => SideBySide(Presets.Adam(0.01), PlainAdam(0.01, decay: 0));

    [Fact]
    public void AdamW_decays_the_weights_apart() => SideBySide(Presets.AdamW(0.01, decay: 0.1), PlainAdam(0.01, decay: 0.1));

    static Action<double[], double[], int> PlainAdam(double rate, double decay)
    {
        var (m, v) = (new double[D], new double[D]);
        return (theta, g, t) =>
        {
            for (var i = 0; i < D; i++)
            {
                theta[i] *= 1 - rate * decay;
                m[i] = 0.9 * m[i] + (1 - 0.9) * g[i];
                v[i] = 0.999 * v[i] + (1 - 0.999) * g[i] * g[i];
                var (first, second) = (m[i] / (1 - Math.Pow(0.9, t)), v[i] / (1 - Math.Pow(0.999, t)));
                theta[i] -= rate * first / (Math.Sqrt(second) + 1e-8);
            }
        };
    }

    [Fact]
    public void The_diagonal_natural_gradient_divides_by_the_square_itself()
    {
        var v = new double[D];
        SideBySide(Presets.DiagonalNaturalGradient(0.1, new(DampingKind.Tikhonov, 0.5), 0.95), (theta, g, t) =>
        {
            for (var i = 0; i < D; i++)
            {
                v[i] = 0.95 * v[i] + (1 - 0.95) * g[i] * g[i];
                theta[i] -= 0.1 * g[i] / (v[i] / (1 - Math.Pow(0.95, t)) + 0.5);
            }
        });
    }

    [Fact]
    public void The_online_Newton_step_solves_the_sum_of_outer_products()
    {
        var a = new double[D, D];
        for (var i = 0; i < D; i++) { a[i, i] = 2; }
        // Elimination and Cholesky differ by the condition of A, here up to 1e6, times the rounding.
        SideBySide(Presets.OnlineNewtonStep(gamma: 0.5, prior: 2), (theta, g, _) =>
        {
            for (var i = 0; i < D; i++)
            {
                for (var j = 0; j < D; j++) { a[i, j] += g[i] * g[j]; }
            }
            var step = Draws.Solve(a, g);
            for (var i = 0; i < D; i++) { theta[i] -= step[i] / 0.5; }
        }, tolerance: 1e-8);
    }

    [Fact]
    public void Schedules_are_what_they_say()
    {
        Assert.Equal(0.3, Schedule.Constant(0.3).At(17));
        Assert.Equal(0.3 / 17, Schedule.Inverse(0.3).At(17), 1e-16);
        Assert.Equal(0.3 / Math.Sqrt(17), Schedule.Power(0.3, 0.5).At(17), 1e-16);
        Assert.Equal([0.2, 0.1, 0.0, 0.0], new long[] { 0, 50, 100, 200 }.Select(t => Math.Round(Schedule.Cosine(0.2, 100).At(t), 15)));
        Assert.Equal([0.1, 0.2, 0.2], new long[] { 5, 10, 100 }.Select(t => Schedule.Constant(0.2).WarmUp(10).At(t)));
        Assert.All((string[])["0.1", "0.1/t", "0.1/t^0.6", "0.1/cosine=1000", "0.1/t^0.6/warm-up=20"], text => Assert.Equal(text, Schedule.Parse(text)?.ToString()));
        Assert.All((string[])["", "x", "-1", "0", "0.1/t^2", "0.1/s", "0.1/cosine=0", "NaN"], text => Assert.Null(Schedule.Parse(text)));
    }
}
