using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Tests.Estimation;

public sealed class OnePassTests
{
    static readonly IModel _logistic = ModelFactory.Create(new() { Family = Family.Binomial });
    static readonly double[] _beta = [-0.5, 1, -0.25, 0.75];

    static Simulated Logistic(int seed, int rows, double[]? gamma = null) => Simulated.Draw(seed, rows, _beta, gamma ?? [], Simulated.Bernoulli);

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(2, 500)]
    [InlineData(3, 2000)]
    public void One_pass_lies_within_a_fifth_of_a_standard_error_of_the_maximum_likelihood(int seed, int buffer)
    {
        var data = Logistic(seed, 20_000);
        var exact = data.Solve(data.Fit(_logistic, new() { BufferRows = 40_000 }));
        var onePass = data.Solve(data.Fit(_logistic, new() { BufferRows = buffer }));

        Assert.True(exact.Converged && onePass.Converged);
        Assert.InRange(Simulated.Distance(exact, onePass), 0, 0.2);
        foreach (var (a, b) in Simulated.StandardErrors(exact).Zip(Simulated.StandardErrors(onePass))) { Assert.InRange(b / a, 0.98, 1.02); }
    }

    [Fact]
    public void Levels_that_are_rare_and_late_do_not_spoil_the_fit()
    {
        var gamma = Enumerable.Range(0, 60).Select(i => Math.Sin(i)).ToArray();
        var data = Logistic(7, 30_000, gamma);
        var exact = data.Solve(data.Fit(_logistic, new() { BufferRows = 60_000 }));
        var onePass = data.Solve(data.Fit(_logistic, new() { BufferRows = 2000 }));

        Assert.InRange(Simulated.Distance(exact, onePass), 0, 0.2);
        foreach (var (a, b) in Simulated.StandardErrors(exact).Zip(Simulated.StandardErrors(onePass))) { Assert.InRange(b / a, 0.98, 1.02); }
    }

    [Fact]
    public void The_audit_estimates_the_distance_to_the_maximum_likelihood()
    {
        var data = Logistic(11, 250_000);   // more rows than the audit keeps
        var exact = data.Solve(data.Fit(_logistic, new() { BufferRows = 250_001 }));
        var onePass = data.Solve(data.Fit(_logistic, new() { BufferRows = 1000 }));
        var distance = Simulated.Distance(exact, onePass);

        // the bound is two standard errors of the worst of four coefficients; four of them leave one failure in ten thousand
        Assert.InRange(distance, 0, 2 * onePass.DistanceBound);
        Assert.InRange(onePass.DistanceBound, 0, 0.1);
        Assert.Equal(exact.Deviance, onePass.Deviance, tolerance: 0.5);   // a sample of third-order remainders, each of which is small
    }
}
