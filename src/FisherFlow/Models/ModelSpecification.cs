namespace FisherFlow.Models;

/// <summary>The distribution of the response.</summary>
public enum Family
{
    /// <summary>Normal, constant variance.</summary>
    Gaussian,
    /// <summary>Binary, or a proportion of trials.</summary>
    Binomial,
    /// <summary>Counts with variance μ.</summary>
    Poisson,
    /// <summary>Positive with variance φμ².</summary>
    Gamma,
    /// <summary>Positive with variance φμ³.</summary>
    InverseGaussian,
    /// <summary>Counts with variance μ + μ²/θ, θ estimated.</summary>
    NegativeBinomial,
    /// <summary>Non-negative with variance φμᵖ, 1 &lt; p &lt; 2, or positive with p &gt; 2.</summary>
    Tweedie,
    /// <summary>One of several unordered outcomes, softmax of linear predictors.</summary>
    Multinomial,
    /// <summary>One of several ordered outcomes, P(y ≤ j) = g⁻¹(αⱼ − xᵀβ).</summary>
    Ordinal,
    /// <summary>A distribution of the catalog, every parameter of which follows a predictor of its own.</summary>
    Distributional,
}

/// <summary>How the mean is tied to the linear predictor, <c>η = g(μ)</c>.</summary>
public enum Link
{
    /// <summary>The family's customary link, as in R.</summary>
    Default,
    /// <summary>η = μ.</summary>
    Identity,
    /// <summary>η = log μ.</summary>
    Log,
    /// <summary>η = 1/μ.</summary>
    Inverse,
    /// <summary>η = 1/μ².</summary>
    InverseSquare,
    /// <summary>η = √μ.</summary>
    Sqrt,
    /// <summary>η = log(μ/(1 − μ)).</summary>
    Logit,
    /// <summary>η = Φ⁻¹(μ).</summary>
    Probit,
    /// <summary>η = log(−log(1 − μ)).</summary>
    ComplementaryLogLog,
    /// <summary>η = tan(π(μ − ½)).</summary>
    Cauchit,
}

/// <summary>Which model a stream is fitted with; equal specifications make states that can merge.</summary>
public sealed record ModelSpecification
{
    /// <summary>The distribution of the response.</summary>
    public Family Family { get; init; } = Family.Gaussian;

    /// <summary>The link.</summary>
    /// <value>The family's customary link.</value>
    public Link Link { get; init; } = Link.Default;

    /// <summary>The distribution, when the family is <see cref="Family.Distributional"/>: a name of the <see cref="Distributions.DistributionCatalog"/>, with its constants if it takes any.</summary>
    /// <value>Normal; other families do not look at it.</value>
    public string Distribution { get; init; } = "normal";

    /// <summary>Tweedie's variance power.</summary>
    /// <value>1.5.</value>
    public double Power { get; init; } = 1.5;

    /// <summary>Whether Pearson's χ²/(n − p) replaces a dispersion that the family holds at 1 (quasi-likelihood).</summary>
    public bool EstimateDispersion { get; init; }
}
