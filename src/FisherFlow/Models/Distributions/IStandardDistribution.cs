using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>A continuous distribution at location 0 and scale 1, from which families of location and scale are made: a type without instances.</summary>
/// <remarks>
/// <see cref="LocationScale{TStandard}"/> moves and stretches it, <see cref="LogLocationScale{TStandard}"/> and <see cref="ScaleShape{TStandard}"/> do so on the
/// logarithm (accelerated failure times). The logarithms of both tails make every kind of censoring exact.
/// </remarks>
public interface IStandardDistribution
{
    /// <summary>The family's name.</summary>
    static abstract string Name { get; }

    /// <summary>The name of the family whose logarithm it is.</summary>
    static abstract string LogName { get; }

    /// <summary><c>log f(u)</c>.</summary>
    /// <param name="u">The standardised response.</param>
    static abstract T LogDensity<T>(T u) where T : struct, IScalar<T>;

    /// <summary><c>log P(U ≤ u)</c>, far into the tail.</summary>
    /// <param name="u">The standardised limit.</param>
    static abstract T LogCumulative<T>(T u) where T : struct, IScalar<T>;

    /// <summary><c>log P(U &gt; u)</c>, far into the tail.</summary>
    /// <param name="u">The standardised limit.</param>
    static abstract T LogSurvival<T>(T u) where T : struct, IScalar<T>;

    /// <summary>The expected information about location and scale at 0 and 1: both diagonal elements and the one between them.</summary>
    static abstract StandardInformation Information { get; }

    /// <summary>Whether the tails are so heavy that the observed information of one response may be negative.</summary>
    /// <value>No.</value>
    static virtual bool HasHeavyTails => false;

    /// <summary>The family of location and scale with the corners of its log-density rounded off, or null where there are none.</summary>
    /// <param name="corner">Half the width of the rounding, in scales.</param>
    /// <value>Null.</value>
    static virtual DistributionalModel? Rounded(double corner) => null;

    /// <summary>The mean of U, or its median where it has no mean.</summary>
    static abstract double Centre { get; }

    /// <summary><c>log E e^(σU)</c>, by which the mean of a response exceeds <c>e^location</c> on the logarithmic scale; 0 (the median) where it need not exist.</summary>
    /// <param name="scale">σ.</param>
    static abstract T LogMeanOfExponential<T>(T scale) where T : struct, IScalar<T>;

    /// <summary>The u with <c>P(U ≤ u) = probability</c>.</summary>
    /// <param name="probability">A probability in (0, 1).</param>
    static abstract double Quantile(double probability);
}

/// <summary>The expected information of a standard distribution about location and scale.</summary>
/// <param name="Location">About the location.</param>
/// <param name="Cross">Between them; zero by symmetry for symmetric ones.</param>
/// <param name="Scale">About the scale.</param>
public readonly record struct StandardInformation(double Location, double Cross, double Scale);
