namespace FisherFlow.Differentiation;

/// <summary>Several constraints one after the other: from all free numbers to all values, with the Jacobian that errors travel by.</summary>
/// <param name="constraints">The constraints, in the order of the parameters.</param>
public sealed class ParameterSpace(IReadOnlyList<IConstraint> constraints) : IConstraint
{
    readonly Tape _tape = new();

    /// <summary>The constraints.</summary>
    public IReadOnlyList<IConstraint> Constraints => constraints;

    /// <inheritdoc/>
    public int Values { get; } = constraints.Sum(constraint => constraint.Values);

    /// <inheritdoc/>
    public int Free { get; } = constraints.Sum(constraint => constraint.Free);

    /// <inheritdoc/>
    public void Constrain<T>(ReadOnlySpan<T> free, Span<T> values) where T : struct, IScalar<T>
    {
        foreach (var constraint in constraints)
        {
            constraint.Constrain(free[..constraint.Free], values[..constraint.Values]);
            free = free[constraint.Free..];
            values = values[constraint.Values..];
        }
    }

    /// <inheritdoc/>
    public void Unconstrain(ReadOnlySpan<double> values, Span<double> free)
    {
        foreach (var constraint in constraints)
        {
            constraint.Unconstrain(values[..constraint.Values], free[..constraint.Free]);
            values = values[constraint.Values..];
            free = free[constraint.Free..];
        }
    }

    /// <inheritdoc/>
    public T LogJacobian<T>(ReadOnlySpan<T> free) where T : struct, IScalar<T>
    {
        T sum = 0.0;
        foreach (var constraint in constraints)
        {
            sum += constraint.LogJacobian(free[..constraint.Free]);
            free = free[constraint.Free..];
        }
        return sum;
    }

    /// <summary><c>∂values/∂free</c>. Threads: one at a time.</summary>
    /// <param name="free">Free numbers <c>[f]</c>.</param>
    /// <param name="jacobian">The derivatives <c>[k, f]</c>, row by row.</param>
    public void Jacobian(ReadOnlySpan<double> free, Span<double> jacobian)
    {
        _tape.Reset();
        var (variables, values) = (new Traced[Free], new Traced[Values]);
        for (var i = 0; i < Free; i++) { variables[i] = _tape.Variable(free[i]); }
        Constrain<Traced>(variables, values);
        for (var i = 0; i < Values; i++) { _tape.Reverse(values[i], jacobian.Slice(i * Free, Free), default); }
    }

    /// <summary>The covariance of the values from that of the free numbers, <c>J Σ Jᵀ</c> (delta method).</summary>
    /// <param name="free">Free numbers <c>[f]</c>.</param>
    /// <param name="covariance">Their covariance <c>[f, f]</c>, row by row.</param>
    /// <returns>The covariance of the values <c>[k, k]</c>, row by row.</returns>
    public double[] Transport(ReadOnlySpan<double> free, ReadOnlySpan<double> covariance)
    {
        var (f, k) = (Free, Values);
        var (jacobian, half, result) = (new double[k * f], new double[k * f], new double[k * k]);
        Jacobian(free, jacobian);
        for (var i = 0; i < k; i++)
        {
            for (var a = 0; a < f; a++)
            {
                for (var b = 0; b < f; b++) { half[i * f + b] += jacobian[i * f + a] * covariance[a * f + b]; }
            }
        }
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                for (var b = 0; b < f; b++) { result[i * k + j] += half[i * f + b] * jacobian[j * f + b]; }
            }
        }
        return result;
    }
}
