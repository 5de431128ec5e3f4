using System.Numerics.Tensors;

namespace FisherFlow.Information;

/// <summary>Fuses two estimates whose errors may be correlated to any degree: <c>I = ωI₁ + (1 − ω)I₂</c>, <c>θ = I⁻¹(ωI₁θ₁ + (1 − ω)I₂θ₂)</c>.</summary>
/// <remarks>
/// Whatever the correlation, <c>I⁻¹</c> is no smaller than the covariance of θ: evidence that both have seen is not counted twice. For independent
/// sources add the information instead. ω is the one that makes <c>log det I</c> largest.
/// Source: Julier &amp; Uhlmann (1997), Proc. American Control Conference.
/// </remarks>
/// <param name="Weight">ω, the share of the first.</param>
/// <param name="Information">The fused information.</param>
/// <param name="Theta">The fused estimate <c>[d]</c>.</param>
public sealed record CovarianceIntersection(double Weight, FullInformation Information, double[] Theta)
{
    /// <summary>Fuses, or returns null when both together leave a parameter unknown.</summary>
    /// <param name="first">Information of the first; its score is not asked.</param>
    /// <param name="firstTheta">Estimate of the first, <c>[d]</c>.</param>
    /// <param name="second">Information of the second.</param>
    /// <param name="secondTheta">Estimate of the second, <c>[d]</c>.</param>
    /// <exception cref="ArgumentException">Dimensions differ.</exception>
    public static CovarianceIntersection? Of(FullInformation first, ReadOnlySpan<double> firstTheta, FullInformation second, ReadOnlySpan<double> secondTheta)
    {
        RowCheck.SameDimension(second.Dimension, first.Dimension);
        RowCheck.Length(firstTheta.Length, first.Dimension, nameof(firstTheta));
        RowCheck.Length(secondTheta.Length, first.Dimension, nameof(secondTheta));
        var sum = first.Copy();
        sum += second;
        if (GeneralisedEigen.Values(first.ToDense(), sum.ToDense()) is not { } shares) { return null; }
        var weight = Share(shares);
        var (information, other) = (first.Copy(), second.Copy());
        information *= weight;
        other *= 1 - weight;
        double[] right = new double[first.Dimension], part = new double[right.Length], theta = new double[right.Length];
        information.Multiply(firstTheta, right);
        other.Multiply(secondTheta, part);
        TensorPrimitives.Add(right, part, right);
        information += other;
        return information.Solve(right, theta, damping: 0).IsSolved ? new(weight, information, theta) : null;
    }

    /// <summary>The root of the falling derivative of <c>Σ log(ωα + (1 − ω)(1 − α))</c>, α the shares of the first in the sum.</summary>
    static double Share(double[] shares)
    {
        var (low, high) = (0.0, 1.0);
        while (high - low > 1e-15)
        {
            var middle = (low + high) / 2;
            var slope = 0.0;
            foreach (var a in shares) { slope += (2 * a - 1) / (middle * a + (1 - middle) * (1 - a)); }
            if (slope > 0) { low = middle; } else { high = middle; }
        }
        return (low + high) / 2;
    }
}
