using System.Diagnostics;
using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Benchmarks;

/// <summary>Does the cost grow with the rows, and the memory not? Ever longer streams of simulated rows through one estimator each, on one thread.</summary>
static class LinearTable
{
    const int BlockRows = 4096;

    public static void Print(TextWriter output, long most)
    {
        output.WriteLine($"blocks of {BlockRows} simulated rows; clock: {ThreadClock.Describe()} of observing and of the table at the end, the simulation left out; memory: the largest of the process so far");
        output.WriteLine();
        output.WriteLine("| model | p | rows | s | rows/s | peak MB | worst distance from the truth, standard errors |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (var (family, columns) in ((Family, int)[])[(Family.Gaussian, 20), (Family.Binomial, 5), (Family.Binomial, 20)])
        {
            for (var rows = 1_000_000L; rows <= most; rows *= 10) { Row(output, family, columns, rows); }
        }
    }

    static void Row(TextWriter output, Family family, int columns, long rows)
    {
        var block = new Block(BlockRows, columns, 0, false, false, false);
        Array.Fill(block.Weight, 1);
        var model = ModelFactory.Create(new() { Family = family });
        var schema = new DesignSchema([new(Term.Intercept, "", []), .. Enumerable.Range(1, columns - 1).Select(j => new Term($"x{j}", $"x{j}", []))], hasIntercept: true);
        var estimator = Estimator.Create(model, schema, new(), block, hasOffset: false);
        var stream = new Stream(family, columns);
        var seconds = 0.0;
        for (var done = 0L; done < rows; done += block.Count)
        {
            stream.Fill(block, (int)Math.Min(BlockRows, rows - done));
            var start = ThreadClock.Seconds();
            estimator.Observe(block);
            seconds += ThreadClock.Seconds() - start;
        }
        var before = ThreadClock.Seconds();
        var estimate = estimator.Solve(new Identification(schema, model));
        seconds += ThreadClock.Seconds() - before;
        var variances = new double[columns];
        estimate.Factor.InverseDiagonal(variances);
        var scale = family == Family.Gaussian ? estimate.Deviance / (rows - columns) : 1;
        var worst = Enumerable.Range(0, columns).Max(j => Math.Abs(estimate.Theta[j] - stream.Truth[j]) / Math.Sqrt(scale * variances[j]));
        using var process = Process.GetCurrentProcess();
        output.WriteLine($"| {family} | {columns} | {rows:N0} | {seconds:F1} | {rows / seconds / 1e6:F2} M | {process.PeakWorkingSet64 / 1e6:F0} | {worst:F1} |");
    }

    /// <summary>Rows drawn from a model: uniform predictors, and a response by the family.</summary>
    sealed class Stream
    {
        readonly Family _family;
        ulong _state = 0x9E3779B97F4A7C15;

        public Stream(Family family, int columns) =>
            (_family, Truth) = (family, [-0.5, .. Enumerable.Range(1, columns - 1).Select(j => (j % 2 == 0 ? -1 : 1) / Math.Sqrt(j))]);

        public double[] Truth { get; }

        public void Fill(Block block, int rows)
        {
            for (var i = 0; i < rows; i++)
            {
                var row = block.Dense.AsSpan(i * block.DenseColumns, block.DenseColumns);
                row[0] = 1;
                var eta = Truth[0];
                for (var j = 1; j < row.Length; j++) { eta += Truth[j] * (row[j] = Uniform() - 0.5); }
                block.Response[i] = _family == Family.Gaussian ? eta + Uniform() + Uniform() - Uniform() - Uniform() : Uniform() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0;
            }
            block.Count = rows;
        }

        /// <summary>xorshift64* (Vigna 2016).</summary>
        double Uniform()
        {
            _state ^= _state >> 12;
            _state ^= _state << 25;
            _state ^= _state >> 27;
            return (_state * 0x2545F4914F6CDD1D >> 11) * (1.0 / (1UL << 53));
        }
    }
}
