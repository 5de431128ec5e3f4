using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace FisherFlow.Memory;

/// <summary>The standard normal, accurate where detectors ask: far out.</summary>
static class StandardNormal
{
    public static double Density(double x) => Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);

    /// <summary><c>P(Z ≤ z)</c>.</summary>
    public static double Lower(double z) => 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2));

    /// <summary><c>P(|Z| ≥ |z|)</c>.</summary>
    public static double TwoSided(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>The z with <c>P(|Z| ≥ z) = probability</c>.</summary>
    public static double TwoSidedQuantile(double probability) => -Normal.InvCDF(0, 1, probability / 2);
}
