using System.CommandLine;
using FisherFlow.Cli.Terminal;
using FisherFlow.Data;
using FisherFlow.Optimisation;

namespace FisherFlow.Cli.Options;

/// <summary>Options that choose a method of the trajectory regime; without them a fit is of the converged one.</summary>
static class MethodOptions
{
    public static readonly Option<string?> Preset = PresetOption();

    public static readonly Option<string?> Step = Choice.Text("--step", "KIND[:RATE]",
        "With --preset, or a natural gradient without: another step, natural, nesterov, levenberg-marquardt, inverse-root or proximal");

    public static readonly Option<long?> Epochs = Choice.Count("--epochs", "N", "With --preset: passes over the data (default: 1)", 1);

    public static readonly Option<long?> Batch = Choice.Count("--batch", "ROWS", "With --preset: rows of a step (default: 32)", 1);

    /// <summary>All of them, in the order in which help shows them.</summary>
    public static IEnumerable<Option> All => [Preset, Step, Epochs, Batch];

    /// <summary>Whether the command line asks for a method of the trajectory regime.</summary>
    public static bool IsAsked(ParseResult result) => result.GetValue(Preset) is not null || result.GetValue(Step) is not null;

    /// <summary>How to train, when a method is asked for; what only the converged regime has is refused with the reason.</summary>
    public static TrainingOptions Read(ParseResult result, RegressionOptions data)
    {
        foreach (var option in (Option[])[RunOptions.Robust, ReportingOptions.Level])
        {
            Refuse(result, option, "asks for standard errors, and a method still on its way has none: its information is a metric of the path, not a covariance. Leave out --preset and --step, and the table has them");
        }
        Refuse(result, RunOptions.Passes, "is for fits that end at the maximum of the likelihood; a method still on its way takes --epochs");
        Refuse(result, RunOptions.Ridge, "is a prior, and a method still on its way has no posterior: adamw decays its coefficients, or leave out --preset and --step");
        Refuse(result, RunOptions.Firth, "needs every row's leverage at the final estimate: leave out --preset and --step");
        Refuse(result, RunOptions.Buffer, "holds back rows to solve for them together; a method still on its way takes --batch");
        foreach (var option in (Option[])[InformationOptions.Structure, InformationOptions.Memory, InformationOptions.Estimate, InformationOptions.Damping, InformationOptions.Prior])
        {
            Refuse(result, option, "is an axis of fits in one pass; a preset is a point on all of them and brings its own: natural is full, diagonal-natural a diagonal, low-rank-natural of rank 20. --step changes its step");
        }
        Refuse(result, ChangeOptions.Detect, "watches scores at an estimate that is solved for: leave out --preset and --step");
        Refuse(result, RunOptions.Checkpoint, "goes with fits in one pass; a training keeps its state at the end only: --state FILE");
        Refuse(result, RunOptions.Resume, "goes with fits in one pass; to train on, use: fisherflow update STATE DATA");
        var options = new TrainingOptions
        {
            Data = data,
            Preset = result.GetValue(Preset),
            Step = result.GetValue(Step),
            BatchRows = (int)(result.GetValue(Batch) ?? new TrainingOptions().BatchRows),
            Epochs = (int)(result.GetValue(Epochs) ?? 1),
        };
        _ = options.CreateMethod();   // a wrong name is told before a file is opened
        return options;
    }

    /// <summary>Refuses what belongs to a method when none is asked for.</summary>
    public static void RefuseStray(ParseResult result)
    {
        foreach (var option in (Option[])[Epochs, Batch])
        {
            Refuse(result, option, "belongs to a method of training: add --preset NAME, or leave it out");
        }
    }

    static void Refuse(ParseResult result, Option option, string reason)
    {
        if (result.GetResult(option) is { Implicit: false }) { throw new UsageException($"{option.Name} {reason}"); }
    }

    static Option<string?> PresetOption()
    {
        var option = Choice.Text("--preset", "NAME[:RATE]",
            $"Train by a method that has estimates but no standard errors: {string.Join(", ", MethodNames.All.Select(p => p.Name))}; as adam:0.001, or with a falling rate adam:0.1/t^0.6");
        return option.Completing([.. MethodNames.All.Select(p => p.Name)]);
    }
}
