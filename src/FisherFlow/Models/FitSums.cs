namespace FisherFlow.Models;

/// <summary>What observations add up to at a given θ, besides score and information.</summary>
public struct FitSums
{
    /// <summary>Deviance, unscaled; minus twice the log-likelihood for models without a saturated form.</summary>
    public double Deviance { get; set; }

    /// <summary>Pearson's <c>χ² = Σ w (y − μ)²/V(μ)</c>.</summary>
    public double Pearson { get; set; }

    /// <summary>Score of the auxiliary parameter (log θ of the negative binomial).</summary>
    public double AuxiliaryScore { get; set; }

    /// <summary>Observed information of the auxiliary parameter; away from the maximum it may be negative.</summary>
    public double AuxiliaryInformation { get; set; }

    /// <summary>What <see cref="ResponseSums.Saturated"/> is at the auxiliary parameter; zero for models without one.</summary>
    public double Saturated { get; set; }

    /// <summary>What <see cref="ResponseSums.Carrier"/> is at the auxiliary parameter; zero for models without one.</summary>
    public double Carrier { get; set; }

    /// <summary>Adds the other sums to these.</summary>
    public void Add(in FitSums other)
    {
        Deviance += other.Deviance;
        Pearson += other.Pearson;
        AuxiliaryScore += other.AuxiliaryScore;
        AuxiliaryInformation += other.AuxiliaryInformation;
        Saturated += other.Saturated;
        Carrier += other.Carrier;
    }
}
