using FisherFlow.Numerics;

namespace FisherFlow.Tests.Numerics;

public sealed class TriangularTests
{
    [Theory, MemberData(nameof(Oracle.Paths), MemberType = typeof(Oracle))]
    public void The_inverse_times_the_triangle_is_one_and_nothing_else_is_written(string path)
    {
        using var held = Oracle.Hold(path);
        var random = new Random(14);
        foreach (var n in (int[])[.. Enumerable.Range(0, 71), 97, 128, 200, 251])
        {
            var stride = n + 1 + n % 3;
            var r = Oracle.Definite(random, n, stride, guard: 5);
            Assert.Equal(-1, Kernels.Cholesky(r, stride, n));
            var w = r.ToArray();
            Kernels.InvertUpper(w, stride, n);
            Oracle.OutsideUpperIsUntouched(r, w, n, stride);
            for (var i = 0; i < n; i++)
            {
                for (var j = i; j < n; j++)
                {
                    double sum = i == j ? -1 : 0, size = 0;
                    for (var k = i; k <= j; k++)
                    {
                        sum += w[i * stride + k] * r[k * stride + j];
                        size += Math.Abs(w[i * stride + k] * r[k * stride + j]);
                    }
                    // Residual of an inverse by halves: each level adds n·u|W||R| at most (Higham 2002, §14.2); the triangles here are well conditioned, so the cross terms |W||R||W||R| stay within a factor 20.
                    Assert.True(Math.Abs(sum) <= 20 * (n + 3) * Oracle.U * Math.Max(1, size), $"n={n} ({i},{j}): {sum}");
                }
            }
        }
    }

    [Fact]
    public void The_two_solves_undo_the_two_products()
    {
        var random = new Random(15);
        foreach (var n in (int[])[0, 1, 2, 3, 15, 16, 17, 33, 64, 97, 200])
        {
            var stride = n + 2;
            var r = Oracle.Definite(random, n, stride, guard: 0);
            Assert.Equal(-1, Kernels.Cholesky(r, stride, n));
            double[] x = Oracle.Matrix(random, 1, n, n), b = new double[n], t = new double[n];
            for (var i = 0; i < n; i++)
            {
                for (var j = i; j < n; j++)
                {
                    b[i] += r[i * stride + j] * x[j];
                    t[j] += r[i * stride + j] * x[i];
                }
            }
            Kernels.SolveUpper(r, stride, n, b);
            Kernels.SolveUpperTransposed(r, stride, n, t);
            for (var i = 0; i < n; i++)
            {
                // Forward error κ·n·u; the triangles have condition numbers below 100.
                Assert.Equal(x[i], b[i], 100 * (n + 1) * Oracle.U * 10);
                Assert.Equal(x[i], t[i], 100 * (n + 1) * Oracle.U * 10);
            }
        }
    }
}
