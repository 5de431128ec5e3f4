using System.Numerics.Tensors;

namespace FisherFlow.Optimisation;

/// <summary>Potentials in common use.</summary>
public static class Potentials
{
    /// <summary><c>ψ = ½‖θ‖²</c>: gradient ascent.</summary>
    public static IPotential Euclidean { get; } = new EuclideanPotential();

    /// <summary><c>ψ = Σ θ log θ − θ</c> on positive θ: unnormalised exponentiated gradient (Kivinen &amp; Warmuth 1997); A* of Poisson means.</summary>
    public static IPotential Entropy { get; } = new EntropyPotential();

    /// <summary><c>ψ = Σ θ log θ</c> on the simplex: exponentiated gradient, which is the natural gradient in softmax logits.</summary>
    public static IPotential Simplex { get; } = new SimplexPotential();

    sealed class EuclideanPotential : IPotential
    {
        public string Name => "euclidean";

        public void Gradient(ReadOnlySpan<double> theta, Span<double> dual) => theta.CopyTo(dual);

        public void Inverse(ReadOnlySpan<double> dual, Span<double> theta) => dual.CopyTo(theta);
    }

    sealed class EntropyPotential : IPotential
    {
        public string Name => "entropy";

        public void Gradient(ReadOnlySpan<double> theta, Span<double> dual) => TensorPrimitives.Log(theta, dual);

        public void Inverse(ReadOnlySpan<double> dual, Span<double> theta) => TensorPrimitives.Exp(dual, theta);
    }

    sealed class SimplexPotential : IPotential
    {
        public string Name => "simplex";

        public void Gradient(ReadOnlySpan<double> theta, Span<double> dual) => TensorPrimitives.Log(theta, dual);

        /// <remarks>The dual is known up to an added constant, which the sum of one takes out.</remarks>
        public void Inverse(ReadOnlySpan<double> dual, Span<double> theta)
        {
            TensorPrimitives.Subtract(dual, TensorPrimitives.Max(dual), theta);
            TensorPrimitives.Exp(theta, theta);
            TensorPrimitives.Divide(theta, TensorPrimitives.Sum<double>(theta), theta);
        }
    }
}
