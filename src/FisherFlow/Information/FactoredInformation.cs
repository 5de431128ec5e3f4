namespace FisherFlow.Information;

/// <summary>A structure that answers what inverts from one factor of <c>I + δ·1</c>, made for the question or kept from the last.</summary>
/// <remarks>Shape: <c>[d, d]</c>. Lengths are checked here; what the factor is, and what it costs, is the structure's.</remarks>
public abstract class FactoredInformation
{
    private protected FactoredInformation()
    {
        // structures of this library only
    }

    /// <summary>Number of parameters <c>d</c>.</summary>
    public abstract int Dimension { get; }

    /// <inheritdoc cref="IInformation{TSelf}.Solve"/>
    public SolveStatus Solve(ReadOnlySpan<double> b, Span<double> x, double damping)
    {
        RowCheck.Length(b.Length, Dimension, nameof(b));
        RowCheck.Length(x.Length, Dimension, nameof(x));
        return Damped(damping).Solve(b, x);
    }

    /// <inheritdoc cref="IInformation{TSelf}.InverseDiagonal"/>
    public SolveStatus InverseDiagonal(Span<double> diagonal, double damping)
    {
        RowCheck.Length(diagonal.Length, Dimension, nameof(diagonal));
        return Damped(damping).InverseDiagonal(diagonal);
    }

    /// <inheritdoc cref="IInformation{TSelf}.LogDeterminant"/>
    public double LogDeterminant(double damping) => Damped(damping).LogDeterminant;

    /// <inheritdoc cref="IInformation{TSelf}.Sample"/>
    public SolveStatus Sample(ReadOnlySpan<double> normals, Span<double> x, double damping)
    {
        RowCheck.Length(normals.Length, Dimension, nameof(normals));
        RowCheck.Length(x.Length, Dimension, nameof(x));
        return Damped(damping).Sample(normals, x);
    }

    /// <summary>The factor of <c>I + δ·1</c>.</summary>
    private protected abstract IDampedFactor Damped(double damping);
}

/// <summary>A factor of <c>I + δ·1</c>, or the parameter at which there was none.</summary>
interface IDampedFactor
{
    /// <summary>Whether there is a factor.</summary>
    SolveStatus Status { get; }

    /// <summary><c>log det(I + δ·1)</c>, or −∞.</summary>
    double LogDeterminant { get; }

    /// <summary><c>x ← (I + δ·1)⁻¹ b</c>.</summary>
    /// <param name="b">Right side <c>[d]</c>.</param>
    /// <param name="x">The solution <c>[d]</c>; untouched without a factor.</param>
    SolveStatus Solve(ReadOnlySpan<double> b, Span<double> x);

    /// <summary>The diagonal of <c>(I + δ·1)⁻¹</c>.</summary>
    /// <param name="diagonal">The diagonal <c>[d]</c>; untouched without a factor.</param>
    SolveStatus InverseDiagonal(Span<double> diagonal);

    /// <summary>A draw from <c>N(0, (I + δ·1)⁻¹)</c>.</summary>
    /// <param name="normals">Standard normals <c>[d]</c>.</param>
    /// <param name="x">The draw <c>[d]</c>; untouched without a factor.</param>
    SolveStatus Sample(ReadOnlySpan<double> normals, Span<double> x);
}
