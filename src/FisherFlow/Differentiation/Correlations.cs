namespace FisherFlow.Differentiation;

/// <summary>The correlations of n variables, row by row below the diagonal: a positive definite matrix whatever the free numbers are.</summary>
/// <remarks>
/// <c>tanh</c> of a free number is a partial correlation given the variables before; partial correlations make the Cholesky factor row by row, and that the matrix.
/// Source: Lewandowski, Kurowicka &amp; Joe (2009).
/// </remarks>
/// <param name="Variables">How many variables.</param>
public sealed record Correlations(int Variables) : IConstraint
{
    /// <inheritdoc/>
    public int Values => Variables * (Variables - 1) / 2;

    /// <inheritdoc/>
    public int Free => Values;

    /// <inheritdoc/>
    public void Constrain<T>(ReadOnlySpan<T> free, Span<T> values) where T : struct, IScalar<T>
    {
        var lower = new T[Variables * Variables];
        Factor(free, lower);
        for (int i = 1, at = 0; i < Variables; i++)
        {
            for (var j = 0; j < i; j++, at++)
            {
                T sum = 0.0;
                for (var k = 0; k <= j; k++) { sum += lower[i * Variables + k] * lower[j * Variables + k]; }
                values[at] = sum;
            }
        }
    }

    /// <inheritdoc/>
    public void Unconstrain(ReadOnlySpan<double> values, Span<double> free)
    {
        var lower = new double[Variables * Variables];
        lower[0] = 1;
        for (int i = 1, at = 0; i < Variables; i++)
        {
            var rest = 1.0;
            for (var j = 0; j < i; j++, at++)
            {
                var left = values[at];
                for (var k = 0; k < j; k++) { left -= lower[i * Variables + k] * lower[j * Variables + k]; }
                var entry = left / lower[j * Variables + j];
                if (!(entry * entry < rest)) { throw new ArgumentException($"the correlations of variable {i + 1} are not those of a positive definite matrix", nameof(values)); }
                lower[i * Variables + j] = entry;
                free[at] = Math.Atanh(entry / Math.Sqrt(rest));
                rest -= entry * entry;
            }
            lower[i * Variables + i] = Math.Sqrt(rest);
        }
    }

    /// <inheritdoc/>
    public T LogJacobian<T>(ReadOnlySpan<T> free) where T : struct, IScalar<T>
    {
        // free → partial correlation: 1/cosh²; partial correlation → factor: the square root of what the row has left; factor → matrix: the diagonal of the column
        T sum = 0.0;
        for (int i = 1, at = 0; i < Variables; i++)
        {
            T rest = 0.0;   // log of what the row has left
            for (var j = 0; j < i; j++, at++)
            {
                var share = LogOneLessSquare(free[at]);
                sum += share + 0.5 * rest;
                rest += share;
            }
            sum += (Variables - 1 - i) * 0.5 * rest;
        }
        return sum;
    }

    /// <summary><c>log(1 − tanh² x)</c>, without cancellation.</summary>
    static T LogOneLessSquare<T>(T x) where T : struct, IScalar<T> => 2 * (Math.Log(2) - x - T.SoftPlus(-2 * x));

    void Factor<T>(ReadOnlySpan<T> free, Span<T> lower) where T : struct, IScalar<T>
    {
        lower[0] = 1.0;
        for (int i = 1, at = 0; i < Variables; i++)
        {
            T rest = 1.0;
            for (var j = 0; j < i; j++, at++)
            {
                lower[i * Variables + j] = T.Tanh(free[at]) * T.Sqrt(rest);
                rest *= T.Exp(LogOneLessSquare(free[at]));
            }
            lower[i * Variables + i] = T.Sqrt(rest);
        }
    }
}
