namespace FisherFlow.Models.Families;

/// <summary>The positive means that arithmetic bears: with variances up to μ³, all weights and scores between 10^±60 stay finite.</summary>
static class MeanRange
{
    /// <summary>Whether the mean is positive and neither vanishing nor exploding; false for what is not a number.</summary>
    public static bool Contains(double mean) => mean is > 0.9e-60 and < 1.1e60;
}
