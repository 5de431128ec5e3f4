using FisherFlow.Estimation;
using FisherFlow.Information;

namespace FisherFlow.Tests.Estimation;

/// <summary>Newton's method on functions of one variable that are known to mislead it.</summary>
public sealed class ProximalNewtonTests
{
    /// <summary>Half a deviance, its negative slope (the score) and what is claimed to be its curvature.</summary>
    sealed class Curve(Func<double, double> deviance, Func<double, double> score, Func<double, double> information) : IObjective<FullInformation>
    {
        public List<double> Visited { get; } = [];

        public void Evaluate(double[] theta, double auxiliary, Factor? leverages, Evaluation<FullInformation> into)
        {
            Visited.Add(theta[0]);
            into.Evidence.Clear();
            into.Deviance = deviance(theta[0]);
            if (double.IsFinite(into.Deviance)) { into.Evidence.Add(new(1, 1, [1], 0, default, default), [information(theta[0])], [score(theta[0])]); }
        }

        public void EvaluateAtResponses(double[] theta, Evaluation<FullInformation> into) => Evaluate(theta, 0, null, into);
    }

    static NewtonSolution Climb(Curve curve, double start, int most = 100) =>
        new ProximalNewton<FullInformation>(curve, new() { Order = [0], Ranges = [1], Tolerance = 1e-16, MaxIterations = most }).Run([start], 0, new(1));

    [Fact]
    public void Steps_that_overshoot_are_halved()
    {
        // Newton on log cosh from 1.5 runs away, left and right ever further
        var solution = Climb(new(t => 2 * (Math.Abs(t) + double.LogP1(Math.Exp(-2 * Math.Abs(t)))), t => -Math.Tanh(t), t => 1 / (Math.Cosh(t) * Math.Cosh(t))), 1.5);
        Assert.True(solution.Converged);
        Assert.Equal(0, solution.Theta[0], 1e-7);
    }

    [Fact]
    public void A_step_that_gains_nothing_is_halved_although_it_does_no_harm()
    {
        // half the curvature: every full step lands on the mirror image, whose deviance is the same
        var curve = new Curve(t => t * t, t => -t, _ => 0.5);
        var solution = Climb(curve, 1);
        Assert.True(solution.Converged);
        Assert.Equal(0, solution.Theta[0], 1e-7);
    }

    [Fact]
    public void Infinite_deviance_is_the_edge_of_the_domain_and_is_stepped_back_from()
    {
        // −log t with a pole at 0: the first step from far out ends beyond it
        var solution = Climb(new(t => t > 0 ? 2 * (t - Math.Log(t)) : double.PositiveInfinity, t => 1 / t - 1, t => 1 / (t * t)), 5);
        Assert.True(solution.Converged);
        Assert.Equal(1, solution.Theta[0], 1e-7);
    }

    [Fact]
    public void A_slope_without_an_end_is_reported_as_not_converged()
    {
        var curve = new Curve(t => -t, _ => 0.5, _ => 1);
        var solution = Climb(curve, 0, most: 30);
        Assert.False(solution.Converged);
        Assert.Equal(30, solution.Iterations);
        Assert.Equal(0.25, solution.Gauge, 1e-12);
    }

    [Fact]
    public void A_start_outside_the_domain_ends_without_convergence_and_with_a_finite_theta()
    {
        var solution = Climb(new(_ => double.PositiveInfinity, _ => 0, _ => 0), 3);
        Assert.False(solution.Converged);
        Assert.True(double.IsFinite(solution.Theta[0]));
    }
}
