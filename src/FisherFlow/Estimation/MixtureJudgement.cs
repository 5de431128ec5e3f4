namespace FisherFlow.Estimation;

/// <summary>What is said of a mixture as a whole: its weights, what is known of them, and whether its components can be told apart.</summary>
public sealed record MixtureJudgement
{
    /// <summary>The weights πₖ, <c>[K]</c>.</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>Their standard errors, by the delta method, or null.</summary>
    public IReadOnlyList<double>? WeightErrors { get; init; }

    /// <summary>The share of the complete data's information that the responses alone have, by direction, ascending; empty where a component has no evidence of its own.</summary>
    public required IReadOnlyList<double> InformationShares { get; init; }

    /// <summary>Directions whose share is not negligible.</summary>
    public required int Rank { get; init; }

    /// <summary>All directions: the free parameters.</summary>
    public required int Size { get; init; }

    /// <summary>By how much the rows were predicted better than with one component less, in units of log-likelihood.</summary>
    public required double Advantage { get; init; }

    /// <summary>Columns, of levels, that came after the rows which the fit started from.</summary>
    public int LateColumns { get; init; }

    /// <summary>Why there are no standard errors; null when there are.</summary>
    public string? Refusal { get; init; }
}
