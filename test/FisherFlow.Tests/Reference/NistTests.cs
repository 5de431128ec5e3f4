using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;

namespace FisherFlow.Tests.Reference;

/// <summary>NIST's linear problems in one pass: digits of the worst coefficient and of the worst standard error.</summary>
public sealed class NistTests
{
    /// <summary>The bars are what the best one-pass peer reaches (R's biglm, AS 274).</summary>
    [Theory]
    [InlineData("Norris", "y ~ x", 12)]
    [InlineData("Pontius", "y ~ x + I(x^2)", 12)]
    [InlineData("NoInt1", "y ~ x - 1", 14.7)]
    [InlineData("Longley", "y ~ x1 + x2 + x3 + x4 + x5 + x6", 11.4)]
    [InlineData("Wampler1", "y ~ x + I(x^2) + I(x^3) + I(x^4) + I(x^5)", 9)]
    [InlineData("Filip", "y ~ x + I(x^2) + I(x^3) + I(x^4) + I(x^5) + I(x^6) + I(x^7) + I(x^8) + I(x^9) + I(x^10)", 6.8)]
    public void One_pass_keeps_the_digits_that_NIST_certifies(string name, string formula, double digits)
    {
        var problem = NistProblem.Read(name);
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(problem.Csv));
        var table = Regression.Fit(DataSource.FromStandardInput(input), formula, new(), cancel: TestContext.Current.CancellationToken).Report().Coefficients;

        Assert.All(table, c => Assert.Equal(CoefficientStatus.Ok, c.Status));
        var estimates = NistProblem.Digits(table.Select(c => c.Estimate!.Value), problem.Estimates);
        // Wampler1 fits exactly: its certified standard errors are zero and rounding is all there is
        var errors = problem.StandardErrors.All(e => e == 0) ? 15 : NistProblem.Digits(table.Select(c => c.StandardError!.Value), problem.StandardErrors);
        Assert.True(estimates >= digits && errors >= digits - 1, $"{name}: {estimates:F1} digits in the estimates, {errors:F1} in the standard errors, {digits} wanted");
    }
}
