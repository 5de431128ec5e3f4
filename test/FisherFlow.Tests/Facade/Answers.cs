using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;

namespace FisherFlow.Tests.Facade;

/// <summary>Fits lines of CSV and looks for what an answer may never hold.</summary>
static class Answers
{
    /// <summary>Fits lines; the first is the header.</summary>
    public static Regression Fit(IEnumerable<string> lines, string formula, RegressionOptions options)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        return Regression.Fit(DataSource.FromStandardInput(input), formula, options);
    }

    /// <summary>The result, or the message of one of the exceptions that are meant for people.</summary>
    public static (FitResult? Result, string? Refusal) Ask(IEnumerable<string> lines, string formula, RegressionOptions options)
    {
        try
        {
            return (Fit(lines, formula, options).Report(), null);
        }
        catch (Exception refusal) when (refusal is DataException or FormulaException or ArgumentException or NotSupportedException)
        {
            Assert.NotEmpty(refusal.Message);
            return (null, refusal.Message);
        }
    }

    /// <summary>Numbers are finite or absent, and a coefficient without an estimate, or with an infinite one, is spoken of.</summary>
    public static void AssertHonest(FitResult result, string what)
    {
        double?[] numbers =
        [
            result.Dispersion, result.DispersionParameter, result.DispersionParameterStandardError, result.LogLikelihood, result.NullDeviance, result.Deviance, result.PearsonChiSquared,
            result.Aic, result.Bic, result.EffectiveObservations, result.ConditionNumber, result.ScoreGauge, result.DistanceBound,
            .. result.Coefficients.SelectMany(c => (double?[])[c.Estimate, c.StandardError, c.Statistic, c.PValue, c.Lower, c.Upper]), .. result.CovarianceMatrix.Cast<double>().Select(v => (double?)v),
        ];
        Assert.All(numbers, number => Assert.True(number is null || double.IsFinite(number.Value), what));
        Assert.All(result.Coefficients, c => Assert.True((c is { Status: CoefficientStatus.Ok, Estimate: not null, StandardError: not null }) || result.Warnings.Count > 0, $"{what}: nothing is said about {c.Term}"));
    }
}
