using System.Text.Json;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Tests.Reference;

namespace FisherFlow.Tests.Likelihoods;

/// <summary>Expressions against R: nls for means, optim with a numerical Hessian for log-densities.</summary>
public sealed class ExpressionReferenceTests
{
    static readonly JsonElement _cases = JsonDocument.Parse(File.ReadAllText(ReferenceCase.PathOf("likelihoods.json"))).RootElement.GetProperty("cases");

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, _cases.GetArrayLength())];

    /// <summary>nls stops at 1e-7 of a standard error, which may be as large as its estimate; optim at values that agree to 1e-16, so at parameters to 1e-8 relative, and its Hessian is one of differences of size 1e-3: 1e-5.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Estimates_errors_and_likelihood_are_those_of_R(int index)
    {
        var expected = _cases[index];
        var isMean = expected.TryGetProperty("formula", out var formula);
        var options = new ExpressionOptions
        {
            Formula = isMean ? formula.GetString() : null,
            LogDensity = isMean ? null : expected.GetProperty("log_density").GetString(),
            Parameters = expected.GetProperty("parameters").GetString(),
            Start = expected.GetProperty("start").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble()),
            WeightsColumn = expected.TryGetProperty("weights", out var weights) ? weights.GetString() : null,
        };
        var path = ReferenceCase.PathOf($"data/{expected.GetProperty("data").GetString()}.csv");
        var result = ExpressionFit.Fit(DataSource.From([path]), options, cancel: TestContext.Current.CancellationToken).Report();

        Assert.True(result.Converged, result.Convergence);
        Close(Numbers(expected, "estimate"), [.. result.Coefficients.Select(c => c.Estimate!.Value)], 1e-6);
        Close(Numbers(expected, "std_error"), [.. result.Coefficients.Select(c => c.StandardError!.Value)], isMean ? 1e-6 : 1e-4);
        Close([expected.GetProperty("log_likelihood").GetDouble()], [result.LogLikelihood!.Value], 1e-9);
        if (!isMean) { return; }
        Close([expected.GetProperty("aic").GetDouble(), Math.Pow(expected.GetProperty("sigma").GetDouble(), 2)], [result.Aic!.Value, result.Dispersion!.Value], 1e-8);
        Close(Numbers(expected, "p_value"), [.. result.Coefficients.Select(c => c.PValue!.Value)], 1e-4);
    }

    static double[] Numbers(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(x => x.GetDouble())];

    static void Close(double[] expected, double[] actual, double tolerance)
    {
        for (var i = 0; i < expected.Length; i++) { Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Abs(expected[i]), $"{i}: {expected[i]:R} in R, {actual[i]:R} here"); }
    }
}
