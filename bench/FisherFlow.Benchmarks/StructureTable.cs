using System.Diagnostics;
using FisherFlow.Information;
using static FisherFlow.Benchmarks.KernelData;

namespace FisherFlow.Benchmarks;

/// <summary>Does the cost of each structure grow as it promises (slopes of log time against log size), and do a million parameters fit?</summary>
static class StructureTable
{
    const int Rounds = 5;
    const int Million = 1_000_000;

    public static void Print(TextWriter output, string part)
    {
        if (part is "" or "slopes") { Slopes(output); }
        if (part is "" or "diagonal") { Stream(output, new DiagonalInformation(Million)); }
        if (part is "" or "low-rank") { Stream(output, new LowRankInformation(Million, 20)); }
    }

    static void Slopes(TextWriter output)
    {
        output.WriteLine($"clock: {ThreadClock.Describe()}, best of {Rounds} rounds");
        output.WriteLine();
        output.WriteLine("| structure | operation | promised | slope | sizes | μs at each |");
        output.WriteLine("|---|---|---:|---:|---|---|");
        Slope(output, "full", "add a row", "2", [2048, 3072, 4096], d => Adding(new FullInformation(d)));
        Slope(output, "full", "solve", "3", [512, 1024, 2048], d => Solving(Filled(new FullInformation(d), 4)));
        Slope(output, "square root", "add 64 rows", "2", [128, 256, 512], d => Adding(new SquareRootInformation(d), 64));
        Slope(output, "diagonal", "add a row", "1", [10_000, 100_000, 1_000_000], d => Adding(new DiagonalInformation(d)));
        Slope(output, "diagonal", "solve", "1", [10_000, 100_000, 1_000_000], d => Solving(Filled(new DiagonalInformation(d), 4)));
        Slope(output, "low rank, r = 10", "add 20 rows", "1", [1000, 4000, 16_000], d => Adding(new LowRankInformation(d, 10), 20));
        Slope(output, "low rank, r = 10", "solve", "1", [500, 5000, 50_000], d => Solving(Filled(new LowRankInformation(d, 10), 45)));
        Slope(output, "Frequent Directions, l = 10", "add 20 rows", "1", [1000, 4000, 16_000], d => Adding(new FrequentDirectionsInformation(d, 10), 20));
        Slope(output, "Kronecker, m = p", "solve, exact damping", "3 in m", [128, 256, 512], m => KroneckerSolving(m, factored: false));
        Slope(output, "Kronecker, m = p", "solve, factored damping", "3 in m", [256, 512, 1024], m => KroneckerSolving(m, factored: true));
        Slope(output, "Kronecker, m = p", "add 64 pairs", "2 in m", [256, 512, 1024], KroneckerAdding);
        Slope(output, "sparse, a chain", "solve", "1", [1000, 10_000, 100_000], Chain);
        output.WriteLine();
    }

    static void Slope(TextWriter output, string structure, string operation, string promised, int[] sizes, Func<int, Action> create)
    {
        _ = Time(create(sizes[0]));   // the compiler's last tier comes with use
        var times = sizes.Select(size => Time(create(size))).ToArray();
        double[] x = [.. sizes.Select(size => Math.Log(size))], y = [.. times.Select(time => Math.Log(time))];
        var (meanX, meanY) = (x.Average(), y.Average());
        var slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
        output.WriteLine($"| {structure} | {operation} | {promised} | {slope:F2} | {string.Join(", ", sizes)} | {string.Join(", ", times.Select(t => $"{t * 1e6:G3}"))} |");
    }

    /// <summary>Processor time of one call: the least of some rounds.</summary>
    static double Time(Action action)
    {
        var start = ThreadClock.Seconds();
        for (var i = 0; i < 3 || ThreadClock.Seconds() - start < 0.15; i++) { action(); }
        var once = ThreadClock.Seconds();
        action();
        var repeats = Math.Max(1, (int)(0.02 / Math.Max(1e-9, ThreadClock.Seconds() - once)));
        var best = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++)
        {
            start = ThreadClock.Seconds();
            for (var i = 0; i < repeats; i++) { action(); }
            best = Math.Min(best, (ThreadClock.Seconds() - start) / repeats);
        }
        return best;
    }

    static Action Adding<T>(T information, int rows = 1) where T : class, IInformation<T>
    {
        var (x, ones) = (Numbers(rows * information.Dimension, 1), Ones(rows));
        return () => information.Add(new DesignRows(rows, information.Dimension, x, 0, default, default), ones);
    }

    static T Filled<T>(T information, int rows) where T : class, IInformation<T>
    {
        Adding(information, rows)();
        return information;
    }

    static Action Solving<T>(T information) where T : class, IInformation<T>
    {
        double[] b = Numbers(information.Dimension, 2), x = new double[information.Dimension];
        return () => information.Solve(b, x, 1);
    }

    static Action KroneckerSolving(int m, bool factored)
    {
        var information = new KroneckerInformation(m, m);
        double[] inputs = Numbers(2 * m * m, 1), gradients = Numbers(2 * m * m, 3), ones = Ones(2 * m), b = Numbers(m * m, 2), x = new double[m * m];
        information.AddPairs(inputs, gradients, ones);
        return () =>
        {
            information *= 1;   // forgets the factors, so that each solve finds them again
            if (factored) { information.SolveFactored(b, x, 1); } else { information.Solve(b, x, 1); }
        };
    }

    static Action KroneckerAdding(int m)
    {
        var information = new KroneckerInformation(m, m);
        double[] inputs = Numbers(64 * m, 1), gradients = Numbers(64 * m, 3), ones = Ones(64);
        return () => information.AddPairs(inputs, gradients, ones);
    }

    static Action Chain(int d)
    {
        var information = new SparseInformation(d);
        var ones = Ones(d - 1);
        information.Add(new DesignRows(d - 1, 0, default, 2, [.. Enumerable.Range(0, d - 1).SelectMany(i => (int[])[i, i + 1])], default), ones);
        var solve = Solving(information);
        solve();
        return () =>
        {
            information *= 1;   // forgets the factor
            solve();
        };
    }

    /// <summary>A hundred thousand rows of twenty non-zeros among a million parameters, in blocks as they would come from a file, then a solve.</summary>
    static void Stream<T>(TextWriter output, T information) where T : class, IInformation<T>
    {
        const int Rows = 100_000, Block = 1000, Slots = 20;
        var random = new Random(1);
        var (indices, values, ones) = (new int[Block * Slots], new double[Block * Slots], Ones(Block));
        var (adding, largest) = (0.0, 0L);
        for (var start = 0; start < Rows; start += Block)
        {
            for (var i = 0; i < indices.Length; i++)
            {
                // Half of the slots are frequent parameters, half are anywhere: a few directions matter and most do not.
                indices[i] = i % 2 == 0 ? (int)(Million * Math.Pow(random.NextDouble(), 8)) : random.Next(Million);
                values[i] = random.NextDouble() - 0.3;
            }
            var clock = ThreadClock.Seconds();
            information.Add(new DesignRows(Block, 0, default, Slots, indices, values), ones);
            adding += ThreadClock.Seconds() - clock;
            largest = Math.Max(largest, Environment.WorkingSet);
        }
        double[] b = new double[Million], x = new double[Million];
        for (var i = 0; i < b.Length; i++) { b[i] = random.NextDouble(); }
        var solving = ThreadClock.Seconds();
        var status = information.Solve(b, x, 1);
        solving = ThreadClock.Seconds() - solving;
        using var process = Process.GetCurrentProcess();
        output.WriteLine($"{T.Name}: {Million} parameters, {Rows} rows of {Slots} non-zeros in {adding:F2} s of processor time ({adding / Rows * 1e6:F1} μs a row), a solve in {solving:F2} s ({(status.IsSolved ? "solved" : "singular")}); working set {largest >> 20} MiB while adding, peak of the process {process.PeakWorkingSet64 >> 20} MiB");
    }
}
