using FisherFlow.Inference;
using System.CommandLine;
using FisherFlow.Cli.Options;
using FisherFlow.Cli.Terminal;
using FisherFlow.Data;
using FisherFlow.Reports;

namespace FisherFlow.Cli.Output;

/// <summary>Writes a fit to standard output in the format asked for.</summary>
static class Answer
{
    public static int Write(Regression regression, ReportOptions options, ParseResult result)
    {
        var fit = regression.Report(options with { References = NameResponse(options.References, regression.Formula) });
        using var output = StandardOutput.Open();
        switch (result.GetValue(ReportingOptions.Format))
        {
            case Format.Json: JsonReport.Write(fit, output); break;
            case Format.Csv: CsvReport.Write(fit, output); break;
            case Format.Markdown: MarkdownReport.Write(fit, output); break;
            default: TextReport.Write(fit, output); break;
        }
        return ExitCode.Done;
    }

    /// <summary>The response's reference outcome goes by the empty name inside; outside it goes by the response's.</summary>
    static Dictionary<string, string> NameResponse(IReadOnlyDictionary<string, string> references, string formula)
    {
        var response = formula.Split('~')[0].Trim().Trim('`');
        return references.ToDictionary(pair => pair.Key == response ? "" : pair.Key, pair => pair.Value);
    }
}
