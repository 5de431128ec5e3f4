using System.CommandLine;
using FisherFlow.Cli.Options;
using FisherFlow.Cli.Output;
using FisherFlow.Cli.Terminal;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Data.States;
using FisherFlow.Inference;

namespace FisherFlow.Cli.Verbs;

/// <summary>What the verbs do for fits of expressions.</summary>
static class ExpressionVerbs
{
    public static int Fit(ParseResult result, string[] values)
    {
        var (data, options, resume) = ExpressionArguments.Read(result, values);
        var source = DataSource.From(data);
        if (options.StatePath is { } target) { StateFile.RequireWritable(target); }
        var fit = ProgressDisplay.Run(result, source, (progress, cancel) =>
        {
            try
            {
                return resume ? ExpressionFit.Resume(source, options, progress, cancel) : ExpressionFit.Fit(source, options, progress, cancel);
            }
            catch (OperationCanceledException stopped) when (options.CheckpointRows > 0 && File.Exists(options.StatePath))
            {
                throw new OperationCanceledException($"interrupted; {options.StatePath} holds the last checkpoint, from which the same command with --resume goes on", stopped, cancel);
            }
        });
        if (options.StatePath is { } path) { fit.Save(path); }
        return Write(fit, result, options.Covariance);
    }

    public static int Update(ParseResult result, string path, string[] data, string target)
    {
        var fit = ExpressionFit.Load(path, Environment.ProcessorCount);
        var source = DataSource.From(data);
        StateFile.RequireWritable(target);
        ProgressDisplay.Run(result, source, (progress, cancel) =>
        {
            fit.Update(source, progress, cancel);
            return fit;
        });
        fit.Save(target);
        return Write(fit, result, fit.Options.Covariance);
    }

    public static int Merge(ParseResult result, string[] paths, string? target)
    {
        if (Array.Find(paths, path => !ExpressionFit.IsIn(path)) is { } other) { throw new DataException($"{other} holds a regression and the others fits of expressions; states of unlike models cannot be merged"); }
        var merged = ExpressionFit.Merge([.. paths.Select(ExpressionFit.Load)]);
        if (target is not null) { merged.Save(target); }
        return Write(merged, result, merged.Options.Covariance);
    }

    public static int Predict(ParseResult result, string path, string[] data, PredictionInterval interval, string? expression, bool append)
    {
        var fit = ExpressionFit.Load(path);
        if (expression is null && fit.Options.Formula is null)
        {
            throw new UsageException("a log-density says how likely an observation is and has no mean to predict; say what to compute from its parameters and the columns, as in --predict \"a + b*x\"");
        }
        var source = DataSource.From(data);
        using var signals = new Signals();
        using var output = StandardOutput.Open();
        var options = new PredictionOptions { Covariance = fit.Options.Covariance, Interval = interval, Level = result.GetValue(ReportingOptions.Level) ?? 0.95 };
        var skipped = fit.Predict(source, output, options, expression, append, signals.Token);
        foreach (var line in skipped.Describe()) { Console.Error.WriteLine(line); }
        return ExitCode.Done;
    }

    public static int Show(ParseResult result, string path, StatePart part, CovarianceKind? robust)
    {
        var fit = ExpressionFit.Load(path);
        var covariance = robust ?? fit.Options.Covariance;
        if (part == StatePart.Coefficients) { return Write(fit, result, covariance); }
        var sheet = ExpressionSheets.Create(fit, part, Report(result, covariance));
        using var output = StandardOutput.Open();
        sheet.Write(output, result.GetValue(ReportingOptions.Format));
        return ExitCode.Done;
    }

    static int Write(ExpressionFit fit, ParseResult result, CovarianceKind covariance) => Answer.Write(fit.Report(Report(result, covariance)), result);

    static ReportOptions Report(ParseResult result, CovarianceKind covariance)
    {
        if (result.GetResult(ReportingOptions.References) is { Implicit: false }) { throw new UsageException("--ref chooses the reference level of a factor, and an expression has no factors"); }
        return new() { Covariance = covariance, Level = result.GetValue(ReportingOptions.Level) ?? 0.95 };
    }
}
