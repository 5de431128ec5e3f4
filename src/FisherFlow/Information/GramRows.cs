using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>Adds design rows to a Gram matrix: <c>I += Σ w aaᵀ</c> and <c>s += Σ r a</c>, for rows of a few dense columns and a few slots.</summary>
/// <remarks>
/// What a slot's column meets in the dense columns, in itself and in the score is collected in a short contiguous line
/// <c>[w·v·x₁ … w·v·xₖ, w·v², r·v]</c> per parameter, and spread over the matrix once a call: per row a slot costs a vector or two, and only
/// slot × slot touches the matrix. Cost: <c>O(k²)</c> a row. Nothing is allocated. The caller has checked lengths and indices
/// (<see cref="RowCheck"/>): the loops below trust them. The order of summation depends on the rows alone.
/// </remarks>
static unsafe class GramRows
{
    const int BlockNumbers = 16_384;   // dense rows are taken in blocks of 128 KiB, to be read again from the cache

    /// <summary>The numbers of scratch that <see cref="Add"/> needs; all zero before and after.</summary>
    public static int ScratchLength(in DesignRows rows, int dimension) =>
        rows.Slots == 0 ? 0 : (dimension + 1) * LineLength(rows.DenseColumns);

    /// <summary>Adds the rows.</summary>
    /// <param name="gram">Upper triangle <c>[d, d]</c>.</param>
    /// <param name="d">Number of parameters.</param>
    /// <param name="score">Score <c>[d]</c>.</param>
    /// <param name="rows">Design rows, <c>n</c> of them.</param>
    /// <param name="weights">Weights <c>[n]</c>; a row of weight zero adds nothing.</param>
    /// <param name="scores">Score factors <c>[n]</c>.</param>
    /// <param name="scratch">Zeros <c>[<see cref="ScratchLength"/>]</c>; zeros again on return.</param>
    public static void Add(Span<double> gram, int d, Span<double> score, in DesignRows rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> scores, Span<double> scratch)
    {
        if (rows.Count == 0) { return; }
        fixed (double* g = gram, s = score, w = weights, r = scores, x = rows.Dense, v = rows.Values, lines = scratch)
        fixed (int* indices = rows.Indices)
        {
            var view = new View(g, d, s, rows.DenseColumns, x, rows.Slots, indices, v, w, r, lines);
            if (view.DenseColumns <= 2) { AddNarrow(view, rows.Count); }
            else
            {
                var block = Math.Clamp(BlockNumbers / view.DenseColumns, 64, 4096);
                for (var start = 0; start < rows.Count; start += block)
                {
                    var count = Math.Min(block, rows.Count - start);
                    Kernels.RankUpdate(gram, d, rows.Dense[(start * view.DenseColumns)..], view.DenseColumns, count, view.DenseColumns, weights.Slice(start, count));
                    AddScores(view, start, count);
                    if (view.Slots > 0) { AddWide(view, start, count); }
                }
            }
            Spread(view, rows.Count);
        }
    }

    /// <summary><c>Σ r²/w</c> over the rows of positive weight.</summary>
    /// <param name="sum">The sum that grows.</param>
    /// <param name="weights">Weights <c>[n]</c>.</param>
    /// <param name="scores">Score factors <c>[n]</c>.</param>
    public static void AddResiduals(ref CompensatedSum sum, ReadOnlySpan<double> weights, ReadOnlySpan<double> scores)
    {
        const int Block = 256;   // short plain sums, then a compensated one
        while (!weights.IsEmpty)
        {
            var count = Math.Min(Block, weights.Length);
            var wide = MemoryMarshal.Cast<double, Vector256<double>>(weights[..count]);
            var wideScores = MemoryMarshal.Cast<double, Vector256<double>>(scores[..count]);
            var lanes = Vector256<double>.Zero;
            for (var i = 0; i < wide.Length; i++)
            {
                lanes += Vector256.GreaterThan(wide[i], Vector256<double>.Zero) & (wideScores[i] * wideScores[i] / wide[i]);
            }
            var plain = Vector256.Sum(lanes);
            for (var i = 4 * wide.Length; i < count; i++)
            {
                if (weights[i] > 0) { plain += scores[i] * scores[i] / weights[i]; }
            }
            sum.Add(plain);
            weights = weights[count..];
            scores = scores[count..];
        }
    }

    /// <summary>Length of a parameter's line: k + 2 rounded up to whole vectors.</summary>
    static int LineLength(int denseColumns) => (denseColumns + 2 + 3) & ~3;

    /// <summary>At most two dense columns: everything a row says fits one vector <c>(w·x₀, w·x₁, w, r)</c>.</summary>
    static void AddNarrow(in View v, int count)
    {
        int k = v.DenseColumns, m = v.Slots;
        Vector256<double> first = default, second = default;
        for (var row = 0; row < count; row++)
        {
            var weight = v.Weights[row];
            if (weight == 0) { continue; }
            var x = k == 2 ? Vector128.Load(v.Dense + 2 * row) : Vector128.CreateScalar(k == 1 ? v.Dense[row] : 0);
            var line = Vector256.Create(x * weight, Vector128.Create(weight, v.Scores[row]));
            first = Vector256.FusedMultiplyAdd(line, Vector256.Create(x[0]), first);
            second = Vector256.FusedMultiplyAdd(line, Vector256.Create(x[1]), second);
            var indices = v.Indices + row * (nint)m;
            if (m == 2 && v.Values == null && (indices[0] | indices[1]) >= 0)
            {
                int i = indices[0], j = indices[1];
                (line + Vector256.Load(v.Lines + 4 * (nint)i)).Store(v.Lines + 4 * (nint)i);
                (line + Vector256.Load(v.Lines + 4 * (nint)j)).Store(v.Lines + 4 * (nint)j);
                v.Gram[Math.Min(i, j) * (nint)v.Dimension + Math.Max(i, j)] += i == j ? 2 * weight : weight;
                continue;
            }
            for (var a = 0; a < m; a++)
            {
                if (indices[a] < 0) { continue; }
                var value = v.Values == null ? 1 : v.Values[row * (nint)m + a];
                var at = v.Lines + 4 * (nint)indices[a];
                Vector256.FusedMultiplyAdd(line, Vector256.Create(value, value, value * value, value), Vector256.Load(at)).Store(at);
                AddPairs(v, row, a, weight * value);
            }
        }
        if (k > 0)
        {
            v.Gram[0] += first[0];
            v.Score[0] += first[3];
        }
        if (k > 1)
        {
            v.Gram[1] += first[1];
            v.Gram[v.Dimension + 1] += second[1];
            v.Score[1] += second[3];
        }
    }

    /// <summary>The slots of rows with many dense columns; the dense part is the kernel's.</summary>
    static void AddWide(in View v, int start, int count)
    {
        int k = v.DenseColumns, m = v.Slots, length = LineLength(k);
        var line = v.Lines + v.Dimension * (nint)length;
        // The lane that holds w·v² takes the value twice.
        var special = k & ~3;
        var lane = Vector256.Equals(Vector256.Create((long)(k & 3)), Vector256.Create(0L, 1, 2, 3)).AsDouble();
        for (var row = start; row < start + count; row++)
        {
            var weight = v.Weights[row];
            if (weight == 0) { continue; }
            var x = v.Dense + row * (nint)k;
            var j = 0;
            for (; j + 4 <= k; j += 4) { (Vector256.Load(x + j) * weight).Store(line + j); }
            for (; j < k; j++) { line[j] = x[j] * weight; }
            line[k] = weight;
            line[k + 1] = v.Scores[row];
            for (var a = 0; a < m; a++)
            {
                var index = v.Indices[row * (nint)m + a];
                if (index < 0) { continue; }
                var value = v.Values == null ? 1 : v.Values[row * (nint)m + a];
                var at = v.Lines + index * (nint)length;
                var factor = Vector256.Create(value);
                for (j = 0; j < length; j += 4)
                {
                    var by = j == special ? Vector256.ConditionalSelect(lane, factor * factor, factor) : factor;
                    Vector256.FusedMultiplyAdd(Vector256.Load(line + j), by, Vector256.Load(at + j)).Store(at + j);
                }
                AddPairs(v, row, a, weight * value);
            }
        }
        new Span<double>(line, length).Clear();
    }

    /// <summary>Slot <paramref name="a"/> against the slots after it; two slots of one column meet on the diagonal, from both sides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddPairs(in View v, int row, int a, double weight)
    {
        var first = row * (nint)v.Slots;
        var i = v.Indices[first + a];
        for (var b = a + 1; b < v.Slots; b++)
        {
            var j = v.Indices[first + b];
            if (j < 0) { continue; }
            var product = v.Values == null ? weight : weight * v.Values[first + b];
            v.Gram[Math.Min(i, j) * (nint)v.Dimension + Math.Max(i, j)] += i == j ? 2 * product : product;
        }
    }

    /// <summary><c>s += Σ r x</c> over the dense columns, four rows at a time.</summary>
    static void AddScores(in View v, int start, int count)
    {
        var k = v.DenseColumns;
        var row = start;
        for (; row + 4 <= start + count; row += 4)
        {
            double a = Factor(v, row), b = Factor(v, row + 1), c = Factor(v, row + 2), e = Factor(v, row + 3);
            double* x0 = v.Dense + row * (nint)k, x1 = x0 + k, x2 = x1 + k, x3 = x2 + k;
            var j = 0;
            for (; j + 4 <= k; j += 4)
            {
                var sum = Vector256.FusedMultiplyAdd(Vector256.Load(x0 + j), Vector256.Create(a), Vector256.Load(x1 + j) * b);
                sum = Vector256.FusedMultiplyAdd(Vector256.Load(x2 + j), Vector256.Create(c), sum);
                sum = Vector256.FusedMultiplyAdd(Vector256.Load(x3 + j), Vector256.Create(e), sum);
                (Vector256.Load(v.Score + j) + sum).Store(v.Score + j);
            }
            for (; j < k; j++) { v.Score[j] += a * x0[j] + b * x1[j] + c * x2[j] + e * x3[j]; }
        }
        for (; row < start + count; row++)
        {
            var a = Factor(v, row);
            for (var j = 0; j < k; j++) { v.Score[j] += a * v.Dense[row * (nint)k + j]; }
        }

        static double Factor(in View v, int row) => v.Weights[row] > 0 ? v.Scores[row] : 0;
    }

    /// <summary>Spreads the lines over matrix and score, and clears them.</summary>
    static void Spread(in View v, int count)
    {
        if (v.Slots == 0) { return; }
        if (count * (long)v.Slots >= v.Dimension)
        {
            for (var c = 0; c < v.Dimension; c++) { SpreadLine(v, c); }
            return;
        }
        for (nint a = 0; a < count * (nint)v.Slots; a++)
        {
            if (v.Indices[a] >= 0) { SpreadLine(v, v.Indices[a]); }
        }
    }

    static void SpreadLine(in View v, int column)
    {
        int k = v.DenseColumns, length = LineLength(k);
        var line = v.Lines + column * (nint)length;
        for (var j = 0; j < k; j++)
        {
            v.Gram[Math.Min(j, column) * (nint)v.Dimension + Math.Max(j, column)] += j == column ? 2 * line[j] : line[j];
        }
        var own = Math.Max(k, 2);   // a narrow line has room for two dense columns whether they are there or not
        v.Gram[column * (nint)v.Dimension + column] += line[own];
        v.Score[column] += line[own + 1];
        new Span<double>(line, length).Clear();
    }

    /// <summary>Where everything lies; the arrays stay pinned as long as this lives.</summary>
    readonly struct View(double* gram, int dimension, double* score, int denseColumns, double* dense, int slots, int* indices, double* values, double* weights, double* scores, double* lines)
    {
        public readonly double* Gram = gram;
        public readonly int Dimension = dimension;
        public readonly double* Score = score;
        public readonly int DenseColumns = denseColumns;
        public readonly double* Dense = dense;
        public readonly int Slots = slots;
        public readonly int* Indices = indices;
        public readonly double* Values = values;
        public readonly double* Weights = weights;
        public readonly double* Scores = scores;
        public readonly double* Lines = lines;
    }
}
