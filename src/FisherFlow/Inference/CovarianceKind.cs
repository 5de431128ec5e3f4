namespace FisherFlow.Inference;

/// <summary>How the covariance of the estimate is computed from bread <c>I⁻¹</c> and meat <c>J</c>.</summary>
public enum CovarianceKind
{
    /// <summary><c>φ I⁻¹</c>: the model is right.</summary>
    Model,
    /// <summary><c>I⁻¹ J I⁻¹</c> (White 1980).</summary>
    HC0,
    /// <summary>HC0 · n/(n − p).</summary>
    HC1,
    /// <summary>Meat <c>Σ sᵢsᵢᵀ/(1 − hᵢ)²</c> (MacKinnon &amp; White 1985).</summary>
    HC3,
    /// <summary>Clustered, CR1: G/(G − 1) · (n − 1)/(n − p) · I⁻¹ Σ s_g s_gᵀ I⁻¹.</summary>
    Cluster,
}
