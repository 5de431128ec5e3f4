namespace FisherFlow.Information;

/// <summary>A positive semi-definite <c>I [d, d]</c> that accumulates evidence in one fixed structure.</summary>
/// <typeparam name="TSelf">The structure itself.</typeparam>
public interface IInformation<TSelf> where TSelf : class, IInformation<TSelf>
{
    /// <summary>What <c>+=</c> may lose: nothing for sums, a bounded amount for sketches.</summary>
    static abstract Exactness Merging { get; }

    /// <summary>No evidence about <paramref name="dimension"/> parameters.</summary>
    static abstract TSelf Create(int dimension);

    /// <summary>Number of parameters <c>d</c>.</summary>
    int Dimension { get; }

    /// <summary><c>I ← I + w·aaᵀ</c>, projected onto this structure; <paramref name="a"/> is <c>[d]</c>.</summary>
    void Add(ReadOnlySpan<double> a, double weight);

    /// <summary><c>I ← I + J</c>, in any order.</summary>
    void operator +=(TSelf other);

    /// <summary><c>I ← λI</c>, <c>0 &lt; λ ≤ 1</c>.</summary>
    void operator *=(double retention);

    /// <summary><c>y ← I·x</c>, both <c>[d]</c>.</summary>
    void Multiply(ReadOnlySpan<double> x, Span<double> y);

    /// <summary>Solves <c>(I + δ·1)x = b</c>, both <c>[d]</c>, or names the pivot that made it impossible.</summary>
    SolveStatus Solve(ReadOnlySpan<double> b, Span<double> x, double damping);

    /// <summary>The diagonal of <c>(I + δ·1)⁻¹</c>, <c>[d]</c>.</summary>
    SolveStatus InverseDiagonal(Span<double> diagonal, double damping);

    /// <summary><c>log det(I + δ·1)</c>, or −∞ when it is singular.</summary>
    double LogDeterminant(double damping);

    /// <summary><c>tr I</c>.</summary>
    double Trace();

    /// <summary>Turns standard normals <c>[d]</c> into a draw <c>x ~ N(0, (I + δ·1)⁻¹)</c>.</summary>
    SolveStatus Sample(ReadOnlySpan<double> normals, Span<double> x, double damping);

    /// <summary>The dense oracle that tests compare against; <c>O(d²)</c> memory.</summary>
    double[,] ToDense();
}
