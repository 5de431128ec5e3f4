using FisherFlow.Data;
using FisherFlow.Data.Formulas;

namespace FisherFlow.Cli.Terminal;

/// <summary>Turns what went wrong into a message and an exit code; never into a stack trace.</summary>
static class Failure
{
    const int BrokenPipe = 32;   // EPIPE: who reads our output (| head) has seen enough

    public static int Report(Exception exception, TextWriter error)
    {
        var (code, message) = Describe(Unwrap(exception));
        if (message.Length > 0) { Tell(message, error); }
        return code;
    }

    static void Tell(string message, TextWriter error)
    {
        try
        {
            error.WriteLine($"fisherflow: {message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nobody can be told where standard error is full or closed; the exit code still says it.
        }
    }

    static (int Code, string Message) Describe(Exception exception) => exception switch
    {
        UsageException or FormulaException => (ExitCode.Usage, exception.Message),
        IOException { HResult: BrokenPipe } when !OperatingSystem.IsWindows() => (ExitCode.BrokenPipe, ""),
        OperationCanceledException => (ExitCode.Interrupted, exception.Message.StartsWith("interrupted", StringComparison.Ordinal) ? exception.Message : "interrupted"),
        DataException or MergeException or InvalidDataException or IOException or UnauthorizedAccessException or NotSupportedException
            or DllNotFoundException or EntryPointNotFoundException => (ExitCode.Failed, exception.Message),
        ArgumentException { ParamName: null } => (ExitCode.Usage, exception.Message),   // the library refuses a combination of options
        OutOfMemoryException => (ExitCode.Failed, "out of memory: --buffer holds fewer rows back, --max-levels keeps fewer levels"),
        _ => (ExitCode.Failed, $"a defect of fisherflow, please report it with the output of 'fisherflow --info': {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}"),
    };

    static Exception Unwrap(Exception exception) => exception is AggregateException { InnerExceptions: [var first, ..] } ? Unwrap(first) : exception;
}
