using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using FisherFlow.Cli.Options;
using FisherFlow.Cli.Output;
using FisherFlow.Cli.Terminal;
using FisherFlow.Cli.Verbs;
using FisherFlow.Numerics;

namespace FisherFlow.Cli;

/// <summary>The command line as a whole: the verbs, and how a run of the program begins and ends.</summary>
static class CommandLine
{
    static readonly Option<bool> _info = new("--info") { Description = "Print version, runtime and processor, for reports of defects" };

    public static int Run(string[] args)
    {
        try
        {
            return Invoke(Create().Parse(args, new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null }));
        }
        catch (Exception exception)
        {
            return Failure.Report(exception, Console.Error);
        }
    }

    public static RootCommand Create()
    {
        var root = new RootCommand("Streaming statistics with honest uncertainty: regression in one pass over data of any size.") { _info };
        root.Add(FitVerb.Create());
        root.Add(UpdateVerb.Create());
        root.Add(PredictVerb.Create());
        root.Add(MergeVerb.Create());
        root.Add(ShowVerb.Create());
        root.Add(CompareVerb.Create());
        foreach (var help in root.Options.OfType<HelpOption>()) { help.Action = new TeachingHelp((HelpAction)help.Action!); }
        root.SetAction(result => result.GetValue(_info) ? Write(ProgramInfo.Describe()) : throw new UsageException("a verb is missing: fit, update, predict, merge, show or compare"));
        return root;
    }

    static int Invoke(ParseResult result)
    {
        if (result is { CommandResult.Command: Verb, Action: not (ParseErrorAction or TeachingHelp) }) { _ = Acceleration.LinearAlgebra; }   // a library that is asked for and missing is told before any work
        if (result.Action is not ParseErrorAction) { return result.Invoke(new() { EnableDefaultExceptionHandler = false }); }
        var command = result.CommandResult.Command;
        var messages = result.UnmatchedTokens.Count > 0 ? [Spelling.Unknown(result.UnmatchedTokens[0], command)] : result.Errors.Select(error => Message(error, command));
        foreach (var message in messages.Distinct(StringComparer.Ordinal)) { Console.Error.WriteLine($"fisherflow: {message}"); }
        Console.Error.WriteLine($"'fisherflow {(command is RootCommand ? "" : command.Name + " ")}--help' shows what can be said, with examples.");
        return ExitCode.Usage;
    }

    static string Message(ParseError error, Command command) => error.SymbolResult switch
    {
        OptionResult { Tokens.Count: 0, IdentifierTokenCount: 1, Option: { HelpName: { } value } option } => $"{option.Name} needs a value: {option.Name} {value}",
        OptionResult { IdentifierTokenCount: > 1 and var times, Option: { Arity.MaximumNumberOfValues: 1 } option } => $"{option.Name} is given {times} times; it takes one value",
        _ when error.Message.StartsWith("Required argument missing", StringComparison.Ordinal) => Missing(command),
        _ => error.Message,
    };

    static string Missing(Command command) => $"{command.Name} needs {string.Join(" and ", command.Arguments.Select(Wanted))}";

    static string Wanted(Argument argument) => argument.Name.Contains(' ', StringComparison.Ordinal) ? argument.Name.Replace(" ", " and ", StringComparison.Ordinal)
        : argument.Arity.MinimumNumberOfValues > 1 ? $"at least {argument.Arity.MinimumNumberOfValues} {argument.Name}" : argument.Name;

    static int Write(string text)
    {
        Console.Out.WriteLine(text);
        return ExitCode.Done;
    }
}
