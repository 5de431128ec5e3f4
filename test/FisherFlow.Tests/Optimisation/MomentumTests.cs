using FisherFlow.Information;
using FisherFlow.Optimisation;

namespace FisherFlow.Tests.Optimisation;

/// <summary>What momentum gains on quadratics, where the heavy ball goes round in circles, and where momentum hurts (CK-48, CK-49).</summary>
public sealed class MomentumTests
{
    static Method Gradient(double rate, Momentum momentum = default) =>
        (Method<DiagonalInformation>)(Structures.Diagonal, Retention.Fixed, Curvature.None, Steps.Natural(rate) with { Momentum = momentum });

    /// <summary>Steps after which every coordinate of the quadratic ½xᵀHx stays within 1e-8, from a start at ones.</summary>
    static int Iterations(Method method, double[] curvature)
    {
        var optimiser = method.Start([.. curvature.Select(_ => 1.0)]);
        var score = new double[curvature.Length];
        var last = 0;
        for (var t = 1; t <= last + 400 + last / 2; t++)   // an oscillation comes back sooner than that
        {
            for (var i = 0; i < score.Length; i++) { score[i] = -curvature[i] * optimiser.Theta[i]; }
            optimiser.Step(score);
            var worst = 0.0;
            foreach (var x in optimiser.Iterate) { worst = Math.Max(worst, Math.Abs(x)); }
            if (worst > 1e-8) { last = t; }
        }
        return last + 1;
    }

    [Theory]
    [InlineData(10, 92)]
    [InlineData(100, 921)]
    [InlineData(1e4, 92103)]
    public void Plain_steps_take_as_many_as_the_condition_number_says(double kappa, int expected) =>
        // The best rate 2/(L + μ) shrinks by (κ − 1)/(κ + 1) a step: log 1e-8 over its logarithm.
        Assert.InRange(Iterations(Gradient(2 / (1 + kappa)), [1, kappa]), expected - 1, expected + 1);

    [Theory]
    [InlineData(10, 28)]
    [InlineData(100, 92)]
    [InlineData(1e4, 921)]
    public void The_heavy_ball_takes_the_root_of_it_on_a_quadratic(double kappa, int expected)
    {
        var root = Math.Sqrt(kappa);
        var share = Math.Pow((root - 1) / (root + 1), 2);
        var rate = 4 / Math.Pow(1 + root, 2);
        // The rate √μ a step holds for the norm up to a polynomial: a double eigenvalue costs t·ρᵗ, some tens of per cent more steps.
        Assert.InRange(Iterations(Gradient(rate, Momentum.HeavyBall(share)), [1, kappa]), expected, (int)(1.6 * expected));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1e4)]
    public void Nesterov_takes_about_the_root_too(double kappa)
    {
        var root = Math.Sqrt(kappa);
        // 1 − 1/√κ a step: √κ·log 1e8 steps, here up to a polynomial factor as above.
        Assert.InRange(Iterations(Gradient(1 / kappa, Momentum.Nesterov((root - 1) / (root + 1))), [1, kappa]), 10, (int)(1.6 * root * Math.Log(1e8)));
    }

    [Theory]
    [InlineData(1, 348)]
    [InlineData(0.1, 351)]
    public void With_the_exact_metric_one_plain_step_is_enough_and_momentum_hurts(double rate, int expected)
    {
        Assert.Equal(1, Iterations(Gradient(1), [1]));
        Assert.InRange(Iterations(Gradient(rate, Momentum.HeavyBall(0.9)), [1]), expected - 20, expected + 20);   // the last crossing of 1e-8 hangs on the phase of a turn of 39 steps
    }

    [Fact]
    public void The_heavy_ball_can_circle_for_ever_where_Nesterov_and_plain_steps_arrive()
    {
        // Lessard, Recht and Packard (2016), §4.6: strongly convex with curvatures 1 and 25, tuned for a quadratic.
        static double Slope(double x) => x < 1 ? 25 * x : x < 2 ? x + 24 : 25 * x - 24;
        static double[] Run(Method method, int steps)
        {
            var optimiser = method.Start([3.3]);
            var path = new double[steps];
            for (var t = 0; t < steps; t++)
            {
                optimiser.Step([-Slope(optimiser.Theta[0])]);
                path[t] = optimiser.Iterate[0];
            }
            return path;
        }

        var ball = Run(Gradient(1.0 / 9, Momentum.HeavyBall(4.0 / 9)), 3000);
        var cycle = ball[^3..].Order().ToArray();
        Draws.Close([-1.8024, 0.6465, 2.1159], cycle, 1e-4);
        Draws.Close(ball.AsSpan(^6..^3), ball.AsSpan(^3..), 1e-9);
        Assert.Equal(0, Run(Gradient(1.0 / 25), 2000)[^1], 1e-9);
        Assert.Equal(0, Run(Gradient(1.0 / 25, Momentum.Nesterov(4.0 / 6)), 2000)[^1], 1e-9);
    }
}
