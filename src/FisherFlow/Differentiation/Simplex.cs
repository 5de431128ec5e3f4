namespace FisherFlow.Differentiation;

/// <summary>Probabilities that sum to one: the softmax of free numbers, the last of which is held at zero.</summary>
/// <param name="Values">How many.</param>
public sealed record Simplex(int Values) : IConstraint
{
    /// <inheritdoc/>
    public int Free => Values - 1;

    /// <inheritdoc/>
    public void Constrain<T>(ReadOnlySpan<T> free, Span<T> values) where T : struct, IScalar<T>
    {
        var total = LogTotal(free);
        for (var i = 0; i < Free; i++) { values[i] = T.Exp(free[i] - total); }
        values[Free] = T.Exp(-total);
    }

    /// <inheritdoc/>
    public void Unconstrain(ReadOnlySpan<double> values, Span<double> free)
    {
        var sum = 0.0;
        for (var i = 0; i < Values; i++)
        {
            if (!(values[i] > 0)) { throw new ArgumentException($"probability {i + 1} of {Values} is {values[i]}; each must be positive", nameof(values)); }
            sum += values[i];
        }
        if (Math.Abs(sum - 1) > 1e-6) { throw new ArgumentException($"the probabilities sum to {sum}, not to 1", nameof(values)); }
        for (var i = 0; i < Free; i++) { free[i] = Math.Log(values[i] / values[Free]); }
    }

    /// <summary><c>Σ log pᵢ</c>, over all of them.</summary>
    public T LogJacobian<T>(ReadOnlySpan<T> free) where T : struct, IScalar<T>
    {
        var total = LogTotal(free);
        var sum = -total;
        foreach (var number in free) { sum += number - total; }
        return sum;
    }

    static T LogTotal<T>(ReadOnlySpan<T> free) where T : struct, IScalar<T>
    {
        T total = 0.0;
        foreach (var number in free) { total = T.LogSumExp(total, number); }
        return total;
    }
}
