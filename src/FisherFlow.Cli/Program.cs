using FisherFlow.Cli.Terminal;

namespace FisherFlow.Cli;

static class Program
{
    static int Main(string[] args)
    {
        AppDomain.CurrentDomain.UnhandledException += (_, e) =>
        {
            if (e.ExceptionObject is Exception exception) { Environment.Exit(Failure.Report(exception, Console.Error)); }
        };
        return CommandLine.Run(args);
    }
}
