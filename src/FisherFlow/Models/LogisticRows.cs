using FisherFlow.Differentiation;
using FisherFlow.Models.Links;

namespace FisherFlow.Models;

/// <summary>The working rows of logistic regression, the commonest and most hurried case: one exponential a row.</summary>
static class LogisticRows
{
    /// <summary><c>w = prior·μ(1 − μ)</c>, <c>r = prior·(y − μ)</c>, with their sums; all spans are <c>[n]</c>.</summary>
    public static void Describe(ReadOnlySpan<double> response, ReadOnlySpan<double> prior, ReadOnlySpan<double> eta,
        Span<double> weights, Span<double> scores, ref FitSums sums)
    {
        var link = default(LogitLink);
        var family = default(Families.Binomial);
        link.Prepare(eta, scores);
        var (deviance, pearson, legal) = (0.0, 0.0, true);
        for (var i = 0; i < eta.Length; i++)
        {
            var point = link.At(eta[i], scores[i]);
            var weight = prior[i];
            if (weight == 0 || double.IsNaN(eta[i]))
            {
                legal &= weight == 0;
                (weights[i], scores[i]) = (0, 0);
                continue;
            }
            var residual = response[i] - point.Mean;
            weights[i] = weight * point.Slope;
            scores[i] = weight * residual;
            deviance += weight * family.UnitDeviance(response[i], point);
            pearson += weight * residual * (residual / point.Slope);
        }
        sums.Deviance += legal ? deviance : double.PositiveInfinity;
        sums.Pearson += pearson;
    }
}
