using FisherFlow.Data;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Tests.Facade;

namespace FisherFlow.Tests.Estimation;

/// <summary>Declared outcomes of an ordinal model that no row has.</summary>
public sealed class EmptyOutcomeTests
{
    static readonly string[] _lines = ["y,x", .. Enumerable.Range(0, 90).Select(i => $"{(i * 7 % 30 > i % 11 * 2 ? "high" : "low")},{i % 11}")];

    static FitResult Fit(params string[] levels) => Fit(0, levels);

    static FitResult Fit(int buffer, string[] levels) =>
        Answers.Fit(_lines, "y ~ x", new() { Model = new() { Family = Family.Ordinal }, OutcomeLevels = levels, Estimator = new() { BufferRows = buffer } }).Report();

    [Fact]
    public void Cut_points_about_an_outcome_without_rows_are_estimated_as_one()
    {
        var (without, with) = (Fit("low", "high"), Fit("low", "mid", "high"));

        Assert.Contains(with.Warnings, warning => warning.Contains("no row has the outcome 'mid'", StringComparison.Ordinal));
        // held together by a million times the information of the data: a millionth is what that leaves
        Assert.Equal(without.Deviance!.Value, with.Deviance!.Value, 1e-5);
        Assert.Equal(without.Coefficients[^1].Estimate!.Value, with.Coefficients[^1].Estimate!.Value, 1e-5);
        Assert.Equal(without.Coefficients[^1].StandardError!.Value, with.Coefficients[^1].StandardError!.Value, 1e-5);
        AssertCountedAlike(without, with);
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
        AssertCountedAlike(without, with);
        Assert.Equal(with.Coefficients.Select(c => c.Status), Fit(25, levels).Coefficients.Select(c => c.Status));   // and once rows are folded
        // the likelihood nears its supremum like e^-t: what separation is recognised at is left
        Assert.Equal(without.Coefficients[^1].Estimate!.Value, with.Coefficients[^1].Estimate!.Value, 1e-3);
        Assert.Equal(without.Coefficients[^1].StandardError!.Value, with.Coefficients[^1].StandardError!.Value, 1e-3);
    }

    [Fact]
    public void Of_several_outcomes_without_rows_none_counts()
    {
        var (without, with) = (Fit("low", "high"), Fit("never", "low", "mid", "middle", "high", "top"));

        AssertCountedAlike(without, with);
    }

    /// <summary>R drops an unused level before it counts: polr and clm of droplevels(y).</summary>
    static void AssertCountedAlike(FitResult without, FitResult with)
    {
        Assert.Equal((2, 88L, 89L), (without.Rank, without.ResidualDegreesOfFreedom, without.NullDegreesOfFreedom));
        Assert.Equal((without.Rank, without.ResidualDegreesOfFreedom, without.NullDegreesOfFreedom), (with.Rank, with.ResidualDegreesOfFreedom, with.NullDegreesOfFreedom));
        // where separation is recognised, the log-likelihood is that far from its supremum
        Assert.Equal(without.Aic!.Value, with.Aic!.Value, 1e-2);
        Assert.Equal(without.Bic!.Value, with.Bic!.Value, 1e-2);
    }
}
