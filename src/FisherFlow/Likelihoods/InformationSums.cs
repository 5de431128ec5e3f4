using System.Numerics.Tensors;
using FisherFlow.Estimation;
using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Likelihoods;

/// <summary>The information of rows at a point, of any kind: for standard errors, beside the usual one that searches climb by.</summary>
/// <remarks>
/// With <c>g = ∂value/∂θ</c>, a density's is <c>−Σ w ∂²ℓ</c>, <c>Σ w g gᵀ</c> or <c>Σ w E[g gᵀ]</c>; of least squares, <c>Σ w g gᵀ</c>, less
/// <c>Σ w r ∂²f</c> where it is the observed one, <c>Σ w z² g gᵀ</c> by sampled noise z, all in units of the variance φ of a response, and <c>Σ (w r)² g gᵀ</c>, the empirical one, in units of φ².
/// One object is used for one point.
/// </remarks>
sealed class InformationSums
{
    readonly LikelihoodModel _model;
    readonly InformationKind _kind;
    readonly OutcomeScores? _outcomes;
    readonly int _m, _q;
    readonly double[] _phi, _theta, _jacobian;
    readonly double[] _values = new double[RowSums.BlockRows], _factors = new double[RowSums.BlockRows], _bends = new double[RowSums.BlockRows];
    readonly double[] _gradients;
    readonly double[] _products;   // [m, m]
    readonly double[] _hessian;    // [m, m], of the log-likelihood but for what products say of it
    readonly double[] _score;      // [m]

    /// <param name="model">The likelihood.</param>
    /// <param name="rule">The kind of information.</param>
    /// <param name="seed">The seed of sampled outcomes.</param>
    /// <param name="phi">The point φ <c>[q]</c>.</param>
    public InformationSums(LikelihoodModel model, InformationRule rule, int seed, double[] phi)
    {
        (_model, _kind, _phi) = (model, rule.Kind, phi);
        (_m, _q) = (model.Space.Natural, model.Space.Free);
        (_theta, _jacobian, _score) = (new double[_m], new double[_m * _q], new double[_m]);
        (_products, _hessian, _gradients) = (new double[_m * _m], new double[_m * _m], new double[RowSums.BlockRows * _m]);
        model.Space.ToNatural(phi, _theta);
        model.Space.Jacobian(phi, _jacobian);
        _outcomes = OutcomeScores.For(model, rule, (ulong)seed, _theta);
    }

    /// <summary>Whether outcomes that were drawn do not follow the density.</summary>
    /// <param name="usual">The information by second derivatives of all rows that count.</param>
    /// <param name="weight">Their weight.</param>
    public bool OutcomesDisagree(Factor usual, double weight) => !_model.IsLeastSquares && (_outcomes?.Disagree(_jacobian, _q, usual, weight) ?? false);

    /// <summary>Adds rows.</summary>
    /// <param name="rows">Rows <c>[n, columns]</c>.</param>
    /// <param name="weights">Weights <c>[n]</c>.</param>
    /// <param name="counts">How many rows each stands for, <c>[n]</c>, or empty for one.</param>
    /// <param name="firstRow">The number of the first row, by which random numbers go.</param>
    /// <exception cref="LikelihoodException">An outcome that was drawn has no score.</exception>
    public void Add(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> counts, long firstRow)
    {
        var width = _model.Columns.Count;
        for (var start = 0; start < weights.Length; start += RowSums.BlockRows)
        {
            var count = Math.Min(RowSums.BlockRows, weights.Length - start);
            AddBlock(rows.Slice(start * width, count * width), weights.Slice(start, count), counts.IsEmpty ? default : counts.Slice(start, count), firstRow + start);
        }
    }

    /// <summary>The sum by φ, <c>[q, q]</c>.</summary>
    public double[] ToInformation()
    {
        var sum = _outcomes is { } drawn && !_model.IsLeastSquares ? (double[])drawn.Products.Clone() : (double[])_products.Clone();
        TensorPrimitives.Subtract<double>(sum, _hessian, sum);
        var information = SymmetricSystem.Congruence(sum, _jacobian, _m, _q);
        if (_kind is not InformationKind.Observed) { return information; }
        var curvature = new double[information.Length];
        _model.Space.AddCurvature(_phi, _score, curvature);
        TensorPrimitives.Subtract<double>(information, curvature, information);
        return information;
    }

    void AddBlock(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> counts, long firstRow)
    {
        var n = weights.Length;
        var (factors, bends) = (_factors, _bends);   // of g gᵀ, and of ∂² of the value
        for (var i = 0; i < n; i++) { factors[i] = bends[i] = weights[i] * (counts.IsEmpty ? 1 : counts[i]); }
        if (!_model.IsLeastSquares && _outcomes is not null)
        {
            _outcomes.Add(rows, factors.AsSpan(0, n), firstRow);
            return;
        }
        var gradients = _gradients.AsSpan(0, n * _m);
        _model.Evaluate(_theta, rows, _values.AsSpan(0, n), gradients);
        for (var i = 0; i < n && _model.IsLeastSquares; i++)
        {
            var residual = rows[(i + 1) * _model.Columns.Count - 1] - _values[i];
            bends[i] = factors[i] == 0 ? 0 : factors[i] * residual;
            if (_kind is InformationKind.Empirical) { factors[i] = bends[i] * weights[i] * residual; }
            if (_kind is InformationKind.MonteCarlo) { factors[i] *= _outcomes!.SquaredNoise(firstRow + i); }
        }
        for (var i = 0; i < n; i++)
        {
            if (weights[i] == 0) { continue; }
            var gradient = gradients.Slice(i * _m, _m);
            TensorPrimitives.MultiplyAdd(gradient, bends[i], _score, _score);
            for (var j = 0; j < _m && (_model.IsLeastSquares || _kind is InformationKind.Empirical); j++)
            {
                var target = _products.AsSpan(j * _m, _m);
                TensorPrimitives.MultiplyAdd(gradient, factors[i] * gradient[j], target, target);
            }
        }
        if (_kind is InformationKind.Observed) { _model.AddHessian(_theta, rows, bends.AsSpan(0, n), _hessian); }
    }
}
