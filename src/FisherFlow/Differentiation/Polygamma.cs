namespace FisherFlow.Differentiation;

/// <summary>The derivatives of the trigamma function.</summary>
/// <remarks>Recurrence to x ≥ 16, then the asymptotic series of Abramowitz &amp; Stegun (1964), 6.4.13 and 6.4.14.</remarks>
static class Polygamma
{
    /// <summary><c>ψ″(x)</c>, x &gt; 0.</summary>
    public static double Second(double x)
    {
        var sum = 0.0;
        for (; x < Transcendental.Asymptotic; x++) { sum -= 2 / (x * x * x); }
        var s = 1 / (x * x);
        return sum - s - s / x - s * s * (0.5 - s * (1.0 / 6 - s * (1.0 / 6 - s * (3.0 / 10 - s * (5.0 / 6 - s * (691.0 / 210))))));
    }

    /// <summary><c>ψ‴(x)</c>, x &gt; 0.</summary>
    public static double Third(double x)
    {
        var sum = 0.0;
        for (; x < Transcendental.Asymptotic; x++) { sum += 6 / (x * x * x * x); }
        var s = 1 / (x * x);
        return sum + 2 * s / x + 3 * s * s + s * s / x * (2 - s * (1 - s * (4.0 / 3 - s * (3 - s * (10 - s * (691.0 / 15))))));
    }
}
