namespace FisherFlow.Benchmarks;

/// <summary>Matrices that every benchmark draws from, by fixed seeds.</summary>
static class KernelData
{
    /// <summary>Rows for a design of width p: enough to fill the caches without making wide benchmarks slow.</summary>
    public static int Rows(int p) => p <= 64 ? 4096 : 1024;

    public static double[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
    }

    public static float[] Singles(int count, int seed) => [.. Numbers(count, seed).Select(x => (float)x)];

    public static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    /// <summary>Symmetric in its upper triangle and dominated by its diagonal, so positive definite.</summary>
    public static double[] Definite(int n)
    {
        var a = Numbers(n * n, 2);
        for (var i = 0; i < n; i++) { a[i * n + i] = n; }
        return a;
    }
}
