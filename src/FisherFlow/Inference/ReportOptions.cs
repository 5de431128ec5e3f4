namespace FisherFlow.Inference;

/// <summary>What a report asks of an estimate.</summary>
public sealed record ReportOptions
{
    /// <summary>How standard errors are computed.</summary>
    /// <value><see cref="CovarianceKind.Model"/>.</value>
    public CovarianceKind Covariance { get; init; } = CovarianceKind.Model;

    /// <summary>Confidence level of the limits, strictly between 0 and 1.</summary>
    /// <value>0.95.</value>
    public double Level { get; init; } = 0.95;

    /// <summary>Reference levels by factor, over the model's own; the response's reference outcome goes by the empty name.</summary>
    /// <value>None: the model's own.</value>
    public IReadOnlyDictionary<string, string> References { get; init; } = new Dictionary<string, string>();
}
