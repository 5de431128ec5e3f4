using System.CommandLine;

namespace FisherFlow.Cli.Verbs;

/// <summary>A verb of the command line, which teaches by example.</summary>
sealed class Verb(string name, string description, string examples) : Command(name, description)
{
    /// <summary>What <c>--help</c> shows below the options.</summary>
    public string Examples { get; } = examples;
}
