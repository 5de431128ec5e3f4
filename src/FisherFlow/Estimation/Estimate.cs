using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>What an estimator knows once everything it has seen is solved for; the question that inference asks.</summary>
/// <remarks>All arrays are over all parameters <c>[d]</c> of <see cref="Shape"/>, over-complete categoricals included.</remarks>
public sealed record Estimate
{
    /// <summary>The sizes under which parameters are laid out.</summary>
    public required ModelShape Shape { get; init; }

    /// <summary>θ <c>[d]</c>; zero where a parameter is not free or is aliased.</summary>
    public required double[] Theta { get; init; }

    /// <summary>Factor of the information at θ (unscaled by the dispersion), prior included, in the order of the identification.</summary>
    public required Factor Factor { get; init; }

    /// <summary>Parameters along which the observed information is not positive: θ is no maximum, and there is no covariance. Empty where all is well.</summary>
    public IReadOnlyList<int> Indefinite { get; init; } = [];

    /// <summary>Rows folded at a θ where their information was not positive, so that a bound stands for it and standard errors come out too small.</summary>
    public long BoundedRows { get; init; }

    /// <summary>The information without prior <c>[d, d]</c>, kept only where something is aliased: it tells which rows can be predicted.</summary>
    public double[,]? Information { get; init; }

    /// <summary>Parameters whose estimate is infinite (separation): the likelihood still rises as they move, and all information is gone.</summary>
    public required bool[] Separated { get; init; }

    /// <summary><c>J = Σ sᵢsᵢᵀ [d, d]</c> for the robust covariance that was asked for (HC3: leverages inside), or null.</summary>
    public FullInformation? Meat { get; init; }

    /// <summary>Number of clusters behind the meat; 0 when rows stand alone.</summary>
    public int Clusters { get; init; }

    /// <summary>Sums over responses.</summary>
    public required ResponseSums Responses { get; init; }

    /// <summary>Deviance at θ.</summary>
    public required double Deviance { get; init; }

    /// <summary>The log-likelihood where it is not the model's at θ, as of prediction errors; null for the model's.</summary>
    public double? LogLikelihood { get; init; }

    /// <summary>Pearson's χ² at θ.</summary>
    public required double Pearson { get; init; }

    /// <summary>Deviance of the intercept alone (with the offset); null when it could not be had.</summary>
    public double? NullDeviance { get; init; }

    /// <summary>The auxiliary parameter (the negative binomial's θ), or null.</summary>
    public double? Auxiliary { get; init; }

    /// <summary>Its standard error, or null.</summary>
    public double? AuxiliaryStandardError { get; init; }

    /// <summary>What is left of the score at θ in units of information: <c>g = sᵀI⁻¹s</c>.</summary>
    public required double ScoreGauge { get; init; }

    /// <summary>How far θ may be from the maximum likelihood estimate, in standard errors: what the audit says that no coefficient exceeds but in one case of twenty; 0 for exact fits; not a number where rows were folded and no audit looked at them.</summary>
    public required double DistanceBound { get; init; }

    /// <summary>Newton iterations, all batches together.</summary>
    public required int Iterations { get; init; }

    /// <summary>Passes over the source.</summary>
    public required int Passes { get; init; }

    /// <summary>Whether the iterations ended by convergence.</summary>
    public required bool Converged { get; init; }

    /// <summary>How information was kept, where it was not the full information of all rows; null otherwise.</summary>
    public StructureReport? Structured { get; init; }

    /// <summary>What is said of a mixture as a whole, refusals of its standard errors among it; null for other models.</summary>
    public MixtureJudgement? Mixture { get; init; }

    /// <summary>Ridge: prior precision of every penalised parameter; 0 for none.</summary>
    public double Ridge { get; init; }
}
