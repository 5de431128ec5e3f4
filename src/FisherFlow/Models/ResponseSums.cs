namespace FisherFlow.Models;

/// <summary>Sums over the responses alone: what null deviance, log-likelihood and counts need, whatever θ is.</summary>
/// <remarks>All fields add, so that states merge exactly.</remarks>
public struct ResponseSums
{
    /// <summary>Rows with positive weight.</summary>
    public long Observations { get; set; }

    /// <summary>Rows whose weight is zero; they count in nothing, as in R.</summary>
    public long ZeroWeights { get; set; }

    /// <summary><c>Σ w</c>.</summary>
    public double Weight { get; set; }

    /// <summary><c>Σ w²</c>.</summary>
    public double SquaredWeight { get; set; }

    /// <summary><c>Σ log w</c>.</summary>
    public double LogWeight { get; set; }

    /// <summary><c>Σ w y</c>.</summary>
    public double Response { get; set; }

    /// <summary><c>Σ w·(yθ(y) − b(θ(y)))</c>: the saturated log-likelihood's kernel, by the family.</summary>
    public double Saturated { get; set; }

    /// <summary>The part of the log-likelihood that depends on y alone, by the family.</summary>
    public double Carrier { get; set; }

    /// <summary>Smallest response.</summary>
    public double Minimum { get; set; }

    /// <summary>Largest response.</summary>
    public double Maximum { get; set; }

    /// <summary>Sums over no rows.</summary>
    public static ResponseSums Empty => new() { Minimum = double.PositiveInfinity, Maximum = double.NegativeInfinity };

    /// <summary>Adds the other sums to these.</summary>
    public void Add(in ResponseSums other)
    {
        Observations += other.Observations;
        ZeroWeights += other.ZeroWeights;
        Weight += other.Weight;
        SquaredWeight += other.SquaredWeight;
        LogWeight += other.LogWeight;
        Response += other.Response;
        Saturated += other.Saturated;
        Carrier += other.Carrier;
        Minimum = Math.Min(Minimum, other.Minimum);
        Maximum = Math.Max(Maximum, other.Maximum);
    }
}
