namespace FisherFlow.Models.Distributions;

/// <summary>What is known of a response: its value, or the range it lies in.</summary>
public enum Censoring
{
    /// <summary>The value itself.</summary>
    None,
    /// <summary>It is greater than the value.</summary>
    Right,
    /// <summary>It is less than the value.</summary>
    Left,
    /// <summary>It lies between the value and <see cref="Outcome.Upper"/>.</summary>
    Interval,
}

/// <summary>One response, as a distribution sees it.</summary>
/// <param name="value">The value, or the limit that a censored response lies beyond.</param>
public readonly ref struct Outcome(double value)
{
    /// <summary>y, or the limit that a censored response lies beyond.</summary>
    public double Value { get; } = value;

    /// <summary>The upper limit under <see cref="Censoring.Interval"/>.</summary>
    public double Upper { get; init; }

    /// <summary>What is known of the response.</summary>
    public Censoring Status { get; init; }

    /// <summary>What the response exceeded when it came under observation (left truncation): the log-survival there is taken off. −∞ where every response would have been seen.</summary>
    public double Entry { get; init; } = double.NegativeInfinity;

    /// <summary>Trials behind a proportion; 1 otherwise.</summary>
    public double Trials { get; init; } = 1;

    /// <summary>The other components of a response with several, <c>[r]</c>; empty otherwise.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public ReadOnlySpan<double> Others { get; init; }
}
