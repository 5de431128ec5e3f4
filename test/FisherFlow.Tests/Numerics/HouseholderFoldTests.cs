using FisherFlow.Numerics;

namespace FisherFlow.Tests.Numerics;

public sealed class HouseholderFoldTests
{
    [Theory, MemberData(nameof(Oracle.Paths), MemberType = typeof(Oracle))]
    public void The_new_triangle_has_the_Gram_of_the_old_one_and_the_rows(string path)
    {
        using var held = Oracle.Hold(path);
        var random = new Random(16);
        foreach (var p in (int[])[.. Enumerable.Range(1, 40), 64, 67, 101, 200])
        {
            foreach (var n in (int[])[0, 1, 2, 7, 8, 9, 33, 257])
            {
                int rStride = p + p % 3, aStride = p + n % 3;
                var r = Oracle.Matrix(random, p, p, rStride, guard: 6);
                var a = Oracle.Matrix(random, n, p, aStride, guard: 6);
                double[] rBefore = r.ToArray(), aBefore = a.ToArray();
                Kernels.FoldRows(r, rStride, p, a, aStride, n);
                Oracle.OutsideUpperIsUntouched(rBefore, r, p, rStride);
                for (var i = 0; i < p; i++)
                {
                    for (var j = i; j < p; j++)
                    {
                        double sum = 0, ni = 0, nj = 0;
                        void Add(double x, double y)
                        {
                            sum += x * y;
                            ni += x * x;
                            nj += y * y;
                        }
                        for (var k = 0; k <= j; k++) { Add(k <= i ? rBefore[k * rStride + i] : 0, rBefore[k * rStride + j]); }
                        for (var k = 0; k < n; k++) { Add(aBefore[k * aStride + i], aBefore[k * aStride + j]); }
                        for (var k = 0; k <= i; k++) { sum -= r[k * rStride + i] * r[k * rStride + j]; }
                        // Columnwise backward error of Householder QR (Higham 2002, theorem 19.4): ‖Δa‖ ≤ c·m·p·u‖a‖ in the worst case, √ of it in practice; 4(n + p)u is far above what rounding makes and far below a wrong sign.
                        Assert.True(Math.Abs(sum) <= 4 * (n + p + 8) * Oracle.U * Math.Sqrt(ni * nj), $"n={n} p={p} ({i},{j}): {sum / Math.Sqrt(ni * nj)}");
                    }
                }
            }
        }
    }
}
