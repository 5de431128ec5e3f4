using FisherFlow.Snapshots;

namespace FisherFlow.Information;

/// <summary>A positive semi-definite <c>I [d, d]</c> that accumulates evidence in one fixed structure.</summary>
/// <remarks>
/// A structure is a projection: it keeps of every row what its shape has room for. Questions never change it, not even in the last bit.
/// Damping is an argument of every question that inverts, never a default. Threads: one at a time, questions included, as some keep what they have computed.
/// </remarks>
/// <typeparam name="TSelf">The structure itself.</typeparam>
public interface IInformation<TSelf> where TSelf : class, IInformation<TSelf>
{
    /// <summary>What <c>+=</c> may lose against one stream of all the rows: nothing for sums, a bounded amount for sketches.</summary>
    static abstract Exactness Merging { get; }

    /// <summary>The name of the structure as users write it: <c>diagonal</c>, <c>low-rank</c>.</summary>
    static abstract string Name { get; }

    /// <summary>Whether variances from <c>I⁻¹</c> may be smaller than those of the full information, so that intervals need a warning.</summary>
    static abstract bool UnderstatesVariance { get; }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    static abstract TSelf Load(StateReader reader);

    /// <summary>Number of parameters <c>d</c>.</summary>
    int Dimension { get; }

    /// <summary><c>I ← I + w·aaᵀ</c>, projected onto this structure.</summary>
    /// <param name="a">The row <c>[d]</c>, finite.</param>
    /// <param name="weight">Its weight <c>w ≥ 0</c>, finite.</param>
    /// <exception cref="ArgumentException">The row or its weight is not finite, its weight is negative or its length is not d; nothing was added.</exception>
    void Add(ReadOnlySpan<double> a, double weight);

    /// <summary><c>I ← I + Σ wᵢ xᵢxᵢᵀ</c>, projected onto this structure.</summary>
    /// <param name="rows">The design rows <c>xᵢ</c>, <c>n</c> of them.</param>
    /// <param name="weights">Weights <c>[n]</c>, at least 0; a row of weight zero adds nothing.</param>
    /// <exception cref="ArgumentException">A number is not finite, a weight is negative or a slot names no parameter; nothing was added.</exception>
    void Add(in DesignRows rows, ReadOnlySpan<double> weights);

    /// <summary><c>I ← I + J</c>, in any order.</summary>
    /// <exception cref="ArgumentException">The other one has another shape; nothing was added.</exception>
    void operator +=(TSelf other);

    /// <summary><c>I ← λI</c>, <c>0 ≤ λ</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite.</exception>
    void operator *=(double retention);

    /// <summary><c>y ← I·x</c>.</summary>
    /// <param name="x">A direction <c>[d]</c>.</param>
    /// <param name="y">The product <c>[d]</c>; must not overlap x.</param>
    void Multiply(ReadOnlySpan<double> x, Span<double> y);

    /// <summary>Solves <c>(I + δ·1)x = b</c>, or names the pivot that made it impossible.</summary>
    /// <param name="b">Right side <c>[d]</c>.</param>
    /// <param name="x">The solution <c>[d]</c>; as it was when the solve fails. May be b itself.</param>
    /// <param name="damping">δ ≥ 0.</param>
    SolveStatus Solve(ReadOnlySpan<double> b, Span<double> x, double damping);

    /// <summary><c>x ← (I + δ·1)^(−1/2) b</c> with the symmetric root, or names the pivot that made it impossible.</summary>
    /// <param name="b">Right side <c>[d]</c>.</param>
    /// <param name="x">The product <c>[d]</c>; as it was when the solve fails. May be b itself.</param>
    /// <param name="damping">δ ≥ 0.</param>
    SolveStatus SolveSquareRoot(ReadOnlySpan<double> b, Span<double> x, double damping);

    /// <summary>The diagonal of <c>(I + δ·1)⁻¹</c>.</summary>
    /// <param name="diagonal">The diagonal <c>[d]</c>; as it was when the solve fails.</param>
    /// <param name="damping">δ ≥ 0.</param>
    SolveStatus InverseDiagonal(Span<double> diagonal, double damping);

    /// <summary>Copies the diagonal of <c>I</c>.</summary>
    /// <param name="diagonal">Receives the diagonal <c>[d]</c>.</param>
    void CopyDiagonal(Span<double> diagonal);

    /// <summary><c>log det(I + δ·1)</c>, or −∞ when it is singular.</summary>
    double LogDeterminant(double damping);

    /// <summary><c>tr I</c>.</summary>
    double Trace();

    /// <summary>Turns standard normals into a draw <c>x ~ N(0, (I + δ·1)⁻¹)</c>.</summary>
    /// <param name="normals">Independent standard normals <c>[d]</c>.</param>
    /// <param name="x">The draw <c>[d]</c>; as it was when the solve fails.</param>
    /// <param name="damping">δ ≥ 0.</param>
    SolveStatus Sample(ReadOnlySpan<double> normals, Span<double> x, double damping);

    /// <summary>Renames and grows the parameters: old parameter i becomes <paramref name="map"/>[i] of <paramref name="dimension"/>; new ones have no evidence.</summary>
    /// <param name="map">New index of each old parameter, <c>[d]</c>, all different.</param>
    /// <param name="dimension">New number of parameters.</param>
    /// <exception cref="ArgumentException">The length is wrong, an index is out of range or two parameters meet.</exception>
    /// <exception cref="NotSupportedException">The shape of this structure cannot take parameters in another order (Kronecker products).</exception>
    void Remap(ReadOnlySpan<int> map, int dimension);

    /// <summary>No evidence, in the same shape and with the same settings.</summary>
    TSelf CreateEmpty();

    /// <summary>A copy with its own storage.</summary>
    TSelf Copy();

    /// <summary>Writes the structure, bit for bit.</summary>
    void Save(StateWriter writer);

    /// <summary>The dense oracle that tests compare against; <c>O(d²)</c> memory.</summary>
    double[,] ToDense();
}
