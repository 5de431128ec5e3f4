using FisherFlow.Models;

namespace FisherFlow.Tests.Models;

/// <summary>Firth's correction against R's brglm2 (the end of Reference/models.R).</summary>
public sealed class FirthTests
{
    [Theory]
    [InlineData(Link.Logit, "binary", -0.436939151648, 0.815974737008), InlineData(Link.Logit, "successes", -0.801768960026, 0.43806468236)]
    [InlineData(Link.Probit, "binary", -0.277782357214, 0.51288934367), InlineData(Link.Probit, "successes", -0.497826254572, 0.271449473106)]
    [InlineData(Link.ComplementaryLogLog, "binary", -0.699039868384, 0.563912330982), InlineData(Link.ComplementaryLogLog, "successes", -0.988766588113, 0.338427901522)]
    [InlineData(Link.Cauchit, "binary", -0.312224619303, 0.632590768621), InlineData(Link.Cauchit, "successes", -0.663733996766, 0.364393310689)]
    [InlineData(Link.Logit, "separated", -4.13632470497, 7.03289821061)]
    public void Bias_reduced_estimates_are_those_of_brglm2(Link link, string response, double intercept, double slope)
    {
        var x = ModelReference.Column("x");
        var trials = response == "successes" ? ModelReference.Column("m") : null;
        double[] y = response switch
        {
            "separated" => [.. x.Select(value => value > 0.5 ? 1.0 : 0)],   // no maximum likelihood estimate exists
            "successes" => [.. ModelReference.Column(response).Zip(trials!, (successes, m) => successes / m)],
            _ => ModelReference.Column(response),
        };
        var block = SmallBlock.Dense([.. x.Select(value => new[] { 1, value })], y, trials: trials);
        var model = ModelFactory.Create(new() { Family = Family.Binomial, Link = link });
        var (theta, leverages, workspace) = (new double[2], new double[block.Count], new Workspace());
        for (var iteration = 0; iteration < 200; iteration++)
        {
            var sums = default(FitSums);
            var (information, _) = DenseFit.Collect(model.Work(block, 0, block.Count, block.Shape, theta, 0, default, ref sums, workspace), 2);
            for (var i = 0; i < block.Count; i++)
            {
                double[] row = [1, x[i]];
                leverages[i] = DenseFit.Solve(information, row).Zip(row, (a, b) => a * b).Sum();
            }
            var (_, score) = DenseFit.Collect(model.Work(block, 0, block.Count, block.Shape, theta, 0, leverages, ref sums, workspace), 2);
            var step = DenseFit.Solve(information, score);
            (theta[0], theta[1]) = (theta[0] + step[0], theta[1] + step[1]);
        }
        Assert.Equal(intercept, theta[0], 1e-8 * (1 + Math.Abs(intercept)));
        Assert.Equal(slope, theta[1], 1e-8 * (1 + Math.Abs(slope)));
    }
}
