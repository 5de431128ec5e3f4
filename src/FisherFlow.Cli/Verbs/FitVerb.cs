using System.CommandLine;
using FisherFlow.Cli.Options;
using FisherFlow.Cli.Output;
using FisherFlow.Cli.Terminal;
using FisherFlow.Data;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Data.States;

namespace FisherFlow.Cli.Verbs;

/// <summary><c>fisherflow fit</c>: from files to a table, in one pass.</summary>
static class FitVerb
{
    const string Examples = """
          A linear model; text columns are categorical by themselves:
            fisherflow fit houses.csv "log(price) ~ area + rooms + district"

          Delays over a quarter of an hour, from compressed data, with the state kept for later:
            fisherflow fit flights.csv.gz "I(delay > 15) ~ distance + origin" --family binomial --state flights.ff

          Counts with an exposure, and standard errors that allow for dependence within a shop:
            fisherflow fit "sales-*.csv" "items ~ price + offset(log(days))" --family poisson --robust cluster:shop

          Rows of two kinds that nobody has labelled, each kind with a line of its own:
            fisherflow fit engines.csv "nox ~ equivalence" --components 2

          The exact maximum of the likelihood, with HC3 standard errors, as JSON:
            fisherflow fit trial.csv "cured ~ dose * sex" --family binomial --passes exact --robust hc3 --format json

          Coefficients of the last rows only, or of a hundred thousand hashed shops:
            fisherflow fit clicks.csv "click ~ price + hour" --family binomial --memory exponential:50000
            fisherflow fit sales.csv "log(amount) ~ price + hash(shop, 2^18)" --structure diagonal

          Trained by Adam instead, three passes; estimates and predictions, no standard errors:
            fisherflow fit flights.csv.gz "I(delay > 15) ~ I(distance / 1000) + origin" --family binomial --preset adam:0.01 --epochs 3

          A nonlinear mean with starting values, and a whole log-density of one's own:
            fisherflow fit dental.csv "y ~ b1 * (1 - exp(-b2 * x))" --start b1=250,b2=5e-4
            fisherflow fit noise.csv --log-density "-log(s) - (y - a - b*x)^2 / (2*s^2)" --parameters "a, b, s > 0"

          A pipe, and a long run that survives being killed:
            zcat logs/*.gz | fisherflow fit - "ms ~ size + C(hour(time))" --family gamma --link log
            fisherflow fit big.csv "y ~ ." --state big.ff --checkpoint 1000000 --resume
        """;

    public static Command Create()
    {
        var data = DataArguments.DataAndFormula();
        var verb = new Verb("fit", "Fit a regression in one pass (or exactly) and print its coefficients with standard errors.", Examples) { data };
        foreach (var option in ModelOptions.All.Concat(InformationOptions.All).Concat(RunOptions.All).Concat(MethodOptions.All)) { verb.Add(option); }
        verb.Add(ChangeOptions.Detect);
        foreach (var option in ExpressionArguments.All) { verb.Add(option); }
        verb.Add(ReportingOptions.References);
        verb.Add(ReportingOptions.Level);
        verb.Add(ReportingOptions.Format);
        verb.Add(ReportingOptions.Quiet);
        verb.SetAction(result => Run(result, result.GetValue(data)!));
        return verb;
    }

    static int Run(ParseResult result, string[] values)
    {
        if (ExpressionArguments.IsAsked(result)) { return ExpressionVerbs.Fit(result, values); }
        var (data, formula) = DataArguments.Split("fit", values);
        try
        {
            return Run(result, data, formula);
        }
        catch (FormulaException wrong) when (IsMeantAsMean(formula, wrong))
        {
            throw new UsageException($"{wrong.Message}\nA formula with parameters of its own, as y ~ b1 * exp(-b2 * x), takes their starting values: --start b1=1,b2=1");
        }
    }

    /// <summary>Whether a number, or a name that is no column, may have been meant as part of a mean to be computed and not of terms.</summary>
    static bool IsMeantAsMean(string formula, FormulaException wrong) =>
        formula.IndexOf('~', StringComparison.Ordinal) is >= 0 and var at && formula.AsSpan(at).IndexOfAny("*/^(") >= 0
        && (wrong.Problem.StartsWith("there is no column", StringComparison.Ordinal) || wrong.Position < formula.Length && char.IsAsciiDigit(formula[wrong.Position]));

    static int Run(ParseResult result, IReadOnlyList<string> data, string formula)
    {
        var request = FitRequest.Read(result, data, formula);
        _ = Formula.Parse(formula);   // a wrong formula is told before a file is opened
        var report = ReportingOptions.Read(result, formula, request.Options.Covariance);
        var source = DataSource.From(data);
        if (MethodOptions.IsAsked(result)) { return Train(result, source, formula, MethodOptions.Read(result, request.Options)); }
        MethodOptions.RefuseStray(result);
        if (request.Options.StatePath is { } target) { StateFile.RequireWritable(target); }   // told before the long run, not after it
        var regression = ProgressDisplay.Run(result, source, (progress, cancel) => Learn(source, request, progress, cancel));
        if (request.Options.StatePath is { } path) { regression.Save(path); }
        return Answer.Write(regression, report, result);
    }

    static int Train(ParseResult result, DataSource source, string formula, TrainingOptions options)
    {
        if (options.Data.StatePath is { } target) { StateFile.RequireWritable(target); }
        var training = ProgressDisplay.Run(result, source, (progress, cancel) => Training.Fit(source, formula, options, progress, cancel));
        if (options.Data.StatePath is { } path) { training.Save(path); }
        return Answer.Write(training.Report(), result);
    }

    static Regression Learn(DataSource source, FitRequest request, IProgress<FitProgress>? progress, CancellationToken cancel)
    {
        try
        {
            return request.Resume
                ? Regression.Resume(source, request.Formula, request.Options, progress, cancel)
                : Regression.Fit(source, request.Formula, request.Options, progress, cancel);
        }
        catch (OperationCanceledException stopped) when (request.Options.CheckpointRows > 0 && File.Exists(request.Options.StatePath))
        {
            throw new OperationCanceledException($"interrupted; {request.Options.StatePath} holds the last checkpoint, from which the same command with --resume goes on", stopped, cancel);
        }
    }
}
