using FisherFlow.Numerics;

namespace FisherFlow.Tests.Numerics;

/// <summary>A sample that looks ahead keeps what one that sorts everything would keep, and its scaled sums are unbiased.</summary>
public sealed class PrioritySampleTests
{
    const int Most = 300;

    [Theory]
    [InlineData(100)]
    [InlineData(977)]
    [InlineData(5000)]
    public void Looking_ahead_keeps_the_largest_priorities_of_all(int batch)
    {
        var sample = new PrioritySample(Most) { Seed = 7 };
        List<double> all = [], kept = [];
        for (var start = 0; start < 5000; start += batch)
        {
            var importances = Importances(start, Math.Min(batch, 5000 - start));
            Drop(sample.Foresee(importances), kept);
            foreach (var importance in importances)
            {
                var isKept = sample.TryDraw(importance, out var priority);
                all.Add(priority);
                if (!isKept) { continue; }
                sample.Add(importance, priority);
                kept.Add(priority);
            }
        }
        all.Sort();

        Assert.Equal(kept, Enumerable.Range(0, sample.Count).Select(sample.Priority));
        Assert.InRange(sample.Count, Most, Most + Most / 3);
        Assert.Equal(all[^(sample.Count + 1)], sample.Threshold);
        Assert.Equal(all[^sample.Count..], kept.Order());
    }

    [Fact]
    public void Scaled_sums_are_unbiased()
    {
        const int Samples = 400;
        var importances = Importances(0, 2000);
        var errors = new double[Samples];
        for (var s = 0; s < Samples; s++)
        {
            var sample = new PrioritySample(Most) { Seed = 1_000_003L * s };
            sample.Foresee(importances);
            foreach (var importance in importances)
            {
                if (sample.TryDraw(importance, out var priority)) { sample.Add(importance, priority); }
            }
            errors[s] = Enumerable.Range(0, sample.Count).Sum(i => sample.Scale(i) * Math.Sqrt(sample.Importance(i))) - importances.Sum(Math.Sqrt);
        }
        var (mean, square) = (errors.Average(), errors.Average(e => e * e));

        Assert.True(Math.Abs(mean) <= 4 * Math.Sqrt(square / Samples), $"the mean of {Samples} errors is {mean}, four standard errors {4 * Math.Sqrt(square / Samples)}");
    }

    static double[] Importances(int start, int count) => [.. Enumerable.Range(start, count).Select(i => 0.1 + Math.Abs(Math.Sin(i)) * (i % 50 == 0 ? 30 : 1))];

    static void Drop(ReadOnlySpan<bool> dropped, List<double> kept)
    {
        for (var i = dropped.Length - 1; i >= 0; i--)
        {
            if (dropped[i]) { kept.RemoveAt(i); }
        }
    }
}
