using System.Numerics;

namespace FisherFlow.Numerics;

/// <summary>The matrix product <c>C ← A·B</c> in any precision that has lanes.</summary>
/// <remarks>Cost: <c>2mnk</c> flops. Allocates nothing once warm.</remarks>
static unsafe class MatrixProduct<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, INumber<T>
{
    /// <summary>Multiplies; an empty inner dimension makes zeros.</summary>
    public static void Run(T* c, nint cStride, T* a, nint aStride, T* b, nint bStride, int m, int n, int k)
    {
        if (k == 0)
        {
            for (var i = 0; i < m; i++) { new Span<T>(c + i * cStride, n).Clear(); }
            return;
        }
        PackedProduct<TLanes, TVector, T>.Run(c, cStride, m, n, k, new(a, aStride, 1), new(b, bStride, 1), null, TileMode.Store, ProductShape.Full);
    }
}
