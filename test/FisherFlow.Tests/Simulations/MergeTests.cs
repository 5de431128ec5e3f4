using FisherFlow.Data;
using FisherFlow.Models;

namespace FisherFlow.Tests.Simulations;

/// <summary>States of shards, merged, against the fit of the whole: any order, any split.</summary>
public sealed class MergeTests
{
    /// <summary>How the rows are dealt out: equal thirds, one large shard and two crumbs, a crumb first, many shards.</summary>
    public static TheoryData<string, int[]> Splits => new()
    {
        { "linear", [3333, 3333, 3334] },
        { "linear", [9900, 60, 40] },
        { "linear", [8, 4992, 5000] },
        { "counts", [3333, 3333, 3334] },
        { "counts", [9900, 60, 40] },
        { "counts", [8, 4992, 5000] },
        { "easy", [2000, 5000, 13_000] },
        { "strong and skewed", [7000, 6000, 7000] },
        { "rare events", [2000, 2500, 1500] },
    };

    [Theory, MemberData(nameof(Splits))]
    public void Merged_shards_answer_as_the_whole_in_any_order(string name, int[] sizes)
    {
        var regime = Named(name);
        var lines = regime.Draw(77);
        var whole = regime.Fit(lines, buffer: 0).Report().Coefficients;
        var shards = new List<Regression>();
        var start = 1;
        foreach (var size in sizes)
        {
            shards.Add(regime.Fit([lines[0], .. lines.AsSpan(start, size)], buffer: 500));
            start += size;
        }
        Assert.Equal(lines.Length, start);

        foreach (var order in (int[][])[[0, 1, 2], [2, 0, 1], [1, 2, 0]])
        {
            var merged = Regression.Merge([.. order.Select(i => shards[i])]).Report();
            Assert.Equal(regime.Rows, merged.Observations);
            var distance = Distance.OfEstimates(merged.Coefficients, whole);
            // the gaussian likelihood is quadratic: only rounding is left, some 1e-12 standard errors
            Assert.True(distance <= (regime.Family == Family.Gaussian ? 1e-9 : 0.1), $"{name}, order {string.Join(' ', order)}: {distance:G3} standard errors from the whole");
        }
    }

    static Regime Named(string name) => new[] { Regime.Easy, Regime.Strong, Regime.Rare, Regime.Counts, Regime.Linear }.Single(r => r.Name == name);
}
