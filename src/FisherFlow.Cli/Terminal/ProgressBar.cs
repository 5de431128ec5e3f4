using FisherFlow.Data;
using Spectre.Console;

namespace FisherFlow.Cli.Terminal;

/// <summary>A bar of the bytes read, begun again with every pass, below the table of losses.</summary>
sealed class ProgressBar(ProgressContext display, LossTable table) : IProgress<FitProgress>
{
    ProgressTask? _task;
    int _pass;

    public void Report(FitProgress value)
    {
        table.Report(value);
        if (value.TotalBytes is not > 0) { return; }
        _task ??= display.AddTask(Name(value.Pass), maxValue: value.TotalBytes.Value);
        if (value.Pass != _pass) { _task.Description = Name(value.Pass); }
        _pass = value.Pass;
        _task.Value = value.BytesRead;
    }

    static string Name(int pass) => $"pass {pass}";   // the display wants every bar to have a name
}
