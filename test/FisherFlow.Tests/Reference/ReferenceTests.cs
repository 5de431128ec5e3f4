using System.Globalization;
using System.Text;
using System.Text.Json;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;

namespace FisherFlow.Tests.Reference;

/// <summary>Every family and link, with weights, offsets, interactions, robust errors and penalties, against R's answers.</summary>
public sealed class ReferenceTests
{
    /// <summary>What the project promises: R's estimates to a millionth.</summary>
    const double Estimates = 1e-6;

    /// <summary>Standard errors, deviances and likelihoods to a hundred-thousandth.</summary>
    const double Others = 1e-5;

    public static TheoryData<string> Names => [.. ReferenceCase.All.Select(c => c.Name)];

    public static TheoryData<string> OnePassNames => [.. ReferenceCase.All.Where(c => !c.NeedsLeverages).Select(c => c.Name)];

    public static TheoryData<string> Predicted => [.. ReferenceCase.All.Where(c => c.Has("predictions")).Select(c => c.Name)];

    public static TheoryData<string> Separated => [.. ReferenceCase.Separation.Select(c => c.Name)];

    [Theory, MemberData(nameof(Names))]
    public void An_exact_fit_answers_as_R_does(string name)
    {
        var reference = ReferenceCase.Of(name);
        var differences = new Differences();
        Compare(reference, Report(reference, exact: true), differences);
        differences.AssertNone();
    }

    /// <summary>Small data stay in the buffer whole, so the one-pass estimator has no excuse to differ.</summary>
    [Theory, MemberData(nameof(OnePassNames))]
    public void One_pass_over_data_that_the_buffer_holds_answers_as_R_does(string name)
    {
        var reference = ReferenceCase.Of(name);
        var differences = new Differences();
        Compare(reference, Report(reference, exact: false), differences);
        differences.AssertNone();
    }

    [Theory, MemberData(nameof(Predicted))]
    public void Predicted_means_and_their_standard_errors_are_those_of_R(string name)
    {
        var reference = ReferenceCase.Of(name);
        var expected = reference.Answer.GetProperty("predictions");
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(expected.GetProperty("input").GetString()!));
        reference.Fit(exact: true).Predict(DataSource.FromStandardInput(input), output, new() { Interval = PredictionInterval.Mean }, cancel: TestContext.Current.CancellationToken);

        var differences = new Differences();
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        differences.Same("header", "estimate,std_error,lower,upper", lines[0]);
        var rows = lines.Skip(1).Select(line => line.Split(',').Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray()).ToList();
        differences.Same("rows", $"{expected.GetProperty("estimate").GetArrayLength()}", $"{rows.Count}");
        for (var i = 0; i < rows.Count; i++)
        {
            differences.Compare($"row {i}", expected.GetProperty("estimate")[i].GetDouble(), rows[i][0], Estimates);
            differences.Compare($"row {i} standard error", expected.GetProperty("std_error")[i].GetDouble(), rows[i][1], Others);
        }
        differences.AssertNone();
    }

    [Theory, MemberData(nameof(Separated))]
    public void Infinite_estimates_are_named_and_all_others_stay_finite(string name)
    {
        var reference = ReferenceCase.Of(name);
        foreach (var exact in (bool[])[false, true])
        {
            var status = reference.Fit(exact).Report().Coefficients.ToLookup(c => c.Term, c => c);
            foreach (var term in reference.Answer.GetProperty("infinite").EnumerateArray()) { Assert.Equal(CoefficientStatus.Separated, status[term.GetString()!].Single().Status); }
            foreach (var term in reference.Answer.GetProperty("finite").EnumerateArray())
            {
                var coefficient = status[term.GetString()!].Single();
                Assert.Equal(CoefficientStatus.Ok, coefficient.Status);
                Assert.True(double.IsFinite(coefficient.Estimate!.Value) && double.IsFinite(coefficient.StandardError!.Value));
            }
        }
    }

    static FitResult Report(ReferenceCase reference, bool exact) => reference.Fit(exact).Report(new ReportOptions { Covariance = reference.Covariance });

    static void Compare(ReferenceCase reference, FitResult result, Differences differences)
    {
        var present = result.Coefficients.Select(c => c.Term).ToHashSet();
        var table = reference.Coefficients
            .Where(c => !IsEmpty(c) || present.Contains(c.GetProperty("term").GetString()!))   // a cell without rows has no column to list
            .Select(Line).ToList();
        differences.CompareTables(table, result.Coefficients, Estimates, Others);
        Other("deviance", result.Deviance);
        Other("null_deviance", result.NullDeviance);
        Other("pearson_chi2", result.PearsonChiSquared);
        Other("log_likelihood", result.LogLikelihood);
        Other("aic", result.Aic);
        Other("bic", result.Bic);
        Other("dispersion", result.Dispersion);
        Other("dispersion_parameter", result.DispersionParameter);
        Other("dispersion_parameter_std_error", result.DispersionParameterStandardError);
        Count("observations", result.Observations);
        Count("rows_rejected", result.RowsRejected);
        Count("rank", result.Rank);
        Count("df_residual", result.ResidualDegreesOfFreedom);
        Count("df_null", result.NullDegreesOfFreedom);
        differences.Same("covariance", reference.Covariance.ToString(), result.Covariance.ToString());
        differences.Same("converged", "True", $"{result.Converged}");

        void Other(string key, double? actual)
        {
            if (reference.Has(key)) { differences.Compare(key, reference.Number(key), actual, Others); }
        }

        void Count(string key, long actual)
        {
            if (reference.Has(key)) { differences.Compare(key, reference.Number(key), actual, 0); }
        }
    }

    static bool IsEmpty(JsonElement coefficient) => coefficient.TryGetProperty("empty", out _);

    static Coefficient Line(JsonElement element)
    {
        return new()
        {
            Term = element.GetProperty("term").GetString()!,
            Outcome = element.TryGetProperty("outcome", out var outcome) ? outcome.GetString() : null,
            Estimate = Value("estimate"),
            StandardError = Value("std_error"),
            Statistic = Value("statistic"),
            PValue = Value("p_value"),
            Status = element.GetProperty("status").GetString() == "ok" ? CoefficientStatus.Ok : CoefficientStatus.Aliased,
        };

        double? Value(string key) => element.GetProperty(key) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
    }
}
