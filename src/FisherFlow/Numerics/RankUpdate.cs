using System.Runtime.CompilerServices;

namespace FisherFlow.Numerics;

/// <summary>The weighted rank-k update <c>C ← C + Xᵀ diag(w) X</c> of an upper triangle.</summary>
/// <remarks>
/// Three ways by shape: a few rows go straight into C; narrow designs keep all sums in a padded square that stays in the first caches;
/// wide designs go through <see cref="PackedProduct{TLanes, TVector, T}"/>. Cost: <c>n·p(p+1)</c> flops. Allocates nothing once warm.
/// </remarks>
static unsafe class RankUpdate<TLanes, TVector>
    where TLanes : struct, ILanes<TVector, double>
    where TVector : struct
{
    /// <summary>Fewer rows than this are added one by one: clearing and adding back the square would cost more.</summary>
    const int FewRows = 4;

    /// <summary>Up to this width the square of sums fits the first cache beside the rows.</summary>
    public const int Narrow = 64;

    /// <summary>Padded width of a narrow design: a multiple of the widest vector on every path, so that all paths block alike.</summary>
    const int Pad = 8;

    /// <summary>Numbers in a block of packed rows (twice this with the weighted copy).</summary>
    const int BlockNumbers = 4096;

    /// <summary>Runs the update; <paramref name="available"/> is how many numbers may be read from <paramref name="x"/>.</summary>
    public static void Run(double* c, nint cStride, double* x, nint xStride, long available, int n, int p, double* weights)
    {
        if (n < FewRows) { Rows(c, cStride, x, xStride, n, p, weights); }
        else if (p <= Narrow) { Small(c, cStride, x, xStride, available, n, p, weights); }
        else
        {
            PackedProduct<TLanes, TVector, double>.Run(
                c, cStride, p, p, n, new(x, 1, xStride), new(x, xStride, 1), weights, TileMode.Add, ProductShape.Upper);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows(double* c, nint cStride, double* x, nint xStride, int n, int p, double* weights)
    {
        for (var r = 0; r < n; r++)
        {
            for (var i = 0; i < p; i++)
            {
                var a = weights[r] * x[i];
                if (a == 0) { continue; }
                var target = c + i * cStride;
                var j = i;
                var b = TLanes.Broadcast(a);
                for (; j <= p - TLanes.Count; j += TLanes.Count) { TLanes.Store(TLanes.MultiplyAdd(b, TLanes.Load(x + j), TLanes.Load(target + j)), target + j); }
                for (; j < p; j++) { target[j] = double.MultiplyAddEstimate(a, x[j], target[j]); }
            }
            x += xStride;
        }
    }

    static void Small(double* c, nint cStride, double* x, nint xStride, long available, int n, int p, double* weights)
    {
        var width = (p + Pad - 1) / Pad * Pad;
        var block = Math.Min(n, BlockNumbers / width);
        var sums = Scratch.Get<double>(ScratchUse.Sums, width * width);
        var left = Scratch.Get<double>(ScratchUse.Left, block * width);
        var right = Scratch.Get<double>(ScratchUse.Right, block * width);
        for (var r = 0; r < n; r += block)
        {
            var rows = Math.Min(block, n - r);
            Pack(left, right, width, x + r * xStride, xStride, available - r * xStride, rows, p, weights + r);
            Tiles(sums, left, right, width, rows, r == 0 ? TileMode.Store : TileMode.Add);
        }
        for (var i = 0; i < p; i++)
        {
            double* from = sums + i * width, to = c + i * cStride;
            var j = i;
            for (; j <= p - TLanes.Count; j += TLanes.Count) { TLanes.Store(TLanes.Add(TLanes.Load(to + j), TLanes.Load(from + j)), to + j); }
            for (; j < p; j++) { to[j] += from[j]; }
        }
    }

    /// <summary>Copies rows beside their weighted copies, both padded to <paramref name="width"/>.</summary>
    /// <remarks>A row's padding holds the start of the next row where that may be read: those sums are never used.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Pack(double* left, double* right, int width, double* x, nint xStride, long available, int rows, int p, double* weights)
    {
        for (var r = 0; r < rows; r++)
        {
            if (available >= width)
            {
                var w = TLanes.Broadcast(weights[r]);
                for (var j = 0; j < width; j += TLanes.Count)
                {
                    var v = TLanes.Load(x + j);
                    TLanes.Store(v, left + j);
                    TLanes.Store(TLanes.Multiply(v, w), right + j);
                }
            }
            else
            {
                var w = weights[r];
                for (var j = 0; j < p; j++)
                {
                    left[j] = x[j];
                    right[j] = x[j] * w;
                }
                for (var j = p; j < width; j++) { left[j] = right[j] = 0; }
            }
            x += xStride;
            available -= xStride;
            left += width;
            right += width;
        }
    }

    static void Tiles(double* sums, double* left, double* right, int width, int rows, TileMode mode)
    {
        int lanes = TLanes.Count, columns = Tile<TLanes, TVector, double>.Columns;
        for (var i = 0; i < width; i += Tile<TLanes, TVector, double>.Rows)
        {
            for (var j = i / lanes * lanes; j < width; j += columns)
            {
                var vectors = Math.Min(Tile<TLanes, TVector, double>.Vectors, (width - j) / lanes);
                Tile<TLanes, TVector, double>.Run(vectors, rows, left + i, width, right + j, width, sums + i * width + j, width, mode);
            }
        }
    }
}
