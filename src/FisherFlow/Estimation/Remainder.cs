using System.Numerics.Tensors;

namespace FisherFlow.Estimation;

/// <summary>How far the quadratic of folded rows is from the truth at some θ, by a sample scaled up.</summary>
/// <param name="score">True score less the quadratic's, <c>[d]</c>.</param>
/// <param name="errors">The scaled error of every sampled row's score factors, <c>[rows, L]</c>.</param>
sealed class Remainder(double[] score, double[] errors)
{
    /// <summary>True score less the quadratic's, <c>[d]</c>.</summary>
    public double[] Score => score;

    /// <summary>The scaled error of every sampled row's score factors, <c>[rows, L]</c>.</summary>
    public double[] Errors => errors;

    /// <summary>True deviance less the quadratic's.</summary>
    public double Deviance { get; set; }

    /// <summary>True Pearson's sum less the folds', which moves with the quadratic's deviance; where it was asked for.</summary>
    public double Pearson { get; set; }

    /// <summary>True saturated kernel less that of the folds, whose auxiliary parameter was another.</summary>
    public double Saturated { get; set; }

    /// <summary>True carrier less that of the folds.</summary>
    public double Carrier { get; set; }

    /// <summary>The auxiliary parameter's true score less the folds'.</summary>
    public double AuxiliaryScore { get; set; }

    /// <summary>Its true information less the folds'.</summary>
    public double AuxiliaryInformation { get; set; }

    /// <summary>The variance of <see cref="AuxiliaryScore"/> because it comes from a sample.</summary>
    public double AuxiliaryVariance { get; set; }

    /// <summary>Adds what other rows lack; the sampled errors stay.</summary>
    public void Add(Remainder other)
    {
        TensorPrimitives.Add(score, other.Score, score);
        Deviance += other.Deviance;
        Pearson += other.Pearson;
        Saturated += other.Saturated;
        Carrier += other.Carrier;
        AuxiliaryScore += other.AuxiliaryScore;
        AuxiliaryInformation += other.AuxiliaryInformation;
        AuxiliaryVariance += other.AuxiliaryVariance;
    }
}
