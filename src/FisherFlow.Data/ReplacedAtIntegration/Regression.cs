// Replaced at integration: the facade's signatures, so that the program compiles before the facade is merged.
#pragma warning disable CA1822
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;

namespace FisherFlow.Data;

/// <summary>What to fit and how.</summary>
public sealed record RegressionOptions
{
    /// <summary>Family and link.</summary>
    public ModelSpecification Model { get; init; } = new();
    /// <summary>How the estimator works.</summary>
    public EstimatorOptions Estimator { get; init; } = new();
    /// <summary>Whether the source is read until the likelihood is maximal.</summary>
    public bool Exact { get; init; }
    /// <summary>Column of prior weights.</summary>
    public string? WeightsColumn { get; init; }
    /// <summary>Column of offsets.</summary>
    public string? OffsetColumn { get; init; }
    /// <summary>Column of clusters.</summary>
    public string? ClusterColumn { get; init; }
    /// <summary>Levels a factor may have.</summary>
    public int MaxLevels { get; init; } = 10_000;
    /// <summary>Outcomes in order.</summary>
    public IReadOnlyList<string> OutcomeLevels { get; init; } = [];
    /// <summary>Whether impossible responses are rejected.</summary>
    public bool RejectInvalid { get; init; }
    /// <summary>The covariance that was asked for; reports of the state show it unless they ask for another.</summary>
    public CovarianceKind Covariance { get; init; } = CovarianceKind.Model;
    /// <summary>Where the state is kept.</summary>
    public string? StatePath { get; init; }
    /// <summary>Rows between checkpoints.</summary>
    public long CheckpointRows { get; init; }
}

/// <summary>How far a fit is.</summary>
public sealed record FitProgress(long Rows, long BytesRead, long? TotalBytes, int Pass, double? LossSinceStart, double? LossSinceLast);

/// <summary>What a table shows.</summary>
public sealed record ReportOptions
{
    /// <summary>The covariance.</summary>
    public CovarianceKind Covariance { get; init; } = CovarianceKind.Model;
    /// <summary>The level.</summary>
    public double Level { get; init; } = 0.95;
    /// <summary>Reference levels by factor.</summary>
    public IReadOnlyDictionary<string, string> References { get; init; } = new Dictionary<string, string>();
}

/// <summary>What an interval covers.</summary>
public enum PredictionInterval
{
    /// <summary>None.</summary>
    None,
    /// <summary>The mean.</summary>
    Mean,
    /// <summary>An observation.</summary>
    Observation,
}

/// <summary>A fit.</summary>
public sealed class Regression
{
    Regression() { }
    /// <summary>Fits.</summary>
    public static Regression Fit(DataSource source, string formula, RegressionOptions options, IProgress<FitProgress>? progress = null, CancellationToken cancel = default) => throw Pending();
    /// <summary>Goes on.</summary>
    public static Regression Resume(DataSource source, string formula, RegressionOptions options, IProgress<FitProgress>? progress = null, CancellationToken cancel = default) => throw Pending();
    /// <summary>Adds data.</summary>
    public void Update(DataSource source, IProgress<FitProgress>? progress = null, CancellationToken cancel = default) => throw Pending();
    /// <summary>Loads.</summary>
    public static Regression Load(string path) => throw Pending();
    /// <summary>Saves.</summary>
    public void Save(string path) => throw Pending();
    /// <summary>Merges.</summary>
    public static Regression Merge(IReadOnlyList<Regression> states) => throw Pending();
    /// <summary>Reports.</summary>
    public FitResult Report(ReportOptions options) => throw Pending();
    /// <summary>Predicts.</summary>
    public void Predict(DataSource source, TextWriter output, PredictionInterval interval, double level, bool append, CancellationToken cancel = default) => throw Pending();
    /// <summary>What inference asks for.</summary>
    public Estimate Estimate() => throw Pending();
    /// <summary>The model.</summary>
    public IModel Model => throw Pending();
    /// <summary>The columns.</summary>
    public DesignSchema Schema => throw Pending();
    /// <summary>The options.</summary>
    public RegressionOptions Options => throw Pending();
    /// <summary>The formula.</summary>
    public string Formula => throw Pending();
    /// <summary>Rejected rows.</summary>
    public RejectionLog Rejections => throw Pending();
    /// <summary>Fingerprints.</summary>
    public IReadOnlyList<string> Lineage => throw Pending();
    /// <summary>The writer.</summary>
    public string CreatedBy => throw Pending();

    static InvalidOperationException Pending() => new("the facade is not merged yet");
}

/// <summary>Bad data.</summary>
public sealed class DataException(string message) : Exception(message);

/// <summary>States that cannot be merged.</summary>
public sealed class MergeException(string message) : Exception(message);
