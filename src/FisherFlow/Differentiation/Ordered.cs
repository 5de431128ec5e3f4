namespace FisherFlow.Differentiation;

/// <summary>Numbers in increasing order: the first is free, the others are the logarithms of the gaps.</summary>
/// <param name="Values">How many.</param>
public sealed record Ordered(int Values) : IConstraint
{
    /// <inheritdoc/>
    public int Free => Values;

    /// <inheritdoc/>
    public void Constrain<T>(ReadOnlySpan<T> free, Span<T> values) where T : struct, IScalar<T>
    {
        values[0] = free[0];
        for (var i = 1; i < Values; i++) { values[i] = values[i - 1] + T.Exp(free[i]); }
    }

    /// <inheritdoc/>
    public void Unconstrain(ReadOnlySpan<double> values, Span<double> free)
    {
        free[0] = values[0];
        for (var i = 1; i < Values; i++)
        {
            if (!(values[i] > values[i - 1])) { throw new ArgumentException($"number {i + 1} of {Values} is {values[i]}, which is not greater than {values[i - 1]} before it", nameof(values)); }
            free[i] = Math.Log(values[i] - values[i - 1]);
        }
    }

    /// <inheritdoc/>
    public T LogJacobian<T>(ReadOnlySpan<T> free) where T : struct, IScalar<T>
    {
        T sum = 0.0;
        for (var i = 1; i < Values; i++) { sum += free[i]; }
        return sum;
    }
}
