using System.CommandLine;
using FisherFlow.Cli.Options;
using FisherFlow.Cli.Output;
using FisherFlow.Data;

namespace FisherFlow.Cli.Verbs;

/// <summary><c>fisherflow merge</c>: states of different data become one, as if one machine had seen it all.</summary>
static class MergeVerb
{
    const string Examples = """
          Two coasts, fitted apart with the same formula and options, become one:
            fisherflow merge east.ff west.ff --state us.ff

          Any number, in any order; the table as markdown:
            fisherflow merge january.ff february.ff march.ff --state quarter.ff --format markdown
        """;

    static readonly Option<string?> _state = Choice.Text("--state", "FILE", "Keep the merged state in this file");

    public static Command Create()
    {
        var paths = DataArguments.States();
        var verb = new Verb("merge", "Merge states of the same model over different data.", Examples)
        {
            paths, _state, ReportingOptions.References, ReportingOptions.Level, ReportingOptions.Format,
        };
        verb.SetAction(result =>
        {
            if (result.GetValue(paths)!.Any(ExpressionFit.IsIn)) { return ExpressionVerbs.Merge(result, result.GetValue(paths)!, result.GetValue(_state)); }
            var merged = Regression.Merge([.. result.GetValue(paths)!.Select(Regression.Load)]);
            if (result.GetValue(_state) is { } path) { merged.Save(path); }
            return Answer.Write(merged, ReportingOptions.Read(result, merged.Formula, merged.Options.Covariance), result);
        });
        return verb;
    }
}
