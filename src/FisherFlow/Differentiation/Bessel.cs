namespace FisherFlow.Differentiation;

/// <summary>The modified Bessel function of order zero, as its logarithm.</summary>
static class Bessel
{
    const double Asymptotic = 20;   // from here on the smallest term of the series is e⁻⁴⁰
    const double Cancelling = 200;

    /// <summary><c>log I₀(x)</c>, x ≥ 0, with <c>A = I₁/I₀</c> and <c>A′ = 1 − A/x − A²</c>.</summary>
    /// <remarks>Source: Abramowitz &amp; Stegun (1964), 9.6.10 and 9.7.1; the ratio by Gauss's continued fraction.</remarks>
    public static Expansion LogI0(double x)
    {
        if (x == 0) { return new(0, 0, 0.5); }
        var value = x < Asymptotic ? Math.Log(Series(x)) : x - 0.5 * Math.Log(2 * Math.PI * x) + Math.Log(AsymptoticSeries(x, 0));
        var ratio = x < Asymptotic ? Ratio(x) : AsymptoticSeries(x, 4) / AsymptoticSeries(x, 0);
        var slope = x < 0.1 ? SlopeNearZero(x) : x < Cancelling ? 1 - ratio / x - ratio * ratio : SlopeFarOut(x);
        return new(value, ratio, slope);
    }

    /// <summary><c>Σ (x²/4)ᵏ/(k!)²</c>.</summary>
    static double Series(double x)
    {
        double sum = 1, term = 1;
        for (var k = 1; term > 1e-17 * sum; k++)
        {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }
        return sum;
    }

    /// <summary><c>I₁/I₀ = 1/(2/x + 1/(4/x + 1/(6/x + …)))</c>.</summary>
    static double Ratio(double x)
    {
        var fraction = 0.0;
        for (var k = 40; k >= 1; k--) { fraction = 1 / (2 * k / x + fraction); }
        return fraction;
    }

    /// <summary><c>√(2πx) e⁻ˣ I_ν(x) = 1 − (m − 1)/(8x) + (m − 1)(m − 9)/(2!(8x)²) − …</c>, <c>m = 4ν²</c>.</summary>
    static double AsymptoticSeries(double x, double m)
    {
        double sum = 1, term = 1;
        for (var k = 1; k <= 30 && Math.Abs(term) > 1e-17; k++)
        {
            var odd = 2 * k - 1;
            term *= -(m - odd * odd) / (8 * x * k);
            sum += term;
        }
        return sum;
    }

    /// <summary><c>A′</c> from <c>A = x/2 − x³/16 + x⁵/96 − …</c></summary>
    static double SlopeNearZero(double x)
    {
        var s = x * x;
        return 0.5 - s * (3.0 / 16 - s * (5.0 / 96 - s * (77.0 / 6144 - s * (171.0 / 61440))));
    }

    /// <summary><c>A′</c> from <c>A = 1 − 1/(2x) − 1/(8x²) − 1/(8x³) − 25/(128x⁴) − 13/(32x⁵) − …</c></summary>
    static double SlopeFarOut(double x)
    {
        var t = 1 / x;
        return t * t * (0.5 + t * (0.25 + t * (3.0 / 8 + t * (25.0 / 32 + t * (65.0 / 32 + t * (3219.0 / 512))))));
    }
}
