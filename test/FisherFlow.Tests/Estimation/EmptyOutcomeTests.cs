using FisherFlow.Data;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Tests.Facade;

namespace FisherFlow.Tests.Estimation;

/// <summary>Declared outcomes of an ordinal model that no row has.</summary>
public sealed class EmptyOutcomeTests
{
    static readonly string[] _lines = ["y,x", .. Enumerable.Range(0, 90).Select(i => $"{(i * 7 % 30 > i % 11 * 2 ? "high" : "low")},{i % 11}")];

    static FitResult Fit(params string[] levels) =>
        Answers.Fit(_lines, "y ~ x", new() { Model = new() { Family = Family.Ordinal }, OutcomeLevels = levels }).Report();

    [Fact]
    public void Cut_points_about_an_outcome_without_rows_are_estimated_as_one()
    {
        var (without, with) = (Fit("low", "high"), Fit("low", "mid", "high"));

        Assert.Contains(with.Warnings, warning => warning.Contains("no row has the outcome 'mid'", StringComparison.Ordinal));
        // held together by a million times the information of the data: a millionth is what that leaves
        Assert.Equal(without.Deviance!.Value, with.Deviance!.Value, 1e-5);
        Assert.Equal(without.Coefficients[^1].Estimate!.Value, with.Coefficients[^1].Estimate!.Value, 1e-5);
        Assert.Equal(without.Coefficients[^1].StandardError!.Value, with.Coefficients[^1].StandardError!.Value, 1e-5);
        foreach (var cut in (int[])[0, 1]) { Assert.Equal(without.Coefficients[0].Estimate!.Value, with.Coefficients[cut].Estimate!.Value, 1e-5); }
    }

    [Theory]
    [InlineData("none", "low", "high")]
    [InlineData("low", "high", "none")]
    public void The_cut_point_of_an_extreme_outcome_without_rows_is_infinite_and_the_rest_is_as_without_it(params string[] levels)
    {
        var (without, with) = (Fit("low", "high"), Fit(levels));

        Assert.Contains(with.Warnings, warning => warning.Contains("no row has the outcome 'none'", StringComparison.Ordinal));
        Assert.Equal([CoefficientStatus.Separated], with.Coefficients.Where(c => c.Term.Contains("none", StringComparison.Ordinal)).Select(c => c.Status));
        // the likelihood nears its supremum like e^-t: what separation is recognised at is left
        Assert.Equal(without.Coefficients[^1].Estimate!.Value, with.Coefficients[^1].Estimate!.Value, 1e-3);
        Assert.Equal(without.Coefficients[^1].StandardError!.Value, with.Coefficients[^1].StandardError!.Value, 1e-3);
    }
}
