using FisherFlow.Numerics;

namespace FisherFlow.Tests.Numerics;

public sealed class HouseholderFoldTests
{
    [Theory, MemberData(nameof(Oracle.Paths), MemberType = typeof(Oracle))]
    public void The_new_triangle_has_the_Gram_of_the_old_one_and_the_rows(string path)
    {
        using var held = Oracle.Hold(path);
        var random = new Random(16);
        foreach (var p in (int[])[.. Enumerable.Range(1, 26), 31, 32, 33, 64, 67, 101])
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

    /// <summary>Columns of very unlike size, so that squares of norms overflow or vanish.</summary>
    [Theory, MemberData(nameof(Oracle.Paths), MemberType = typeof(Oracle))]
    public void Columns_of_any_size_come_out_as_if_they_were_of_size_one(string path)
    {
        using var held = Oracle.Hold(path);
        var random = new Random(17);
        const int p = 9, n = 37;
        double[] sizes = [1, 1e-200, 1e200, 1e-300, 1e150, 0, 1e-150, 1e8, 1e300];
        double[] plain = Oracle.Matrix(random, n, p, p), scaled = plain.ToArray(), r = new double[p * p], s = new double[p * p];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < p; j++)
            {
                plain[i * p + j] = sizes[j] == 0 ? 0 : plain[i * p + j];
                scaled[i * p + j] *= sizes[j];
            }
        }
        Kernels.FoldRows(r, p, p, plain, p, n);
        Kernels.FoldRows(s, p, p, scaled, p, n);
        for (var i = 0; i < p; i++)
        {
            for (var j = i; j < p; j++)
            {
                if (sizes[i] == 0 || sizes[j] == 0)
                {
                    Assert.Equal(0, s[i * p + j] * (sizes[j] == 0 ? 1 : 0));
                    continue;
                }
                // The reflections are invariant under scaling of columns but for rounding.
                Assert.Equal(Math.Abs(r[i * p + j]), Math.Abs(s[i * p + j] / sizes[j]), 200 * p * Oracle.U);
            }
        }
    }

    [Fact]
    public void Folding_by_pieces_gives_the_triangle_of_the_whole_up_to_signs()
    {
        var random = new Random(18);
        const int p = 20, n = 600;
        double[] rows = Oracle.Matrix(random, n, p, p), whole = new double[p * p], pieces = new double[p * p];
        foreach (var (start, count) in (ReadOnlySpan<(int, int)>)[(0, 1), (1, 2), (3, 17), (20, 300), (320, 280)])
        {
            Kernels.FoldRows(pieces, p, p, rows.AsSpan(start * p), p, count);
        }
        Kernels.FoldRows(whole, p, p, rows, p, n);
        for (var i = 0; i < p; i++)
        {
            var sign = Math.Sign(whole[i * p + i]) * Math.Sign(pieces[i * p + i]);
            // Norms are √(n/3) ≈ 14; the triangle is well conditioned, and errors are a few n·u of that.
            for (var j = i; j < p; j++) { Assert.Equal(whole[i * p + j], sign * pieces[i * p + j], 4 * n * Oracle.U * 14); }
        }
    }
}
