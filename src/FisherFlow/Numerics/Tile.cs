using System.Runtime.CompilerServices;

namespace FisherFlow.Numerics;

/// <summary>What becomes of a finished tile.</summary>
enum TileMode
{
    /// <summary><c>C ← AᵀB</c>.</summary>
    Store,

    /// <summary><c>C ← C + AᵀB</c>.</summary>
    Add,

    /// <summary><c>C ← C − AᵀB</c>.</summary>
    Subtract,
}

/// <summary>The register tiles that all dense kernels end in: <c>C [rows, v·lanes] ∘ AᵀB</c> with <c>A [k, rows]</c> and <c>B [k, v·lanes]</c>.</summary>
/// <remarks>
/// Each element of C is one running sum over k in its order, whatever the width: with fused multiply-add the bits do not depend on the lanes.
/// Every accumulator has a name because only named locals live in registers; the tile is as large as the register file allows (24 of 32, 12 of 16).
/// </remarks>
static unsafe class Tile<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>Vectors in a full tile's row.</summary>
    public const int Vectors = 3;

    /// <summary>Rows of a full tile.</summary>
    public static int Rows => TLanes.TileRows;

    /// <summary>Columns of a full tile.</summary>
    public static int Columns => Vectors * TLanes.Count;

    /// <summary>Computes one tile of <see cref="Rows"/> rows and <paramref name="vectors"/> (1, 2 or 3) vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int vectors, int k, T* a, nint aStride, T* b, nint bStride, T* c, nint cStride, TileMode mode)
    {
        if (TLanes.TileRows == 8)
        {
            if (vectors == 3) { Tile8x3(k, a, aStride, b, bStride, c, cStride, mode); }
            else if (vectors == 2) { Tile8x2(k, a, aStride, b, bStride, c, cStride, mode); }
            else { Tile8x1(k, a, aStride, b, bStride, c, cStride, mode); }
        }
        else
        {
            if (vectors == 3) { Tile4x3(k, a, aStride, b, bStride, c, cStride, mode); }
            else if (vectors == 2) { Tile4x2(k, a, aStride, b, bStride, c, cStride, mode); }
            else { Tile4x1(k, a, aStride, b, bStride, c, cStride, mode); }
        }
    }

    /// <summary>A tile of 8 rows by 3 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile8x3(int k, T* a, nint aStride, T* b, nint bStride, T* c, nint cStride, TileMode mode)
    {
        TVector c00 = TLanes.Broadcast(default), c01 = TLanes.Broadcast(default), c02 = TLanes.Broadcast(default);
        TVector c10 = TLanes.Broadcast(default), c11 = TLanes.Broadcast(default), c12 = TLanes.Broadcast(default);
        TVector c20 = TLanes.Broadcast(default), c21 = TLanes.Broadcast(default), c22 = TLanes.Broadcast(default);
        TVector c30 = TLanes.Broadcast(default), c31 = TLanes.Broadcast(default), c32 = TLanes.Broadcast(default);
        TVector c40 = TLanes.Broadcast(default), c41 = TLanes.Broadcast(default), c42 = TLanes.Broadcast(default);
        TVector c50 = TLanes.Broadcast(default), c51 = TLanes.Broadcast(default), c52 = TLanes.Broadcast(default);
        TVector c60 = TLanes.Broadcast(default), c61 = TLanes.Broadcast(default), c62 = TLanes.Broadcast(default);
        TVector c70 = TLanes.Broadcast(default), c71 = TLanes.Broadcast(default), c72 = TLanes.Broadcast(default);
        for (; k > 0; k--)
        {
            var b0 = TLanes.Load(b);
            var b1 = TLanes.Load(b + TLanes.Count);
            var b2 = TLanes.Load(b + 2 * TLanes.Count);
            var x = TLanes.Broadcast(a[0]); c00 = TLanes.MultiplyAdd(x, b0, c00); c01 = TLanes.MultiplyAdd(x, b1, c01); c02 = TLanes.MultiplyAdd(x, b2, c02);
            x = TLanes.Broadcast(a[1]); c10 = TLanes.MultiplyAdd(x, b0, c10); c11 = TLanes.MultiplyAdd(x, b1, c11); c12 = TLanes.MultiplyAdd(x, b2, c12);
            x = TLanes.Broadcast(a[2]); c20 = TLanes.MultiplyAdd(x, b0, c20); c21 = TLanes.MultiplyAdd(x, b1, c21); c22 = TLanes.MultiplyAdd(x, b2, c22);
            x = TLanes.Broadcast(a[3]); c30 = TLanes.MultiplyAdd(x, b0, c30); c31 = TLanes.MultiplyAdd(x, b1, c31); c32 = TLanes.MultiplyAdd(x, b2, c32);
            x = TLanes.Broadcast(a[4]); c40 = TLanes.MultiplyAdd(x, b0, c40); c41 = TLanes.MultiplyAdd(x, b1, c41); c42 = TLanes.MultiplyAdd(x, b2, c42);
            x = TLanes.Broadcast(a[5]); c50 = TLanes.MultiplyAdd(x, b0, c50); c51 = TLanes.MultiplyAdd(x, b1, c51); c52 = TLanes.MultiplyAdd(x, b2, c52);
            x = TLanes.Broadcast(a[6]); c60 = TLanes.MultiplyAdd(x, b0, c60); c61 = TLanes.MultiplyAdd(x, b1, c61); c62 = TLanes.MultiplyAdd(x, b2, c62);
            x = TLanes.Broadcast(a[7]); c70 = TLanes.MultiplyAdd(x, b0, c70); c71 = TLanes.MultiplyAdd(x, b1, c71); c72 = TLanes.MultiplyAdd(x, b2, c72);
            a += aStride;
            b += bStride;
        }
        Put(c, c00, c01, c02, mode);
        Put(c + cStride, c10, c11, c12, mode);
        Put(c + 2 * cStride, c20, c21, c22, mode);
        Put(c + 3 * cStride, c30, c31, c32, mode);
        Put(c + 4 * cStride, c40, c41, c42, mode);
        Put(c + 5 * cStride, c50, c51, c52, mode);
        Put(c + 6 * cStride, c60, c61, c62, mode);
        Put(c + 7 * cStride, c70, c71, c72, mode);
    }

    /// <summary>A tile of 8 rows by 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile8x2(int k, T* a, nint aStride, T* b, nint bStride, T* c, nint cStride, TileMode mode)
    {
        TVector c00 = TLanes.Broadcast(default), c01 = TLanes.Broadcast(default);
        TVector c10 = TLanes.Broadcast(default), c11 = TLanes.Broadcast(default);
        TVector c20 = TLanes.Broadcast(default), c21 = TLanes.Broadcast(default);
        TVector c30 = TLanes.Broadcast(default), c31 = TLanes.Broadcast(default);
        TVector c40 = TLanes.Broadcast(default), c41 = TLanes.Broadcast(default);
        TVector c50 = TLanes.Broadcast(default), c51 = TLanes.Broadcast(default);
        TVector c60 = TLanes.Broadcast(default), c61 = TLanes.Broadcast(default);
        TVector c70 = TLanes.Broadcast(default), c71 = TLanes.Broadcast(default);
        for (; k > 0; k--)
        {
            var b0 = TLanes.Load(b);
            var b1 = TLanes.Load(b + TLanes.Count);
            var x = TLanes.Broadcast(a[0]); c00 = TLanes.MultiplyAdd(x, b0, c00); c01 = TLanes.MultiplyAdd(x, b1, c01);
            x = TLanes.Broadcast(a[1]); c10 = TLanes.MultiplyAdd(x, b0, c10); c11 = TLanes.MultiplyAdd(x, b1, c11);
            x = TLanes.Broadcast(a[2]); c20 = TLanes.MultiplyAdd(x, b0, c20); c21 = TLanes.MultiplyAdd(x, b1, c21);
            x = TLanes.Broadcast(a[3]); c30 = TLanes.MultiplyAdd(x, b0, c30); c31 = TLanes.MultiplyAdd(x, b1, c31);
            x = TLanes.Broadcast(a[4]); c40 = TLanes.MultiplyAdd(x, b0, c40); c41 = TLanes.MultiplyAdd(x, b1, c41);
            x = TLanes.Broadcast(a[5]); c50 = TLanes.MultiplyAdd(x, b0, c50); c51 = TLanes.MultiplyAdd(x, b1, c51);
            x = TLanes.Broadcast(a[6]); c60 = TLanes.MultiplyAdd(x, b0, c60); c61 = TLanes.MultiplyAdd(x, b1, c61);
            x = TLanes.Broadcast(a[7]); c70 = TLanes.MultiplyAdd(x, b0, c70); c71 = TLanes.MultiplyAdd(x, b1, c71);
            a += aStride;
            b += bStride;
        }
        Put(c, c00, c01, mode);
        Put(c + cStride, c10, c11, mode);
        Put(c + 2 * cStride, c20, c21, mode);
        Put(c + 3 * cStride, c30, c31, mode);
        Put(c + 4 * cStride, c40, c41, mode);
        Put(c + 5 * cStride, c50, c51, mode);
        Put(c + 6 * cStride, c60, c61, mode);
        Put(c + 7 * cStride, c70, c71, mode);
    }

    /// <summary>A tile of 8 rows by 1 vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile8x1(int k, T* a, nint aStride, T* b, nint bStride, T* c, nint cStride, TileMode mode)
    {
        TVector c00 = TLanes.Broadcast(default);
        TVector c10 = TLanes.Broadcast(default);
        TVector c20 = TLanes.Broadcast(default);
        TVector c30 = TLanes.Broadcast(default);
        TVector c40 = TLanes.Broadcast(default);
        TVector c50 = TLanes.Broadcast(default);
        TVector c60 = TLanes.Broadcast(default);
        TVector c70 = TLanes.Broadcast(default);
        for (; k > 0; k--)
        {
            var b0 = TLanes.Load(b);
            var x = TLanes.Broadcast(a[0]); c00 = TLanes.MultiplyAdd(x, b0, c00);
            x = TLanes.Broadcast(a[1]); c10 = TLanes.MultiplyAdd(x, b0, c10);
            x = TLanes.Broadcast(a[2]); c20 = TLanes.MultiplyAdd(x, b0, c20);
            x = TLanes.Broadcast(a[3]); c30 = TLanes.MultiplyAdd(x, b0, c30);
            x = TLanes.Broadcast(a[4]); c40 = TLanes.MultiplyAdd(x, b0, c40);
            x = TLanes.Broadcast(a[5]); c50 = TLanes.MultiplyAdd(x, b0, c50);
            x = TLanes.Broadcast(a[6]); c60 = TLanes.MultiplyAdd(x, b0, c60);
            x = TLanes.Broadcast(a[7]); c70 = TLanes.MultiplyAdd(x, b0, c70);
            a += aStride;
            b += bStride;
        }
        Put(c, c00, mode);
        Put(c + cStride, c10, mode);
        Put(c + 2 * cStride, c20, mode);
        Put(c + 3 * cStride, c30, mode);
        Put(c + 4 * cStride, c40, mode);
        Put(c + 5 * cStride, c50, mode);
        Put(c + 6 * cStride, c60, mode);
        Put(c + 7 * cStride, c70, mode);
    }

    /// <summary>A tile of 4 rows by 3 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile4x3(int k, T* a, nint aStride, T* b, nint bStride, T* c, nint cStride, TileMode mode)
    {
        TVector c00 = TLanes.Broadcast(default), c01 = TLanes.Broadcast(default), c02 = TLanes.Broadcast(default);
        TVector c10 = TLanes.Broadcast(default), c11 = TLanes.Broadcast(default), c12 = TLanes.Broadcast(default);
        TVector c20 = TLanes.Broadcast(default), c21 = TLanes.Broadcast(default), c22 = TLanes.Broadcast(default);
        TVector c30 = TLanes.Broadcast(default), c31 = TLanes.Broadcast(default), c32 = TLanes.Broadcast(default);
        for (; k > 0; k--)
        {
            var b0 = TLanes.Load(b);
            var b1 = TLanes.Load(b + TLanes.Count);
            var b2 = TLanes.Load(b + 2 * TLanes.Count);
            var x = TLanes.Broadcast(a[0]); c00 = TLanes.MultiplyAdd(x, b0, c00); c01 = TLanes.MultiplyAdd(x, b1, c01); c02 = TLanes.MultiplyAdd(x, b2, c02);
            x = TLanes.Broadcast(a[1]); c10 = TLanes.MultiplyAdd(x, b0, c10); c11 = TLanes.MultiplyAdd(x, b1, c11); c12 = TLanes.MultiplyAdd(x, b2, c12);
            x = TLanes.Broadcast(a[2]); c20 = TLanes.MultiplyAdd(x, b0, c20); c21 = TLanes.MultiplyAdd(x, b1, c21); c22 = TLanes.MultiplyAdd(x, b2, c22);
            x = TLanes.Broadcast(a[3]); c30 = TLanes.MultiplyAdd(x, b0, c30); c31 = TLanes.MultiplyAdd(x, b1, c31); c32 = TLanes.MultiplyAdd(x, b2, c32);
            a += aStride;
            b += bStride;
        }
        Put(c, c00, c01, c02, mode);
        Put(c + cStride, c10, c11, c12, mode);
        Put(c + 2 * cStride, c20, c21, c22, mode);
        Put(c + 3 * cStride, c30, c31, c32, mode);
    }

    /// <summary>A tile of 4 rows by 2 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile4x2(int k, T* a, nint aStride, T* b, nint bStride, T* c, nint cStride, TileMode mode)
    {
        TVector c00 = TLanes.Broadcast(default), c01 = TLanes.Broadcast(default);
        TVector c10 = TLanes.Broadcast(default), c11 = TLanes.Broadcast(default);
        TVector c20 = TLanes.Broadcast(default), c21 = TLanes.Broadcast(default);
        TVector c30 = TLanes.Broadcast(default), c31 = TLanes.Broadcast(default);
        for (; k > 0; k--)
        {
            var b0 = TLanes.Load(b);
            var b1 = TLanes.Load(b + TLanes.Count);
            var x = TLanes.Broadcast(a[0]); c00 = TLanes.MultiplyAdd(x, b0, c00); c01 = TLanes.MultiplyAdd(x, b1, c01);
            x = TLanes.Broadcast(a[1]); c10 = TLanes.MultiplyAdd(x, b0, c10); c11 = TLanes.MultiplyAdd(x, b1, c11);
            x = TLanes.Broadcast(a[2]); c20 = TLanes.MultiplyAdd(x, b0, c20); c21 = TLanes.MultiplyAdd(x, b1, c21);
            x = TLanes.Broadcast(a[3]); c30 = TLanes.MultiplyAdd(x, b0, c30); c31 = TLanes.MultiplyAdd(x, b1, c31);
            a += aStride;
            b += bStride;
        }
        Put(c, c00, c01, mode);
        Put(c + cStride, c10, c11, mode);
        Put(c + 2 * cStride, c20, c21, mode);
        Put(c + 3 * cStride, c30, c31, mode);
    }

    /// <summary>A tile of 4 rows by 1 vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile4x1(int k, T* a, nint aStride, T* b, nint bStride, T* c, nint cStride, TileMode mode)
    {
        TVector c00 = TLanes.Broadcast(default);
        TVector c10 = TLanes.Broadcast(default);
        TVector c20 = TLanes.Broadcast(default);
        TVector c30 = TLanes.Broadcast(default);
        for (; k > 0; k--)
        {
            var b0 = TLanes.Load(b);
            var x = TLanes.Broadcast(a[0]); c00 = TLanes.MultiplyAdd(x, b0, c00);
            x = TLanes.Broadcast(a[1]); c10 = TLanes.MultiplyAdd(x, b0, c10);
            x = TLanes.Broadcast(a[2]); c20 = TLanes.MultiplyAdd(x, b0, c20);
            x = TLanes.Broadcast(a[3]); c30 = TLanes.MultiplyAdd(x, b0, c30);
            a += aStride;
            b += bStride;
        }
        Put(c, c00, mode);
        Put(c + cStride, c10, mode);
        Put(c + 2 * cStride, c20, mode);
        Put(c + 3 * cStride, c30, mode);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(T* c, TVector x, TileMode mode)
    {
        if (mode == TileMode.Add) { x = TLanes.Add(TLanes.Load(c), x); }
        else if (mode == TileMode.Subtract) { x = TLanes.Subtract(TLanes.Load(c), x); }
        TLanes.Store(x, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(T* c, TVector x, TVector y, TileMode mode)
    {
        Put(c, x, mode);
        Put(c + TLanes.Count, y, mode);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(T* c, TVector x, TVector y, TVector z, TileMode mode)
    {
        Put(c, x, mode);
        Put(c + TLanes.Count, y, mode);
        Put(c + 2 * TLanes.Count, z, mode);
    }
}
