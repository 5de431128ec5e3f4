namespace FisherFlow.Differentiation;

/// <summary>A set that parameters are confined to, and a smooth map of free numbers onto it.</summary>
public interface IConstraint
{
    /// <summary>Numbers that a reader sees <c>k</c>.</summary>
    int Values { get; }

    /// <summary>Free numbers behind them <c>f ≤ k</c>.</summary>
    int Free { get; }

    /// <summary>Values from free numbers.</summary>
    /// <param name="free">Free numbers <c>[f]</c>.</param>
    /// <param name="values">Values <c>[k]</c>.</param>
    void Constrain<T>(ReadOnlySpan<T> free, Span<T> values) where T : struct, IScalar<T>;

    /// <summary>Free numbers from values, the inverse of <see cref="Constrain"/>.</summary>
    /// <param name="values">Values <c>[k]</c>.</param>
    /// <param name="free">Free numbers <c>[f]</c>.</param>
    /// <exception cref="ArgumentException">The values do not obey the constraint; the message says how.</exception>
    void Unconstrain(ReadOnlySpan<double> values, Span<double> free);

    /// <summary><c>log |det ∂values/∂free|</c> over the first f values: what a density gains when its variable is changed.</summary>
    /// <param name="free">Free numbers <c>[f]</c>.</param>
    T LogJacobian<T>(ReadOnlySpan<T> free) where T : struct, IScalar<T>;
}
