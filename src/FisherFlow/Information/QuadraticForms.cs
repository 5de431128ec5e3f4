using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>Evaluates <c>xᵀI⁻¹x</c> for many design rows against one factor.</summary>
sealed class QuadraticForms
{
    readonly Factor _factor;
    readonly int[] _positions;    // of each parameter among the kept ones, or −1
    readonly double[] _product;   // [k]
    int[] _columns = [];          // of one row's non-zeros among the kept parameters
    double[] _values = [];
    double[]? _root;              // R⁻¹ [k, k]
    double[]? _covariance;        // [k, k]

    public QuadraticForms(Factor factor)
    {
        _factor = factor;
        _positions = new int[factor.Dimension];
        _positions.AsSpan().Fill(-1);
        for (var i = 0; i < factor.Rank; i++) { _positions[factor.Kept[i]] = i; }
        _product = new double[factor.Rank];
    }

    /// <summary>Fills in one quadratic form a row.</summary>
    /// <param name="rows">Design rows, <c>n</c> of them.</param>
    /// <param name="results">The quadratic forms <c>[n]</c>.</param>
    public void Evaluate(in DesignRows rows, Span<double> results)
    {
        var width = rows.DenseColumns + rows.Slots;
        if (_columns.Length < width) { (_columns, _values) = (new int[width], new double[width]); }
        for (var r = 0; r < rows.Count; r++)
        {
            var count = Collect(rows, r);
            results[r] = rows.Slots == 0 ? ByRoot(count) : ByCovariance(count);
        }
    }

    int Collect(in DesignRows rows, int r)
    {
        var count = 0;
        for (var j = 0; j < rows.DenseColumns; j++) { count += Keep(count, j, rows.Dense[r * rows.DenseColumns + j]); }
        for (var a = r * rows.Slots; a < (r + 1) * rows.Slots; a++)
        {
            if (rows.Indices[a] >= 0) { count += Keep(count, rows.Indices[a], rows.Values.IsEmpty ? 1 : rows.Values[a]); }
        }
        return count;
    }

    int Keep(int count, int parameter, double value)
    {
        var position = _positions[parameter];
        if (position < 0) { return 0; }
        _columns[count] = position;
        _values[count] = value;
        return 1;
    }

    /// <summary><c>‖R⁻ᵀx‖²</c>, where row i of <c>R⁻¹</c> starts at column i.</summary>
    double ByRoot(int count)
    {
        var n = _factor.Rank;
        if (_root is null)
        {
            _root = _factor.Upper.ToArray();
            Kernels.InvertUpper(_root, n, n);
        }
        _product.AsSpan().Clear();
        for (var a = 0; a < count; a++)
        {
            var i = _columns[a];
            TensorPrimitives.MultiplyAdd(_root.AsSpan(i * n + i, n - i), _values[a], _product.AsSpan(i), _product.AsSpan(i));
        }
        return TensorPrimitives.SumOfSquares<double>(_product);
    }

    double ByCovariance(int count)
    {
        var n = _factor.Rank;
        _covariance ??= _factor.Inverse();
        var sum = 0.0;
        for (var a = 0; a < count; a++)
        {
            var row = _covariance.AsSpan(_columns[a] * n, n);
            var cross = 0.0;
            for (var b = a + 1; b < count; b++) { cross += row[_columns[b]] * _values[b]; }
            sum += _values[a] * (row[_columns[a]] * _values[a] + 2 * cross);
        }
        return Math.Max(0, sum);
    }
}
