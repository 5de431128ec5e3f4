using System.Numerics.Tensors;

namespace FisherFlow.Likelihoods;

/// <summary>Sums over all folded rows at today's φ, as far as a sample of them and the same sums at their folds tell: <c>Σ f s sᵀ(φ)</c> from <c>Σ f s sᵀ(φ_b)</c>.</summary>
/// <remarks>
/// Each element is a regression estimate: the sample's sum at φ, corrected by what the sample has missed of two sums that are known of all rows, the element at the folds and the weights. Its coefficients make the
/// variance least. Where folds were near φ they are one and zero, and this is the difference estimate; where a stream began far away, differences of single rows are larger than the rows themselves, and it
/// leaves them alone. Sources: Cassel, Särndal and Wretman (1976), generalised regression; Montanari (1987), its best coefficients.
/// </remarks>
/// <param name="sample">The sample.</param>
/// <param name="model">The likelihood.</param>
/// <param name="phi">φ <c>[q]</c>.</param>
sealed class SampleTotals(FoldedSample sample, LikelihoodModel model, double[] phi)
{
    const int FewestRows = 30;        // that stand for others: fewer tell no coefficients
    const double Rounding = 1e-10;    // of the diagonal: what sums of products leave of a singular matrix

    readonly int _q = phi.Length;
    double[] _now = [], _then = [], _thenThen = [], _thenWeight = [], _thenNow = [], _weightNow = [];   // [q, q], upper triangles
    double _weight, _weightWeight;
    int _standing;

    /// <summary>Score products <c>Σ w² s sᵀ</c>.</summary>
    /// <param name="products">Those of all folded rows at their folds, <c>[q, q]</c>.</param>
    /// <param name="squaredWeight"><c>Σ w²</c> of these rows.</param>
    public double[] Products(double[] products, double squaredWeight) => Estimated(products, squaredWeight, (weight, residual) => weight * weight * residual * residual, weight => weight * weight);

    /// <summary>Of least squares, Gauss and Newton's information <c>Σ w g gᵀ</c>.</summary>
    /// <param name="information">That of all folded rows at their folds, <c>[q, q]</c>.</param>
    /// <param name="weight"><c>Σ w</c> of these rows.</param>
    public double[] Information(double[] information, double weight) => Estimated(information, weight, (weight, _) => weight, weight => weight);

    /// <summary>The regression estimate, else the difference estimate, else what is known at the folds: the first that is positive.</summary>
    double[] Estimated(double[] known, double weight, Func<double, double, double> factor, Func<double, double> size)
    {
        Add(factor, size);
        foreach (var isRegression in (bool[])[true, false])
        {
            var estimate = new double[_q * _q];
            for (var j = 0; j < _q; j++)
            {
                for (var k = j; k < _q; k++)
                {
                    var at = j * _q + k;
                    var (then, rows) = isRegression ? Coefficients(at) : (1, 0);
                    estimate[at] = estimate[k * _q + j] = _now[at] + then * (known[at] - _then[at]) + rows * (weight - _weight);
                }
            }
            if (IsPositive(estimate)) { return estimate; }
        }
        return known;
    }

    /// <summary>What one unit that the sample has missed of an element at the folds, and of the weights, is worth at φ.</summary>
    (double Then, double Weight) Coefficients(int at)
    {
        var determinant = _thenThen[at] * _weightWeight - _thenWeight[at] * _thenWeight[at];
        if (_standing < FewestRows || !(determinant > 1e-8 * _thenThen[at] * _weightWeight)) { return (1, 0); }
        return ((_weightWeight * _thenNow[at] - _thenWeight[at] * _weightNow[at]) / determinant, (_thenThen[at] * _weightNow[at] - _thenWeight[at] * _thenNow[at]) / determinant);
    }

    /// <summary>Adds the sample up, at φ and at the folds; two gradients a row.</summary>
    void Add(Func<double, double, double> factor, Func<double, double> size)
    {
        (_now, _then, _thenThen, _thenWeight, _thenNow, _weightNow) = (new double[_q * _q], new double[_q * _q], new double[_q * _q], new double[_q * _q], new double[_q * _q], new double[_q * _q]);
        (_weight, _weightWeight, _standing) = (0, 0, 0);
        var (width, point, from) = (model.Columns.Count, new RowGradients(model), 0);
        double[] here = new double[RowSums.BlockRows * _q], there = new double[RowSums.BlockRows * _q], nows = new double[RowSums.BlockRows], thens = new double[RowSums.BlockRows];
        foreach (var fold in sample.Folds)
        {
            for (var end = from + fold.Count; from < end;)
            {
                var count = Math.Min(RowSums.BlockRows, end - from);
                var rows = sample.Rows.Rows.Slice(from * width, count * width);
                var weights = sample.Rows.Weights.Slice(from, count);
                At(phi, rows, weights, here, nows);
                At(fold.Anchor, rows, weights, there, thens);
                for (var i = 0; i < count; i++, from++)
                {
                    if (weights[i] > 0) { AddRow(here.AsSpan(i * _q, _q), there.AsSpan(i * _q, _q), nows[i], thens[i], size(weights[i]), sample.Scale(from)); }
                }
            }
        }

        void At(double[] where, ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, double[] gradients, double[] factors)
        {
            point.Begin(where);
            point.Gradients(rows, weights.Length).CopyTo(gradients);
            for (var i = 0; i < weights.Length; i++) { factors[i] = factor(weights[i], model.IsLeastSquares ? rows[(i + 1) * width - 1] - point.Values[i] : 1); }
        }
    }

    void AddRow(ReadOnlySpan<double> here, ReadOnlySpan<double> there, double nowFactor, double thenFactor, double size, double scale)
    {
        var noise = scale * (scale - 1);   // by which a row's square adds to the variance of a sum
        _standing += noise > 0 ? 1 : 0;
        _weight += scale * size;
        _weightWeight += noise * size * size;
        for (var j = 0; j < _q; j++)
        {
            var (nowRow, thenRow) = (nowFactor * here[j], thenFactor * there[j]);
            for (var (k, at) = (j, j * _q + j); k < _q; k++, at++)
            {
                var (now, then) = (nowRow * here[k], thenRow * there[k]);
                _now[at] += scale * now;
                _then[at] += scale * then;
                if (noise == 0) { continue; }
                _thenThen[at] += noise * then * then;
                _thenWeight[at] += noise * then * size;
                _thenNow[at] += noise * then * now;
                _weightNow[at] += noise * size * now;
            }
        }
    }

    bool IsPositive(double[] sums)
    {
        var add = new double[_q];
        for (var i = 0; i < _q; i++) { add[i] = Rounding * sums[i * _q + i]; }
        return SymmetricSystem.TrySolve(sums, add, new double[_q], new double[_q]);
    }
}
