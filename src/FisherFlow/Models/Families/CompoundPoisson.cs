using FisherFlow.Differentiation;
using MathNet.Numerics;

namespace FisherFlow.Models.Families;

/// <summary>A Poisson(λ) number of gamma(α, scale γ) amounts: Tweedie's distribution for 1 &lt; p &lt; 2.</summary>
/// <remarks><c>λ = μ²⁻ᵖ/(φ(2 − p))</c>, <c>α = (2 − p)/(p − 1)</c>, <c>γ = φ(p − 1)μᵖ⁻¹</c>. Source: Dunn &amp; Smyth (2005), §2 and §4.</remarks>
static class CompoundPoisson
{
    /// <summary>Expected number of amounts from which the saddlepoint stands in for the sum: its error is of the order of 1/λ.</summary>
    const double ManyAmounts = 1000;

    /// <summary>Terms below this share of the largest are left out.</summary>
    const double Negligible = 1e-18;

    /// <summary>The log-density at y &gt; 0 less its part in μ: <c>log Σⱼ Wⱼ − log y</c>.</summary>
    public static double LogCarrier(double y, double dispersion, double power)
    {
        // Wⱼ = z^j/(j!·Γ(jα)), log z = α log y − α log(p − 1) − (1 + α) log φ − log(2 − p)
        var alpha = (2 - power) / (power - 1);
        var logZ = alpha * Math.Log(y) - alpha * Math.Log(power - 1) - (1 + alpha) * Math.Log(dispersion) - Math.Log(2 - power);
        var peak = Math.Max(1, Math.Floor(Math.Pow(y, 2 - power) / (dispersion * (2 - power))));
        var largest = LogTerm(peak);
        var sum = 1.0;
        for (var j = peak + 1; Add(j); j++) { }
        for (var j = peak - 1; j >= 1 && Add(j); j--) { }
        return largest + Math.Log(sum) - Math.Log(y);

        double LogTerm(double j) => j * logZ - SpecialFunctions.GammaLn(j + 1) - SpecialFunctions.GammaLn(j * alpha);

        bool Add(double j)
        {
            var term = Math.Exp(LogTerm(j) - largest);
            sum += term;
            return term > Negligible;
        }
    }

    /// <summary><c>P(Y ≤ y) = e^{−λ} + Σⱼ P(N = j)·P(Gamma(jα) ≤ y/γ)</c>.</summary>
    public static double Cumulative(double y, double mean, double dispersion, double power)
    {
        var alpha = (2 - power) / (power - 1);
        var lambda = Math.Pow(mean, 2 - power) / (dispersion * (2 - power));
        if (y <= 0) { return Math.Exp(-lambda); }
        if (lambda > ManyAmounts) { return Saddlepoint(y, mean, dispersion, power); }
        var scaled = y / (dispersion * (power - 1) * Math.Pow(mean, power - 1));
        var logLambda = Math.Log(lambda);
        var sum = Math.Exp(-lambda);
        var peak = Math.Max(1, Math.Floor(lambda));
        for (var j = peak; Add(j); j++) { }
        for (var j = peak - 1; j >= 1 && Add(j); j--) { }
        return Math.Min(1, sum);

        bool Add(double j)
        {
            var probability = Math.Exp(j * logLambda - lambda - SpecialFunctions.GammaLn(j + 1));
            sum += probability * IncompleteGamma.Lower(j * alpha, scaled);
            return probability > Negligible;
        }
    }

    /// <summary><c>Φ(r) + φ(r)·(1/r − 1/q)</c> with r the signed root of the deviance and q the distance of the canonical parameters in standard errors at y.</summary>
    /// <remarks>Source: Lugannani &amp; Rice (1980); Jørgensen (1987) for dispersion models.</remarks>
    public static double Saddlepoint(double y, double mean, double dispersion, double power)
    {
        var deviance = new Tweedie(power).UnitDeviance(y, new(mean, 0, 0)) / dispersion;
        var r = Math.Sign(y - mean) * Math.Sqrt(deviance);
        var skewness = power * Math.Sqrt(dispersion * Math.Pow(mean, power - 2));
        var q = (Math.Pow(y, 1 - power) - Math.Pow(mean, 1 - power)) / (1 - power) * Math.Sqrt(Math.Pow(y, power) / dispersion);
        var correction = Math.Abs(r) < 1e-3 ? skewness / 6 : 1 / r - 1 / q;   // at the mean both vanish, and their difference tends to a sixth of the skewness
        return Math.Clamp(Transcendental.NormalTail(-r) + Transcendental.NormalDensity(r) * correction, 0, 1);
    }
}
