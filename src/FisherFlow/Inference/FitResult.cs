namespace FisherFlow.Inference;

/// <summary>What became of a coefficient.</summary>
public enum CoefficientStatus
{
    /// <summary>Identified and finite.</summary>
    Ok,
    /// <summary>Determined by the coefficients before it: no estimate ("not defined because of singularities").</summary>
    Aliased,
    /// <summary>Infinite: the data separate; the number shown is where the iterations stopped.</summary>
    Separated,
}

/// <summary>A line of the coefficient table; numbers that do not exist are null.</summary>
public sealed record Coefficient
{
    /// <summary>The term, as <c>x</c>, <c>g[level]</c>, <c>low|medium</c>.</summary>
    public required string Term { get; init; }

    /// <summary>The outcome of a multinomial model, or null.</summary>
    public string? Outcome { get; init; }

    /// <summary>The estimate; null when aliased.</summary>
    public double? Estimate { get; init; }

    /// <summary>Its standard error under the covariance asked for.</summary>
    public double? StandardError { get; init; }

    /// <summary>Estimate by standard error: z when the dispersion is known, t when it is estimated.</summary>
    public double? Statistic { get; init; }

    /// <summary>Two-sided p-value of the statistic.</summary>
    public double? PValue { get; init; }

    /// <summary>Lower Wald limit.</summary>
    public double? Lower { get; init; }

    /// <summary>Upper Wald limit.</summary>
    public double? Upper { get; init; }

    /// <summary>What became of it.</summary>
    public required CoefficientStatus Status { get; init; }
}

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
    /// <summary>The coefficients, in the order of the formula.</summary>
    public required IReadOnlyList<Coefficient> Coefficients { get; init; }
    /// <summary>Covariance of the coefficients with status ok, in their order <c>[k, k]</c>.</summary>
    public required double[,] CovarianceMatrix { get; init; }
    /// <summary>How the covariance was computed.</summary>
    public required CovarianceKind Covariance { get; init; }
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
    /// <summary>Residual deviance.</summary>
    public required double Deviance { get; init; }
    /// <summary>Pearson's χ².</summary>
    public required double PearsonChiSquared { get; init; }
    /// <summary>AIC as R's; null without a log-likelihood.</summary>
    public required double? Aic { get; init; }
    /// <summary>BIC as R's; null without a log-likelihood.</summary>
    public required double? Bic { get; init; }
    /// <summary>Rows used.</summary>
    public required long Observations { get; init; }
    /// <summary>Rows rejected.</summary>
    public required long RowsRejected { get; init; }
    /// <summary><c>(Σw)²/Σw²</c>.</summary>
    public required double EffectiveObservations { get; init; }
    /// <summary>Residual degrees of freedom.</summary>
    public required long ResidualDegreesOfFreedom { get; init; }
    /// <summary>Identified coefficients.</summary>
    public required int Rank { get; init; }
    /// <summary>Condition number of the information in correlation form, as a ratio of singular values of the design.</summary>
    public required double ConditionNumber { get; init; }
    /// <summary>Newton iterations.</summary>
    public required int Iterations { get; init; }
    /// <summary>Passes over the data.</summary>
    public required int Passes { get; init; }
    /// <summary>Whether the iterations converged.</summary>
    public required bool Converged { get; init; }
    /// <summary><c>g = sᵀI⁻¹s</c> at the estimate.</summary>
    public required double ScoreGauge { get; init; }
    /// <summary>Estimated distance from the maximum likelihood estimate in standard errors.</summary>
    public required double DistanceBound { get; init; }
    /// <summary>The ridge's prior precision, 0 for none.</summary>
    public double Ridge { get; init; }
    /// <summary>Reference levels by factor, of those factors that have one.</summary>
    public required IReadOnlyDictionary<string, string> References { get; init; }
    /// <summary>What the reader should know: rejections, separation, aliasing, priors.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
