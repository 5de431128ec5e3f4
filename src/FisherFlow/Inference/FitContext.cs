using FisherFlow.Estimation;

namespace FisherFlow.Inference;

/// <summary>What a report says of a fit and an estimate cannot know: where it came from and how it was asked for.</summary>
public sealed record FitContext
{
    /// <summary>The formula as written.</summary>
    public required string Formula { get; init; }

    /// <summary><c>one-pass</c> or <c>exact</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Which score products the estimate's meat sums up.</summary>
    /// <value><see cref="Sandwich.None"/>.</value>
    public Sandwich Sandwich { get; init; } = Sandwich.None;

    /// <summary>The column that names the clusters, or null.</summary>
    public string? ClusterColumn { get; init; }

    /// <summary>Whether Firth's penalty is part of the estimate.</summary>
    public bool Firth { get; init; }

    /// <summary>The detector that watched for changes, as it was asked for, or null.</summary>
    public string? Detector { get; init; }

    /// <summary>The changes it found, in the order in which it did.</summary>
    public IReadOnlyList<DetectedChange> Changes { get; init; } = [];

    /// <summary>Rows rejected before they reached the model.</summary>
    public long RowsRejected { get; init; }

    /// <summary>Warnings of earlier stages (rejections, capped levels); they come first in the result.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
