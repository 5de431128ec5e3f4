using System.CommandLine;
using FisherFlow.Cli.Options;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using Spectre.Console;

namespace FisherFlow.Cli.Terminal;

/// <summary>Runs work under the signals, and shows how far it is when somebody is looking.</summary>
static class ProgressDisplay
{
    public static T Run<T>(ParseResult result, DataSource source, Func<IProgress<FitProgress>?, CancellationToken, T> work)
    {
        using var signals = new Signals();
        if (result.GetValue(ReportingOptions.Quiet) || Console.IsErrorRedirected) { return work(null, signals.Token); }
        return source.CanReread ? WithBar(work, signals.Token) : work(new LossTable(Console.Error.WriteLine), signals.Token);
    }

    static T WithBar<T>(Func<IProgress<FitProgress>?, CancellationToken, T> work, CancellationToken cancel)
    {
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(display => work(new ProgressBar(display, new LossTable(line => console.WriteLine(line))), cancel));
    }
}
