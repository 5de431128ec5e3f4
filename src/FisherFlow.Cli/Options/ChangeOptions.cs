using System.CommandLine;
using FisherFlow.Memory;

namespace FisherFlow.Cli.Options;

/// <summary>Options for streams that do not stay as they are.</summary>
static class ChangeOptions
{
    public static readonly Option<DetectorChoice?> Detect = new("--detect")
    {
        Description = $"Watch for coefficients that change: {DetectorChoice.Names}; with ROWS on average between false alarms (default: 1000000)",
        HelpName = "METHOD[:ROWS]",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (DetectorChoice.Parse(text) is { } choice) { return choice; }
            result.AddError($"--detect cannot be '{text}'; it is one of: {DetectorChoice.Names}, each alone or with the average number of rows between false alarms (1000 to 1e12), such as cusum:100000");
            return null;
        },
    };
}
