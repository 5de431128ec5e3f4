using FisherFlow.Numerics;

namespace FisherFlow.Tests.Numerics;

public sealed class CholeskyTests
{
    [Theory, MemberData(nameof(Oracle.Paths), MemberType = typeof(Oracle))]
    public void The_factor_gives_back_the_matrix_and_nothing_else_is_written(string path)
    {
        using var held = Oracle.Hold(path);
        var random = new Random(12);
        foreach (var n in (int[])[.. Enumerable.Range(0, 71), 97, 128, 129, 200, 251])
        {
            var stride = n + n % 3;
            if (n == 0) { stride = 1; }
            var a = Oracle.Definite(random, n, stride, guard: 7);
            var r = a.ToArray();
            Assert.Equal(-1, Kernels.Cholesky(r, stride, n));
            Oracle.OutsideUpperIsUntouched(a, r, n, stride);
            for (var i = 0; i < n; i++)
            {
                for (var j = i; j < n; j++)
                {
                    double sum = 0, size = 0;
                    for (var k = 0; k <= i; k++)
                    {
                        sum += r[k * stride + i] * r[k * stride + j];
                        size += Math.Abs(r[k * stride + i] * r[k * stride + j]);
                    }
                    // Higham (2002), theorem 10.3: |A − RᵀR| ≤ (n + 1)u |Rᵀ||R|; twice that for the check's own sum and for reciprocal pivots.
                    Assert.True(Math.Abs(sum - a[i * stride + j]) <= 2 * (n + 3) * Oracle.U * size, $"n={n} ({i},{j})");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Oracle.Paths), MemberType = typeof(Oracle))]
    public void The_first_bad_pivot_is_named(string path)
    {
        using var held = Oracle.Hold(path);
        var random = new Random(13);
        foreach (var (n, bad) in (ReadOnlySpan<(int, int)>)[(1, 0), (7, 3), (20, 19), (64, 63), (65, 64), (130, 70), (200, 199)])
        {
            foreach (var poison in (double[])[-1, double.NaN, double.NegativeInfinity])
            {
                var a = Oracle.Definite(random, n, n, 0);
                a[bad * n + bad] = poison;
                Assert.Equal(bad, Kernels.Cholesky(a, n, n));
            }
        }
    }
}
