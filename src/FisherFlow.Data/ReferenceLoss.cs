using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Data;

/// <summary>Mean losses that a training is measured by: half the deviance of a row under the best constant, and under the coefficients of zero that it starts from.</summary>
readonly record struct ReferenceLoss(double? Constant, double? Start)
{
    /// <summary>A loss so many times the best constant's has lost its way, unless it is on its way down.</summary>
    const double LostFactor = 1.5;

    /// <summary>The losses of responses that are known afterwards.</summary>
    public static ReferenceLoss Of(IModel model, in ResponseSums responses, bool hasIntercept)
    {
        var rows = Math.Max(1, responses.Observations);
        return new(0.5 * model.NullDeviance(responses, hasIntercept, 0) / rows, 0.5 * model.NullDeviance(responses, hasIntercept: false, 0) / rows);
    }

    /// <summary>Whether a training whose last rows had this loss has diverged: it is far worse than a constant, and no better than where it began. Slow is not lost.</summary>
    public bool IsLost(double loss) => loss > LostFactor * Constant && !(loss < Start);
}
