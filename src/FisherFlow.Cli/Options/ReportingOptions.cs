using System.CommandLine;
using FisherFlow.Data;
using FisherFlow.Inference;

namespace FisherFlow.Cli.Options;

/// <summary>How an answer is written.</summary>
enum Format
{
    /// <summary>For people, as R prints a summary.</summary>
    Text,
    /// <summary>For programs: the documented contract.</summary>
    Json,
    /// <summary>For spreadsheets.</summary>
    Csv,
    /// <summary>For reports.</summary>
    Markdown,
}

/// <summary>Options that say how an answer looks; every verb that answers shares them.</summary>
static class ReportingOptions
{
    public static readonly Option<double?> Level = Choice.Number("--level", "LEVEL", "Confidence level of intervals (default: 0.95)",
        value => value is > 0 and < 1, "a number between 0 and 1, such as 0.99");

    public static readonly Option<Format> Format = Choice.Word("--format", "text|json|csv|markdown", "How the answer is written (default: text)",
        ("text", Options.Format.Text), ("json", Options.Format.Json), ("csv", Options.Format.Csv), ("markdown", Options.Format.Markdown));

    public static readonly Option<bool> Quiet = Choice.Switch("--quiet", "Show no progress");

    public static readonly Option<IReadOnlyDictionary<string, string>> References = ReferenceOption();

    /// <summary>Reads how a fit is to be reported.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="formula">The formula of the fit.</param>
    /// <param name="covariance">The covariance that its errors come from.</param>
    public static ReportOptions Read(ParseResult result, string formula, CovarianceKind covariance) => new()
    {
        Covariance = covariance,
        Level = result.GetValue(Level) ?? 0.95,
        References = ReferencesOf(result, formula),
    };

    /// <summary>The reference levels asked for; the response's outcome, named like the response, goes by the empty name inside.</summary>
    public static IReadOnlyDictionary<string, string> ReferencesOf(ParseResult result, string formula)
    {
        var response = formula.Split('~')[0].Trim().Trim('`');
        return (result.GetValue(References) ?? new Dictionary<string, string>()).ToDictionary(pair => pair.Key == response ? "" : pair.Key, pair => pair.Value);
    }

    static Option<IReadOnlyDictionary<string, string>> ReferenceOption() => new("--ref")
    {
        Description = "Reference level of a factor, against which the others are compared; may be given again for another factor",
        HelpName = "FACTOR=LEVEL",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        CustomParser = result =>
        {
            var references = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var token in result.Tokens)
            {
                var equals = token.Value.IndexOf('=', StringComparison.Ordinal);
                if (equals < 0 || equals == token.Value.Length - 1)
                {
                    result.AddError($"--ref cannot be '{token.Value}'; it names a factor and one of its levels, such as origin=ATL");
                    break;
                }
                if (!references.TryAdd(token.Value[..equals], token.Value[(equals + 1)..])) { result.AddError($"--ref names the factor '{token.Value[..equals]}' twice"); }
            }
            return references;
        },
    };
}
