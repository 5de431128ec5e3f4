using System.CommandLine;
using FisherFlow.Cli.Options;
using FisherFlow.Cli.Output;
using FisherFlow.Cli.Terminal;
using FisherFlow.Data;
using FisherFlow.Inference;

namespace FisherFlow.Cli.Verbs;

/// <summary><c>fisherflow show</c>: prints any part of a state.</summary>
static class ShowVerb
{
    const string Examples = """
          The table again, against another reference level, with 99 % intervals, for a report:
            fisherflow show flights.ff --ref origin=ATL --level 0.99 --format markdown

          What the state is, which data are in it, and which rows were rejected:
            fisherflow show flights.ff --what model
            fisherflow show flights.ff --what lineage
            fisherflow show flights.ff --what rejections

          The covariance of the coefficients, for another program:
            fisherflow show flights.ff --what covariance --format csv
        """;

    static readonly Option<StatePart> _what = Choice.Word("--what", "PART",
        "The part to print: coefficients (default), model, levels, estimate, information, covariance, sums, lineage or rejections",
        ("coefficients", StatePart.Coefficients), ("model", StatePart.Model), ("levels", StatePart.Levels), ("estimate", StatePart.Estimate), ("information", StatePart.Information),
        ("covariance", StatePart.Covariance), ("sums", StatePart.Sums), ("lineage", StatePart.Lineage), ("rejections", StatePart.Rejections));

    static readonly Option<CovarianceKind?> _robust = Choice.Word<CovarianceKind?>("--robust", "model|hc0|hc1|hc3|cluster",
        "Standard errors, of those that the state was fitted for (default: as then)",
        ("model", CovarianceKind.Model), ("hc0", CovarianceKind.HC0), ("hc1", CovarianceKind.HC1), ("hc3", CovarianceKind.HC3), ("cluster", CovarianceKind.Cluster));

    public static Command Create()
    {
        var path = DataArguments.State();
        var verb = new Verb("show", "Print what a state knows.", Examples) { path, _what, _robust, ReportingOptions.References, ReportingOptions.Level, ReportingOptions.Format };
        verb.SetAction(result => Run(result, result.GetValue(path)!));
        return verb;
    }

    static int Run(ParseResult result, string path)
    {
        if (Training.TryLoad(path) is { } training) { return Show(result, training); }
        if (ExpressionFit.IsIn(path)) { return ExpressionVerbs.Show(result, path, result.GetValue(_what), result.GetValue(_robust)); }
        var regression = Regression.Load(path);
        var report = ReportingOptions.Read(result, regression.Formula, result.GetValue(_robust) ?? regression.Options.Covariance);
        var part = result.GetValue(_what);
        if (part == StatePart.Coefficients) { return Answer.Write(regression, report, result); }
        using var output = StandardOutput.Open();
        StateSheets.Create(regression, part, report).Write(output, result.GetValue(ReportingOptions.Format));
        return ExitCode.Done;
    }

    static int Show(ParseResult result, Training training)
    {
        if (result.GetValue(_what) != StatePart.Coefficients || result.GetValue(_robust) is not null || result.GetValue(ReportingOptions.Level) is not null)
        {
            throw new UsageException("the state was trained by a method that has no standard errors (regime trajectory): it shows its coefficients, without --what, --robust and --level");
        }
        return Answer.Write(training.Report(ReportingOptions.ReferencesOf(result, training.Formula)), result);
    }
}
