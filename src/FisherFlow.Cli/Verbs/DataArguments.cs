using System.CommandLine;
using FisherFlow.Cli.Terminal;

namespace FisherFlow.Cli.Verbs;

/// <summary>The positional arguments that verbs share.</summary>
static class DataArguments
{
    const int MostFiles = 100_000;   // as many as an arity may have

    public static Argument<string> State() => new("STATE") { Description = "A state file, as fit --state writes it" };

    public static Argument<string[]> States() => new("STATES") { Description = "State files of the same model over different data", Arity = new(2, MostFiles) };

    public static Argument<string[]> Data() => new("DATA")
    {
        Description = "CSV or TSV files, also as patterns (*.csv) and .gz; - is standard input; several are read as one",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Files, then the formula; one argument, because only what comes last tells them apart.</summary>
    public static Argument<string[]> DataAndFormula() => new("DATA FORMULA")
    {
        Description = "CSV or TSV files, also as patterns (*.csv) and .gz; - is standard input; several are read as one. The formula comes last, as \"y ~ x + z\"",
        Arity = new(2, MostFiles),
    };

    /// <summary>Takes the formula off the end.</summary>
    public static (IReadOnlyList<string> Data, string Formula) Split(string[] values)
    {
        if (!values[^1].Contains('~', StringComparison.Ordinal) && values.FirstOrDefault(v => v.Contains('~', StringComparison.Ordinal)) is { } formula)
        {
            throw new UsageException($"the formula comes last, after the data: fisherflow fit {string.Join(' ', values.Where(v => v != formula))} \"{formula}\"");
        }
        return (values[..^1], values[^1]);
    }
}
