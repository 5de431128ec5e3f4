namespace FisherFlow.Cli.Terminal;

/// <summary>What the program tells its caller.</summary>
static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;        // the data or the model: the message says why
    public const int Usage = 2;         // a wrong option or formula
    public const int Interrupted = 130; // 128 + SIGINT, as shells have it
    public const int BrokenPipe = 141;  // 128 + SIGPIPE
}
