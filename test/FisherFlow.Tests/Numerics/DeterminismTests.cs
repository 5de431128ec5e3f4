using FisherFlow.Numerics;

namespace FisherFlow.Tests.Numerics;

public sealed class DeterminismTests
{
    static double[] Update(int n, int p, int threads)
    {
        var random = new Random(61);
        double[] x = Oracle.Matrix(random, n, p, p), w = Oracle.Matrix(random, 1, n, n), c = new double[p * p];
        Kernels.RankUpdate(c, p, x, p, n, p, w, threads);
        return c;
    }

    [Theory, InlineData(1000, 20), InlineData(333, 64), InlineData(500, 200), InlineData(211, 307)]
    public void The_number_of_threads_does_not_show_in_the_bits(int n, int p)
    {
        var one = Update(n, p, 1);
        foreach (var threads in (int[])[2, 3, 7, 64]) { Assert.Equal(one, Update(n, p, threads)); }
    }

    [Theory, InlineData(1000, 20), InlineData(2, 20), InlineData(333, 61), InlineData(500, 200)]
    public void The_width_of_a_fused_vector_does_not_show_in_the_bits(int n, int p)
    {
        if (!CpuPaths.IsSupported(CpuPath.Vector512)) { Assert.Skip("This processor has one width of fused vectors."); }
        double[] narrow, wide;
        using (CpuPaths.Hold(CpuPath.Vector256)) { narrow = Update(n, p, 1); }
        using (CpuPaths.Hold(CpuPath.Vector512)) { wide = Update(n, p, 1); }
        Assert.Equal(narrow, wide);
    }

    [Fact]
    public void Warm_kernels_allocate_nothing()
    {
        var random = new Random(62);
        const int n = 300, p = 90;
        double[] x = Oracle.Matrix(random, n, p, p), w = [.. Enumerable.Repeat(1.0, n)], c = new double[p * p], v = new double[p * p], values = new double[p];
        void Once()
        {
            Array.Clear(c);
            Kernels.RankUpdate(c, p, x, p, n, p, w);
            Kernels.RankUpdate(c, p, x, p, n, 20, w);
            Kernels.SymmetricEigen(c, p, p, values, v, p);
            Kernels.Cholesky(c, p, p);
            Kernels.FoldRows(c, p, p, x, p, n);
            Kernels.InvertUpper(c, p, p);
            Kernels.Multiply(v, p, c, p, x, p, p, p, p);
            Kernels.SolveUpper(c, p, p, values);
            Kernels.SolveUpperTransposed(c, p, p, values);
        }
        Once();
        Once();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Once();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused_with_both_numbers()
    {
        var error = Assert.Throws<ArgumentException>(() => Kernels.Cholesky(new double[8], 3, 3));
        Assert.Contains("8", error.Message);
        Assert.Contains("9", error.Message);
        Assert.Throws<ArgumentException>(() => Kernels.RankUpdate(new double[9], 3, new double[6], 3, 2, 3, new double[1]));
        Assert.Throws<ArgumentException>(() => Kernels.Multiply(new double[4], 1, new double[4], 2, new double[4], 2, 2, 2, 2));
    }
}
