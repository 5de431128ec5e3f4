using System.CommandLine;
using System.CommandLine.Parsing;
using FisherFlow.Cli.Terminal;
using FisherFlow.Data;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Likelihoods;

namespace FisherFlow.Cli.Options;

/// <summary>Options of fits that are written as an expression: a mean with parameters of its own, or a whole log-density.</summary>
static class ExpressionArguments
{
    public static readonly Option<IReadOnlyDictionary<string, double>> Start = StartOption();

    public static readonly Option<string?> Parameters = Text("--parameters", "\"a, b, s > 0\"",
        "The parameters of an expression and what they may be: a, s > 0, b < 10, p in (0, 1), simplex(u, v, w), ordered(c, d); without it those of --start");

    public static readonly Option<string?> LogDensity = Text("--log-density", "EXPRESSION",
        "A whole log-density of the columns and --parameters, in the place of a formula: \"-log(s) - (y - a - b*x)^2 / (2*s^2)\"");

    public static readonly Option<long?> Starts = Choice.Count("--starts", "N", "Random starts that are followed to the end (default: 20 where starting values are missing)", 1);

    public static readonly Option<string?> Sample = Text("--sample", "\"y = EXPRESSION\"",
        "How outcomes of --log-density are drawn, for --estimate expected or monte-carlo: of parameters, columns, u uniform on (0, 1) and z standard normal: \"y = m - s*log(-log(u))\"");

    /// <summary>All of them, in the order in which help shows them.</summary>
    public static IEnumerable<Option> All => [Start, Parameters, LogDensity, Starts, Sample];

    /// <summary>Options that other fits have and these have too.</summary>
    static readonly HashSet<Option> _shared =
    [
        ModelOptions.Weights, RunOptions.Passes, RunOptions.Robust, RunOptions.State, RunOptions.Checkpoint, RunOptions.Resume, RunOptions.Invalid, RunOptions.Buffer, RunOptions.Threads, InformationOptions.Seed,
        InformationOptions.Memory, InformationOptions.Estimate, ChangeOptions.Detect,
        ReportingOptions.Level, ReportingOptions.Format, ReportingOptions.Quiet,
    ];

    /// <summary>Whether a fit is of this kind: it names parameters, starting values or a log-density.</summary>
    public static bool IsAsked(ParseResult result) => All.Any(option => IsGiven(result, option));

    /// <summary>Reads a fit of an expression; what cannot be is refused with its reason before any data is read.</summary>
    public static (IReadOnlyList<string> Data, ExpressionOptions Options, bool Resume) Read(ParseResult result, string[] values)
    {
        var density = result.GetValue(LogDensity);
        var formula = density is null ? Formula(values) : null;
        IReadOnlyList<string> data = density is null ? values[..^1] : values;
        if (density is not null && values.FirstOrDefault(v => v.Contains('~', StringComparison.Ordinal)) is { } second)
        {
            throw new UsageException($"--log-density takes the place of a formula, so '{second}' has none; leave one of them out");
        }
        RefuseOthers(result);
        var robust = result.GetValue(RunOptions.Robust)?.Covariance ?? CovarianceKind.Model;
        Refuse(robust is CovarianceKind.HC3 or CovarianceKind.Cluster, "fits of expressions have model, hc0 and hc1 standard errors: --robust hc0 or hc1");
        var exact = result.GetValue(RunOptions.Passes) == Passes.Exact;
        var memory = result.GetValue(InformationOptions.Memory) ?? default;
        Refuse(memory.Kind != MemoryKind.Stationary && exact, $"--passes exact is the maximum of the likelihood of all rows, which --memory {memory} does not count alike: leave one of them out");
        Refuse(memory.Kind != MemoryKind.Stationary && !memory.Drifts && robust != CovarianceKind.Model, $"--robust sums squared scores of all rows alike, which --memory {memory} does not count: leave one of them out (standard errors under a fading memory are sandwiches already)");
        var (state, resume, checkpoint) = (result.GetValue(RunOptions.State), result.GetValue(RunOptions.Resume), result.GetValue(RunOptions.Checkpoint));
        Refuse(data.Count > 1 && data.Contains("-"), "standard input (-) cannot be one of several files; concatenate them instead");
        Refuse(exact && data.Contains("-"), "--passes exact reads the data again and again, which standard input (-) does not allow: give a file, or leave --passes at one");
        Refuse(checkpoint is not null && state is null, "--checkpoint needs a file to save to: add --state FILE");
        Refuse(resume && state is null, "--resume needs the file that holds the checkpoint: add --state FILE");
        Refuse(exact && (checkpoint is not null || resume), "--checkpoint and --resume go with one pass: an exact fit starts its source again anyway");
        Refuse(checkpoint is not null && !resume && File.Exists(state), $"{state} exists and a checkpoint would replace it: add --resume to go on from it, or name another file");
        var options = new ExpressionOptions
        {
            Formula = formula,
            LogDensity = density,
            Parameters = result.GetValue(Parameters),
            Start = result.GetValue(Start) ?? new Dictionary<string, double>(),
            Likelihood = new()
            {
                Starts = (int)(result.GetValue(Starts) ?? 0),
                Seed = (int)(result.GetValue(InformationOptions.Seed) ?? 1),
                BufferRows = (int)(result.GetValue(RunOptions.Buffer) ?? 0),
                Memory = memory,
                Information = result.GetValue(InformationOptions.Estimate),
                Threads = (int)(result.GetValue(RunOptions.Threads) ?? Environment.ProcessorCount),
            },
            Sample = result.GetValue(Sample),
            Detect = result.GetValue(ChangeOptions.Detect),
            WeightsColumn = result.GetValue(ModelOptions.Weights),
            Exact = exact,
            RejectInvalid = result.GetValue(RunOptions.Invalid) == Invalid.Reject,
            Covariance = robust,
            StatePath = state,
            CheckpointRows = checkpoint ?? 0,
        };
        options.Check();
        return (data, options, resume);
    }

    static string Formula(string[] values)
    {
        if (values.Length < 2) { throw new UsageException("fit needs DATA and FORMULA, or DATA and --log-density"); }
        return values[^1].Contains('~', StringComparison.Ordinal) ? values[^1]
            : throw new UsageException($"'{values[^1]}' is no formula: it has no '~'. A nonlinear formula is \"y ~ b1 * (1 - exp(-b2 * x))\"; a whole log-density goes into --log-density");
    }

    /// <summary>Refuses what belongs to regressions.</summary>
    static void RefuseOthers(ParseResult result)
    {
        foreach (var option in result.CommandResult.Command.Options)
        {
            if (!IsGiven(result, option) || _shared.Contains(option) || All.Contains(option)) { continue; }
            throw new UsageException($"{option.Name} belongs to regressions with a linear formula; a fit with parameters of its own (--start, --parameters, --log-density) does not take it");
        }
    }

    static bool IsGiven(ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    static void Refuse(bool illegal, string reason)
    {
        if (illegal) { throw new UsageException(reason); }
    }

    static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName, Arity = ArgumentArity.ExactlyOne };

    static Option<IReadOnlyDictionary<string, double>> StartOption() => new("--start")
    {
        Description = "Starting values of the parameters of an expression, which make the formula nonlinear: \"y ~ b1 * (1 - exp(-b2 * x))\" --start b1=250,b2=5e-4",
        HelpName = "A=1,B=2",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        CustomParser = result =>
        {
            var start = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var pair in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries)))
            {
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0 || !double.TryParse(pair[(equals + 1)..], out var value) || !double.IsFinite(value))
                {
                    result.AddError($"--start cannot be '{pair}'; it is a parameter and a number, such as b1=250, with commas between several");
                    break;
                }
                if (!start.TryAdd(pair[..equals].Trim(), value)) { result.AddError($"--start names the parameter '{pair[..equals]}' twice"); }
            }
            return start;
        },
    };
}
