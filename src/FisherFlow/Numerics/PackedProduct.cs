using System.Numerics;
using System.Runtime.CompilerServices;

namespace FisherFlow.Numerics;

/// <summary>Which part of <c>C</c> a product touches.</summary>
enum ProductShape
{
    /// <summary>All of it.</summary>
    Full,

    /// <summary>The diagonal and what lies above it; the rest is neither read nor written.</summary>
    Upper,
}

/// <summary>A matrix in memory: element <c>(i, j)</c> lies at <c>Data + i·Row + j·Column</c>; one of the two steps is 1.</summary>
unsafe readonly struct Operand<T>(T* data, nint row, nint column) where T : unmanaged
{
    /// <summary>The first element.</summary>
    public T* Data { get; } = data;

    /// <summary>Step from a row to the next.</summary>
    public nint Row { get; } = row;

    /// <summary>Step from a column to the next.</summary>
    public nint Column { get; } = column;
}

/// <summary>The blocked product <c>C ← C ± A·diag(w)·B</c> over packed panels.</summary>
/// <remarks>
/// Shape: <c>A [m, k]</c>, <c>B [k, n]</c>, <c>C [m, n]</c>. Order of summation: blocks of <see cref="Depth"/> along k, each summed by itself and then added.
/// Source: Goto &amp; van de Geijn (2008), "Anatomy of high-performance matrix multiplication", ACM TOMS 34(3): a panel of B stays in the first cache, a block of A in the second.
/// </remarks>
static unsafe class PackedProduct<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, INumber<T>
{
    /// <summary>Steps along k in a block: a panel of B (24 columns) then takes 36 KiB, which the first two caches share.</summary>
    const int Depth = 192;

    /// <summary>Rows of A packed at a time: with <see cref="Depth"/> this takes 360 KiB of the second cache.</summary>
    const int BlockRows = 240;

    /// <summary>Columns of B packed at a time.</summary>
    const int BlockColumns = 1920;

    /// <summary>Adds (or subtracts) the product; <paramref name="weights"/> is <c>[k]</c> or null for ones.</summary>
    public static void Run(T* c, nint cStride, int m, int n, int k, Operand<T> a, Operand<T> b, T* weights, TileMode mode, ProductShape shape)
    {
        int rows = Tile<TLanes, TVector, T>.Rows, columns = Tile<TLanes, TVector, T>.Columns;
        var depth = Math.Min(k, Depth);
        var left = Scratch.Get<T>(ScratchUse.Left, depth * RoundUp(Math.Min(m, BlockRows), rows));
        var right = Scratch.Get<T>(ScratchUse.Right, depth * RoundUp(Math.Min(n, BlockColumns), columns));
        for (var k0 = 0; k0 < k; k0 += Depth)
        {
            var kb = Math.Min(Depth, k - k0);
            var how = mode == TileMode.Store && k0 > 0 ? TileMode.Add : mode;
            for (var j0 = 0; j0 < n; j0 += BlockColumns)
            {
                var nb = Math.Min(BlockColumns, n - j0);
                Packing<TLanes, TVector, T>.Pack(right, columns, b.Data + k0 * b.Row + j0 * b.Column, b.Column, b.Row, nb, kb, weights is null ? null : weights + k0);
                var last = shape == ProductShape.Upper ? Math.Min(m, j0 + nb) : m;
                for (var i0 = 0; i0 < last; i0 += BlockRows)
                {
                    var mb = Math.Min(BlockRows, last - i0);
                    Packing<TLanes, TVector, T>.Pack(left, rows, a.Data + i0 * a.Row + k0 * a.Column, a.Row, a.Column, mb, kb, null);
                    Block(c, cStride, i0, mb, j0, nb, kb, left, right, how, shape);
                }
            }
        }
    }

    /// <summary>All tiles of one packed block of A against one packed block of B.</summary>
    static void Block(T* c, nint cStride, int i0, int mb, int j0, int nb, int kb, T* left, T* right, TileMode mode, ProductShape shape)
    {
        int rows = Tile<TLanes, TVector, T>.Rows, columns = Tile<TLanes, TVector, T>.Columns, lanes = TLanes.Count;
        var tile = stackalloc T[8 * 48];
        for (var j = 0; j < nb; j += columns)
        {
            var panel = right + (nint)j * kb;
            var width = Math.Min(columns, nb - j);
            for (var i = 0; i < mb; i += rows)
            {
                var skip = 0;   // vectors of this panel that lie wholly below the diagonal
                if (shape == ProductShape.Upper)
                {
                    var below = i0 + i - (j0 + j);
                    if (below >= width) { break; }
                    if (below > 0) { skip = below / lanes; }
                }
                var vectors = (width + lanes - 1) / lanes - skip;
                var first = skip * lanes;
                var height = Math.Min(rows, mb - i);
                var target = c + (i0 + i) * cStride + j0 + j + first;
                var whole = height == rows && first + vectors * lanes <= width
                    && (shape == ProductShape.Full || i0 + i + rows - 1 <= j0 + j + first);
                if (whole)
                {
                    Tile<TLanes, TVector, T>.Run(vectors, kb, left + (nint)i * kb, rows, panel + first, columns, target, cStride, mode);
                }
                else
                {
                    Tile<TLanes, TVector, T>.Run(vectors, kb, left + (nint)i * kb, rows, panel + first, columns, tile, columns, TileMode.Store);
                    var offset = shape == ProductShape.Upper ? i0 + i - (j0 + j + first) : int.MinValue / 2;
                    Merge(tile, columns, target, cStride, height, width - first, offset, mode);
                }
            }
        }
    }

    /// <summary>Adds the part of a tile that exists: inside C, and from column <c>offset + i</c> of row i on.</summary>
    static void Merge(T* tile, int tileStride, T* c, nint cStride, int height, int width, int offset, TileMode mode)
    {
        for (var i = 0; i < height; i++)
        {
            T* from = tile + i * tileStride, to = c + i * cStride;
            var start = Math.Max(0, offset + i);
            if (mode == TileMode.Add) { for (var j = start; j < width; j++) { to[j] += from[j]; } }
            else if (mode == TileMode.Subtract) { for (var j = start; j < width; j++) { to[j] -= from[j]; } }
            else { for (var j = start; j < width; j++) { to[j] = from[j]; } }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int RoundUp(int value, int step) => (value + step - 1) / step * step;
}
