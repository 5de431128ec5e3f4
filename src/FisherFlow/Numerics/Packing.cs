using System.Numerics;
using System.Runtime.CompilerServices;

namespace FisherFlow.Numerics;

/// <summary>Copies a matrix into panels of fixed width that a tile reads front to back.</summary>
static unsafe class Packing<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, INumber<T>
{
    /// <summary>Packs <c>[depth, count]</c> into panels <c>[depth, width]</c>, padded with zeros, times <paramref name="weights"/> <c>[depth]</c> if given.</summary>
    /// <param name="target">Room for <c>[⌈count/width⌉, depth, width]</c>.</param>
    /// <param name="width">Columns of a panel, a multiple of the lanes or of four.</param>
    /// <param name="source">The matrix.</param>
    /// <param name="across">Step between columns.</param>
    /// <param name="along">Step between rows.</param>
    /// <param name="count">Columns.</param>
    /// <param name="depth">Rows.</param>
    /// <param name="weights">A factor for each row, or null.</param>
    public static void Pack(T* target, int width, T* source, nint across, nint along, int count, int depth, T* weights)
    {
        for (var j = 0; j < count; j += width)
        {
            var used = Math.Min(width, count - j);
            var from = source + j * across;
            if (across != 1) { PackColumns(target, width, from, across, used, depth, weights); }
            else if (used == width && width % TLanes.Count == 0) { PackVectors(target, width, from, along, depth, weights); }
            else { PackNumbers(target, width, from, along, used, depth, weights); }
            target += (nint)width * depth;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void PackVectors(T* target, int width, T* from, nint along, int depth, T* weights)
    {
        for (var k = 0; k < depth; k++)
        {
            if (weights is null)
            {
                for (var j = 0; j < width; j += TLanes.Count) { TLanes.Store(TLanes.Load(from + j), target + j); }
            }
            else
            {
                var w = TLanes.Broadcast(weights[k]);
                for (var j = 0; j < width; j += TLanes.Count) { TLanes.Store(TLanes.Multiply(TLanes.Load(from + j), w), target + j); }
            }
            target += width;
            from += along;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void PackNumbers(T* target, int width, T* from, nint along, int used, int depth, T* weights)
    {
        for (var k = 0; k < depth; k++)
        {
            var w = weights is null ? T.One : weights[k];
            var factor = TLanes.Broadcast(w);
            var j = 0;
            for (; j <= used - TLanes.Count; j += TLanes.Count) { TLanes.Store(TLanes.Multiply(TLanes.Load(from + j), factor), target + j); }
            for (; j < used; j++) { target[j] = from[j] * w; }
            for (; j < width; j++) { target[j] = default; }
            target += width;
            from += along;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void PackColumns(T* target, int width, T* from, nint across, int used, int depth, T* weights)
    {
        // Here the numbers along k are the adjacent ones: read in order, written a panel's width apart.
        for (var j = 0; j < width; j++)
        {
            var column = from + j * across;
            if (j >= used) { for (var k = 0; k < depth; k++) { target[(nint)k * width + j] = default; } }
            else if (weights is null) { for (var k = 0; k < depth; k++) { target[(nint)k * width + j] = column[k]; } }
            else { for (var k = 0; k < depth; k++) { target[(nint)k * width + j] = column[k] * weights[k]; } }
        }
    }
}
