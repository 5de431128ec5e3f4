using System.Diagnostics;
using FisherFlow.Numerics;
using static FisherFlow.Benchmarks.KernelData;

namespace FisherFlow.Benchmarks;

/// <summary>One table of every kernel against OpenBLAS on one thread: medians of interleaved runs, so that a busy machine slows both alike.</summary>
static class QuickTable
{
    const int Rounds = 11;
    const double SecondsPerRound = 0.02;
    const double Warming = 0.15;   // seconds, enough for the compiler to reach its last tier

    static readonly int[] _sizes = [8, 20, 32, 64, 200, 512, 1000];

    public static void Print(TextWriter output, string filter)
    {
        OpenBlas.SetThreads(1);
        output.WriteLine($"path: {CpuPaths.Describe()}; clock: {ThreadClock.Describe()}, median of {Rounds} interleaved rounds; OpenBLAS: {OpenBlas.Describe()}");
        output.WriteLine();
        output.WriteLine("| kernel | size | rows/s | GFLOP/s | OpenBLAS GFLOP/s | ratio |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|");
        (string Name, int Least, int Most, Action<TextWriter, int> Measure)[] questions =
        [
            ("rank", 0, 1000, RankUpdate), ("fold", 0, 1000, Fold), ("cholesky", 0, 1000, Cholesky), ("inverse", 0, 1000, Invert),
            ("product", 0, 1000, Multiply), ("single", 0, 1000, MultiplySingle), ("eigen", 0, 200, Eigen), ("threads", 200, 1000, Threads),
        ];
        foreach (var (name, least, most, measure) in questions)
        {
            if (!name.StartsWith(filter, StringComparison.Ordinal)) { continue; }
            foreach (var size in _sizes) { if (size >= least && size <= most) { measure(output, size); } }
        }
    }

    static void RankUpdate(TextWriter output, int p)
    {
        var n = Rows(p);
        double[] x = Numbers(n * p, 1), w = Ones(n), c = new double[p * p], d = new double[p * p];
        Row(output, "rank update", p, n, (double)n * p * p,
            () => Kernels.RankUpdate(c, p, x, p, n, p, w), OpenBlas.IsAvailable ? () => OpenBlas.RankUpdate(d, x, n, p) : null);
    }

    static void Fold(TextWriter output, int p)
    {
        var n = Rows(p);
        double[] x = Numbers(n * p, 1), r = new double[p * p], w = Ones(n), c = new double[p * p];
        // The baseline here is our own rank update in flops, as the target asks.
        Row(output, "QR fold (against rank update)", p, n, 2.0 * n * p * p,
            () => Kernels.FoldRows(r, p, p, x, p, n), () => { Kernels.RankUpdate(c, p, x, p, n, p, w); Kernels.RankUpdate(c, p, x, p, n, p, w); });
    }

    static void Cholesky(TextWriter output, int n)
    {
        double[] a = Definite(n), b = new double[n * n], c = new double[n * n];
        Row(output, "Cholesky", n, 0, (double)n * n * n / 3,
            () => { a.CopyTo(b, 0); _ = Kernels.Cholesky(b, n, n); }, OpenBlas.IsAvailable ? () => { a.CopyTo(c, 0); _ = OpenBlas.Cholesky(c, n); }
        : null);
    }

    static void Invert(TextWriter output, int n)
    {
        double[] a = Definite(n), b = new double[n * n], c = new double[n * n];
        _ = Kernels.Cholesky(a, n, n);
        Row(output, "triangular inverse", n, 0, (double)n * n * n / 3,
            () => { a.CopyTo(b, 0); Kernels.InvertUpper(b, n, n); }, OpenBlas.IsAvailable ? () => { a.CopyTo(c, 0); _ = OpenBlas.InvertUpper(c, n); }
        : null);
    }

    static void Multiply(TextWriter output, int n)
    {
        double[] a = Numbers(n * n, 3), b = Numbers(n * n, 4), c = new double[n * n], d = new double[n * n];
        Row(output, "matrix product", n, 0, 2.0 * n * n * n, () => Kernels.Multiply(c, n, a, n, b, n, n, n, n), OpenBlas.IsAvailable ? () => OpenBlas.Multiply(a, b, d, n) : null);
    }

    static void MultiplySingle(TextWriter output, int n)
    {
        float[] a = Singles(n * n, 3), b = Singles(n * n, 4), c = new float[n * n], d = new float[n * n];
        Row(output, "matrix product, float", n, 0, 2.0 * n * n * n, () => Kernels.Multiply(c, n, a, n, b, n, n, n, n), OpenBlas.IsAvailable ? () => OpenBlas.Multiply(a, b, d, n) : null);
    }

    static void Eigen(TextWriter output, int n)
    {
        double[] a = Definite(n), b = new double[n * n], c = new double[n * n], values = new double[n];
        Row(output, "symmetric eigen", n, 0, 9.0 * n * n * n, () => Kernels.SymmetricEigen(a, n, n, values, b, n),
            OpenBlas.IsAvailable ? () => { a.CopyTo(c, 0); OpenBlas.SymmetricEigen(c, values, n); }
        : null);
    }

    /// <summary>Wall time of one and two threads, which only a quiet machine can tell.</summary>
    static void Threads(TextWriter output, int p)
    {
        var n = Rows(p);
        double[] x = Numbers(n * p, 1), w = Ones(n), c = new double[p * p];
        var times = new double[2][];
        for (var threads = 1; threads <= 2; threads++) { times[threads - 1] = new double[Rounds]; }
        for (var round = -3; round < Rounds; round++)
        {
            for (var threads = 1; threads <= 2; threads++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < 5; i++) { Kernels.RankUpdate(c, p, x, p, n, p, w, threads); }
                if (round >= 0) { times[threads - 1][round] = Stopwatch.GetElapsedTime(start).TotalSeconds / 5; }
            }
        }
        double one = times[0].Min(), two = times[1].Min();
        output.WriteLine($"| rank update, two threads against one (wall time, best of {Rounds}) | {p} | {n / two / 1e6:F2} M | {(double)n * p * p / two / 1e9:F2} | | {one / two:F2} |");
    }

    static void Row(TextWriter output, string name, int size, int rows, double flops, Action ours, Action? theirs)
    {
        int a = Repeats(ours), b = theirs is null ? 0 : Repeats(theirs);
        double[] first = new double[Rounds], second = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            first[i] = Time(ours, a);
            if (theirs is not null) { second[i] = Time(theirs, b); }
        }
        Array.Sort(first);
        Array.Sort(second);
        double mine = first[Rounds / 2], other = second[Rounds / 2];
        var rate = rows == 0 ? "" : $"{rows / mine / 1e6:F2} M";
        output.WriteLine(theirs is null
            ? $"| {name} | {size} | {rate} | {flops / mine / 1e9:F2} | | |"
            : $"| {name} | {size} | {rate} | {flops / mine / 1e9:F2} | {flops / other / 1e9:F2} | {other / mine:F2} |");
    }

    static int Repeats(Action action)
    {
        var start = ThreadClock.Seconds();
        for (var i = 0; i < 40 || ThreadClock.Seconds() - start < Warming; i++) { action(); }
        var once = Time(action, 3);
        return Math.Max(1, (int)(SecondsPerRound / once));
    }

    static double Time(Action action, int repeats)
    {
        var start = ThreadClock.Seconds();
        for (var i = 0; i < repeats; i++) { action(); }
        return (ThreadClock.Seconds() - start) / repeats;
    }
}
