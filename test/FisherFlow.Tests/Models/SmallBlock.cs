using FisherFlow.Models;

namespace FisherFlow.Tests.Models;

/// <summary>Blocks by hand.</summary>
static class SmallBlock
{
    /// <summary>A block of dense rows <c>[n, k]</c>.</summary>
    public static Block Dense(double[][] rows, double[] response, double[]? weight = null, double[]? offset = null, double[]? trials = null, int outcomes = 1)
    {
        var (n, k) = (rows.Length, rows[0].Length);
        var block = new Block(n, k, 0, hasValues: false, hasTrials: trials is not null, hasClusters: false) { Count = n, Outcomes = outcomes };
        for (var i = 0; i < n; i++)
        {
            rows[i].CopyTo(block.Dense, i * k);
            block.Response[i] = response[i];
            block.Weight[i] = (weight?[i] ?? 1) * (trials?[i] ?? 1);
            block.Offset[i] = offset?[i] ?? 0;
            if (trials is not null) { block.Trials[i] = trials[i]; }
        }
        return block;
    }

    /// <summary>One row with one column that is one: θ is η.</summary>
    public static Block Single(double response, double weight = 1) => Dense([[1]], [response], [weight]);
}
