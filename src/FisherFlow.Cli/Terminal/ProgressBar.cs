using FisherFlow.Data;
using Spectre.Console;

namespace FisherFlow.Cli.Terminal;

/// <summary>A bar of the bytes read, one for every pass, below the table of losses.</summary>
sealed class ProgressBar(ProgressContext display, LossTable table) : IProgress<FitProgress>
{
    ProgressTask? _task;
    int _pass;

    public void Report(FitProgress value)
    {
        table.Report(value);
        if (value.TotalBytes is not > 0) { return; }
        if (_task is null || value.Pass != _pass)
        {
            if (_task is not null) { _task.Value = _task.MaxValue; }
            _task = display.AddTask($"pass {value.Pass}", maxValue: value.TotalBytes.Value);
            _pass = value.Pass;
        }
        _task.Value = value.BytesRead;
    }
}
