using System.Runtime.Intrinsics;

namespace FisherFlow.Numerics;

/// <summary>The wide rank update shared among threads by rows of C.</summary>
/// <remarks>Every element of C is summed by one thread in the order a single thread would use, so the number of threads does not show in the bits. Allocates its tasks.</remarks>
static unsafe class ThreadedRankUpdate
{
    /// <summary>Multiplications below which starting threads costs more than it saves.</summary>
    const double Least = 1e6;

    /// <summary>Rows of C are dealt in steps that are whole tiles on every path.</summary>
    const int Step = 8;

    /// <summary>Whether an update is wide and long enough to be shared; the narrow kernel is not.</summary>
    public static bool Pays(int n, int p) => p > RankUpdate<Double128, Vector128<double>>.Narrow && (double)n * p * p > Least;

    /// <summary>Runs the update on <paramref name="threads"/> threads.</summary>
    public static void Run(double* c, nint cStride, double* x, nint xStride, int n, int p, double* weights, int threads)
    {
        var path = CpuPaths.Current;
        Parallel.For(0, threads, part =>
        {
            int first = Border(part, threads, p), end = Border(part + 1, threads, p);
            if (end <= first) { return; }
            double* corner = c + first * cStride + first;
            Operand<double> a = new(x + first, 1, xStride), b = new(x + first, xStride, 1);
            switch (path)
            {
                case CpuPath.Vector512: PackedProduct<Double512, Vector512<double>, double>.Run(corner, cStride, end - first, p - first, n, a, b, weights, TileMode.Add, ProductShape.Upper); break;
                case CpuPath.Vector256: PackedProduct<Double256, Vector256<double>, double>.Run(corner, cStride, end - first, p - first, n, a, b, weights, TileMode.Add, ProductShape.Upper); break;
                default: PackedProduct<Double128, Vector128<double>, double>.Run(corner, cStride, end - first, p - first, n, a, b, weights, TileMode.Add, ProductShape.Upper); break;
            }
        });
    }

    /// <summary>The row of C where a part starts: rows above it hold <c>part/threads</c> of the triangle's area.</summary>
    static int Border(int part, int threads, int p)
    {
        if (part == threads) { return p; }
        var row = p * (1 - Math.Sqrt(1 - (double)part / threads));
        return Math.Min(p, (int)Math.Round(row / Step) * Step);
    }
}
