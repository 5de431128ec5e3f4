using System.CommandLine;
using System.CommandLine.Parsing;
using FisherFlow.Cli.Options;
using FisherFlow.Cli.Terminal;

namespace FisherFlow.Cli.Verbs;

/// <summary>The positional arguments that verbs share.</summary>
static class DataArguments
{
    const int MostFiles = 100_000;   // as many as an arity may have

    public static Argument<string> State() => new("STATE") { Description = "A state file, as fit --state writes it" };

    public static Argument<string[]> States() => Several("STATES", 2, "State files of the same model over different data");

    public static Argument<string[]> Data() => Several("DATA", 1, "CSV or TSV files, also as patterns (*.csv) and .gz; - is standard input; several are read as one");

    /// <summary>Files, then the formula; one argument, because only what comes last tells them apart.</summary>
    public static Argument<string[]> DataAndFormula() => Several("DATA FORMULA", 1,
        "CSV or TSV files, also as patterns (*.csv) and .gz; - is standard input; several are read as one. The formula comes last, as \"y ~ x + z\"");

    /// <summary>Takes the formula off the end.</summary>
    public static (IReadOnlyList<string> Data, string Formula) Split(string verb, string[] values)
    {
        if (values.Length < 2) { throw new UsageException($"{verb} needs DATA and FORMULA"); }
        if (!values[^1].Contains('~', StringComparison.Ordinal) && values.FirstOrDefault(v => v.Contains('~', StringComparison.Ordinal)) is { } formula)
        {
            throw new UsageException($"the formula comes last, after the data: fisherflow {verb} {string.Join(' ', values.Where(v => v != formula))} \"{formula}\"");
        }
        return (values[..^1], values[^1]);
    }

    /// <summary>An argument that takes all words left over; a misspelt option is none of them.</summary>
    static Argument<string[]> Several(string name, int fewest, string description)
    {
        var argument = new Argument<string[]>(name) { Description = description, Arity = new(fewest, MostFiles) };
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => t.Value.StartsWith('-') && t.Value != "-"))
            {
                result.AddError(Spelling.Unknown(token.Value, ((CommandResult)result.Parent!).Command));
            }
        });
        return argument;
    }
}
