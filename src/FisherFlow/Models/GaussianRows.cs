using FisherFlow.Information;

namespace FisherFlow.Models;

/// <summary>Gaussian rows under the identity link, with residuals <c>y − offset − xᵀθ</c> in twofold precision.</summary>
/// <remarks>
/// A residual that is small beside its terms loses the digits that a further solve would need; kept, they make the second solve an iterative
/// refinement (Björck 1967). Source: Ogita, Rump &amp; Oishi (2005), Algorithm 5.3 (Dot2).
/// </remarks>
static class GaussianRows
{
    const double Largest = 1e140;   // its square is still a number

    /// <summary>Fills predictors, weights and score factors, all <c>[n]</c>, and adds the sums of squares.</summary>
    public static void Describe(in DesignRows rows, ReadOnlySpan<double> theta, ReadOnlySpan<double> offset, ReadOnlySpan<double> response,
        ReadOnlySpan<double> prior, Span<double> eta, Span<double> weights, Span<double> scores, ref FitSums sums)
    {
        var squares = 0.0;
        for (var i = 0; i < rows.Count; i++)
        {
            var residual = Residual(rows, i, theta, response[i], offset[i]);
            if (!(Math.Abs(residual) < Largest))
            {
                if (prior[i] > 0) { sums.Deviance = double.PositiveInfinity; }   // a step into nowhere: it will be halved
                residual = 0;
            }
            eta[i] = response[i] - residual;
            weights[i] = prior[i];
            scores[i] = prior[i] * residual;
            squares += scores[i] * residual;
        }
        sums.Deviance += squares;
        sums.Pearson += squares;
    }

    static double Residual(in DesignRows rows, int row, ReadOnlySpan<double> theta, double response, double offset)
    {
        var sum = response;
        var rest = 0.0;
        Subtract(1, offset, ref sum, ref rest);
        var dense = rows.Dense.Slice(row * rows.DenseColumns, rows.DenseColumns);
        for (var j = 0; j < dense.Length; j++) { Subtract(dense[j], theta[j], ref sum, ref rest); }
        for (var s = row * rows.Slots; s < (row + 1) * rows.Slots; s++)
        {
            if (rows.Indices[s] >= 0) { Subtract(rows.Values.IsEmpty ? 1 : rows.Values[s], theta[rows.Indices[s]], ref sum, ref rest); }
        }
        return sum + rest;
    }

    /// <summary><c>sum + rest ← sum + rest − x·y</c>, the rounding errors of product and sum in <paramref name="rest"/>.</summary>
    static void Subtract(double x, double y, ref double sum, ref double rest)
    {
        var product = x * y;
        var error = Math.FusedMultiplyAdd(x, y, -product);
        var next = sum - product;
        var part = next - sum;
        rest += sum - (next - part) + (-product - part) - error;
        sum = next;
    }
}
