using MathNet.Numerics;

namespace FisherFlow.Differentiation;

/// <summary>A value with its first two derivatives along one direction, <c>(f, f′, f″)</c>.</summary>
/// <remarks>Derivatives are exact to rounding, in the tails too: no difference quotient is taken. Allocates nothing.</remarks>
/// <param name="Value">f.</param>
/// <param name="First">f′.</param>
/// <param name="Second">f″.</param>
public readonly record struct Jet(double Value, double First = 0, double Second = 0) : IScalar<Jet>
{
    /// <summary>The variable that is differentiated by: derivative one.</summary>
    public static Jet Variable(double value) => new(value, 1);

    /// <inheritdoc/>
    public static implicit operator Jet(double value) => new(value);

    /// <inheritdoc/>
    public static Jet operator +(Jet left, Jet right) => new(left.Value + right.Value, left.First + right.First, left.Second + right.Second);

    /// <inheritdoc/>
    public static Jet operator -(Jet left, Jet right) => new(left.Value - right.Value, left.First - right.First, left.Second - right.Second);

    /// <inheritdoc/>
    public static Jet operator -(Jet value) => new(-value.Value, -value.First, -value.Second);

    /// <inheritdoc/>
    public static Jet operator *(Jet left, Jet right) => new(
        left.Value * right.Value,
        left.First * right.Value + left.Value * right.First,
        left.Second * right.Value + 2 * left.First * right.First + left.Value * right.Second);

    /// <inheritdoc/>
    public static Jet operator /(Jet left, Jet right)
    {
        // q = f/g: q′ = (f′ − q g′)/g and q″ = (f″ − 2q′g′ − q g″)/g, with no square of g that could overflow
        var value = left.Value / right.Value;
        var first = (left.First - value * right.First) / right.Value;
        return new(value, first, (left.Second - 2 * first * right.First - value * right.Second) / right.Value);
    }

    /// <inheritdoc/>
    public static Jet Exp(Jet x)
    {
        var e = Math.Exp(x.Value);
        return x.Chain(e, e, e);
    }

    /// <inheritdoc/>
    public static Jet Log(Jet x) => x.Chain(Math.Log(x.Value), 1 / x.Value, -1 / (x.Value * x.Value));

    /// <inheritdoc/>
    public static Jet Sqrt(Jet x)
    {
        var root = Math.Sqrt(x.Value);
        return x.Chain(root, 0.5 / root, -0.25 / (root * x.Value));
    }

    /// <inheritdoc/>
    public static Jet Pow(Jet x, double exponent) => x.Chain(
        Math.Pow(x.Value, exponent),
        exponent == 0 ? 0 : exponent * Math.Pow(x.Value, exponent - 1),
        exponent is 0 or 1 ? 0 : exponent * (exponent - 1) * Math.Pow(x.Value, exponent - 2));

    /// <inheritdoc/>
    public static Jet SoftPlus(Jet x)
    {
        var (p, q) = (Transcendental.Logistic(x.Value), Transcendental.Logistic(-x.Value));
        return x.Chain(Transcendental.SoftPlus(x.Value), p, p * q);
    }

    /// <inheritdoc/>
    public static Jet LogOneMinusExp(Jet x)
    {
        // f′ = −1/(e⁻ˣ − 1), f″ = f′(1 − f′)
        var first = -1 / Transcendental.ExpM1(-x.Value);
        return x.Chain(Transcendental.LogOneMinusExp(x.Value), first, first * (1 - first));
    }

    /// <inheritdoc/>
    public static Jet LogGamma(Jet x) => x.Chain(SpecialFunctions.GammaLn(x.Value), SpecialFunctions.DiGamma(x.Value), Transcendental.Trigamma(x.Value));

    /// <inheritdoc/>
    public static Jet Atan(Jet x)
    {
        var first = 1 / (1 + x.Value * x.Value);
        return x.Chain(Math.Atan(x.Value), first, -2 * x.Value * first * first);
    }

    /// <inheritdoc/>
    public static Jet LogNormalCdf(Jet x)
    {
        var mills = Transcendental.InverseMills(x.Value);
        return x.Chain(Transcendental.LogNormalCdf(x.Value), mills, -mills * (x.Value + mills));
    }

    /// <summary>The chain rule to second order: <c>g ∘ f</c> from <c>g, g′, g″</c> at <c>f</c>.</summary>
    Jet Chain(double value, double first, double second) => new(value, first * First, second * First * First + first * Second);
}
