using FisherFlow.Data;

namespace FisherFlow.Cli.Terminal;

/// <summary>A line at 1, 2, 4, 8 … rows: how fast, and how well each row was foretold before it was learnt from.</summary>
sealed class LossTable(Action<string> write) : IProgress<FitProgress>
{
    readonly long _start = TimeProvider.System.GetTimestamp();
    bool _begun;

    public void Report(FitProgress value)
    {
        if (value.LossSinceStart is not { } since) { return; }
        if (!_begun)
        {
            write($"{"rows",12} {"rows/s",12} {"loss",12} {"since last",12}");
            _begun = true;
        }
        var seconds = TimeProvider.System.GetElapsedTime(_start).TotalSeconds;
        var last = value.LossSinceLast is { } loss ? loss.ToString("G5") : "";
        write($"{value.Rows,12} {value.Rows / Math.Max(seconds, 1e-3),12:F0} {since,12:G5} {last,12}");
    }
}
