using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Likelihoods;

/// <summary>What an audit cannot know because it looks at a sample: the variance of <c>I⁻¹Δs</c>, unbiased under Poisson sampling (Horvitz &amp; Thompson 1952).</summary>
/// <param name="Variances">Of every kept coordinate, <c>[k]</c>.</param>
/// <param name="Gauge">Their sum in units of information: the expected <c>ΔsᵀI⁻¹Δs</c> if nothing were wrong.</param>
readonly record struct SampleNoise(double[] Variances, double Gauge)
{
    const double Along = 1e-3;   // of the way from anchor to estimate, for derivatives by differences: the square of it is lost of a variance that is known by its size only

    /// <summary>Measures the noise at a point; five gradients for every sampled row.</summary>
    public static SampleNoise Of(FoldedSample sample, LikelihoodModel model, double[] phi, Factor factor)
    {
        var (q, width) = (phi.Length, model.Columns.Count);
        var (variances, gauge) = (new double[factor.Rank], 0.0);
        double[] errors = new double[RowSums.BlockRows * q], work = new double[errors.Length], move = new double[q];
        var point = new RowGradients(model);
        var from = 0;
        foreach (var fold in sample.Folds)
        {
            for (var end = from + fold.Count; from < end;)
            {
                var count = Math.Min(RowSums.BlockRows, end - from);
                Errors(point, model, sample.Rows.Rows.Slice(from * width, count * width), count, fold, phi, errors, work);
                for (var i = 0; i < count; i++, from++)
                {
                    var scale = sample.Scale(from);
                    if (scale == 1) { continue; }
                    var error = errors.AsSpan(i * q, q);
                    TensorPrimitives.Multiply(error, scale * sample.Rows.Weights[from], error);
                    factor.Solve(error, move);
                    var share = 1 - 1 / scale;
                    for (var k = 0; k < variances.Length; k++) { variances[k] += share * move[factor.Kept[k]] * move[factor.Kept[k]]; }
                    gauge += share * TensorPrimitives.Dot(error, move);
                }
            }
        }
        return new(variances, gauge);
    }

    /// <summary>True score less the quadratic's, of single rows: <c>s(φ) − s(φ_b) + I(φ_b)(φ − φ_b)</c>.</summary>
    static void Errors(RowGradients point, LikelihoodModel model, ReadOnlySpan<double> rows, int count, in FoldedSample.Fold fold, double[] phi, double[] errors, double[] work)
    {
        var q = phi.Length;
        var now = errors.AsSpan(0, count * q);
        var then = work.AsSpan(0, count * q);
        double[] delta = new double[q], near = new double[q];
        TensorPrimitives.Subtract<double>(phi, fold.Anchor, delta);
        point.Begin(phi);
        point.Scores(rows, count, now);
        point.Begin(fold.Anchor);
        if (fold.Kind is InformationKind.Empirical || (model.IsLeastSquares && fold.Kind is InformationKind.Expected))
        {
            if (fold.Kind is InformationKind.Empirical) { point.Scores(rows, count, then); } else { point.Gradients(rows, count).CopyTo(then); }
            for (var i = 0; i < count; i++)
            {
                var row = then.Slice(i * q, q);
                TensorPrimitives.MultiplyAdd(row, TensorPrimitives.Dot<double>(row, delta), now.Slice(i * q, q), now.Slice(i * q, q));
            }
        }
        else
        {
            foreach (var (side, share) in ((int, double)[])[(1, -0.5 / Along), (-1, 0.5 / Along)])
            {
                TensorPrimitives.MultiplyAdd<double>(delta, side * Along, fold.Anchor, near);
                point.Begin(near);
                point.Scores(rows, count, then);
                TensorPrimitives.MultiplyAdd(then, share, now, now);
            }
            point.Begin(fold.Anchor);
        }
        point.Scores(rows, count, then);
        TensorPrimitives.Subtract(now, then, now);
    }
}
