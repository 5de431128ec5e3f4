using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>What is asked of <c>P = D + CCᵀ</c> with a diagonal <c>D ≥ 0</c> and few columns C, by <c>M = 1 + CᵀD⁻¹C</c>.</summary>
/// <remarks>
/// Parameters Z with <c>Dᵢᵢ = 0</c>, at most as many as columns, are eliminated last: their Schur complement is <c>S = C_Z M⁻¹ C_Zᵀ</c>, M over the others.
/// Cost: <c>O(d·k²)</c> for k columns. Both M and S are factored by Cholesky, which is indifferent to the scale of each column, where eigenvectors of
/// <c>CᵀD⁻¹C</c> would lose the small directions beside the large ones.
/// Source: Woodbury (1950); the root of the inverse that samples need is Andrews's (1968), with a triangular factor in place of eigenvectors.
/// </remarks>
sealed class Woodbury : IDampedFactor
{
    readonly LowRankColumns _columns;
    readonly double[] _pivots;      // [d]
    readonly double[] _weights;     // [d]: 1/pivot, or 0 on Z
    readonly int[] _zeros = [];     // Z
    readonly double[] _upper = [];  // M = RᵀR, [k, k]
    readonly double[] _free = [];   // C_Z, [|Z|, k]
    readonly double[] _schur = [];  // S = RᵀR, [|Z|, |Z|]
    readonly int _count;

    /// <summary>Factors.</summary>
    /// <param name="columns">C, <c>[d, k]</c>.</param>
    /// <param name="pivots">The diagonal of D, <c>[d]</c>; what is zero is zero exactly. Kept, not copied.</param>
    public Woodbury(LowRankColumns columns, double[] pivots)
    {
        (_columns, _pivots, _count) = (columns, pivots, columns.Count);
        _weights = new double[pivots.Length];
        var zeros = 0;
        for (var i = 0; i < pivots.Length; i++)
        {
            if (pivots[i] > 0) { _weights[i] = 1 / pivots[i]; } else { zeros++; }
        }
        if (zeros > 0)
        {
            _zeros = new int[Math.Min(zeros, _count + 1)];
            for (int i = 0, at = 0; at < _zeros.Length; i++) { if (!(pivots[i] > 0)) { _zeros[at++] = i; } }
            if (zeros > _count)
            {
                Status = new(_zeros[^1]);
                return;
            }
        }
        _upper = columns.Gram(_weights);
        for (var a = 0; a < _count; a++) { _upper[a * _count + a] += 1; }
        var failed = Kernels.Cholesky(_upper, _count, _count);
        if (failed >= 0) { throw new InvalidOperationException("weighted columns have overflowed"); }
        if (zeros == 0) { return; }
        _free = new double[zeros * _count];
        var whitened = new double[zeros * _count];
        _schur = new double[zeros * zeros];
        for (var z = 0; z < zeros; z++)
        {
            columns.Row(_zeros[z], _free.AsSpan(z * _count, _count));
            _free.AsSpan(z * _count, _count).CopyTo(whitened.AsSpan(z * _count));
            Kernels.SolveUpperTransposed(_upper, _count, _count, whitened.AsSpan(z * _count, _count));
        }
        for (var z = 0; z < zeros; z++)
        {
            for (var other = z; other < zeros; other++) { _schur[z * zeros + other] = Dot.Product(whitened.AsSpan(z * _count, _count), whitened.AsSpan(other * _count, _count)); }
        }
        _schur = LimitedPivoting.Cholesky(_schur, _zeros, null, out _, out var aliased);
        if (aliased.Length > 0) { Status = new(aliased[0]); }
    }

    /// <summary>Whether P is regular, or a parameter of which nothing is known.</summary>
    public SolveStatus Status { get; }

    /// <summary><c>log det P = Σ log dᵢ + log det M + log det S</c>, or −∞.</summary>
    public double LogDeterminant
    {
        get
        {
            if (!Status.IsSolved) { return double.NegativeInfinity; }
            var sum = UpperTriangle.LogDeterminant(_upper, _count) + UpperTriangle.LogDeterminant(_schur, _zeros.Length);
            foreach (var pivot in _pivots) { if (pivot > 0) { sum += Math.Log(pivot); } }
            return sum;
        }
    }

    /// <summary><c>x ← P⁻¹b</c>.</summary>
    /// <param name="b">Right side <c>[d]</c>.</param>
    /// <param name="x">The solution <c>[d]</c>; untouched when P is singular.</param>
    public SolveStatus Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        if (!Status.IsSolved) { return Status; }
        var t = new double[_count];
        _columns.Transposed(b, _weights, t);
        var free = new double[_zeros.Length];
        if (free.Length > 0)
        {
            var inner = (double[])t.Clone();
            SolveInner(inner);
            for (var z = 0; z < free.Length; z++) { free[z] = b[_zeros[z]] - Dot.Product(_free.AsSpan(z * _count, _count), inner); }
            Kernels.SolveUpperTransposed(_schur, free.Length, free.Length, free);
            Kernels.SolveUpper(_schur, free.Length, free.Length, free);
            for (var z = 0; z < free.Length; z++) { Dot.Axpy(free[z], _free.AsSpan(z * _count, _count), t); }
        }
        SolveInner(t);
        Spread(b, t, free, x);
        return Status;
    }

    /// <summary>A root of <c>P⁻¹</c> times standard normals.</summary>
    /// <remarks><c>D^(−1/2)(1 − B R⁻¹(1 + Rᵀ)⁻¹Bᵀ)z</c> with <c>B = D^(−1/2)C</c>: multiplying it by its transpose gives <c>P⁻¹</c>. Z is drawn first, the others given it.</remarks>
    /// <param name="normals">Standard normals <c>[d]</c>.</param>
    /// <param name="x">The draw <c>[d]</c>; untouched when P is singular.</param>
    public SolveStatus Sample(ReadOnlySpan<double> normals, Span<double> x)
    {
        if (!Status.IsSolved) { return Status; }
        var right = new double[normals.Length];   // D^(1/2)z, so that W∘right = D^(−1/2)z
        for (var i = 0; i < right.Length; i++) { right[i] = _weights[i] > 0 ? normals[i] * Math.Sqrt(_pivots[i]) : 0; }
        double[] t = new double[_count], free = new double[_zeros.Length];
        _columns.Transposed(right, _weights, t);
        var andrews = (double[])_upper.Clone();
        for (var a = 0; a < _count; a++) { andrews[a * _count + a] += 1; }
        Kernels.SolveUpperTransposed(andrews, _count, _count, t);
        Kernels.SolveUpper(_upper, _count, _count, t);
        if (free.Length > 0)
        {
            for (var z = 0; z < free.Length; z++) { free[z] = normals[_zeros[z]]; }
            Kernels.SolveUpper(_schur, free.Length, free.Length, free);
            var inner = new double[_count];
            for (var z = 0; z < free.Length; z++) { Dot.Axpy(free[z], _free.AsSpan(z * _count, _count), inner); }
            SolveInner(inner);
            TensorPrimitives.Add(t, inner, t);
        }
        Spread(right, t, free, x);
        return Status;
    }

    /// <summary>The diagonal of <c>P⁻¹</c>: <c>wᵢ − wᵢ² cᵢᵀGcᵢ</c> with <c>G = M⁻¹ − M⁻¹C_ZᵀS⁻¹C_ZM⁻¹</c>.</summary>
    /// <param name="diagonal">The diagonal <c>[d]</c>; untouched when P is singular.</param>
    public SolveStatus InverseDiagonal(Span<double> diagonal)
    {
        if (!Status.IsSolved) { return Status; }
        var g = Inverse(_upper, _count);
        var zeros = _zeros.Length;
        if (zeros > 0)
        {
            // Rows of R_S⁻ᵀ C_Z M⁻¹: their outer products are what Z takes off.
            var root = (double[])_schur.Clone();
            Kernels.InvertUpper(root, zeros, zeros);
            var line = new double[_count];
            for (var z = 0; z < zeros; z++)
            {
                line.AsSpan().Clear();
                for (var other = 0; other <= z; other++) { Dot.Axpy(root[other * zeros + z], _free.AsSpan(other * _count, _count), line); }
                SolveInner(line);
                for (var a = 0; a < _count; a++) { Dot.Axpy(-line[a], line, g.AsSpan(a * _count, _count)); }
            }
        }
        var forms = new double[_pivots.Length];
        _columns.QuadraticForms(g, forms);
        for (var i = 0; i < forms.Length; i++) { diagonal[i] = _weights[i] * (1 - _weights[i] * forms[i]); }
        var free = new double[zeros];
        UpperTriangle.InverseDiagonal((double[])_schur.Clone(), zeros, free);
        for (var z = 0; z < zeros; z++) { diagonal[_zeros[z]] = free[z]; }
        return Status;
    }

    static double[] Inverse(double[] upper, int n)
    {
        double[] root = (double[])upper.Clone(), inverse = new double[n * n];
        Kernels.InvertUpper(root, n, n);
        for (var i = 0; i < n; i++)
        {
            for (var j = i; j < n; j++) { inverse[i * n + j] = inverse[j * n + i] = Dot.Product(root.AsSpan(i * n + j, n - j), root.AsSpan(j * n + j, n - j)); }
        }
        return inverse;
    }

    void SolveInner(Span<double> t)
    {
        Kernels.SolveUpperTransposed(_upper, _count, _count, t);
        Kernels.SolveUpper(_upper, _count, _count, t);
    }

    /// <summary><c>x ← W∘(b − Ct)</c>, and what was found for Z on Z.</summary>
    void Spread(ReadOnlySpan<double> b, double[] t, double[] free, Span<double> x)
    {
        TensorPrimitives.Negate(t, t);
        var sum = b.ToArray();
        _columns.AddProduct(t, sum);
        TensorPrimitives.Multiply(sum, _weights, x);
        for (var z = 0; z < free.Length; z++) { x[_zeros[z]] = free[z]; }
    }
}
