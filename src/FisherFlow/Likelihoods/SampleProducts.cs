using System.Numerics.Tensors;

namespace FisherFlow.Likelihoods;

/// <summary>How score products of folded rows have changed since they were folded, as far as a sample tells: <c>Σ w² (s sᵀ(φ) − s sᵀ(φ_b))</c>, scaled up.</summary>
static class SampleProducts
{
    const double Rounding = 1e-10;   // of the diagonal: what sums of products leave of a singular matrix

    /// <summary>Brings products <c>[q, q]</c>, of folded rows those at their folds, up to date with φ <c>[q]</c>; two gradients for every sampled row.</summary>
    /// <remarks>Where the sample is so small that the result would be no covariance, the products stay as they are.</remarks>
    public static double[] Corrected(double[] products, FoldedSample sample, LikelihoodModel model, double[] phi)
    {
        var (q, width, corrected) = (phi.Length, model.Columns.Count, (double[])products.Clone());
        var scores = new double[RowSums.BlockRows * q];
        var point = new RowGradients(model);
        var first = 0;
        foreach (var fold in sample.Folds)
        {
            foreach (var (at, sign) in ((double[], int)[])[(phi, 1), (fold.Anchor, -1)])
            {
                point.Begin(at);
                for (var from = first; from < first + fold.Count; from += RowSums.BlockRows)
                {
                    var count = Math.Min(RowSums.BlockRows, first + fold.Count - from);
                    point.Scores(sample.Rows.Rows.Slice(from * width, count * width), count, scores);
                    for (var i = 0; i < count; i++)
                    {
                        var weight = sample.Rows.Weights[from + i];
                        if (weight > 0) { AddProduct(corrected, scores.AsSpan(i * q, q), sign * sample.Scale(from + i) * weight * weight); }
                    }
                }
            }
            first += fold.Count;
        }
        return IsCovariance(corrected, q) ? corrected : products;
    }

    static void AddProduct(double[] sum, ReadOnlySpan<double> row, double factor)
    {
        for (var j = 0; j < row.Length; j++)
        {
            var target = sum.AsSpan(j * row.Length, row.Length);
            TensorPrimitives.MultiplyAdd(row, factor * row[j], target, target);
        }
    }

    static bool IsCovariance(double[] products, int q)
    {
        var add = new double[q];
        for (var i = 0; i < q; i++) { add[i] = Rounding * products[i * q + i]; }
        return SymmetricSystem.TrySolve(products, add, new double[q], new double[q]);
    }
}
