using FisherFlow.Likelihoods;
using FisherFlow.Memory;
using FisherFlow.Snapshots;
using FisherFlow.Tests.Simulations;

namespace FisherFlow.Tests.Likelihoods;

/// <summary>Whether a likelihood of one's own is told which parameter changed and since which row, and nothing where nothing did.</summary>
public sealed class LikelihoodMonitorTests
{
    const int Rows = 16_000, Change = 8001;

    /// <summary>As for regressions: rows are judged in batches of 256, and a change of several standard errors a batch is placed within two of them.</summary>
    [Theory]
    [InlineData("cusum:1000000", true, "m")]
    [InlineData("score:1000000", true, "m")]
    [InlineData("bayes:1000000", true, "m")]
    [InlineData("cusum:1000000", false, "b")]
    [InlineData("e-detector:1000000", false, "b")]
    public void The_parameter_that_changed_is_named_with_its_row(string detect, bool isDensity, string term)
    {
        var monitor = Watch(isDensity, detect, Draw(isDensity, 21, Change));
        foreach (var found in monitor.Changes) { TestContext.Current.TestOutputHelper?.WriteLine($"{found}"); }
        var change = monitor.Changes[0];
        Assert.Equal((term, (string?)null, detect[..detect.IndexOf(':')]), (change.Term, change.Outcome, change.Method));
        Assert.InRange(change.Row, Change - 512, Change + 512);
        Assert.InRange(change.FoundAt, Change, Rows);
        Assert.Equal(Rows, monitor.Rows);
    }

    /// <summary>False alarms of both coordinates together are as far apart as asked for: no more of them than four standard errors of a Poisson count beyond.</summary>
    [Theory]
    [InlineData("cusum:20000", true)]
    [InlineData("score:20000", true)]
    [InlineData("cusum:20000", false)]
    public void False_alarms_are_as_rare_as_asked_for(string detect, bool isDensity)
    {
        var (alarms, runs) = (0, Runs.Of(4, 200));
        for (var run = 0; run < runs; run++) { alarms += Watch(isDensity, detect, Draw(isDensity, 700 + run, int.MaxValue)).Changes.Count; }
        var expected = runs * Rows / 20_000.0;
        TestContext.Current.TestOutputHelper?.WriteLine($"{detect}: {alarms} false alarms in {runs * Rows} rows, {expected} expected at most");
        Assert.True(alarms <= expected + 4 * Math.Sqrt(expected), $"{alarms} false alarms, {expected} expected");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5555)]
    [InlineData(9001)]
    public void A_saved_monitor_goes_on_to_the_bit_however_rows_are_batched(int stop)
    {
        var rows = Draw(isDensity: false, 22, Change);
        var model = LikelihoodModel.OfMean<Growth>();
        var options = new LikelihoodOptions { Start = [4, 1] };
        var first = new LikelihoodMonitor(model, options, DetectorChoice.Parse("cusum:100000")!);
        first.Observe(rows.AsSpan(0, 2 * stop));
        var writer = new StateWriter();
        first.Save(writer);
        var second = LikelihoodMonitor.Load(new(writer.Written.ToArray()), model, options);
        second.Observe(rows.AsSpan(2 * stop));

        var (whole, parts) = (new StateWriter(), new StateWriter());
        Watch(isDensity: false, "cusum:100000", rows).Save(whole);
        second.Save(parts);
        Assert.Equal(whole.Written.ToArray(), parts.Written.ToArray());
        Assert.NotEmpty(second.Changes);
    }

    [Fact]
    public void Where_the_first_rows_have_no_maximum_others_are_waited_for()
    {
        double[] rows = [.. Enumerable.Repeat(11.0, 600), .. SimulatedRows.Extremes(Rows, 23, Change)];
        var monitor = Watch(isDensity: true, "cusum:1000000", rows);
        Assert.Equal("m", Assert.Single(monitor.Changes).Term);
    }

    static double[] Draw(bool isDensity, int seed, int change) => isDensity ? SimulatedRows.Extremes(Rows, seed, change) : SimulatedRows.Growth(Rows, seed, change);

    static LikelihoodMonitor Watch(bool isDensity, string detect, double[] rows)
    {
        var model = isDensity ? LikelihoodModel.Of<Extremes>() : LikelihoodModel.OfMean<Growth>();
        var monitor = new LikelihoodMonitor(model, new() { Start = isDensity ? [10, 2] : [4, 1] }, DetectorChoice.Parse(detect)!);
        monitor.Observe(rows);
        return monitor;
    }
}
