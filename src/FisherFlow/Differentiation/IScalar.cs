using System.Numerics;

namespace FisherFlow.Differentiation;

/// <summary>The number a likelihood is written over: change the number, and the same formula differentiates itself.</summary>
/// <typeparam name="T">The number itself.</typeparam>
public interface IScalar<T> : IAdditionOperators<T, T, T>, ISubtractionOperators<T, T, T>, IMultiplyOperators<T, T, T>,
    IDivisionOperators<T, T, T>, IUnaryNegationOperators<T, T>
    where T : struct, IScalar<T>
{
    /// <summary>The number without its derivatives.</summary>
    double Value { get; }

    /// <summary>A constant.</summary>
    static abstract implicit operator T(double value);

    /// <summary><c>eˣ</c>.</summary>
    static abstract T Exp(T x);

    /// <summary><c>log x</c>.</summary>
    static abstract T Log(T x);

    /// <summary><c>√x</c>.</summary>
    static abstract T Sqrt(T x);

    /// <summary><c>xᵃ</c>, x &gt; 0 or a an integer.</summary>
    static abstract T Pow(T x, double exponent);

    /// <summary><c>log(1 + eˣ)</c>, without overflow.</summary>
    static abstract T SoftPlus(T x);

    /// <summary><c>log(1 − eˣ)</c> for x &lt; 0, without cancellation.</summary>
    static abstract T LogOneMinusExp(T x);

    /// <summary><c>log Γ(x)</c>, x &gt; 0.</summary>
    static abstract T LogGamma(T x);

    /// <summary><c>arctan x</c>.</summary>
    static abstract T Atan(T x);

    /// <summary><c>log Φ(x)</c>, the standard normal's, far into the tail.</summary>
    static abstract T LogNormalCdf(T x);
}
