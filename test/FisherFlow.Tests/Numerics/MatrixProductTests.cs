using FisherFlow.Numerics;

namespace FisherFlow.Tests.Numerics;

public sealed class MatrixProductTests
{
    static IEnumerable<(int M, int N, int K)> Shapes()
    {
        int[] small = [0, 1, 2, 3, 5, 8, 13, 24, 25, 49];
        foreach (var m in small) { foreach (var n in small) { foreach (var k in small) { yield return (m, n, k); } } }
        yield return (131, 67, 193);
        yield return (241, 97, 389);
        yield return (7, 200, 200);
    }

    [Theory, MemberData(nameof(Oracle.Paths), MemberType = typeof(Oracle))]
    public void It_agrees_with_the_triple_loop_in_every_shape_and_writes_nothing_else(string path)
    {
        using var held = Oracle.Hold(path);
        var random = new Random(21);
        foreach (var (m, n, k) in Shapes())
        {
            int aStride = k + m % 3, bStride = n + k % 3, cStride = n + m % 2;
            double[] a = Oracle.Matrix(random, m, k, aStride), b = Oracle.Matrix(random, k, n, bStride), c = new double[m * cStride + 11];
            Array.Fill(c, Oracle.Poison);
            Kernels.Multiply(c, cStride, a, aStride, b, bStride, m, n, k);
            for (var index = 0; index < c.Length; index++)
            {
                var (i, j) = cStride == 0 ? (m, 0) : (index / cStride, index % cStride);
                if (i >= m || j >= n)
                {
                    Assert.Equal(Oracle.Poison, c[index]);
                    continue;
                }
                double sum = 0, size = 0;
                for (var l = 0; l < k; l++)
                {
                    sum += a[i * aStride + l] * b[l * bStride + j];
                    size += Math.Abs(a[i * aStride + l] * b[l * bStride + j]);
                }
                // Two sums of k products, each within k·u of the truth relative to the magnitudes (Higham 2002, eq. 3.5).
                Assert.True(Math.Abs(sum - c[index]) <= 2 * (k + 1) * Oracle.U * size, $"m={m} n={n} k={k} ({i},{j})");
            }
        }
    }

    [Theory, MemberData(nameof(Oracle.Paths), MemberType = typeof(Oracle))]
    public void Single_precision_agrees_with_double_to_its_own_rounding(string path)
    {
        using var held = Oracle.Hold(path);
        var random = new Random(22);
        foreach (var (m, n, k) in Shapes())
        {
            int aStride = k + m % 3, bStride = n + k % 3, cStride = n + m % 2;
            float[] a = [.. Oracle.Matrix(random, m, k, aStride).Select(x => (float)x)], b = [.. Oracle.Matrix(random, k, n, bStride).Select(x => (float)x)], c = new float[m * cStride + 17];
            Array.Fill(c, -99f);
            Kernels.Multiply(c, cStride, a, aStride, b, bStride, m, n, k);
            for (var index = 0; index < c.Length; index++)
            {
                var (i, j) = cStride == 0 ? (m, 0) : (index / cStride, index % cStride);
                if (i >= m || j >= n)
                {
                    Assert.Equal(-99f, c[index]);
                    continue;
                }
                double sum = 0, size = 0;
                for (var l = 0; l < k; l++)
                {
                    sum += (double)a[i * aStride + l] * b[l * bStride + j];
                    size += Math.Abs((double)a[i * aStride + l] * b[l * bStride + j]);
                }
                Assert.True(Math.Abs(sum - c[index]) <= (k + 1) * 5.97e-8 * size, $"m={m} n={n} k={k} ({i},{j})");
            }
        }
    }
}
