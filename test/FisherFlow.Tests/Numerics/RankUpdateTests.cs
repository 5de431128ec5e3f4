using FisherFlow.Numerics;

namespace FisherFlow.Tests.Numerics;

public sealed class RankUpdateTests
{
    /// <summary>Every width from 1 to 70 and some wide ones, each with row counts around the block sizes.</summary>
    static IEnumerable<(int N, int P)> Shapes()
    {
        for (var p = 1; p <= 70; p++)
        {
            foreach (var n in (int[])[0, 1, 3, 4, 5, 31, 67]) { yield return (n, p); }
        }
        yield return (4097, 1);
        yield return (523, 8);
        yield return (1031, 20);
        yield return (193, 65);
        yield return (401, 97);
        yield return (389, 200);
        yield return (8, 251);
    }

    [Theory, MemberData(nameof(Oracle.Paths), MemberType = typeof(Oracle))]
    public void It_agrees_with_the_triple_loop_in_every_shape_and_writes_nothing_else(string path)
    {
        using var held = Oracle.Hold(path);
        var random = new Random(11);
        foreach (var (n, p) in Shapes())
        {
            int xStride = p + n % 4, cStride = p + p % 3;
            double[] x = Oracle.Matrix(random, n, p, xStride), c = Oracle.Matrix(random, p, p, cStride, guard: 9), w = Oracle.Matrix(random, 1, n, n);
            var before = c.ToArray();
            Kernels.RankUpdate(c, cStride, x, xStride, n, p, w);
            Oracle.OutsideUpperIsUntouched(before, c, p, cStride);
            for (var i = 0; i < p; i++)
            {
                for (var j = i; j < p; j++)
                {
                    double sum = before[i * cStride + j], size = Math.Abs(sum);
                    for (var k = 0; k < n; k++)
                    {
                        var term = w[k] * x[k * xStride + i] * x[k * xStride + j];
                        sum += term;
                        size += Math.Abs(term);
                    }
                    // Each of the two sums is within (n + 2)u of the truth, relative to the sum of magnitudes (Higham 2002, eq. 3.5), and so within 2(n + 2)u of each other.
                    Assert.True(Math.Abs(sum - c[i * cStride + j]) <= 2 * (n + 2) * Oracle.U * size, $"n={n} p={p} ({i},{j}): {c[i * cStride + j]} instead of {sum}");
                }
            }
        }
    }
}
