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
    public static Real Exp(Real x) => Math.Exp(x.Value);

    /// <inheritdoc/>
    public static Real Log(Real x) => Math.Log(x.Value);

    /// <inheritdoc/>
    public static Real Sqrt(Real x) => Math.Sqrt(x.Value);

    /// <inheritdoc/>
    public static Real Pow(Real x, double exponent) => Math.Pow(x.Value, exponent);

    /// <inheritdoc/>
    public static Real SoftPlus(Real x) => Transcendental.SoftPlus(x.Value);

    /// <inheritdoc/>
    public static Real LogOneMinusExp(Real x) => Transcendental.LogOneMinusExp(x.Value);

    /// <inheritdoc/>
    public static Real LogGamma(Real x) => SpecialFunctions.GammaLn(x.Value);

    /// <inheritdoc/>
    public static Real Atan(Real x) => Math.Atan(x.Value);

    /// <inheritdoc/>
    public static Real LogNormalCdf(Real x) => Transcendental.LogNormalCdf(x.Value);
}
