using FisherFlow.Information;
using FisherFlow.Numerics;
using MathNet.Numerics;

namespace FisherFlow.Memory;

/// <summary>The batch score test: whether a batch fits what was learned before it, <c>T = sᵀ(I_B + I_B I⁻¹ I_B)⁻¹s ~ χ²</c>.</summary>
/// <remarks>
/// <c>s</c> and <c>I_B</c> are the batch's score and information at the θ that was learned from earlier rows with information <c>I</c>, before the batch moves it; the second term is
/// θ's own uncertainty. Under a dispersion φ (score and informations as if it were 1) the statistic and the variances are those of <c>s/√φ</c>. Source: Rao (1948), with the variance of a Kalman innovation.
/// </remarks>
/// <param name="Statistic">T.</param>
/// <param name="Degrees">Directions that the batch says anything about.</param>
/// <param name="PValue">How often χ² with so many degrees of freedom is as large while nothing changes.</param>
public readonly record struct BatchScore(double Statistic, int Degrees, double PValue)
{
    /// <summary>A direction with less of the past's information than this has none.</summary>
    const double Negligible = 1e-12;

    /// <summary>Tests all directions jointly.</summary>
    /// <remarks>Cost: <c>O(d³)</c>. In the metric of the past, <c>u = R⁻ᵀs</c> and <c>W = R⁻ᵀI_B R⁻¹</c>, so that <c>T = uᵀ(W + W²)⁺u</c> by the eigenvectors of W.</remarks>
    /// <param name="score">The batch's score over all parameters, <c>[d]</c>.</param>
    /// <param name="batch">The batch's information.</param>
    /// <param name="past">The factor of the information behind θ; parameters it does not keep are left out.</param>
    /// <param name="dispersion">φ.</param>
    public static BatchScore Test(ReadOnlySpan<double> score, FullInformation batch, Factor past, double dispersion = 1)
    {
        var k = past.Rank;
        var (whitened, u) = (Whitened(batch, past), new double[k]);
        past.Whiten(score, u);
        var (values, vectors) = (new double[k], new double[k * k]);
        if (k > 0 && !Kernels.SymmetricEigen(whitened, k, k, values, vectors, k)) { throw new ArgumentException("the batch's information holds numbers that are not finite", nameof(batch)); }
        var largest = k == 0 ? 0 : values.Max();
        var (statistic, degrees) = (0.0, 0);
        for (var i = 0; i < k; i++)
        {
            if (!(values[i] > Negligible * largest)) { continue; }
            var along = Dot.Product(vectors.AsSpan(i * k, k), u);
            statistic += along * along / (values[i] * (1 + values[i]) * dispersion);
            degrees++;
        }
        return new(statistic, degrees, degrees == 0 ? 1 : SpecialFunctions.GammaUpperRegularized(degrees / 2.0, statistic / 2));
    }

    /// <summary>The variance of each component of a batch's score, <c>φ·diag(I_B + I_B I⁻¹ I_B)</c>.</summary>
    /// <remarks>A component by the root of its variance is N(0, 1) while nothing changes: a value for any <see cref="IChangeDetector"/>. Cost: <c>O(d³)</c>.</remarks>
    /// <param name="batch">The batch's information.</param>
    /// <param name="past">The factor of the information behind θ; what it does not keep is held at 0, as reference levels are.</param>
    /// <param name="dispersion">φ.</param>
    /// <param name="variances">Receives the variances <c>[d]</c>; 0 where the batch says nothing.</param>
    public static void Variances(FullInformation batch, Factor past, double dispersion, Span<double> variances)
    {
        var (d, row, u) = (batch.Dimension, new double[batch.Dimension], new double[past.Rank]);
        for (var j = 0; j < d; j++)
        {
            CopyRow(batch, j, row);
            past.Whiten(row, u);
            variances[j] = row[j] == 0 ? 0 : dispersion * (row[j] + Dot.Product(u, u));
        }
    }

    static double[] Whitened(FullInformation batch, Factor past)
    {
        var (k, row) = (past.Rank, new double[batch.Dimension]);
        var (half, full) = (new double[k * k], new double[k * k]);
        for (var i = 0; i < k; i++)
        {
            CopyRow(batch, past.Kept[i], row);
            past.Whiten(row, half.AsSpan(i * k, k));
        }
        UpperTriangle.Transpose(half, k);
        for (var i = 0; i < k; i++)
        {
            half.AsSpan(i * k, k).CopyTo(full.AsSpan(i * k, k));
            Kernels.SolveUpperTransposed(past.Upper, k, k, full.AsSpan(i * k, k));
        }
        return full;
    }

    static void CopyRow(FullInformation information, int row, Span<double> into)
    {
        var d = information.Dimension;
        for (var j = 0; j < d; j++) { into[j] = information.Upper[j < row ? j * d + row : row * d + j]; }
    }
}
