using System.Runtime.InteropServices;

namespace FisherFlow.Cli.Terminal;

/// <summary>Ctrl-C asks a run to stop at the next row; a second one, or a run that does not get there, ends the program at once.</summary>
/// <remarks>State files are replaced by renaming, so ending at once is safe too.</remarks>
sealed class Signals : IDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    readonly CancellationTokenSource _source = new();
    readonly PosixSignalRegistration _interrupt;
    readonly PosixSignalRegistration _terminate;
    Timer? _impatience;

    public Signals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _impatience?.Dispose();
        _source.Dispose();
    }

    void Stop(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested) { return; }   // asked twice: the system's own way of ending
        context.Cancel = true;
        _impatience = new(_ => Environment.Exit(Failure.Report(new OperationCanceledException(), Console.Error)), null, _patience, Timeout.InfiniteTimeSpan);
        _source.Cancel();
    }
}
