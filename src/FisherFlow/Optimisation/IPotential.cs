namespace FisherFlow.Optimisation;

/// <summary>A strictly convex potential ψ, given by its gradient and the inverse of that: the mirror of mirror descent.</summary>
/// <remarks><c>∇ψ(θ′) = ∇ψ(θ) + ηs</c>. In the mean parameters of an exponential family with <c>ψ = A*</c> this is the natural gradient in natural parameters (Raskutti &amp; Mukherjee 2015).</remarks>
public interface IPotential
{
    /// <summary>A name for reports.</summary>
    string Name { get; }

    /// <summary><c>∇ψ(θ)</c>.</summary>
    /// <param name="theta">A point of the domain <c>[d]</c>.</param>
    /// <param name="dual">Receives its dual <c>[d]</c>.</param>
    void Gradient(ReadOnlySpan<double> theta, Span<double> dual);

    /// <summary><c>(∇ψ)⁻¹</c>.</summary>
    /// <param name="dual">A dual point <c>[d]</c>.</param>
    /// <param name="theta">Receives the point <c>[d]</c>.</param>
    void Inverse(ReadOnlySpan<double> dual, Span<double> theta);
}
