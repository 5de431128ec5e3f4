using System.CommandLine;
using FisherFlow.Estimation;
using FisherFlow.Inference;

namespace FisherFlow.Cli.Options;

/// <summary>Which standard errors a fit prepares for.</summary>
/// <param name="Covariance">The covariance.</param>
/// <param name="ClusterColumn">The column whose values are clusters, or null.</param>
sealed record Robust(CovarianceKind Covariance, string? ClusterColumn = null)
{
    /// <summary>The sums of score products that the covariance needs.</summary>
    public Sandwich Sandwich => Covariance switch
    {
        CovarianceKind.HC0 or CovarianceKind.HC1 => Sandwich.Rows,
        CovarianceKind.HC3 => Sandwich.Leverage,
        CovarianceKind.Cluster => Sandwich.Clusters,
        _ => Sandwich.None,
    };
}

/// <summary>How often the data are read.</summary>
enum Passes
{
    /// <summary>Once.</summary>
    One,
    /// <summary>Until the likelihood is maximal.</summary>
    Exact,
}

/// <summary>What a response does that the family cannot produce.</summary>
enum Invalid
{
    /// <summary>It stops the run.</summary>
    Stop,
    /// <summary>It rejects its row.</summary>
    Reject,
}

/// <summary>Options that say how data are read and the model is solved.</summary>
static class RunOptions
{
    const string ClusterPrefix = "cluster:";

    public static readonly Option<Passes> Passes = Choice.Word("--passes", "one|exact",
        "One pass (default), or as many as the exact maximum of the likelihood takes (files only)", ("one", Options.Passes.One), ("exact", Options.Passes.Exact));

    public static readonly Option<Robust?> Robust = RobustOption();

    public static readonly Option<double?> Ridge = Choice.Number("--ridge", "LAMBDA", "Prior precision of every coefficient but the intercept: a N(0, 1/LAMBDA) prior",
        value => value > 0, "a number above 0");

    public static readonly Option<bool> Firth = Choice.Switch("--firth", "Firth's penalty against separation (binomial, --passes exact)");

    public static readonly Option<long?> MaxLevels = Choice.Count("--max-levels", "N", "Levels a factor may have; later ones count as (other) (default: 2000)", 2);

    public static readonly Option<long?> Buffer = Choice.Count("--buffer", "ROWS", "Rows solved for together before they are folded (default: as many as fit 16 MiB)", 1);

    public static readonly Option<long?> Threads = Choice.Count("--threads", "N", "Worker threads (default: all cores)", 1);

    public static readonly Option<Invalid> Invalid = Choice.Word("--invalid", "stop|reject",
        "A response that the family cannot produce stops the run (default), or rejects its row", ("stop", Options.Invalid.Stop), ("reject", Options.Invalid.Reject));

    public static readonly Option<string?> State = Choice.Text("--state", "FILE", "Keep the state in this file, for show, update, predict and merge");

    public static readonly Option<long?> Checkpoint = Choice.Count("--checkpoint", "ROWS", "Save the state every so many rows, with the position in the data", 1);

    public static readonly Option<bool> Resume = Choice.Switch("--resume", "Go on from the last checkpoint in --state; start anew when there is none");

    /// <summary>All of them, in the order in which help shows them.</summary>
    public static IEnumerable<Option> All => [Passes, Robust, Ridge, Firth, State, Checkpoint, Resume, Invalid, MaxLevels, Buffer, Threads];

    static Option<Robust?> RobustOption()
    {
        var option = new Option<Robust?>("--robust")
        {
            Description = "Standard errors that hold when the variance is misspecified (hc3: --passes exact), or rows of a cluster are dependent",
            HelpName = "hc0|hc1|hc3|cluster:COLUMN",
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                switch (text)
                {
                    case "hc0": return new(CovarianceKind.HC0);
                    case "hc1": return new(CovarianceKind.HC1);
                    case "hc3": return new(CovarianceKind.HC3);
                }
                if (text.StartsWith(ClusterPrefix, StringComparison.Ordinal) && text.Length > ClusterPrefix.Length)
                {
                    return new(CovarianceKind.Cluster, text[ClusterPrefix.Length..]);
                }
                result.AddError($"--robust cannot be '{text}'; it is one of: hc0, hc1, hc3, cluster:COLUMN");
                return null;
            },
        };
        return option.Completing("hc0", "hc1", "hc3", ClusterPrefix);
    }
}
