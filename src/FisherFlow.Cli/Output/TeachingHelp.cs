using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using FisherFlow.Cli.Verbs;

namespace FisherFlow.Cli.Output;

/// <summary>The standard help followed by examples, because an example says more than ten options.</summary>
sealed class TeachingHelp(HelpAction standard) : SynchronousCommandLineAction
{
    const int Width = 110;

    const string RootExamples = """
          fisherflow fit flights.csv.gz "I(delay > 15) ~ distance + origin" --family binomial --state flights.ff
          fisherflow show flights.ff --ref origin=ATL --format markdown
          fisherflow update flights.ff july.csv
          fisherflow predict flights.ff new.csv --interval mean > out.csv
          fisherflow merge east.ff west.ff --state us.ff

        Every verb has its own: fisherflow fit --help
        """;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        using var written = new StringWriter();
        parseResult.InvocationConfiguration.Output = written;
        standard.MaxWidth = Width;
        var code = standard.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        // The assembly cannot be called fisherflow, as it would be the library's name; the command is.
        output.Write(written.ToString().Replace($"  {RootCommand.ExecutableName}", "  fisherflow", StringComparison.Ordinal));
        var command = parseResult.CommandResult.Command;
        output.WriteLine("Examples:");
        output.WriteLine(command is Verb verb ? verb.Examples : RootExamples);
        return code;
    }
}
