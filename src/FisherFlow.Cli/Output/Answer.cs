using System.CommandLine;
using FisherFlow.Cli.Options;
using FisherFlow.Cli.Terminal;
using FisherFlow.Data;
using FisherFlow.Inference;
using FisherFlow.Reports;

namespace FisherFlow.Cli.Output;

/// <summary>Writes a fit to standard output in the format asked for.</summary>
static class Answer
{
    public static int Write(Regression regression, ReportOptions options, ParseResult result) => Write(regression.Report(options), result);

    public static int Write(FitResult fit, ParseResult result)
    {
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
}
