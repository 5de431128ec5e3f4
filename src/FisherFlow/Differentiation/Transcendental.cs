using MathNet.Numerics;

namespace FisherFlow.Differentiation;

/// <summary>Elementary and special functions where the plain formula cancels, overflows or underflows.</summary>
static class Transcendental
{
    /// <summary><c>log √(2π)</c>.</summary>
    public const double LogSqrtTwoPi = 0.91893853320467274178;

    /// <summary>From here on asymptotic series are exact to rounding.</summary>
    public const double Asymptotic = 16;

    const double InverseSqrtTwo = 0.70710678118654752440;
    const double InverseSqrtTwoPi = 0.39894228040143267794;

    /// <summary><c>log(1 + x)</c>, exact to rounding near zero.</summary>
    /// <remarks>Source: Kahan; see Higham (2002), <i>Accuracy and Stability of Numerical Algorithms</i>, §1.14.1.</remarks>
    public static double Log1P(double x)
    {
        var u = 1 + x;
        var excess = u - 1;
        return excess == 0 || double.IsInfinity(u) ? (double.IsInfinity(u) ? u : x) : Math.Log(u) * (x / excess);
    }

    /// <summary><c>eˣ − 1</c>, exact to rounding near zero.</summary>
    /// <remarks>Source: Kahan; Higham (2002), §1.14.1.</remarks>
    public static double ExpM1(double x)
    {
        if (Math.Abs(x) > 1) { return Math.Exp(x) - 1; }
        var u = Math.Exp(x);
        return u == 1 ? x : (u - 1) * (x / Math.Log(u));
    }

    /// <summary><c>log(1 + eˣ)</c>.</summary>
    public static double SoftPlus(double x) => Math.Max(x, 0) + Log1P(Math.Exp(-Math.Abs(x)));

    /// <summary><c>1/(1 + e⁻ˣ)</c>.</summary>
    public static double Logistic(double x)
    {
        var e = Math.Exp(-Math.Abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    /// <summary><c>log(1 − eˣ)</c> for x &lt; 0.</summary>
    /// <remarks>Source: Mächler (2012), <i>Accurately computing log(1 − exp(−|a|))</i>, with the switch at log 2.</remarks>
    public static double LogOneMinusExp(double x) => x > -0.6931471805599453 ? Math.Log(-ExpM1(x)) : Log1P(-Math.Exp(x));

    /// <summary><c>Φ(−x)</c> of the standard normal.</summary>
    public static double NormalTail(double x) => 0.5 * SpecialFunctions.Erfc(x * InverseSqrtTwo);

    /// <summary><c>φ(x)</c> of the standard normal.</summary>
    public static double NormalDensity(double x) => InverseSqrtTwoPi * Math.Exp(-0.5 * x * x);

    /// <summary><c>log Φ(x)</c>.</summary>
    public static double LogNormalCdf(double x) => x switch
    {
        > 0 => Log1P(-NormalTail(x)),
        > -20 => Math.Log(NormalTail(-x)),
        _ => -0.5 * x * x - LogSqrtTwoPi + Math.Log(MillsRatio(-x)),
    };

    /// <summary><c>φ(x)/Φ(x)</c>, the derivative of <see cref="LogNormalCdf"/>.</summary>
    public static double InverseMills(double x) => InverseMills(x, out _);

    /// <summary><c>m = φ(x)/Φ(x)</c> with <c>m + x</c>, which vanishes as <c>1/|x|</c> in the lower tail and is not to be had by a sum there.</summary>
    public static double InverseMills(double x, out double excess)
    {
        if (x > -20)
        {
            var mills = NormalDensity(x) / NormalTail(-x);
            excess = mills + x;
            return mills;
        }
        excess = MillsExcess(-x);
        return excess - x;
    }

    /// <summary><c>Φ(−x)/φ(x)</c> for x ≥ 20.</summary>
    static double MillsRatio(double x) => 1 / (x + MillsExcess(x));

    /// <summary><c>φ(x)/Φ(−x) − x = 1/(x + 2/(x + 3/(x + …)))</c> for x ≥ 20, Laplace's continued fraction.</summary>
    static double MillsExcess(double x)
    {
        var fraction = x;
        for (var k = 12; k >= 2; k--) { fraction = x + k / fraction; }
        return 1 / fraction;
    }

    /// <summary><c>ψ′(x)</c>, the trigamma function, x &gt; 0.</summary>
    /// <remarks>Recurrence to x ≥ 12, then the asymptotic series of Abramowitz &amp; Stegun (1964), 6.4.12.</remarks>
    public static double Trigamma(double x)
    {
        var sum = 0.0;
        for (; x < 12; x++) { sum += 1 / (x * x); }
        var s = 1 / (x * x);
        return sum + 1 / x + s / 2 + s / x * (1.0 / 6 - s * (1.0 / 30 - s * (1.0 / 42 - s * (1.0 / 30 - s * (5.0 / 66 - s * (691.0 / 2730))))));
    }

    /// <summary><c>ψ(z) − log z</c>, z &gt; 0.</summary>
    /// <remarks>From z ≥ 16 the asymptotic series, which has the logarithm taken out already (Abramowitz &amp; Stegun 1964, 6.3.18).</remarks>
    public static double DigammaLessLog(double z)
    {
        if (z < Asymptotic) { return SpecialFunctions.DiGamma(z) - Math.Log(z); }
        var s = 1 / (z * z);
        return -0.5 / z - s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s / 132))));
    }

    /// <summary><c>ψ′(z) − 1/z</c>, z &gt; 0.</summary>
    /// <remarks>Source: Abramowitz &amp; Stegun (1964), 6.4.12.</remarks>
    public static double TrigammaLessInverse(double z)
    {
        if (z < Asymptotic) { return Trigamma(z) - 1 / z; }
        var s = 1 / (z * z);
        return s * (0.5 + (1.0 / 6 - s * (1.0 / 30 - s * (1.0 / 42 - s * (1.0 / 30 - s * (5.0 / 66))))) / z);
    }

    /// <summary><c>log Γ(z) − z log z + z</c>, z &gt; 0.</summary>
    public static double LogGammaLessXLogX(double z) =>
        z < Asymptotic ? SpecialFunctions.GammaLn(z) - z * Math.Log(z) + z : LogSqrtTwoPi - 0.5 * Math.Log(z) + StirlingError(z);

    /// <summary><c>log Γ(z + y) − log Γ(z) − y log z</c>, z &gt; 0 and y ≥ 0.</summary>
    public static double LogGammaRise(double z, double y) =>
        z < Asymptotic
            ? SpecialFunctions.GammaLn(z + y) - SpecialFunctions.GammaLn(z) - y * Math.Log(z)
            : (z + y - 0.5) * Log1P(y / z) - y + (StirlingError(z + y) - StirlingError(z));

    /// <summary>What Stirling's formula lacks of <c>log Γ(z)</c>, z ≥ 16.</summary>
    static double StirlingError(double z)
    {
        var s = 1 / (z * z);
        return (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s / 1188)))) / z;
    }

    /// <summary><c>log y!</c>, y ≥ 0, between the integers too.</summary>
    public static double LogFactorial(double y) =>
        y <= 170 && y == Math.Floor(y) ? SpecialFunctions.FactorialLn((int)y) : SpecialFunctions.GammaLn(y + 1);

    /// <summary><c>x·log y</c>, zero where x is zero.</summary>
    public static double XLogY(double x, double y) => x == 0 ? 0 : x * Math.Log(y);
}
