using FisherFlow.Numerics;

namespace FisherFlow.StateSpace;

/// <summary>Kalman's filter on a triangular factor, <c>RᵀR = P⁻¹</c> and <c>z = Rm</c>: nothing is ever squared, so covariances stay positive whatever the rounding.</summary>
/// <remarks>
/// An observation folds the row <c>(h, y)/√r</c> into <c>(R, z)</c> by reflections. A step of time triangularises <c>[1, 0; −RT⁻¹G, RT⁻¹]</c> and keeps the lower part. A diffuse start is R = 0. T must be invertible.
/// Cost: <c>O(d²)</c> an observation, <c>O(d³)</c> a step. Source: Bierman (1977), chapter 6 (the square-root information filter).
/// </remarks>
public sealed class SquareRootFilter : StateFilter
{
    readonly int _d;
    readonly double[,] _back;
    double[] _factor;   // [d + 1, d + 1] row-major: (R, z) over what is left of the residuals
    double[,]? _covariance;
    bool _asked;

    /// <summary>Starts before the first observation.</summary>
    /// <exception cref="ArgumentException">T is singular, or the start's covariance is.</exception>
    public SquareRootFilter(LinearGaussianModel model) : base(model)
    {
        _d = model.Dimension;
        _back = Square.Inverse(model.Transition) ?? throw new ArgumentException("the square-root form needs a transition that can be undone, and this one is singular; use the covariance form", nameof(model));
        _factor = new double[(_d + 1) * (_d + 1)];
        if (model.StartCovariance is null) { return; }
        // With P = LLᵀ the rows of L⁻¹ are the information's: L⁻¹(x − m) is standard normal.
        var whitener = Square.Inverse(Square.Root(model.StartCovariance)) ?? throw new ArgumentException("the covariance of the start is singular; use the covariance form", nameof(model));
        for (var i = 0; i < _d; i++)
        {
            var row = new double[_d];
            for (var j = 0; j < _d; j++) { row[j] = whitener[i, j]; }
            Fold(row, Square.Dot(row, model.StartMean));
        }
    }

    /// <inheritdoc/>
    public override bool IsDetermined => Solved() is not null;

    /// <inheritdoc/>
    public override double[] Mean()
    {
        if (!IsDetermined) { throw Diffuse(); }
        var mean = new double[_d];
        for (var i = 0; i < _d; i++) { mean[i] = _factor[i * (_d + 1) + _d]; }
        Kernels.SolveUpper(_factor, _d + 1, _d, mean);
        return mean;
    }

    /// <inheritdoc/>
    public override double[,] Covariance() => (double[,])(Solved() ?? throw Diffuse()).Clone();

    /// <inheritdoc/>
    public override void Predict()
    {
        var (g, width) = (Model.NoiseRoot, Model.NoiseRoot.GetLength(1));
        var n = width + _d + 1;
        var rows = new double[(width + _d) * n];
        var moved = new double[_d, _d];
        for (var i = 0; i < _d; i++)
        {
            for (var j = 0; j < _d; j++)
            {
                for (var k = i; k < _d; k++) { moved[i, j] += _factor[i * (_d + 1) + k] * _back[k, j]; }
            }
        }
        var noise = Square.Product(moved, g);
        for (var i = 0; i < width; i++) { rows[i * n + i] = 1; }
        for (var i = 0; i < _d; i++)
        {
            for (var j = 0; j < width; j++) { rows[(width + i) * n + j] = -noise[i, j]; }
            for (var j = 0; j < _d; j++) { rows[(width + i) * n + width + j] = moved[i, j]; }
            rows[(width + i) * n + n - 1] = _factor[i * (_d + 1) + _d];
        }
        var triangle = new double[n * n];
        Kernels.FoldRows(triangle, n, n, rows, n, width + _d);
        _factor = new double[(_d + 1) * (_d + 1)];
        for (var i = 0; i < _d; i++) { triangle.AsSpan((width + i) * n + width + i, _d + 1 - i).CopyTo(_factor.AsSpan(i * (_d + 1) + i)); }
        _asked = false;
    }

    private protected override void Update(ReadOnlySpan<double> row, double value)
    {
        var (scale, scaled) = (1 / Math.Sqrt(Model.ObservationVariance), new double[_d]);
        for (var i = 0; i < _d; i++) { scaled[i] = scale * row[i]; }
        Fold(scaled, scale * value);
    }

    void Fold(ReadOnlySpan<double> row, double value)
    {
        Kernels.FoldRows(_factor, _d + 1, _d + 1, [.. row, value], _d + 1, 1);
        _factor[^1] = 0;   // residuals are counted by prediction errors
        _asked = false;
    }

    double[,]? Solved()
    {
        if (_asked) { return _covariance; }
        (_asked, _covariance) = (true, null);
        var largest = 0.0;
        for (var i = 0; i < _d; i++) { largest = Math.Max(largest, Math.Abs(_factor[i * (_d + 1) + i])); }
        for (var i = 0; i < _d; i++)
        {
            if (!(Math.Abs(_factor[i * (_d + 1) + i]) > 1e-10 * largest)) { return null; }
        }
        var root = new double[_d, _d];
        for (var j = 0; j < _d; j++)
        {
            var column = new double[_d];
            column[j] = 1;
            Kernels.SolveUpper(_factor, _d + 1, _d, column);
            for (var i = 0; i < _d; i++) { root[i, j] = column[i]; }
        }
        return _covariance = Square.Congruence(root, Square.Identity(_d));
    }
}
