namespace FisherFlow.Cli.Output;

/// <summary>A part of a state that <c>show</c> can print.</summary>
enum StatePart
{
    /// <summary>The table of coefficients.</summary>
    Coefficients,
    /// <summary>Formula, family, options, and what wrote the state.</summary>
    Model,
    /// <summary>Every factor with its levels.</summary>
    Levels,
    /// <summary>θ over all parameters.</summary>
    Estimate,
    /// <summary>The information matrix at θ of the identified parameters.</summary>
    Information,
    /// <summary>The covariance of the coefficients.</summary>
    Covariance,
    /// <summary>Sums over the responses and at the estimate.</summary>
    Sums,
    /// <summary>Fingerprints of the data inside.</summary>
    Lineage,
    /// <summary>Rejected rows by reason.</summary>
    Rejections,
}
