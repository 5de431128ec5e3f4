using System.Text.Json;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Models;

namespace FisherFlow.Tests.Reference;

/// <summary>Firth's penalty on thirty columns that nearly separate: the penalised likelihood has several maxima there, which firth.R lists, and other programs diverge.</summary>
public sealed class FirthMaximaTests
{
    [Fact]
    public void Nearly_separating_columns_lead_to_a_maximum_of_the_penalised_likelihood()
    {
        using var reference = JsonDocument.Parse(File.ReadAllText(ReferenceCase.PathOf("firth.json")));
        var options = new RegressionOptions { Model = new() { Family = Family.Binomial }, Exact = true, Estimator = new() { Firth = true } };
        var result = Regression.Fit(DataSource.From([ReferenceCase.PathOf("data/breast_cancer30.csv")]), "malignant ~ .", options, cancel: TestContext.Current.CancellationToken).Report();
        Assert.True(result.Converged);

        var maximum = reference.RootElement.GetProperty("maxima").EnumerateArray().MinBy(m => Math.Abs(m.GetProperty("log_likelihood").GetDouble() - result.LogLikelihood!.Value));
        var differences = new Differences();
        differences.Compare("log-likelihood", maximum.GetProperty("log_likelihood").GetDouble(), result.LogLikelihood, 1e-6);
        for (var i = 0; i < result.Coefficients.Count; i++)
        {
            var error = maximum.GetProperty("errors")[i].GetDouble();
            // columns are collinear to a condition number of 1e6, in sums of squares
            differences.Compare(result.Coefficients[i].Term, maximum.GetProperty("estimates")[i].GetDouble(), result.Coefficients[i].Estimate, 1e-5, 0.1 * error);
            differences.Compare($"{result.Coefficients[i].Term} standard error", error, result.Coefficients[i].StandardError, 1e-5);
        }
        differences.AssertNone();
    }
}
