using FisherFlow.Information;

namespace FisherFlow.Models;

/// <summary>Observations as weighted design rows at some θ: information <c>Σ wᵢ aᵢaᵢᵀ</c> and score <c>Σ rᵢ aᵢ</c>.</summary>
/// <remarks>A model with several linear predictors describes each observation by <see cref="PerObservation"/> consecutive rows.</remarks>
public readonly ref struct WorkingRows
{
    /// <summary>Describes working rows over a workspace's arrays; weights and scores are <c>[n]</c>.</summary>
    public WorkingRows(DesignRows rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> scores, int perObservation)
    {
        Rows = rows;
        Weights = weights;
        Scores = scores;
        PerObservation = perObservation;
    }

    /// <summary>The design rows <c>aᵢ</c>, in the parameters of the model.</summary>
    public DesignRows Rows { get; }

    /// <summary>Information weights <c>wᵢ ≥ 0</c>, finite.</summary>
    public ReadOnlySpan<double> Weights { get; }

    /// <summary>Score factors <c>rᵢ</c>, finite; <c>rᵢ²/wᵢ</c> is finite too.</summary>
    public ReadOnlySpan<double> Scores { get; }

    /// <summary>What the weights exceed the information by, <c>[n]</c>, all ≥ 0: the information is <c>Σ (wᵢ − dᵢ) aᵢaᵢᵀ</c>, and may be indefinite; empty where nothing is in excess.</summary>
    public ReadOnlySpan<double> Deficits { get; init; }

    /// <summary>Consecutive rows that belong to one observation.</summary>
    public int PerObservation { get; }
}
