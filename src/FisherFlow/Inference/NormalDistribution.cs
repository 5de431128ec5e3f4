using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace FisherFlow.Inference;

/// <summary>Tails and quantiles of the standard normal, accurate where tests and limits ask: far out.</summary>
static class NormalDistribution
{
    /// <summary><c>P(|Z| ≥ |z|)</c>, with full relative accuracy down to the smallest double.</summary>
    public static double TwoSided(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary><c>P(Z ≤ z)</c>, with full relative accuracy in the lower tail.</summary>
    public static double Cumulative(double z) => 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2));

    /// <summary>The z with <c>P(|Z| ≤ z) = level</c>.</summary>
    public static double Quantile(double level) => -Normal.InvCDF(0, 1, (1 - level) / 2);
}
