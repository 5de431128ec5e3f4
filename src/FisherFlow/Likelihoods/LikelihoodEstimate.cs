using FisherFlow.Estimation;
using FisherFlow.Information;

namespace FisherFlow.Likelihoods;

/// <summary>What an estimator knows once everything it has seen is solved for.</summary>
public sealed record LikelihoodEstimate
{
    /// <summary>θ in the user's scale, <c>[m]</c>.</summary>
    public required double[] Theta { get; init; }

    /// <summary>θ in free coordinates, <c>[q]</c>.</summary>
    public required double[] Phi { get; init; }

    /// <summary>The log-likelihood; of least squares that of R's nls, with the variance at its maximum.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>Of least squares <c>Σ w (y − f)²</c>; null for densities.</summary>
    public required double? ResidualSumOfSquares { get; init; }

    /// <summary>Factor of the information at φ, unscaled by a variance; null where it is not positive.</summary>
    public required Factor? Factor { get; init; }

    /// <summary>Score products <c>[q, q]</c>, those of folded rows brought up to date with their sample, or null.</summary>
    public required double[]? Products { get; init; }

    /// <summary>Whether this is a maximum, by every criterion that applies: rank, sign of the information, what is left of the score.</summary>
    public required bool Converged { get; init; }

    /// <summary>Why it is none, or null.</summary>
    public required string? Failure { get; init; }

    /// <summary><c>g = sᵀI⁻¹s</c>, in squared standard errors (of least squares: of unit variance).</summary>
    public required double Gauge { get; init; }

    /// <summary>Of least squares: what is left of the residuals in the tangent plane by what stands on it; R's nls stops at 1e-5. NaN for densities.</summary>
    /// <remarks>Source: Bates and Watts (1981).</remarks>
    public required double RelativeOffset { get; init; }

    /// <summary>Parameters that the data do not determine, each with what it cannot be told from.</summary>
    public required IReadOnlyList<string> Unidentified { get; init; }

    /// <summary>Steps of all searches.</summary>
    public required int Steps { get; init; }

    /// <summary>Readings of the data.</summary>
    public required int Passes { get; init; }

    /// <summary>Searches that were run.</summary>
    public required int Starts { get; init; }

    /// <summary>How many of them came to the same value.</summary>
    public required int StartsAgreeing { get; init; }

    /// <summary>Whether all rows were in memory, so that this is the maximum itself and not near it.</summary>
    public required bool IsExact { get; init; }

    /// <summary>How many standard errors the worst coordinate may be from the maximum: 0 at the maximum itself, NaN where nothing is known.</summary>
    /// <remarks>By a sample of folded rows, whose likelihood at the estimate is compared with the quadratic that stood for it; holds for all coordinates together in 95 % of cases.</remarks>
    public required double DistanceBound { get; init; }

    /// <summary>What a reader should know where rows were forgotten or another kind of information was asked for than the usual one; else null.</summary>
    public StructureReport? Structured { get; init; }

    /// <summary>The kind of information that was asked for, or null.</summary>
    public InformationRule? Information { get; init; }

    /// <summary>Whether the scores of outcomes that were drawn do not average to zero: outcomes and density do not belong together.</summary>
    public bool OutcomesDisagree { get; init; }

    internal LikelihoodSums Sums { get; init; }
}
