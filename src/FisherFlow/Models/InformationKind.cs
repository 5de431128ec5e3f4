namespace FisherFlow.Models;

/// <summary>How the information of an observation is computed at θ; away from the optimum, and where the model is wrong, these are different numbers.</summary>
/// <remarks>Source: Efron &amp; Hinkley (1978) for observed against expected; Kunstner, Hennig &amp; Balles (2019) for empirical against both.</remarks>
public enum InformationKind
{
    /// <summary><c>E[s sᵀ]</c> under the model, <c>w = prior·μ′²/V</c>; of an ordinal response the observed one, as in R.</summary>
    Expected,

    /// <summary><c>−∂²ℓ/∂θ²</c> at the response itself; a row's weight may be negative. Equal to the expected one under a canonical link.</summary>
    Observed,

    /// <summary><c>s sᵀ</c>, the squared score of the response itself; φ times the others where the dispersion is estimated.</summary>
    Empirical,

    /// <summary>The mean of <c>s sᵀ</c> over outcomes sampled from the model at θ.</summary>
    MonteCarlo,
}
