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

    /// <summary>The parameter of a distribution that the coefficient belongs to, or null.</summary>
    public string? Parameter { get; init; }

    /// <summary>Whether this is the intercept of its predictor.</summary>
    internal bool IsConstant { get; init; }

    /// <summary>The term with the outcome or parameter that it belongs to: <c>scale: x</c>.</summary>
    internal string FullName => (Outcome ?? Parameter) is { } part ? $"{part}: {Term}" : Term;

    /// <summary>Whether this is a cut point between two ordered outcomes.</summary>
    public bool IsCutPoint { get; init; }

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
