namespace FisherFlow.Inference;

/// <summary>Tails and quantiles of Student's t, from one degree of freedom to billions, accurate down to the smallest double.</summary>
static class StudentDistribution
{
    const double ManyDegrees = 1e6;

    /// <summary><c>P(|T| ≥ |t|)</c> with <paramref name="degrees"/> degrees of freedom.</summary>
    /// <remarks>
    /// The incomplete beta ratio <c>I_w(ν/2, ½)</c> at <c>w = ν/(ν + t²)</c> by its continued fraction (DLMF 8.17.22), its power taken through
    /// log1p so that nothing cancels; above a million degrees by Hill's expansion (1970, Algorithm 395), whose error is below 1e-13 there.
    /// </remarks>
    public static double TwoSided(double t, double degrees)
    {
        t = Math.Abs(t);
        if (double.IsPositiveInfinity(t)) { return 0; }
        if (degrees > ManyDegrees) { return NormalDistribution.TwoSided(NormalEquivalent(t, degrees)); }
        var ratio = t / Math.Sqrt(degrees);
        var hypotenuse = ratio < 1e150 ? Math.Sqrt(1 + ratio * ratio) : ratio;
        var a = degrees / 2;
        var power = Math.Exp(-2 * a * (ratio < 1e8 ? 0.5 * double.LogP1(ratio * ratio) : Math.Log(ratio)));
        var front = power * (ratio / hypotenuse) * HalfStepRatio(a) / Math.Sqrt(Math.PI);   // w^a (1 − w)^½ / B(a, ½)
        var w = 1 / (hypotenuse * hypotenuse);
        if (w < (a + 1) / (a + 2.5)) { return Math.Min(1, front / a * Fraction(a, 0.5, w)); }
        var v = ratio / hypotenuse;
        return Math.Max(0, 1 - front / 0.5 * Fraction(0.5, a, v * v));
    }

    /// <summary>The t with <c>P(|T| ≤ t) = level</c>.</summary>
    public static double Quantile(double level, double degrees)
    {
        var tail = 1 - level;
        double low = 0, high = 2 * NormalDistribution.Quantile(level);
        while (TwoSided(high, degrees) > tail) { (low, high) = (high, 2 * high); }
        for (var i = 0; i < 200 && high - low > 1e-15 * high; i++)
        {
            var middle = 0.5 * (low + high);
            if (TwoSided(middle, degrees) > tail) { low = middle; } else { high = middle; }
        }
        return 0.5 * (low + high);
    }

    static double NormalEquivalent(double t, double degrees)
    {
        var a = degrees - 0.5;
        var b = 48 * a * a;
        var y = a * double.LogP1(t / degrees * t);
        return (((((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b) + y + 3) / b + 1) * Math.Sqrt(y);
    }

    /// <summary><c>Γ(a + ½)/Γ(a)</c>: a recursion up to 25, then the asymptotic series, so that no large logarithms are subtracted.</summary>
    static double HalfStepRatio(double a)
    {
        var shift = 1.0;
        for (; a < 25; a++) { shift *= a / (a + 0.5); }
        var r = 1 / a;
        var series = 1 + r * (-1.0 / 8 + r * (1.0 / 128 + r * (5.0 / 1024 + r * (-21.0 / 32768 + r * (-399.0 / 262144 + r * (869.0 / 4194304 + r * 39325.0 / 33554432))))));
        return shift * Math.Sqrt(a) * series;
    }

    /// <summary>The continued fraction of the incomplete beta function, by the modified Lentz recurrence.</summary>
    static double Fraction(double a, double b, double x)
    {
        const double Tiny = 1e-300;
        var c = 1.0;
        var d = 1 - (a + b) * x / (a + 1);
        d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
        var h = d;
        for (var m = 1; m < 100_000; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            Advance(even);
            if (Math.Abs(Advance(odd) - 1) < 1e-16) { break; }
        }
        return h;

        double Advance(double coefficient)
        {
            d = 1 + coefficient * d;
            d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
            c = 1 + coefficient / c;
            c = Math.Abs(c) < Tiny ? Tiny : c;
            h *= d * c;
            return d * c;
        }
    }
}
