namespace FisherFlow.Models.Links;

/// <summary>A link whose inverse is a distribution function with log-concave density, as ordinal models need.</summary>
public interface ICumulativeLink : ILink
{
    /// <summary>Where the distribution function is a machine epsilon.</summary>
    double Lower { get; }

    /// <summary>Where the distribution function is a machine epsilon below one.</summary>
    double Upper { get; }

    /// <summary>The distribution at x, with its tails as they are: far out they underflow to zero.</summary>
    CumulativePoint Distribution(double x);
}

/// <summary>A distribution function with its derivatives.</summary>
/// <param name="Below">F(x).</param>
/// <param name="Above">1 − F(x), without cancellation.</param>
/// <param name="Density">F′(x).</param>
/// <param name="DensitySlope">F″(x).</param>
public readonly record struct CumulativePoint(double Below, double Above, double Density, double DensitySlope);
