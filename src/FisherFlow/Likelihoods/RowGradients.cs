using System.Numerics.Tensors;

namespace FisherFlow.Likelihoods;

/// <summary>Values of single rows at a point and their gradients by the free coordinates φ.</summary>
/// <remarks>One object is used for one point after another, <see cref="RowSums.BlockRows"/> rows at a time; nothing is allocated for a row.</remarks>
sealed class RowGradients(LikelihoodModel model)
{
    readonly int _m = model.Space.Natural;
    readonly int _q = model.Space.Free;
    readonly double[] _theta = new double[model.Space.Natural];
    readonly double[] _jacobian = new double[model.Space.Natural * model.Space.Free];
    readonly double[] _values = new double[RowSums.BlockRows];
    readonly double[] _gradients = new double[RowSums.BlockRows * model.Space.Natural];
    readonly double[] _mapped = new double[RowSums.BlockRows * model.Space.Free];

    /// <summary>Values of the rows whose gradients were asked for last.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Goes to a point.</summary>
    public void Begin(ReadOnlySpan<double> phi)
    {
        model.Space.ToNatural(phi, _theta);
        model.Space.Jacobian(phi, _jacobian);
    }

    /// <summary>Gradients of the rows' values by φ, <c>[n, q]</c>.</summary>
    public ReadOnlySpan<double> Gradients(ReadOnlySpan<double> rows, int count)
    {
        var gradients = _gradients.AsSpan(0, count * _m);
        var mapped = _mapped.AsSpan(0, count * _q);
        model.Evaluate(_theta, rows, _values.AsSpan(0, count), gradients);
        ToFree(gradients, _jacobian, _m, _q, mapped);
        return mapped;
    }

    /// <summary>Gradients by φ <c>[n, q]</c> from gradients by θ <c>[n, m]</c>, row by row.</summary>
    public static void ToFree(ReadOnlySpan<double> gradients, double[] jacobian, int m, int q, Span<double> mapped)
    {
        mapped.Clear();
        for (var (i, from) = (0, 0); from < gradients.Length; i++, from += m)
        {
            var row = mapped.Slice(i * q, q);
            for (var k = 0; k < m; k++)
            {
                var g = gradients[from + k];
                if (g != 0) { TensorPrimitives.MultiplyAdd(jacobian.AsSpan(k * q, q), g, row, row); }
            }
        }
    }

    /// <summary>What each row adds to the score of what is maximised, <c>[n, q]</c>: of a density its gradient, of least squares residual times gradient.</summary>
    public void Scores(ReadOnlySpan<double> rows, int count, Span<double> scores)
    {
        Gradients(rows, count).CopyTo(scores);
        if (!model.IsLeastSquares) { return; }
        var width = model.Columns.Count;
        for (var i = 0; i < count; i++)
        {
            var row = scores.Slice(i * _q, _q);
            TensorPrimitives.Multiply(row, rows[(i + 1) * width - 1] - _values[i], row);
        }
    }
}
