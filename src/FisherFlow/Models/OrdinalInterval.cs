using System.Runtime.CompilerServices;
using FisherFlow.Differentiation;
using FisherFlow.Models.Links;

namespace FisherFlow.Models;

/// <summary>Log-probability <c>log(F(u) − F(l))</c> of an interval with its gradient and negative Hessian.</summary>
/// <remarks>
/// Coordinates: a common shift of both ends, and a move of the upper end alone. In these nothing large cancels when the interval is narrow,
/// where the Hessian in (u, l) is <c>(u − l)⁻²</c> times a singular matrix. Concave for log-concave densities (Pratt 1981).
/// </remarks>
/// <param name="Probability"><c>F(u) − F(l)</c>.</param>
/// <param name="ShiftScore">Derivative along the shift.</param>
/// <param name="UpperScore">Derivative along the upper end.</param>
/// <param name="ShiftInformation">Negative second derivative along the shift, &gt; 0.</param>
/// <param name="CrossInformation">Negative mixed derivative.</param>
/// <param name="UpperInformation">Negative second derivative along the upper end; 0 where there is none.</param>
readonly record struct OrdinalInterval(
    double Probability, double ShiftScore, double UpperScore, double ShiftInformation, double CrossInformation, double UpperInformation)
{
    /// <summary>Share of a squared score below which information is rounding.</summary>
    const double Rounding = 1e-12;

    /// <summary>Ends closer than this are taken this far apart, so that derivatives stay finite.</summary>
    const double Narrowest = 1e-9;

    /// <summary>The interval from <paramref name="lower"/> to <paramref name="upper"/>; either may be infinite, not both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrdinalInterval Between<TLink>(TLink link, double lower, double upper) where TLink : struct, ICumulativeLink
    {
        if (double.IsNegativeInfinity(lower)) { return Below(link, Math.Clamp(upper, link.Lower, link.Upper)); }
        if (double.IsPositiveInfinity(upper)) { return Above(link, Math.Clamp(lower, link.Lower, link.Upper)); }
        if (upper - lower < Narrowest)
        {
            var middle = lower + 0.5 * (upper - lower);
            (lower, upper) = (middle - Narrowest / 2, middle + Narrowest / 2);
        }
        // far out the interval is looked at from where a machine epsilon of probability is left
        if (upper < link.Lower) { (lower, upper) = (link.Lower - Math.Max(upper - lower, Narrowest), link.Lower); }
        else if (lower > link.Upper) { (lower, upper) = (link.Upper, link.Upper + Math.Max(upper - lower, Narrowest)); }
        return typeof(TLink) == typeof(LogitLink) ? Logistic(lower, upper) : General(link, lower, upper);
    }

    /// <summary>Everything below u: moving the upper end is moving all, and only the upper coordinate is used.</summary>
    static OrdinalInterval Below<TLink>(TLink link, double upper) where TLink : struct, ICumulativeLink
    {
        var point = link.Distribution(upper);
        var score = point.Density / point.Below;
        var information = typeof(TLink) == typeof(LogitLink) ? point.Density : score * score - point.DensitySlope / point.Below;
        return new(point.Below, 0, score, 0, 0, Math.Max(information, Rounding * score * score));
    }

    /// <summary>Everything above l: only the shift is used.</summary>
    static OrdinalInterval Above<TLink>(TLink link, double lower) where TLink : struct, ICumulativeLink
    {
        var point = link.Distribution(lower);
        var score = point.Density / point.Above;
        var information = typeof(TLink) == typeof(LogitLink) ? point.Density : score * score + point.DensitySlope / point.Above;
        return new(point.Above, -score, 0, Math.Max(information, Rounding * score * score), 0, 0);
    }

    /// <summary>From <c>F(u) − F(l) = F(u)·(1 − F(l))·(1 − e^{l−u})</c>.</summary>
    static OrdinalInterval Logistic(double lower, double upper)
    {
        var odds = 1 / Transcendental.ExpM1(upper - lower);
        var (below, above) = (Transcendental.Logistic(upper), Transcendental.Logistic(-upper));
        var (lowerBelow, lowerAbove) = (Transcendental.Logistic(lower), Transcendental.Logistic(-lower));
        var (curve, lowerCurve) = (below * above, lowerBelow * lowerAbove);
        return new(
            -below * lowerAbove * Transcendental.ExpM1(lower - upper),
            above - lowerBelow, above + odds, curve + lowerCurve, curve, curve + odds * (1 + odds));
    }

    static OrdinalInterval General<TLink>(TLink link, double lower, double upper) where TLink : struct, ICumulativeLink
    {
        var (u, l) = (link.Distribution(upper), link.Distribution(lower));
        var probability = u.Below < l.Above ? u.Below - l.Below : l.Above - u.Above;   // in the thinner tail
        if (probability <= 0) { probability = 0.5 * (u.Density + l.Density) * (upper - lower); }
        var shift = (u.Density - l.Density) / probability;
        var score = u.Density / probability;
        var cross = score * shift - u.DensitySlope / probability;
        var information = score * score - u.DensitySlope / probability;
        var shiftInformation = shift * shift - (u.DensitySlope - l.DensitySlope) / probability;
        return new(
            probability, shift, score,
            Math.Max(shiftInformation, Rounding * (1 + shift * shift)), cross, Math.Max(information, Rounding * (1 + score * score)));
    }
}
