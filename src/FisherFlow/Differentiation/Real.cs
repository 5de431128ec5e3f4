using MathNet.Numerics;

namespace FisherFlow.Differentiation;

/// <summary>A plain number: a likelihood over it is merely evaluated.</summary>
/// <param name="Value">The number.</param>
public readonly record struct Real(double Value) : IScalar<Real>
{
    /// <inheritdoc/>
    public static implicit operator Real(double value) => new(value);

    /// <inheritdoc/>
    public static Real operator +(Real left, Real right) => left.Value + right.Value;

    /// <inheritdoc/>
    public static Real operator -(Real left, Real right) => left.Value - right.Value;

    /// <inheritdoc/>
    public static Real operator *(Real left, Real right) => left.Value * right.Value;

    /// <inheritdoc/>
    public static Real operator /(Real left, Real right) => left.Value / right.Value;

    /// <inheritdoc/>
    public static Real operator -(Real value) => -value.Value;

    /// <inheritdoc/>
    public static Real Chain(Real x, double value, double first, double second) => value;

    // Where derivatives cost as much as the value, a plain number does without them.

    /// <inheritdoc/>
    public static Real Pow(Real x, double exponent) => Math.Pow(x.Value, exponent);

    /// <inheritdoc/>
    public static Real LogGamma(Real x) => SpecialFunctions.GammaLn(x.Value);

    /// <inheritdoc/>
    public static Real Digamma(Real x) => SpecialFunctions.DiGamma(x.Value);

    /// <inheritdoc/>
    public static Real Trigamma(Real x) => Transcendental.Trigamma(x.Value);

    /// <inheritdoc/>
    public static Real Erf(Real x) => SpecialFunctions.Erf(x.Value);

    /// <inheritdoc/>
    public static Real Erfc(Real x) => SpecialFunctions.Erfc(x.Value);

    /// <inheritdoc/>
    public static Real LogNormalCdf(Real x) => Transcendental.LogNormalCdf(x.Value);
}
