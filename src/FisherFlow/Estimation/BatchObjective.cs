using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>The log-likelihood of the first rows of the buffer plus the quadratic that stands for the folded ones.</summary>
sealed class BatchObjective<TEvidence>(StreamEstimator<TEvidence> state, RowAccumulator<TEvidence> accumulator, RowBuffer buffer, int rows)
    : IObjective<TEvidence> where TEvidence : class, IEvidence<TEvidence>
{
    /// <inheritdoc/>
    public void Evaluate(double[] theta, double auxiliary, Factor? leverages, Evaluation<TEvidence> into)
    {
        var evidence = into.Evidence;
        evidence.Clear();
        if (state.FoldedRows > 0)
        {
            evidence += state.Evidence;
            evidence.Shift(Difference(theta, state.Anchor));
        }
        var quadratic = evidence.ResidualSum;
        into.Deficit?.Clear();
        var view = new RowAccumulator<TEvidence>.View(state.Shape, theta, auxiliary) { Leverages = leverages, Deficit = into.Deficit };
        var sums = default(FitSums);
        into.Weight = accumulator.Add(buffer.Rows, 0, rows, view, evidence, ref sums);
        into.Sums = sums;
        into.Deviance = quadratic + sums.Deviance;
        var (score, information) = state.AuxiliaryAt(auxiliary);
        into.AuxiliaryScore = score + sums.AuxiliaryScore;
        into.AuxiliaryInformation = information + sums.AuxiliaryInformation;
    }

    /// <inheritdoc/>
    public void EvaluateAtResponses(double[] theta, Evaluation<TEvidence> into)
    {
        into.Evidence.Clear();
        into.Deficit?.Clear();
        var sums = default(FitSums);
        var view = new RowAccumulator<TEvidence>.View(state.Shape, theta, 0) { AtResponses = true };
        into.Weight = accumulator.Add(buffer.Rows, 0, rows, view, into.Evidence, ref sums);
    }

    internal static double[] Difference(double[] a, double[] b)
    {
        var difference = new double[a.Length];
        for (var i = 0; i < a.Length; i++) { difference[i] = a[i] - b[i]; }
        return difference;
    }
}
