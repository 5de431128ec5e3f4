namespace FisherFlow.Cli.Terminal;

/// <summary>The command line asks for what cannot be; the message says why and what could be.</summary>
sealed class UsageException(string message) : Exception(message);
