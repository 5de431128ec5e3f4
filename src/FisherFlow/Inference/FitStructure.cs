namespace FisherFlow.Inference;

/// <summary>What a table says of a fit that did not keep the full expected information of all rows; a text is null where the usual thing was done.</summary>
public sealed record FitStructure
{
    /// <summary>The structure, such as <c>diagonal</c> or <c>low-rank:20</c>.</summary>
    public string? Structure { get; init; }

    /// <summary>The memory, such as <c>exponential:1000</c>.</summary>
    public string? Memory { get; init; }

    /// <summary>The estimate of the information, such as <c>observed</c>.</summary>
    public string? Information { get; init; }

    /// <summary>Whether standard errors may be too small because dependence between coefficients was left out.</summary>
    public bool UnderstatesVariance { get; init; }

    /// <summary>The rule of the damping, such as <c>condition:1000</c>.</summary>
    public string? Damping { get; init; }

    /// <summary>The prior precision δ of every coefficient that it came to.</summary>
    public double DampingPrecision { get; init; }

    /// <summary>Starting information ε of every parameter; 0 for none.</summary>
    public double Epsilon { get; init; }

    /// <summary>Columns of hashed terms; 0 for none. A table does not list them.</summary>
    public int HashedColumns { get; init; }

    /// <summary>Hashed columns that rows have met.</summary>
    public int HashedMet { get; init; }

    /// <summary>Prior precision of a hashed column's coefficient.</summary>
    public double HashedPrior { get; init; }

    /// <summary>Whether older rows count less than newer ones: the likelihood is a weighted one.</summary>
    public bool Fades { get; init; }

    /// <summary>Whether coefficients drift: the table is of the last row, and its standard errors count the drift.</summary>
    public bool Drifts { get; init; }

    /// <summary>Whether the variances of the drift were estimated.</summary>
    public bool DriftIsEstimated { get; init; }

    /// <summary>Batches whose observed information was indefinite and counted by the expected one.</summary>
    public int Fallbacks { get; init; }

    /// <summary>Rows left out because they, or what they led to, were not finite.</summary>
    public long NotFinite { get; init; }

    /// <summary>Share of another state's information that was transferred; null where there was none.</summary>
    public double? TransferDiscount { get; init; }

    /// <summary>Changes that an adaptive memory has found.</summary>
    public IReadOnlyList<FitChange> Changes { get; init; } = [];
}

/// <summary>A change that was found in the stream.</summary>
/// <param name="Term">The coefficient.</param>
/// <param name="Since">The first row, counted from 1, from which it seems to have changed.</param>
/// <param name="Found">The row at which it was found.</param>
public sealed record FitChange(string Term, long Since, long Found);
