using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
        if (rows.Slots == 0) { Residuals(rows, theta, response, offset, eta); }
        for (var i = 0; i < rows.Count; i++)
        {
            var residual = rows.Slots == 0 ? eta[i] : Residual(rows, i, theta, response[i], offset[i]);
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

    /// <summary>Residuals of dense rows, four at a time: the same operations in the same order, so the bits are those of a single row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Residuals(in DesignRows rows, ReadOnlySpan<double> theta, ReadOnlySpan<double> response, ReadOnlySpan<double> offset, Span<double> residuals)
    {
        var (k, i) = (rows.DenseColumns, 0);
        for (; i <= rows.Count - 4; i += 4)
        {
            var x = rows.Dense.Slice(i * k, 4 * k);
            var sum = Vector256.Create(response[i..]);
            var rest = Vector256<double>.Zero;
            Subtract(Vector256<double>.One, Vector256.Create(offset[i..]), ref sum, ref rest);
            for (var j = 0; j < k; j++) { Subtract(Vector256.Create(x[j], x[k + j], x[2 * k + j], x[3 * k + j]), Vector256.Create(theta[j]), ref sum, ref rest); }
            (sum + rest).CopyTo(residuals[i..]);
        }
        for (; i < rows.Count; i++) { residuals[i] = Residual(rows, i, theta, response[i], offset[i]); }
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Subtract(Vector256<double> x, Vector256<double> y, ref Vector256<double> sum, ref Vector256<double> rest)
    {
        var product = x * y;
        var error = Vector256.FusedMultiplyAdd(x, y, -product);
        var next = sum - product;
        var part = next - sum;
        rest += sum - (next - part) + (-product - part) - error;
        sum = next;
    }
}
