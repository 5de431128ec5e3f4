namespace FisherFlow.Inference;

/// <summary>What lower and upper limits of a prediction enclose.</summary>
public enum PredictionInterval
{
    /// <summary>No limits.</summary>
    None,
    /// <summary>The mean response (for several outcomes: the probability) at these predictors.</summary>
    Mean,
    /// <summary>A new response at these predictors.</summary>
    Observation,
}

/// <summary>What is asked of predictions.</summary>
public sealed record PredictionOptions
{
    /// <summary>How standard errors are computed.</summary>
    /// <value><see cref="CovarianceKind.Model"/>.</value>
    public CovarianceKind Covariance { get; init; } = CovarianceKind.Model;

    /// <summary>What the limits enclose.</summary>
    /// <value><see cref="PredictionInterval.None"/>.</value>
    public PredictionInterval Interval { get; init; } = PredictionInterval.None;

    /// <summary>Confidence level of the limits, strictly between 0 and 1.</summary>
    /// <value>0.95.</value>
    public double Level { get; init; } = 0.95;

    /// <summary>Whether the components of a mixture are predicted, given the response: <c>P(k | x, y)</c> for each, in place of the mean.</summary>
    /// <value>false.</value>
    public bool Responsibilities { get; init; }
}

/// <summary>What is predicted for a row, or for one outcome of a row; a default prediction is that of a row that cannot be predicted.</summary>
/// <param name="Estimate">The mean response, or the outcome's probability; null when the row cannot be predicted.</param>
/// <param name="StandardError">Its standard error by the delta method; null when it does not exist.</param>
/// <param name="Lower">Lower limit; null when none was asked for, or when it is unbounded.</param>
/// <param name="Upper">Upper limit; null when none was asked for, or when it is unbounded.</param>
public readonly record struct Prediction(double? Estimate, double? StandardError, double? Lower, double? Upper);
