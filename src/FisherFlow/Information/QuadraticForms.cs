using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>Evaluates <c>xᵀI⁻¹x</c> for many design rows against one factor.</summary>
/// <remarks>Threads: any number may evaluate at once; what is computed once is published whole.</remarks>
sealed class QuadraticForms
{
    const int OnStack = 512;

    readonly Factor _factor;
    readonly int[] _positions;    // of each parameter among the kept ones, or −1
    double[]? _root;              // R⁻¹ [k, k]
    double[]? _covariance;        // [k, k]

    public QuadraticForms(Factor factor)
    {
        _factor = factor;
        _positions = new int[factor.Dimension];
        _positions.AsSpan().Fill(-1);
        for (var i = 0; i < factor.Rank; i++) { _positions[factor.Kept[i]] = i; }
    }

    /// <summary>Fills in one quadratic form a row.</summary>
    /// <param name="rows">Design rows, <c>n</c> of them.</param>
    /// <param name="results">The quadratic forms <c>[n]</c>.</param>
    public void Evaluate(in DesignRows rows, Span<double> results)
    {
        var width = rows.DenseColumns + rows.Slots;
        var columns = width <= OnStack ? stackalloc int[width] : new int[width];
        var values = width <= OnStack ? stackalloc double[width] : new double[width];
        if (rows.Slots > 0)
        {
            var covariance = _covariance ??= _factor.Inverse();
            for (var r = 0; r < rows.Count; r++)
            {
                var count = Collect(rows, r, columns, values);
                results[r] = ByCovariance(covariance, columns[..count], values);
            }
            return;
        }
        var root = _root ??= Root();
        var product = _factor.Rank <= OnStack ? stackalloc double[_factor.Rank] : new double[_factor.Rank];
        for (var r = 0; r < rows.Count; r++)
        {
            var count = Collect(rows, r, columns, values);
            results[r] = ByRoot(root, columns[..count], values, product);
        }
    }

    double[] Root()
    {
        var root = _factor.Upper.ToArray();
        Kernels.InvertUpper(root, _factor.Rank, _factor.Rank);
        return root;
    }

    /// <summary>The non-zeros of a row among the kept parameters; returns their number.</summary>
    int Collect(in DesignRows rows, int r, Span<int> columns, Span<double> values)
    {
        var count = 0;
        for (var j = 0; j < rows.DenseColumns; j++)
        {
            (columns[count], values[count]) = (_positions[j], rows.Dense[r * rows.DenseColumns + j]);
            if (columns[count] >= 0) { count++; }
        }
        for (var a = r * rows.Slots; a < (r + 1) * rows.Slots; a++)
        {
            if (rows.Indices[a] < 0) { continue; }
            (columns[count], values[count]) = (_positions[rows.Indices[a]], rows.Values.IsEmpty ? 1 : rows.Values[a]);
            if (columns[count] >= 0) { count++; }
        }
        return count;
    }

    /// <summary><c>‖R⁻ᵀx‖²</c>, where row i of <c>R⁻¹</c> starts at column i.</summary>
    static double ByRoot(double[] root, ReadOnlySpan<int> columns, ReadOnlySpan<double> values, Span<double> product)
    {
        var n = product.Length;
        product.Clear();
        for (var a = 0; a < columns.Length; a++)
        {
            var i = columns[a];
            TensorPrimitives.MultiplyAdd(root.AsSpan(i * n + i, n - i), values[a], product[i..], product[i..]);
        }
        return TensorPrimitives.SumOfSquares<double>(product);
    }

    double ByCovariance(double[] covariance, ReadOnlySpan<int> columns, ReadOnlySpan<double> values)
    {
        var n = _factor.Rank;
        var sum = 0.0;
        for (var a = 0; a < columns.Length; a++)
        {
            var row = covariance.AsSpan(columns[a] * n, n);
            var cross = 0.0;
            for (var b = a + 1; b < columns.Length; b++) { cross += row[columns[b]] * values[b]; }
            sum += values[a] * (row[columns[a]] * values[a] + 2 * cross);
        }
        return Math.Max(0, sum);
    }
}
