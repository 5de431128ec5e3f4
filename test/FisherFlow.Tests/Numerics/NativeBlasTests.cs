using FisherFlow.Numerics;

namespace FisherFlow.Tests.Numerics;

public sealed unsafe class NativeBlasTests
{
    [Fact]
    public void A_library_that_is_not_there_is_an_error_that_lists_where_it_was_looked_for()
    {
        var error = Assert.Throws<DllNotFoundException>(() => NativeBlas.Load("/nowhere/libfast.so"));
        Assert.Contains("FISHERFLOW_BLAS", error.Message);
        Assert.Contains("/nowhere/libfast.so", error.Message);
        Assert.Contains("openblas, mkl, accelerate", error.Message);
        if (!OperatingSystem.IsMacOS()) { Assert.Contains("Accelerate.framework", Assert.Throws<DllNotFoundException>(() => NativeBlas.Load("accelerate")).Message); }
    }

    [Fact]
    public void Its_answers_agree_with_ours_to_rounding()
    {
        NativeBlas native;
        try { native = NativeBlas.Load("openblas"); }
        catch (DllNotFoundException missing)
        {
            Assert.Skip(missing.Message);
            return;
        }
        var random = new Random(51);
        const int n = 301, p = 83, stride = 90;
        double[] x = Oracle.Matrix(random, n, p, stride), w = [.. Oracle.Matrix(random, 1, n, n).Select(Math.Abs)];
        var ours = Oracle.Definite(random, p, stride, guard: 0);
        var theirs = ours.ToArray();
        Kernels.RankUpdate(ours, stride, x, stride, n, p, w);
        fixed (double* pc = theirs, px = x, pw = w)
        {
            Assert.True(native.TryRankUpdate(pc, stride, px, stride, n, p, pw));
            pw[n / 2] = -1;
            Assert.False(native.TryRankUpdate(pc, stride, px, stride, n, p, pw));
        }
        AgreeUpper(ours, theirs, p, stride, 4 * n * Oracle.U * (n + p));   // sums of n + p terms of size one, each within n·u
        ours.CopyTo(theirs, 0);
        Assert.Equal(-1, Kernels.Cholesky(ours, stride, p));
        fixed (double* pc = theirs) { Assert.Equal(-1, native.Cholesky(pc, stride, p)); }
        AgreeUpper(ours, theirs, p, stride, 100 * p * Oracle.U * Math.Sqrt(n));   // backward errors of p·u times a condition number below 100
        theirs[40 * stride + 40] = -1e9;
        fixed (double* pc = theirs) { Assert.Equal(40, native.Cholesky(pc, stride, p)); }

        double[] a = Oracle.Matrix(random, 70, 81, 85), b = Oracle.Matrix(random, 81, 66, 67), c = new double[70 * 68], d = new double[70 * 68];
        Kernels.Multiply(c, 68, a, 85, b, 67, 70, 66, 81);
        fixed (double* pa = a, pb = b, pd = d) { native.Multiply(pd, 68, pa, 85, pb, 67, 70, 66, 81); }
        for (var i = 0; i < c.Length; i++) { Assert.Equal(c[i], d[i], 2 * 81 * 81 * Oracle.U); }
        float[] e = [.. a.Select(v => (float)v)], f = [.. b.Select(v => (float)v)], g = new float[70 * 68], h = new float[70 * 68];
        Kernels.Multiply(g, 68, e, 85, f, 67, 70, 66, 81);
        fixed (float* pa = e, pb = f, pd = h) { native.Multiply(pd, 68, pa, 85, pb, 67, 70, 66, 81); }
        for (var i = 0; i < g.Length; i++) { Assert.Equal(g[i], h[i], 2 * 81 * 81 * 6e-8f); }
    }

    static void AgreeUpper(double[] x, double[] y, int p, int stride, double tolerance)
    {
        for (var i = 0; i < p; i++) { for (var j = i; j < p; j++) { Assert.Equal(x[i * stride + j], y[i * stride + j], tolerance); } }
    }
}
