using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>Adds design rows to a Gram matrix: <c>I += Σ w aaᵀ</c>, <c>s += Σ r a</c>.</summary>
static class GramRows
{
    public static int ScratchLength(in DesignRows rows, int dimension) => 0;

    public static double Add(Span<double> gram, int d, Span<double> score, in DesignRows rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> scores, Span<double> scratch)
    {
        int k = rows.DenseColumns, m = rows.Slots;
        if (k > 0) { Kernels.RankUpdate(gram, d, rows.Dense, k, rows.Count, k, weights); }
        var residual = 0.0;
        for (var r = 0; r < rows.Count; r++)
        {
            if (weights[r] == 0) { continue; }
            residual += scores[r] * scores[r] / weights[r];
            var dense = rows.Dense.Slice(r * k, k);
            for (var j = 0; j < k; j++) { score[j] += scores[r] * dense[j]; }
            for (var a = 0; a < m; a++)
            {
                var at = rows.Indices[r * m + a];
                if (at < 0) { continue; }
                var value = rows.Values.IsEmpty ? 1 : rows.Values[r * m + a];
                score[at] += scores[r] * value;
                for (var j = 0; j < k; j++) { Pair(gram, d, j, at, weights[r] * value * dense[j]); }
                gram[at * d + at] += weights[r] * value * value;
                for (var b = a + 1; b < m; b++)
                {
                    var other = rows.Indices[r * m + b];
                    if (other >= 0) { Pair(gram, d, at, other, weights[r] * value * (rows.Values.IsEmpty ? 1 : rows.Values[r * m + b])); }
                }
            }
        }
        return residual;
    }

    static void Pair(Span<double> gram, int d, int i, int j, double product)
    {
        if (i == j) { product *= 2; }
        gram[Math.Min(i, j) * d + Math.Max(i, j)] += product;
    }
}
