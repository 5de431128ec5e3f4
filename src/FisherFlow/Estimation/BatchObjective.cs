using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>What stands for folded rows while others are solved for.</summary>
/// <param name="Shape">The sizes.</param>
/// <param name="Evidence">The quadratic, or null where nothing was folded.</param>
/// <param name="Anchor">What it is about, <c>[d]</c>.</param>
/// <param name="AuxiliaryAt">The auxiliary parameter's score and information.</param>
sealed record FoldedPart<TEvidence>(ModelShape Shape, TEvidence? Evidence, double[] Anchor, Func<double, (double Score, double Information)> AuxiliaryAt) where TEvidence : class;

/// <summary>The log-likelihood of the first rows of the buffer plus the quadratic that stands for the folded ones.</summary>
sealed class BatchObjective<TEvidence>(FoldedPart<TEvidence> folded, RowAccumulator<TEvidence> accumulator, RowBuffer buffer, int rows)
    : IObjective<TEvidence> where TEvidence : class, IEvidence<TEvidence>
{
    /// <inheritdoc/>
    public void Evaluate(double[] theta, double auxiliary, Factor? leverages, Evaluation<TEvidence> into)
    {
        var evidence = into.Evidence;
        evidence.Clear();
        if (folded.Evidence is { } past)
        {
            evidence += past;
            evidence.Shift(Difference(theta, folded.Anchor));
        }
        var quadratic = evidence.ResidualSum;
        into.Deficit?.Clear();
        var view = new RowAccumulator<TEvidence>.View(folded.Shape, theta, auxiliary) { Leverages = leverages, Deficit = into.Deficit };
        var sums = default(FitSums);
        into.Weight = accumulator.Add(buffer.Rows, 0, rows, view, evidence, ref sums);
        into.Sums = sums;
        into.Deviance = quadratic + sums.Deviance;
        var (score, information) = folded.AuxiliaryAt(auxiliary);
        into.AuxiliaryScore = score + sums.AuxiliaryScore;
        into.AuxiliaryInformation = information + sums.AuxiliaryInformation;
    }

    /// <inheritdoc/>
    public void EvaluateAtResponses(double[] theta, Evaluation<TEvidence> into)
    {
        into.Evidence.Clear();
        into.Deficit?.Clear();
        var sums = default(FitSums);
        var view = new RowAccumulator<TEvidence>.View(folded.Shape, theta, 0) { AtResponses = true };
        into.Weight = accumulator.Add(buffer.Rows, 0, rows, view, into.Evidence, ref sums);
    }

    internal static double[] Difference(double[] a, double[] b)
    {
        var difference = new double[a.Length];
        for (var i = 0; i < a.Length; i++) { difference[i] = a[i] - b[i]; }
        return difference;
    }
}
