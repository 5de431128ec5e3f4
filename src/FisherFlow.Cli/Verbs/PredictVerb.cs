using System.CommandLine;
using FisherFlow.Cli.Options;
using FisherFlow.Cli.Output;
using FisherFlow.Cli.Terminal;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;
using FisherFlow.Models;

namespace FisherFlow.Cli.Verbs;

/// <summary><c>fisherflow predict</c>: one line of output for a row of input, in its order.</summary>
static class PredictVerb
{
    const string Examples = """
          The mean of every row of new.csv, with its standard error and 95 % limits:
            fisherflow predict flights.ff new.csv --interval mean > out.csv

          Where a new observation will fall, four times in five, beside the columns it came with:
            fisherflow predict houses.ff offers.csv --interval observation --level 0.8 --append

          Which component of a mixture each row belongs to, given its response: a probability for each:
            fisherflow predict engines.ff engines.csv --responsibilities --append

          In a pipe; a row that cannot be predicted (an unknown level, a missing value) is a line of empty fields:
            cat new.csv | fisherflow predict flights.ff - | head
        """;

    static readonly Option<PredictionInterval> _interval = Choice.Word("--interval", "none|mean|observation", "Limits for the mean or for a new observation (default: none)",
        ("none", PredictionInterval.None), ("mean", PredictionInterval.Mean), ("observation", PredictionInterval.Observation));

    static readonly Option<string?> _expression = new("--predict")
    {
        Description = "What to compute of the parameters and columns of a fit of an expression, with its error: \"a + b*x\" (default: the mean that was fitted)",
        HelpName = "EXPRESSION",
        Arity = ArgumentArity.ExactlyOne,
    };

    static readonly Option<bool> _append = Choice.Switch("--append", "Put the columns of the input first");

    static readonly Option<bool> _responsibilities = Choice.Switch("--responsibilities", "For mixtures (--components): a probability for each component, given the row's response, in place of the mean");

    public static Command Create()
    {
        var (path, data) = (DataArguments.State(), DataArguments.Data());
        var verb = new Verb("predict", "Predict every row of the data from a state, as CSV.", Examples) { path, data, _interval, ReportingOptions.Level, _append, _responsibilities, _expression };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(ReportingOptions.Level) is not null && result.GetValue(_interval) == PredictionInterval.None)
            {
                result.AddError("--level is the level of an interval: add --interval mean or --interval observation");
            }
            if (result.GetValue(_responsibilities) && result.GetValue(_interval) != PredictionInterval.None)
            {
                result.AddError("--responsibilities are probabilities without limits: leave out --interval");
            }
        });
        verb.SetAction(result => Run(result, result.GetValue(path)!, result.GetValue(data)!));
        return verb;
    }

    static int Run(ParseResult result, string path, string[] data)
    {
        if (Training.TryLoad(path) is { } training) { return result.GetValue(_responsibilities) ? throw NoMixture() : Predict(result, training, data); }
        if (ExpressionFit.IsIn(path) && result.GetValue(_responsibilities)) { throw NoMixture(); }
        if (ExpressionFit.IsIn(path)) { return ExpressionVerbs.Predict(result, path, data, result.GetValue(_interval), result.GetValue(_expression), result.GetValue(_append)); }
        if (result.GetValue(_expression) is not null) { throw new UsageException("--predict computes an expression of a fit with parameters of its own (--start, --parameters, --log-density); a regression predicts its mean"); }
        var regression = Regression.Load(path);
        if (result.GetValue(_responsibilities) && !regression.IsMixture) { throw NoMixture(); }
        if (regression.Schema.Outcomes.Count > 0 && regression.Options.Model.Family != Family.Distributional && result.GetValue(_interval) != PredictionInterval.None)
        {
            throw new UsageException($"the model predicts a probability for each of {regression.Schema.Outcomes.Count} outcomes, without limits: leave out --interval");
        }
        var source = DataSource.From(data);
        using var signals = new Signals();
        using var output = StandardOutput.Open();
        var options = new PredictionOptions { Covariance = regression.Options.Covariance, Interval = result.GetValue(_interval), Level = result.GetValue(ReportingOptions.Level) ?? 0.95, Responsibilities = result.GetValue(_responsibilities) };
        var skipped = regression.Predict(source, output, options, result.GetValue(_append), signals.Token);
        foreach (var line in skipped.Describe()) { Console.Error.WriteLine(line); }
        return ExitCode.Done;
    }

    static UsageException NoMixture() => new("--responsibilities are the components' of a mixture, and the state is of another model: fit with --components K");

    static int Predict(ParseResult result, Training training, string[] data)
    {
        if (result.GetValue(_interval) != PredictionInterval.None)
        {
            throw new UsageException("the state was trained by a method that has no standard errors (regime trajectory), so there are no limits: leave out --interval, or fit without --preset");
        }
        var source = DataSource.From(data);
        using var signals = new Signals();
        using var output = StandardOutput.Open();
        var skipped = training.Predict(source, output, result.GetValue(_append), signals.Token);
        foreach (var line in skipped.Describe()) { Console.Error.WriteLine(line); }
        return ExitCode.Done;
    }
}
