using MathNet.Numerics;

namespace FisherFlow.Differentiation;

/// <summary>The functions that likelihoods are made of, each with its first two derivatives in a form that keeps its digits.</summary>
static class Elementary
{
    const double TwoOverSqrtPi = 1.1283791670955126;

    public static Expansion Exp(double x)
    {
        var e = Math.Exp(x);
        return new(e, e, e);
    }

    public static Expansion ExpM1(double x)
    {
        var e = Math.Exp(x);
        return new(Transcendental.ExpM1(x), e, e);
    }

    public static Expansion Log(double x) => new(Math.Log(x), 1 / x, -1 / (x * x));

    public static Expansion Log1P(double x) => new(Transcendental.Log1P(x), 1 / (1 + x), -1 / ((1 + x) * (1 + x)));

    public static Expansion Sqrt(double x)
    {
        var root = Math.Sqrt(x);
        return new(root, 0.5 / root, -0.25 / (root * x));
    }

    public static Expansion Pow(double x, double exponent) => new(
        Math.Pow(x, exponent),
        exponent == 0 ? 0 : exponent * Math.Pow(x, exponent - 1),
        exponent is 0 or 1 ? 0 : exponent * (exponent - 1) * Math.Pow(x, exponent - 2));

    public static Expansion Sin(double x)
    {
        var (sin, cos) = Math.SinCos(x);
        return new(sin, cos, -sin);
    }

    public static Expansion Cos(double x)
    {
        var (sin, cos) = Math.SinCos(x);
        return new(cos, -sin, -cos);
    }

    public static Expansion Tan(double x)
    {
        var tan = Math.Tan(x);
        var first = 1 + tan * tan;
        return new(tan, first, 2 * tan * first);
    }

    public static Expansion Asin(double x)
    {
        var first = 1 / Math.Sqrt((1 - x) * (1 + x));
        return new(Math.Asin(x), first, x * first * first * first);
    }

    public static Expansion Acos(double x)
    {
        var first = -1 / Math.Sqrt((1 - x) * (1 + x));
        return new(Math.Acos(x), first, x * first * first * first);
    }

    public static Expansion Atan(double x)
    {
        var first = 1 / (1 + x * x);
        return new(Math.Atan(x), first, -2 * x * first * first);
    }

    public static Expansion Sinh(double x)
    {
        var (sinh, cosh) = (Math.Sinh(x), Math.Cosh(x));
        return new(sinh, cosh, sinh);
    }

    public static Expansion Cosh(double x)
    {
        var (sinh, cosh) = (Math.Sinh(x), Math.Cosh(x));
        return new(cosh, sinh, cosh);
    }

    public static Expansion Tanh(double x)
    {
        var tanh = Math.Tanh(x);
        var cosh = Math.Cosh(x);
        var first = 1 / (cosh * cosh);
        return new(tanh, first, -2 * tanh * first);
    }

    public static Expansion Logistic(double x)
    {
        var (p, q) = Probabilities(x, out _);
        return new(p, p * q, p * q * (q - p));
    }

    public static Expansion SoftPlus(double x)
    {
        var (p, q) = Probabilities(x, out var e);
        return new(Math.Max(x, 0) + Transcendental.Log1P(e), p, p * q);
    }

    public static Expansion LogOneMinusExp(double x)
    {
        // f′ = −1/(e⁻ˣ − 1), f″ = f′(1 − f′)
        var first = -1 / Transcendental.ExpM1(-x);
        return new(Transcendental.LogOneMinusExp(x), first, first * (1 - first));
    }

    public static Expansion LogGamma(double x) => new(SpecialFunctions.GammaLn(x), SpecialFunctions.DiGamma(x), Transcendental.Trigamma(x));

    public static Expansion Digamma(double x) => new(SpecialFunctions.DiGamma(x), Transcendental.Trigamma(x), Polygamma.Second(x));

    public static Expansion Trigamma(double x) => new(Transcendental.Trigamma(x), Polygamma.Second(x), Polygamma.Third(x));

    public static Expansion Erf(double x)
    {
        var first = TwoOverSqrtPi * Math.Exp(-x * x);
        return new(SpecialFunctions.Erf(x), first, -2 * x * first);
    }

    public static Expansion Erfc(double x)
    {
        var first = -TwoOverSqrtPi * Math.Exp(-x * x);
        return new(SpecialFunctions.Erfc(x), first, -2 * x * first);
    }

    public static Expansion NormalCdf(double x)
    {
        var density = Transcendental.NormalDensity(x);
        return new(Transcendental.NormalTail(-x), density, -x * density);
    }

    public static Expansion LogNormalCdf(double x)
    {
        var mills = Transcendental.InverseMills(x, out var excess);
        return new(Transcendental.LogNormalCdf(x), mills, -mills * excess);
    }

    public static Expansion LogBesselI0(double x)
    {
        var at = Bessel.LogI0(Math.Abs(x));
        return x < 0 ? at with { First = -at.First } : at;
    }

    /// <summary><c>1/(1 + e⁻ˣ)</c> and its complement, with <c>e = exp(−|x|)</c>.</summary>
    static (double P, double Q) Probabilities(double x, out double e)
    {
        e = Math.Exp(-Math.Abs(x));
        var large = 1 / (1 + e);
        return x < 0 ? (e * large, large) : (large, e * large);
    }
}
