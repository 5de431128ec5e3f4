using System.Globalization;
using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;

namespace FisherFlow.Tests.Reference;

/// <summary>NIST's univariate problems as the regression on nothing but a constant, in one pass: mean and standard deviation.</summary>
public sealed class NistUnivariateTests
{
    /// <summary>The mean to the last certified digit; NumAcc3's deviation of 0.1 stands on numbers of a million, which hold it to ten digits, and a pass may lose one.</summary>
    [Theory]
    [InlineData("Lew", -177.435, 277.332168044316)]
    [InlineData("NumAcc3", 1000000.2, 0.1)]
    public void One_pass_keeps_fifteen_digits_of_the_mean_and_nine_of_the_deviation(string name, double mean, double deviation)
    {
        var lines = File.ReadAllLines(ReferenceCase.PathOf($"nist/{name}.dat"));
        var first = Array.FindLastIndex(lines, line => line.StartsWith("Data:", StringComparison.Ordinal)) + 2;
        var csv = "y\n" + string.Join('\n', lines[first..].Select(line => line.Trim()).Where(line => line.Length > 0).Select(line => double.Parse(line, CultureInfo.InvariantCulture).ToString("R")));
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(csv));

        var result = Regression.Fit(DataSource.FromStandardInput(input), "y ~ 1", new(), cancel: TestContext.Current.CancellationToken).Report();

        Assert.Equal(15, NistProblem.Digits([result.Coefficients[0].Estimate!.Value], [mean]));
        Assert.True(NistProblem.Digits([Math.Sqrt(result.Dispersion!.Value)], [deviation]) >= 9);
    }
}
