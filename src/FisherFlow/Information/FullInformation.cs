namespace FisherFlow.Information;

/// <summary>The Gram matrix <c>I = Σ w xxᵀ</c>.</summary>
public sealed class FullInformation;
