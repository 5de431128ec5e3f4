using System.CommandLine;
using System.Globalization;
using FisherFlow.Cli.Terminal;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;

namespace FisherFlow.Cli.Options;

/// <summary>Where a fit starts from besides its data.</summary>
/// <param name="Ridge">Prior precision of every coefficient but the intercept.</param>
/// <param name="Epsilon">Prior precision of every coefficient.</param>
/// <param name="State">File of another state, or null.</param>
/// <param name="Discount">Share of its information that counts; null lets the data say.</param>
sealed record Prior(double Ridge = 0, double Epsilon = 0, string? State = null, double? Discount = null);

/// <summary>Options that say how information is kept: structure, memory, estimate, damping and prior.</summary>
static class InformationOptions
{
    const string LegalPrior = "none, ridge:LAMBDA (every coefficient but the intercept), epsilon:EPSILON (every one), or state:FILE[:DISCOUNT] with a discount above 0 up to 1, or auto";

    public static readonly Option<StructureRule?> Structure = Choice.Rule<StructureRule>("--structure", "STRUCTURE",
        "Shape in which information is kept: auto (default: square-root or full, diagonal for hashed columns), full, square-root, block, diagonal, low-rank:R, sparse or scalar",
        StructureRule.TryParse, StructureRule.Legal, "auto", "full", "square-root", "block", "diagonal", "low-rank:20", "sparse", "scalar");

    public static readonly Option<MemoryRule?> Memory = Choice.Rule<MemoryRule>("--memory", "MEMORY",
        "How long rows count: stationary (default: for ever), exponential:HALF_LIFE, window:ROWS, adaptive (until a coefficient changes), random-walk:Q or local-trend:Q1,Q2 (coefficients drift; auto for Q estimates it)",
        MemoryRule.TryParse, MemoryRule.Legal, "stationary", "exponential:", "window:", "adaptive", "random-walk:auto", "local-trend:auto");

    public static readonly Option<InformationRule?> Estimate = Choice.Rule<InformationRule>("--estimate", "ESTIMATE",
        "How a row's information is estimated: expected (default), observed, empirical (squared scores) or monte-carlo:K (outcomes sampled from the model)",
        InformationRule.TryParse, InformationRule.Legal, "expected", "observed", "empirical", "monte-carlo:1");

    public static readonly Option<DampingRule?> Damping = Choice.Rule<DampingRule>("--damping", "DAMPING",
        "What is added to the information where it is solved: none (default), tikhonov:LAMBDA, relative:EPSILON or condition:KAPPA",
        DampingRule.TryParse, DampingRule.Legal, "none", "tikhonov:", "relative:", "condition:");

    public static readonly Option<Prior?> Prior = PriorOption();

    public static readonly Option<long?> Seed = Choice.Count("--seed", "N", "Seed of the outcomes that --estimate monte-carlo samples and of the starts of --components (default: 0), of an expression's outcomes and of random --starts (default: 1)", 0);

    /// <summary>All of them, in the order in which help shows them.</summary>
    public static IEnumerable<Option> All => [Structure, Memory, Estimate, Damping, Prior, Seed];

    /// <summary>Refuses combinations that have no answer, with the reason.</summary>
    public static void Refuse(ParseResult result, CovarianceKind covariance, bool exact)
    {
        var asked = Asked(result);
        Refuse(asked is not null && exact, $"--passes exact is the maximum of the likelihood of all rows under the full information, which {asked} is not: leave one of them out");
        Refuse(asked is not null && covariance != CovarianceKind.Model,
            $"--robust sums squared scores of all rows at one estimate, which {asked} does not keep: leave one of them out{(asked == "--memory" ? " (standard errors under a fading memory are sandwiches already)" : "")}");
        Refuse(asked is not null && result.GetValue(RunOptions.Firth), $"--firth depends on every row's leverage under the full information, which {asked} does not keep: leave one of them out");
        Refuse(result.GetValue(Prior) is { Ridge: > 0 } && result.GetValue(RunOptions.Ridge) is not null, "--ridge LAMBDA and --prior ridge:LAMBDA are the same prior: give one");
        Refuse(result.GetValue(Seed) is not null && result.GetValue(Estimate)?.Kind != InformationKind.MonteCarlo && result.GetValue(ModelOptions.Components) is null,
            "--seed decides what --estimate monte-carlo:K samples, or where --components K start: add one of them, or leave the seed out");
        Refuse(result.GetValue(Prior) is { State: not null } && result.GetValue(Structure)?.Kind is { } kind && kind is not (Estimation.Structure.Auto or Estimation.Structure.Full or Estimation.Structure.SquareRoot),
            "--prior state:FILE weighs one full information against another: --structure full or square-root");
    }

    /// <summary>The first option that goes beyond the full information of all rows, or null.</summary>
    static string? Asked(ParseResult result) =>
        result.GetValue(Structure) is { } structure && structure.Kind > Estimation.Structure.SquareRoot ? "--structure " + structure
        : result.GetValue(Memory) is { Kind: not MemoryKind.Stationary } ? "--memory"
        : result.GetValue(Estimate) is { Kind: not InformationKind.Expected } ? "--estimate"
        : result.GetValue(Damping) is { Kind: not DampingKind.None } ? "--damping"
        : result.GetValue(Prior) is { Epsilon: > 0 } ? "--prior epsilon"
        : result.GetValue(Prior) is { State: not null } ? "--prior state" : null;

    static void Refuse(bool illegal, string reason)
    {
        if (illegal) { throw new UsageException(reason); }
    }

    static Option<Prior?> PriorOption()
    {
        var option = new Option<Prior?>("--prior")
        {
            Description = "What is known before the data: none (default), ridge:LAMBDA, epsilon:EPSILON, or another state's estimate (state:FILE[:DISCOUNT], by default as much as the data agree with)",
            HelpName = "PRIOR",
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                if (Parse(text) is { } prior) { return prior; }
                result.AddError($"--prior cannot be '{text}'; it is one of: {LegalPrior}");
                return null;
            },
        };
        return option.Completing("none", "ridge:", "epsilon:", "state:");
    }

    static Prior? Parse(string text)
    {
        if (text == "none") { return new(); }
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) { return null; }
        var (name, rest) = (text[..colon], text[(colon + 1)..]);
        switch (name)
        {
            case "ridge" when Positive(rest) is { } ridge: return new(Ridge: ridge);
            case "epsilon" when Positive(rest) is { } epsilon: return new(Epsilon: epsilon);
            case "state" when rest.Length > 0:
                // a file may have colons in its name; what follows the last one is a discount if it can be one
                var last = rest.LastIndexOf(':');
                if (last > 0 && rest[(last + 1)..] == "auto") { return new(State: rest[..last]); }
                return last > 0 && Positive(rest[(last + 1)..]) is { } share ? share <= 1 ? new(State: rest[..last], Discount: share) : null : new(State: rest);
            default: return null;
        }
    }

    static double? Positive(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value) ? value : null;
}
