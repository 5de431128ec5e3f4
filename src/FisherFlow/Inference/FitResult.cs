namespace FisherFlow.Inference;

/// <summary>Everything a table, a file or a program may want to know of a fit; the JSON contract in C#.</summary>
public sealed record FitResult
{
    /// <summary>The formula.</summary>
    public required string Formula { get; init; }
    /// <summary>The family's name on the command line.</summary>
    public required string Family { get; init; }
    /// <summary>The link's name on the command line.</summary>
    public required string Link { get; init; }
    /// <summary><c>one-pass</c> or <c>exact</c>.</summary>
    public required string Method { get; init; }
    /// <summary>The regime: only a converged estimate has standard errors, tests and limits.</summary>
    public required Regime Regime { get; init; }
    /// <summary>The coefficients, in the order of the formula.</summary>
    public required IReadOnlyList<Coefficient> Coefficients { get; init; }
    /// <summary>Covariance of the coefficients with status ok, in their order <c>[k, k]</c>.</summary>
    public required double[,] CovarianceMatrix { get; init; }
    /// <summary>How the covariance was computed.</summary>
    public required CovarianceKind Covariance { get; init; }
    /// <summary>The column of the clusters, or null.</summary>
    public string? ClusterColumn { get; init; }
    /// <summary>Number of clusters, 0 when rows stand alone.</summary>
    public int Clusters { get; init; }
    /// <summary>Confidence level of the limits.</summary>
    public required double Level { get; init; }
    /// <summary>Dispersion: 1 when known, Pearson's χ² by its degrees of freedom when estimated; null when it cannot be estimated.</summary>
    public required double? Dispersion { get; init; }
    /// <summary>Whether the dispersion was estimated: then statistics are t, else z.</summary>
    public required bool DispersionEstimated { get; init; }
    /// <summary>The negative binomial's θ, or null.</summary>
    public double? DispersionParameter { get; init; }
    /// <summary>Its standard error, or null.</summary>
    public double? DispersionParameterStandardError { get; init; }
    /// <summary>Log-likelihood as R's logLik; null when the family has none.</summary>
    public required double? LogLikelihood { get; init; }
    /// <summary>Null deviance.</summary>
    public required double? NullDeviance { get; init; }
    /// <summary>Degrees of freedom of the null deviance.</summary>
    public required long NullDegreesOfFreedom { get; init; }
    /// <summary>Residual deviance; minus twice the log-likelihood for models with several outcomes.</summary>
    public required double? Deviance { get; init; }
    /// <summary>Pearson's χ².</summary>
    public required double? PearsonChiSquared { get; init; }
    /// <summary>AIC as R's; null without a log-likelihood.</summary>
    public required double? Aic { get; init; }
    /// <summary>BIC as R's; null without a log-likelihood.</summary>
    public required double? Bic { get; init; }
    /// <summary>The parameters of a distribution, in its order; empty for other families.</summary>
    public IReadOnlyList<NaturalParameter> Parameters { get; init; } = [];
    /// <summary>What is said of a mixture as a whole: its weights, and the rank report of its information; null for other models.</summary>
    public Estimation.MixtureJudgement? Mixture { get; init; }
    /// <summary>Rows used.</summary>
    public required long Observations { get; init; }
    /// <summary>Rows rejected.</summary>
    public required long RowsRejected { get; init; }
    /// <summary><c>(Σw)²/Σw²</c>.</summary>
    public required double? EffectiveObservations { get; init; }
    /// <summary>Residual degrees of freedom.</summary>
    public required long ResidualDegreesOfFreedom { get; init; }
    /// <summary>Identified coefficients.</summary>
    public required int Rank { get; init; }
    /// <summary>Condition number of the information in correlation form, as a ratio of singular values of the design.</summary>
    public required double? ConditionNumber { get; init; }
    /// <summary>Newton iterations.</summary>
    public required int Iterations { get; init; }
    /// <summary>Passes over the data.</summary>
    public required int Passes { get; init; }
    /// <summary>Whether the iterations converged.</summary>
    public required bool Converged { get; init; }
    /// <summary><c>g = sᵀI⁻¹s</c> at the estimate.</summary>
    public required double? ScoreGauge { get; init; }
    /// <summary>Estimated distance from the maximum likelihood estimate in standard errors.</summary>
    public required double? DistanceBound { get; init; }
    /// <summary>The ridge's prior precision, 0 for none.</summary>
    public double Ridge { get; init; }
    /// <summary>Whether Firth's penalty is part of the estimate.</summary>
    public bool Firth { get; init; }
    /// <summary>The detector that watched for coefficients which change, as it was asked for; null when nothing watched.</summary>
    public string? Detector { get; init; }
    /// <summary>The changes it found, in the order in which it did.</summary>
    public IReadOnlyList<Estimation.DetectedChange> Changes { get; init; } = [];
    /// <summary>Structure, memory, estimate and damping, where they are not the usual ones; null otherwise.</summary>
    public FitStructure? Structured { get; init; }
    /// <summary>Reference levels by factor; a categorical response goes by the empty name.</summary>
    public required IReadOnlyDictionary<string, string> References { get; init; }
    /// <summary>How the end of the search was judged, for likelihoods of one's own; null for others.</summary>
    public string? Convergence { get; init; }
    /// <summary>Bates and Watts's relative offset of a nonlinear least squares fit, or null.</summary>
    public double? RelativeOffset { get; init; }
    /// <summary>How a method of the trajectory regime was trained, or null.</summary>
    public TrainingSummary? Training { get; init; }
    /// <summary>What the reader should know: rejections, separation, aliasing, priors.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>What an estimate may be asked.</summary>
public enum Regime
{
    /// <summary>θ is at the optimum of what it has seen, within sampling error: I⁻¹ is a covariance.</summary>
    Converged,
    /// <summary>θ is still on its way: I is a path-dependent regulariser, and standard errors are refused.</summary>
    Trajectory,
}
