using System.Runtime.CompilerServices;

namespace FisherFlow.Numerics;

/// <summary>The blocked factorisation <c>A = RᵀR</c> of an upper triangle, in place.</summary>
/// <remarks>
/// Each step factors a diagonal block in a padded copy, solves the rows to its right in column chunks that stay in the first cache,
/// and subtracts their product from what is below. Cost: <c>n³/3</c> flops. Source: Golub &amp; Van Loan (2013), §4.2.5–4.2.9.
/// </remarks>
static unsafe class Cholesky<TLanes, TVector>
    where TLanes : struct, ILanes<TVector, double>
    where TVector : struct
{
    /// <summary>Rows of a step.</summary>
    const int Block = 64;

    /// <summary>Row stride of the padded copy: tiles may run three full vectors past the block.</summary>
    const int Padded = Block + 24;

    /// <summary>Factors; returns the first pivot that is not positive, or −1.</summary>
    public static int Run(double* a, nint stride, int n)
    {
        var diagonal = Scratch.Get<double>(ScratchUse.Diagonal, (Block + 8) * Padded + Block);
        var reciprocals = diagonal + (Block + 8) * Padded;
        for (var k = 0; k < n; k += Block)
        {
            var nb = Math.Min(Block, n - k);
            var corner = a + k * stride + k;
            CopyUpper(corner, stride, diagonal, nb);
            var failed = Factor(diagonal, reciprocals, nb);
            for (var i = 0; i < nb; i++) { new ReadOnlySpan<double>(diagonal + i * Padded + i, nb - i).CopyTo(new Span<double>(corner + i * stride + i, nb - i)); }
            if (failed >= 0) { return k + failed; }
            var rest = n - k - nb;
            if (rest == 0) { return -1; }
            SolveRows(diagonal, reciprocals, nb, corner + nb, stride, rest);
            PackedProduct<TLanes, TVector, double>.Run(
                corner + nb * stride + nb, stride, rest, rest, nb, new(corner + nb, 1, stride), new(corner + nb, stride, 1), null, TileMode.Subtract, ProductShape.Upper);
        }
        return -1;
    }

    static void CopyUpper(double* from, nint stride, double* to, int nb)
    {
        for (var i = 0; i < nb + 8; i++) { new Span<double>(to + i * Padded, nb + 24).Clear(); }   // tiles read, and write, a little past the block
        for (var i = 0; i < nb; i++) { new ReadOnlySpan<double>(from + i * stride + i, nb - i).CopyTo(new Span<double>(to + i * Padded + i, nb - i)); }
    }

    /// <summary>Factors the padded block, a tile's rows at a time: subtract what earlier rows explain, then finish the group by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Factor(double* d, double* reciprocals, int nb)
    {
        int rows = Tile<TLanes, TVector, double>.Rows, columns = Tile<TLanes, TVector, double>.Columns;
        for (var g = 0; g < nb; g += rows)
        {
            var group = d + g * Padded;
            if (g > 0)
            {
                for (var j = g; j < nb; j += columns)
                {
                    Tile<TLanes, TVector, double>.Run(Tile<TLanes, TVector, double>.Vectors, g, d + g, Padded, d + j, Padded, group + j, Padded, TileMode.Subtract);
                }
            }
            var height = Math.Min(rows, nb - g);
            for (var i = 0; i < height; i++)
            {
                var row = group + i * Padded;
                var pivot = row[g + i];
                if (!(pivot > 0) || !double.IsFinite(pivot)) { return g + i; }
                pivot = Math.Sqrt(pivot);
                var reciprocal = 1 / pivot;
                reciprocals[g + i] = reciprocal;
                row[g + i] = pivot;
                for (var j = g + i + 1; j < nb; j++) { row[j] *= reciprocal; }
                for (var l = i + 1; l < height; l++) { SubtractRow(row[g + l], row + g + l, group + l * Padded + g + l, nb - g - l); }
            }
        }
        return -1;
    }

    /// <summary>Solves <c>RᵀX = B</c> for the rows <paramref name="b"/> <c>[nb, rest]</c> in place, with <c>R</c> in the padded block.</summary>
    static void SolveRows(double* d, double* reciprocals, int nb, double* b, nint stride, int rest)
    {
        int rows = Tile<TLanes, TVector, double>.Rows, columns = Tile<TLanes, TVector, double>.Columns;
        var chunk = Scratch.Get<double>(ScratchUse.Panel, (Block + 8) * columns);
        for (var j = 0; j < rest; j += columns)
        {
            var width = Math.Min(columns, rest - j);
            for (var i = 0; i < nb; i++) { CopyRow(b + i * stride + j, chunk + i * columns, width, columns); }
            for (var g = 0; g < nb; g += rows)
            {
                var group = chunk + g * columns;
                if (g > 0) { Tile<TLanes, TVector, double>.Run(Tile<TLanes, TVector, double>.Vectors, g, d + g, Padded, chunk, columns, group, columns, TileMode.Subtract); }
                SolveGroup(d + g * Padded + g, reciprocals + g, group, Math.Min(rows, nb - g));
            }
            for (var i = 0; i < nb; i++) { new ReadOnlySpan<double>(chunk + i * columns, width).CopyTo(new Span<double>(b + i * stride + j, width)); }
        }
    }

    /// <summary>Forward substitution within a tile's rows of a chunk, one vector of columns at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void SolveGroup(double* d, double* reciprocals, double* chunk, int height)
    {
        var columns = Tile<TLanes, TVector, double>.Columns;
        for (var i = 0; i < height; i++)
        {
            var row = chunk + i * columns;
            var reciprocal = TLanes.Broadcast(reciprocals[i]);
            TVector x = TLanes.Multiply(TLanes.Load(row), reciprocal);
            TVector y = TLanes.Multiply(TLanes.Load(row + TLanes.Count), reciprocal);
            TVector z = TLanes.Multiply(TLanes.Load(row + 2 * TLanes.Count), reciprocal);
            TLanes.Store(x, row);
            TLanes.Store(y, row + TLanes.Count);
            TLanes.Store(z, row + 2 * TLanes.Count);
            for (var l = i + 1; l < height; l++)
            {
                var below = chunk + l * columns;
                var factor = TLanes.Broadcast(-d[i * Padded + l]);
                TLanes.Store(TLanes.MultiplyAdd(factor, x, TLanes.Load(below)), below);
                TLanes.Store(TLanes.MultiplyAdd(factor, y, TLanes.Load(below + TLanes.Count)), below + TLanes.Count);
                TLanes.Store(TLanes.MultiplyAdd(factor, z, TLanes.Load(below + 2 * TLanes.Count)), below + 2 * TLanes.Count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void SubtractRow(double factor, double* row, double* target, int n)
    {
        var j = 0;
        var f = TLanes.Broadcast(-factor);
        for (; j <= n - TLanes.Count; j += TLanes.Count) { TLanes.Store(TLanes.MultiplyAdd(f, TLanes.Load(row + j), TLanes.Load(target + j)), target + j); }
        for (; j < n; j++) { target[j] -= factor * row[j]; }
    }

    static void CopyRow(double* from, double* to, int used, int width)
    {
        new ReadOnlySpan<double>(from, used).CopyTo(new Span<double>(to, used));
        if (used < width) { new Span<double>(to + used, width - used).Clear(); }
    }
}
