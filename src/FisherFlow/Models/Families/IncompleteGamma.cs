using MathNet.Numerics;

namespace FisherFlow.Models.Families;

/// <summary>The regularised incomplete gamma functions <c>P(a, x)</c> and <c>Q(a, x) = 1 − P(a, x)</c>, at a cost that does not grow with a.</summary>
/// <remarks>
/// Series and continued fractions need about √a terms, which for counts in the billions is a minute a row. Beyond <see cref="Large"/> the first term of the uniform expansion serves,
/// <c>Q = ½erfc(η√(a/2)) + e^(−aη²/2)/√(2πa)·(1/(λ − 1) − 1/η)</c> with <c>λ = x/a</c>, <c>½η² = λ − 1 − log λ</c>; the next is of size <c>1/(12a√(2πa))</c>.
/// Source: Temme (1979), The asymptotic expansion of the incomplete gamma functions, equations 1.4 and 1.5.
/// </remarks>
static class IncompleteGamma
{
    /// <summary>The shape beyond which the expansion is used, exact there to 3e-13.</summary>
    public const double Large = 1e7;

    const double Near = 1e-3;
    const double Tiny = 1e-10;   // where two terms of the series are exact, and the library's ends at 10⁻¹⁵

    /// <summary><c>P(a, x)</c>.</summary>
    public static double Lower(double a, double x) => a <= Large && x is > 0 and < Tiny ? First(a, x) : a <= Large ? SpecialFunctions.GammaLowerRegularized(a, x) : x <= 0 ? 0 : double.IsInfinity(x) ? 1 : Expansion(a, x, -1);

    /// <summary><c>Q(a, x)</c>.</summary>
    public static double Upper(double a, double x) => a <= Large && x is > 0 and < Tiny ? 1 - First(a, x) : a <= Large ? SpecialFunctions.GammaUpperRegularized(a, x) : x <= 0 ? 1 : double.IsInfinity(x) ? 0 : Expansion(a, x, 1);

    /// <summary><c>x^a/Γ(a + 1)·(1 − ax/(a + 1))</c>.</summary>
    static double First(double a, double x) => Math.Exp(a * Math.Log(x) - SpecialFunctions.GammaLn(a + 1)) * (1 - a * x / (a + 1));

    static double Expansion(double a, double x, int sign)
    {
        var excess = (x - a) / a;   // λ − 1
        var half = Math.Abs(excess) < Near ? Series(excess) : excess - Math.Log(x / a);
        var eta = Math.CopySign(Math.Sqrt(2 * half), excess);
        // 1/μ − 1/η is −1/3 + η/12 − … near zero, where the difference cancels
        var correction = Math.Abs(excess) < Near ? (-1.0 / 3) + (eta / 12) - (2 * eta * eta / 135) : (1 / excess) - (1 / eta);
        var value = (0.5 * SpecialFunctions.Erfc(sign * eta * Math.Sqrt(a / 2))) + (sign * Math.Exp(-a * half) / Math.Sqrt(2 * Math.PI * a) * correction);
        return Math.Clamp(value, 0, 1);
    }

    /// <summary><c>μ − log(1 + μ) = μ²/2 − μ³/3 + μ⁴/4 − …</c>.</summary>
    static double Series(double excess)
    {
        var (sum, power) = (0.0, -excess);
        for (var k = 2; k <= 8; k++)
        {
            power *= -excess;
            sum += power / k;
        }
        return sum;
    }
}
