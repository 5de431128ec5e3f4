namespace FisherFlow.Estimation;

/// <summary>What a reader of an estimate should know when it was not kept in the usual way: structure, memory, estimate of the information, damping, and what happened on the way.</summary>
public sealed record StructureReport
{
    /// <summary>The structure, as users write it.</summary>
    public required StructureRule Structure { get; init; }

    /// <summary>The memory.</summary>
    public MemoryRule Memory { get; init; }

    /// <summary>Whether the variances of a drift were estimated, by the likelihood of the first rows' prediction errors.</summary>
    public bool DriftIsEstimated { get; init; }

    /// <summary>The estimate of the information.</summary>
    public InformationRule Information { get; init; }

    /// <summary>Whether standard errors may be too small because the structure leaves dependence between parameters out.</summary>
    public bool UnderstatesVariance { get; init; }

    /// <summary>The rule of the damping.</summary>
    public DampingRule Damping { get; init; }

    /// <summary>What it came to: the prior precision δ of every coefficient; 0 for none.</summary>
    public double DampingPrecision { get; init; }

    /// <summary>Starting information ε of every parameter; 0 for none.</summary>
    public double Epsilon { get; init; }

    /// <summary>Columns of hashed terms; 0 for none.</summary>
    public int HashedColumns { get; init; }

    /// <summary>Hashed columns that rows have met.</summary>
    public int HashedMet { get; init; }

    /// <summary>Prior precision of a hashed column's coefficient.</summary>
    public double HashedPrior { get; init; }

    /// <summary><c>(Σ ω)²/Σ ω²</c> where rows fade or leave; null where all of them count.</summary>
    public double? EffectiveObservations { get; init; }

    /// <summary><c>Σ ω − tr(I⁻¹ Σ ω²F)</c>, what Pearson's χ² is divided by; null for rows less coefficients.</summary>
    public double? DispersionDegrees { get; init; }

    /// <summary>Residual degrees of freedom where they are not rows less coefficients.</summary>
    public long? ResidualDegrees { get; init; }

    /// <summary>Batches whose observed information was indefinite and counted by the expected one.</summary>
    public int Fallbacks { get; init; }

    /// <summary>Rows left out because they, or what they led to, were not finite.</summary>
    public long NotFinite { get; init; }

    /// <summary>Share a₀ of another state's information that was transferred; null where there was none.</summary>
    public double? TransferDiscount { get; init; }

    /// <summary>Changes that an adaptive memory has found, oldest first.</summary>
    public IReadOnlyList<CoefficientChange> Changes { get; init; } = [];
}

/// <summary>A change that was found in the stream.</summary>
/// <param name="Parameter">The parameter whose score gave the alarm.</param>
/// <param name="Since">The first row, counted from 1, from which it seems to have changed.</param>
/// <param name="Found">The row at which it was found.</param>
public readonly record struct CoefficientChange(int Parameter, long Since, long Found);
