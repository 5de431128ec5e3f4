using System.Numerics.Tensors;
using FisherFlow.Differentiation;
using FisherFlow.Information;
using FisherFlow.Numerics;

namespace FisherFlow.Estimation;

/// <summary>What an audit cannot know because it looks at a sample: the variance of <c>I⁻¹Δs</c>, unbiased under Poisson sampling (Horvitz &amp; Thompson 1952).</summary>
/// <param name="Variances">Of every kept parameter, <c>[k]</c>.</param>
/// <param name="Gauge">Their sum in units of information: the expected <c>ΔsᵀI⁻¹Δs</c> if nothing were wrong.</param>
readonly record struct AuditNoise(double[] Variances, double Gauge)
{
    const int Block = 256;

    /// <summary>Measures the noise of a comparison; <c>O(k)</c> for every non-zero of every sampled row.</summary>
    public static AuditNoise Of(Audit audit, PredictorView view, Remainder remainder, Factor factor)
    {
        var place = new int[factor.Dimension];
        Array.Fill(place, -1);
        for (var k = 0; k < factor.Rank; k++) { place[factor.Kept[k]] = k; }
        if (view.Slots == 0) { return OfDense(audit, view, remainder, factor, place); }
        var (variances, move, gauge) = (new double[factor.Rank], new double[factor.Rank], 0.0);
        double[]? inverse = null;
        var row = new AuditRow(view);
        for (var i = 0; i < audit.Count; i++)
        {
            var share = 1 - 1 / audit.Scale(i);
            if (share == 0) { continue; }
            inverse ??= factor.Inverse();
            row.Write(audit.Rows, i, remainder.Errors.AsSpan(i * view.Count, view.Count));
            Array.Clear(move);
            Spread(row, inverse, place, move);
            for (var k = 0; k < variances.Length; k++) { variances[k] += share * move[k] * move[k]; }
            gauge += share * Product(row, move, place);
        }
        return new(variances, gauge);
    }

    /// <summary>The same where rows have dense columns only: products with the inverse by blocks of rows.</summary>
    static AuditNoise OfDense(Audit audit, PredictorView view, Remainder remainder, Factor factor, int[] place)
    {
        var (d, rank, inverse) = (view.DenseCount, factor.Rank, factor.Inverse());
        double[] covariance = new double[d * d], rows = new double[Block * d], moves = new double[Block * d], shares = new double[Block], sums = new double[d];
        for (var j = 0; j < d * d; j++)
        {
            var (a, b) = (place[j / d], place[j % d]);
            covariance[j] = a < 0 || b < 0 ? 0 : inverse[a * rank + b];
        }
        var (row, gauge, count) = (new AuditRow(view), 0.0, 0);
        for (var i = 0; i < audit.Count; i++)
        {
            shares[count] = 1 - 1 / audit.Scale(i);
            if (shares[count] > 0)
            {
                row.Write(audit.Rows, i, remainder.Errors.AsSpan(i * view.Count, view.Count));
                row.Dense.CopyTo(rows.AsSpan(count++ * d));
            }
            if (count < Block && i < audit.Count - 1) { continue; }
            Kernels.Multiply(moves, d, rows, d, covariance, d, count, d, d);
            for (var r = 0; r < count; r++)
            {
                var move = moves.AsSpan(r * d, d);
                gauge += shares[r] * TensorPrimitives.Dot(rows.AsSpan(r * d, d), move);
                TensorPrimitives.Multiply(move, move, move);
                TensorPrimitives.MultiplyAdd(move, shares[r], sums, sums);
            }
            count = 0;
        }
        var variances = new double[rank];
        for (var j = 0; j < d; j++)
        {
            if (place[j] >= 0) { variances[place[j]] = sums[j]; }
        }
        return new(variances, gauge);
    }

    /// <summary>The share of a step that is worth taking, <c>max(0, 1 − noise/signal)</c>, both in squared standard errors: what else is taken is sampling error.</summary>
    public static double Share(double signal, double noise) => signal > noise ? 1 - noise / signal : 0;

    /// <summary>What none of several centred normal numbers with these deviations <c>[k]</c> exceeds but in one case of twenty, however they depend on each other: the least t with <c>Σ P(|N(0, σᵢ²)| &gt; t) ≤ 0.05</c>.</summary>
    public static double Limit(ReadOnlySpan<double> deviations)
    {
        const double Risk = 0.05;
        const int Halvings = 40;
        var largest = deviations.IsEmpty ? 0 : TensorPrimitives.Max(deviations);
        if (!(largest > 0)) { return double.IsNaN(largest) ? double.NaN : 0; }
        var (low, high) = (0.0, 10 * largest);   // which a million of them exceed in one case of 10¹⁷
        for (var halving = 0; halving < Halvings; halving++)
        {
            var middle = 0.5 * (low + high);
            var risk = 0.0;
            foreach (var deviation in deviations) { risk += deviation > 0 ? 2 * Transcendental.NormalTail(middle / deviation) : 0; }
            if (risk > Risk) { low = middle; } else { high = middle; }
        }
        return high;
    }

    /// <summary><c>v ← v + I⁻¹g</c>.</summary>
    static void Spread(AuditRow row, double[] inverse, int[] place, double[] move)
    {
        for (var j = 0; j < row.Dense.Length; j++) { AddColumn(move, inverse, place[j], row.Dense[j]); }
        for (var s = 0; s < row.Indices.Length; s++)
        {
            if (row.Indices[s] >= 0) { AddColumn(move, inverse, place[row.Indices[s]], row.Values[s]); }
        }
    }

    static void AddColumn(double[] move, double[] inverse, int column, double value)
    {
        if (column >= 0 && value != 0) { TensorPrimitives.MultiplyAdd(inverse.AsSpan(column * move.Length, move.Length), value, move, move); }
    }

    /// <summary><c>gᵀv</c> over the kept parameters.</summary>
    static double Product(AuditRow row, double[] vector, int[] place)
    {
        var sum = 0.0;
        for (var j = 0; j < row.Dense.Length; j++) { sum += place[j] < 0 ? 0 : vector[place[j]] * row.Dense[j]; }
        for (var s = 0; s < row.Indices.Length; s++)
        {
            var k = row.Indices[s] < 0 ? -1 : place[row.Indices[s]];
            if (k >= 0) { sum += vector[k] * row.Values[s]; }
        }
        return sum;
    }
}
