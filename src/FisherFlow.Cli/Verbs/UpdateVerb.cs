using System.CommandLine;
using FisherFlow.Cli.Options;
using FisherFlow.Cli.Output;
using FisherFlow.Cli.Terminal;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Data.States;

namespace FisherFlow.Cli.Verbs;

/// <summary><c>fisherflow update</c>: a state goes on where it stopped.</summary>
static class UpdateVerb
{
    const string Examples = """
          July's data are added to what is known; the state file is replaced once they are all in:
            fisherflow update flights.ff july.csv

          Keep the old state and write a new one:
            fisherflow update flights.ff july.csv august.csv --state summer.ff

          From a pipe, without the table:
            tail -n +2 new.csv | cat header.csv - | fisherflow update flights.ff - --quiet > /dev/null
        """;

    static readonly Option<string?> _state = Choice.Text("--state", "FILE", "Write the new state to this file (default: in place of the old one)");

    public static Command Create()
    {
        var (path, data) = (DataArguments.State(), DataArguments.Data());
        var verb = new Verb("update", "Add data to a state: the model goes on where it stopped.", Examples)
        {
            path, data, _state, ReportingOptions.References, ReportingOptions.Level, ReportingOptions.Format, ReportingOptions.Quiet,
        };
        verb.SetAction(result => Run(result, result.GetValue(path)!, result.GetValue(data)!));
        return verb;
    }

    static int Run(ParseResult result, string path, string[] data)
    {
        if (Training.TryLoad(path) is { } training) { return Update(result, training, path, data); }
        if (ExpressionFit.IsIn(path)) { return ExpressionVerbs.Update(result, path, data, result.GetValue(_state) ?? path); }
        var regression = Regression.Load(path);
        var source = DataSource.From(data);
        StateFile.RequireWritable(result.GetValue(_state) ?? path);
        ProgressDisplay.Run(result, source, (progress, cancel) =>
        {
            regression.Update(source, progress, cancel);
            return regression;
        });
        regression.Save(result.GetValue(_state) ?? path);
        return Answer.Write(regression, ReportingOptions.Read(result, regression.Formula, regression.Options.Covariance), result);
    }
    static int Update(ParseResult result, Training training, string path, string[] data)
    {
        if (result.GetValue(ReportingOptions.Level) is not null) { throw new UsageException("the state was trained by a method that has no standard errors (regime trajectory), so there are no limits: leave out --level"); }
        var source = DataSource.From(data);
        var target = result.GetValue(_state) ?? path;
        StateFile.RequireWritable(target);
        ProgressDisplay.Run(result, source, (progress, cancel) =>
        {
            training.Update(source, progress, cancel);
            return training;
        });
        training.Save(target);
        return Answer.Write(training.Report(ReportingOptions.ReferencesOf(result, training.Formula)), result);
    }
}
