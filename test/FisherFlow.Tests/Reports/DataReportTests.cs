using System.Text.Json;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Reports;
using FisherFlow.Tests.Inference;

namespace FisherFlow.Tests.Reports;

public sealed class DataReportTests
{
    /// <summary>Version 1 of the contract: these fields, in this order, come first.</summary>
    static readonly string[] _core =
    [
        "version", "command", "formula", "family", "link", "method", "coefficients", "covariance", "dispersion", "dispersion_parameter", "log_likelihood", "null_deviance",
        "deviance", "pearson_chi2", "aic", "bic", "observations", "rows_rejected", "effective_observations", "df_residual", "rank", "condition_number", "iterations", "passes",
        "converged", "regime", "score_gauge", "warnings",
    ];

    static readonly string[] _additions =
        ["level", "df_null", "dispersion_estimated", "dispersion_parameter_std_error", "distance_bound", "ridge", "firth", "clusters", "references", "reference_outcome"];

    [Fact]
    public void Json_has_the_fields_of_the_contract_and_round_trips_every_bit()
    {
        var result = Result();
        using var json = Json(result, "show");
        Assert.Equal([.. _core, .. _additions], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal((1, "show", "binomial", "logit", "converged"), (json.RootElement.GetProperty("version").GetInt32(), Text("command"), Text("family"), Text("link"), Text("regime")));
        var slope = json.RootElement.GetProperty("coefficients")[1];
        Assert.Equal(["term", "estimate", "std_error", "statistic", "p_value", "lower", "upper", "status"], slope.EnumerateObject().Select(p => p.Name));
        Assert.Equal(result.Coefficients[1].PValue, slope.GetProperty("p_value").GetDouble());
        Assert.Equal(result.Aic, json.RootElement.GetProperty("aic").GetDouble());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("dispersion_parameter").ValueKind);

        string? Text(string name) => json.RootElement.GetProperty(name).GetString();
    }

    [Fact]
    public void Json_names_the_outcome_of_a_multinomial_coefficient()
    {
        var (model, schema, estimate) = PredictorTests.Gears(Family.Multinomial);
        using var json = Json(Summary.Of(estimate, schema, model, new() { Family = Family.Multinomial }, SmallFit.Exact("gear ~ wt"), new()), "fit");
        Assert.Equal(["4", "4", "5", "5"], json.RootElement.GetProperty("coefficients").EnumerateArray().Select(c => c.GetProperty("outcome").GetString()));
        Assert.Equal("3", json.RootElement.GetProperty("reference_outcome").GetString());
    }

    [Fact]
    public void Json_to_a_stream_and_to_text_is_the_same()
    {
        using var stream = new MemoryStream();
        using var text = new StringWriter();
        JsonReport.Write(Result(), stream);
        JsonReport.Write(Result(), text);
        Assert.Equal(text.ToString(), System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void Csv_quotes_what_needs_it_and_leaves_what_is_not_defined_empty()
    {
        using var writer = new StringWriter();
        CsvReport.Write(Result() with
        {
            Coefficients =
            [
                new() { Term = "g[a, \"b\"]", Estimate = 0.1, StandardError = 2, Statistic = 0.05, PValue = 1e-300, Lower = -4, Upper = 4.5, Status = CoefficientStatus.Ok },
                new() { Term = "x", Status = CoefficientStatus.Aliased },
                new() { Term = "z", Estimate = -31.5, Status = CoefficientStatus.Separated },
            ],
        }, writer);
        Assert.Equal("term,estimate,std_error,statistic,p_value,lower,upper,status\n\"g[a, \"\"b\"\"]\",0.1,2,0.05,1E-300,-4,4.5,ok\nx,,,,,,,aliased\nz,-31.5,,,,,,separated\n", writer.ToString());
    }

    [Fact]
    public void Csv_has_a_column_of_outcomes_when_there_are_any()
    {
        var (model, schema, estimate) = PredictorTests.Gears(Family.Multinomial);
        using var writer = new StringWriter();
        CsvReport.Write(Summary.Of(estimate, schema, model, new() { Family = Family.Multinomial }, SmallFit.Exact("gear ~ wt"), new()), writer);
        Assert.StartsWith("term,outcome,estimate,", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("\n(Intercept),4,11.03", writer.ToString());
    }

    [Fact]
    public void Markdown_is_a_table_whose_lines_have_equally_many_cells()
    {
        using var writer = new StringWriter();
        var result = Result();
        MarkdownReport.Write(result with { Coefficients = [result.Coefficients[0] with { Term = "low|high" }, .. result.Coefficients] }, writer);
        var table = writer.ToString().Split('\n').Where(line => line.StartsWith('|')).ToList();
        Assert.Equal(5, table.Count);
        Assert.All(table, line => Assert.Equal(9, line.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|')));
        Assert.Contains("low\\|high", writer.ToString());
    }

    static FitResult Result() => SummaryTests.Summarise(SummaryTests.Binomial(), SmallModel.Binomial, Family.Binomial, new(), "wt");

    static JsonDocument Json(FitResult result, string command)
    {
        using var stream = new MemoryStream();
        JsonReport.Write(result, stream, command);
        return JsonDocument.Parse(stream.ToArray());
    }
}
