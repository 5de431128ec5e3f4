using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>A log-likelihood seen from one θ: the evidence anchored there, and what goes with it.</summary>
sealed class Evaluation<TEvidence>(int dimension) where TEvidence : class, IEvidence<TEvidence>
{
    /// <summary>Information and score at θ.</summary>
    public TEvidence Evidence { get; set; } = TEvidence.Create(dimension);

    /// <summary>What the rows' weights exceed their information by, for models whose information may be indefinite; null for others.</summary>
    public FullInformation? Deficit { get; init; }

    /// <summary>Parameters along which the information itself is not positive: then <see cref="Evidence"/> is a bound of it. Empty where it is the information.</summary>
    public IReadOnlyList<int> Indefinite { get; set; } = [];

    /// <summary>What is minimised, up to a constant: the deviance of rows at hand plus the quadratic that stands for folded ones.</summary>
    public double Deviance { get; set; }

    /// <summary>Sums of the rows at hand.</summary>
    public FitSums Sums { get; set; }

    /// <summary>Information weights of the rows at hand: about the number of events.</summary>
    public double Weight { get; set; }

    /// <summary>Score of the auxiliary parameter, folded rows included.</summary>
    public double AuxiliaryScore { get; set; }

    /// <summary>Information of the auxiliary parameter, folded rows included.</summary>
    public double AuxiliaryInformation { get; set; }
}

/// <summary>A log-likelihood that can be evaluated at any θ.</summary>
interface IObjective<TEvidence> where TEvidence : class, IEvidence<TEvidence>
{
    /// <summary>Evaluates at θ <c>[d]</c>; <paramref name="leverages"/> asks for Firth's correction under that factor.</summary>
    void Evaluate(double[] theta, double auxiliary, Factor? leverages, Evaluation<TEvidence> into);

    /// <summary>Evaluates at the responses themselves, with the score against θ <c>[d]</c>: a start before any θ is known.</summary>
    void EvaluateAtResponses(double[] theta, Evaluation<TEvidence> into);
}
