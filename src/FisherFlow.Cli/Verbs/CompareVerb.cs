using System.CommandLine;
using FisherFlow.Cli.Options;
using FisherFlow.Cli.Output;
using FisherFlow.Cli.Terminal;
using FisherFlow.Data;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;

namespace FisherFlow.Cli.Verbs;

/// <summary><c>fisherflow compare</c>: several methods side by side over one pass of the data.</summary>
static class CompareVerb
{
    const string Examples = """
          Adam, the natural gradient and the one-pass estimator on the same rows, each predicted before it is learned:
            fisherflow compare flights.csv.gz "I(delay > 15) ~ distance + origin" --family binomial --presets adam,natural,one-pass

          The rates of one method, with a page of charts:
            fisherflow compare houses.csv "log(price) ~ area + rooms" --presets sgd:0.001,sgd:0.01,sgd:0.1/t^0.5,one-pass --report compare.html

          For a program, from a pipe:
            zcat clicks.csv.gz | fisherflow compare - "clicked ~ ." --family binomial --presets adam,adagrad --format json
        """;

    const string Default = "adam,natural,one-pass";

    static readonly Option<string?> _presets = Choice.Text("--presets", "A,B,C", $"The methods: presets as fit --preset has them, and one-pass (default: {Default})");

    static readonly Option<string?> _report = Choice.Text("--report", "FILE", "Also write a page of HTML with charts, which needs nothing else");

    static readonly Option<Format> _format = Choice.Word("--format", "text|json|csv", "How the answer is written (default: text)", ("text", Format.Text), ("json", Format.Json), ("csv", Format.Csv));

    public static Command Create()
    {
        var data = DataArguments.DataAndFormula();
        var verb = new Verb("compare", "Run several methods side by side in one pass: loss, calibration, time and memory.", Examples)
        {
            data, _presets, _report, ModelOptions.Family, ModelOptions.Link, ModelOptions.Power, ModelOptions.Weights, ModelOptions.Offset, ModelOptions.Levels,
            MethodOptions.Batch, RunOptions.Invalid, RunOptions.MaxLevels, RunOptions.Threads, _format, ReportingOptions.Quiet,
        };
        verb.SetAction(result => Run(result, result.GetValue(data)!));
        return verb;
    }

    static int Run(ParseResult result, string[] values)
    {
        var (data, formula) = DataArguments.Split("compare", values);
        _ = Formula.Parse(formula);   // a wrong formula is told before a file is opened
        var presets = (result.GetValue(_presets) ?? Default).Split(',', StringSplitOptions.TrimEntries);
        if (presets.Contains("")) { throw new UsageException("--presets lists methods with commas between them, such as adam,natural,one-pass"); }
        if (presets.Distinct(StringComparer.Ordinal).Count() < presets.Length) { throw new UsageException("--presets names a method twice; the same one at two rates is named with them: sgd:0.01,sgd:0.1"); }
        var options = new ComparisonOptions
        {
            Data = FitRequest.Read(result, data, formula).Options,
            Presets = presets,
            BatchRows = (int)(result.GetValue(MethodOptions.Batch) ?? new TrainingOptions().BatchRows),
        };
        var source = DataSource.From(data);
        var report = result.GetValue(_report);
        if (report is not null) { OpenReport(report, FileMode.Append).Dispose(); }   // before the run, so that a long one does not end in a folder that cannot be written to
        var comparison = ProgressDisplay.Run(result, source, (progress, cancel) => Comparison.Run(source, formula, options, progress, cancel));
        if (report is not null)
        {
            using var page = OpenReport(report, FileMode.Create);   // only now, so that a run that is stopped leaves an older page as it was
            ComparisonHtml.Write(comparison, page);
        }
        using var output = StandardOutput.Open();
        switch (result.GetValue(_format))
        {
            case Format.Json: ComparisonJson.Write(comparison, output); break;
            case Format.Csv: Sheet(comparison).Write(output, Format.Csv); break;
            default: ComparisonText.Write(comparison, output); break;
        }
        return ExitCode.Done;
    }

    static StreamWriter OpenReport(string path, FileMode mode)
    {
        try
        {
            return new(new FileStream(path, mode, FileAccess.Write)) { NewLine = "\n" };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"the report cannot be written to {path}: {exception.Message}", exception);
        }
    }

    static Sheet Sheet(ComparisonResult result) => new("comparison", ["name", "rows", "loss", "loss_since_last"],
        [.. result.Contenders.SelectMany(c => c.Curve.Select(p => new object?[] { c.Name, p.Rows, p.Loss, p.LossSinceLast }))]);
}
