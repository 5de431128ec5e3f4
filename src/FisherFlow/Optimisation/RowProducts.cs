using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Numerics;

namespace FisherFlow.Optimisation;

/// <summary>Products of design rows with vectors.</summary>
static class RowProducts
{
    /// <summary><c>s ← s + c·Xᵀr</c>.</summary>
    /// <param name="rows">X, <c>n</c> rows.</param>
    /// <param name="factors">r <c>[n]</c>.</param>
    /// <param name="scale">c.</param>
    /// <param name="sum">s <c>[d]</c>.</param>
    public static void AddTransposed(in DesignRows rows, ReadOnlySpan<double> factors, double scale, Span<double> sum)
    {
        var (k, m) = (rows.DenseColumns, rows.Slots);
        var dense = sum[..k];
        for (var i = 0; i < rows.Count; i++)
        {
            var factor = scale * factors[i];
            if (factor == 0) { continue; }
            Dot.Axpy(factor, rows.Dense.Slice(i * k, k), dense);
            for (var s = i * m; s < (i + 1) * m; s++)
            {
                if (rows.Indices[s] >= 0) { sum[rows.Indices[s]] += rows.Values.IsEmpty ? factor : factor * rows.Values[s]; }
            }
        }
    }

    /// <summary><c>y ← Xv</c>.</summary>
    /// <param name="rows">X, <c>n</c> rows.</param>
    /// <param name="vector">v <c>[d]</c>.</param>
    /// <param name="product">Receives y <c>[n]</c>.</param>
    public static void Multiply(in DesignRows rows, ReadOnlySpan<double> vector, Span<double> product)
    {
        var (k, m) = (rows.DenseColumns, rows.Slots);
        var dense = vector[..k];
        for (var i = 0; i < rows.Count; i++)
        {
            var sum = LinearPredictor.Dot(rows.Dense.Slice(i * k, k), dense);
            for (var s = i * m; s < (i + 1) * m; s++)
            {
                if (rows.Indices[s] >= 0) { sum += vector[rows.Indices[s]] * (rows.Values.IsEmpty ? 1 : rows.Values[s]); }
            }
            product[i] = sum;
        }
    }
}
