namespace FisherFlow.Information;

/// <summary>In which sense a diagonal <c>M</c> is the one nearest to an information <c>I</c>.</summary>
/// <remarks>Source: Minka (2005), divergence measures; Turner &amp; Sahani (2011) on what mean-field variances leave out.</remarks>
public enum DiagonalProjection
{
    /// <summary>Minimises <c>‖M − I‖</c> of Frobenius: <c>Mᵢᵢ = Iᵢᵢ</c>.</summary>
    Frobenius,

    /// <summary>Minimises <c>KL(N(0, M⁻¹) ‖ N(0, I⁻¹))</c>: <c>Mᵢᵢ = Iᵢᵢ</c>, the mean field. Variances are those of one parameter when all others are known: too small.</summary>
    MeanField,

    /// <summary>Minimises <c>KL(N(0, I⁻¹) ‖ N(0, M⁻¹))</c>: <c>Mᵢᵢ = 1/(I⁻¹)ᵢᵢ</c>, so that every parameter keeps its marginal variance.</summary>
    Marginal,
}
