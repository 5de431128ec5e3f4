using FisherFlow.Estimation;
using FisherFlow.Models;
using static FisherFlow.Benchmarks.KernelData;

namespace FisherFlow.Benchmarks;

/// <summary>Whole estimators on dense rows in memory: what a stream of prebuilt blocks costs on one thread, table included.</summary>
static class EstimatorTable
{
    const int Columns = 20;
    const int BlockRows = 4096;
    const int Blocks = 256;      // a million rows
    const int Rounds = 5;

    public static void Print(TextWriter output)
    {
        output.WriteLine($"{Columns} dense columns, {BlockRows * Blocks} rows in blocks of {BlockRows}; clock: {ThreadClock.Describe()}, best of {Rounds} rounds");
        output.WriteLine();
        output.WriteLine("| estimator | structure | rows/s | ns a row | bytes a row |");
        output.WriteLine("|---|---|---:|---:|---:|");
        foreach (var family in (Family[])[Family.Gaussian, Family.Binomial])
        {
            var blocks = Simulate(family);
            foreach (var structure in (Structure[])[Structure.Full, Structure.SquareRoot]) { Row(output, family, structure, blocks); }
        }
        foreach (var family in (Family[])[Family.Gaussian, Family.Binomial]) { SingleRows(output, family, Simulate(family)); }
    }

    static void Row(TextWriter output, Family family, Structure structure, Block[] blocks)
    {
        var (best, bytes) = (double.PositiveInfinity, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var (start, before) = (ThreadClock.Seconds(), GC.GetAllocatedBytesForCurrentThread());
            var estimator = Create(family, structure, blocks[0], out var schema);
            foreach (var block in blocks) { estimator.Observe(block); }
            _ = estimator.Solve(new Identification(schema, estimator.Model));
            (best, bytes) = (Math.Min(best, ThreadClock.Seconds() - start), GC.GetAllocatedBytesForCurrentThread() - before);
        }
        var rows = (double)BlockRows * Blocks;
        output.WriteLine($"| {family} | {structure} | {rows / best / 1e6:F2} M | {best / rows * 1e9:F0} | {bytes / rows:F1} |");
    }

    /// <summary><c>Observe</c> of blocks of one row each, folds included.</summary>
    static void SingleRows(TextWriter output, Family family, Block[] blocks)
    {
        var singles = new Block[BlockRows];
        for (var i = 0; i < singles.Length; i++)
        {
            singles[i] = new(1, Columns, 0, false, false, false) { Count = 1 };
            blocks[0].Dense.AsSpan(i * Columns, Columns).CopyTo(singles[i].Dense);
            (singles[i].Response[0], singles[i].Weight[0]) = (blocks[0].Response[i], 1);
        }
        var estimator = Create(family, Structure.Auto, blocks[0], out _);
        var (best, bytes) = (double.PositiveInfinity, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var (start, before) = (ThreadClock.Seconds(), GC.GetAllocatedBytesForCurrentThread());
            for (var i = 0; i < BlockRows * Blocks; i++) { estimator.Observe(singles[i % BlockRows]); }
            (best, bytes) = (Math.Min(best, ThreadClock.Seconds() - start), GC.GetAllocatedBytesForCurrentThread() - before);
        }
        var rows = (double)BlockRows * Blocks;
        output.WriteLine($"| {family}, one row a call | {Structure.Auto} | {rows / best / 1e6:F2} M | {best / rows * 1e9:F0} | {bytes / rows:F2} |");
    }

    static Estimator Create(Family family, Structure structure, Block layout, out DesignSchema schema)
    {
        schema = new([new(Term.Intercept, "", []), .. Enumerable.Range(1, Columns - 1).Select(j => new Term($"x{j}", $"x{j}", []))], hasIntercept: true);
        return Estimator.Create(ModelFactory.Create(new() { Family = family }), schema, new() { Structure = structure }, layout, hasOffset: false);
    }

    static Block[] Simulate(Family family)
    {
        var blocks = new Block[Blocks];
        for (var b = 0; b < Blocks; b++)
        {
            var block = new Block(BlockRows, Columns, 0, false, false, false) { Count = BlockRows };
            Numbers(BlockRows * Columns, b + 1).CopyTo(block.Dense, 0);
            var noise = Numbers(BlockRows, -1 - b);
            for (var i = 0; i < BlockRows; i++)
            {
                block.Dense[i * Columns] = 1;
                var eta = -1.0;
                for (var j = 1; j < Columns; j++) { eta += (j % 3 - 1) * 0.3 * block.Dense[i * Columns + j]; }
                block.Response[i] = family == Family.Gaussian ? eta + noise[i] : noise[i] + 0.5 < 1 / (1 + Math.Exp(-eta)) ? 1 : 0;
                block.Weight[i] = 1;
            }
            blocks[b] = block;
        }
        return blocks;
    }
}
