using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Memory;
using FisherFlow.Models;
using FisherFlow.Tests.Simulations;

namespace FisherFlow.Tests.Memory;

/// <summary>Whether a fit says which coefficient changed and since which row, and says nothing where nothing did.</summary>
public sealed class ChangeMonitorTests
{
    const int Rows = 24_000, Change = 12_001;

    /// <summary>Rows are judged in batches of 256; a change of several standard errors a batch is placed within two batches, and within three where a batch shows it less clearly.</summary>
    [Theory]
    [InlineData("cusum:1000000", Family.Gaussian, 2 * 256)]
    [InlineData("cusum:1000000", Family.Binomial, 3 * 256)]
    [InlineData("cusum:1000000", Family.Poisson, 2 * 256)]
    [InlineData("score:1000000", Family.Poisson, 2 * 256)]
    [InlineData("e-detector:1000000", Family.Gaussian, 2 * 256)]
    [InlineData("page-hinkley:1000000", Family.Gaussian, 2 * 256)]
    [InlineData("bayes:1000000", Family.Poisson, 2 * 256)]
    [InlineData("nyblom:1000000", Family.Gaussian, 3 * 256)]
    [InlineData("bridge:1000000", Family.Poisson, 3 * 256)]
    [InlineData("adwin:100000", Family.Gaussian, 3 * 256)]
    public void The_coefficient_that_changed_is_named_with_its_row(string detect, Family family, int tolerance)
    {
        var result = ChangingStream.Fit(ChangingStream.Draw(family, Rows, Change, seed: 11), family, detect).Report();
        Assert.Equal(detect, result.Detector);
        foreach (var found in result.Changes) { TestContext.Current.TestOutputHelper?.WriteLine($"{found}"); }
        var change = result.Changes[0];
        Assert.Equal(("x", (string?)null, detect[..detect.IndexOf(':')]), (change.Term, change.Outcome, change.Method));
        Assert.True(Math.Abs(change.Row - Change) <= tolerance, $"placed at row {change.Row}, and it was {Change}");
        Assert.InRange(change.FoundAt, Change, Rows);
        Assert.True(change.Statistic >= change.Threshold);
    }

    [Theory]
    [InlineData("cusum:1000000", Family.Gaussian)]
    [InlineData("score:1000000", Family.Binomial)]
    [InlineData("e-detector:1000000", Family.Poisson)]
    public void Where_nothing_changes_nothing_is_found(string detect, Family family) =>
        Assert.Empty(ChangingStream.Fit(ChangingStream.Draw(family, Rows, int.MaxValue, seed: 12), family, detect).Report().Changes);

    /// <summary>False alarms of all five coefficients together are at least as far apart as asked for: their mean distance, within four standard errors of a Poisson count.</summary>
    [Theory]
    [InlineData("cusum:20000")]
    [InlineData("score:20000")]
    public void False_alarms_of_all_coefficients_together_are_as_rare_as_asked_for(string detect)
    {
        var (alarms, rows) = (0, 0L);
        for (var run = 0; run < Runs.Of(3, 100); run++)
        {
            var fit = ChangingStream.Fit(ChangingStream.Draw(Family.Gaussian, 40_000, int.MaxValue, 500 + run), Family.Gaussian, detect);
            alarms += fit.Report().Changes.Count;
            rows += 40_000;
        }
        var expected = rows / 20_000.0;
        TestContext.Current.TestOutputHelper?.WriteLine($"{detect}: {alarms} false alarms in {rows} rows, {expected} expected at most");
        Assert.True(alarms <= expected + 4 * Math.Sqrt(expected), $"{alarms} false alarms, {expected} expected");
    }

    [Fact]
    public void A_fit_that_watches_is_stopped_and_resumed_to_the_bit_and_goes_on_with_the_next_file()
    {
        var folder = Directory.CreateTempSubdirectory("fisherflow-").FullName;
        try
        {
            var text = ChangingStream.Draw(Family.Binomial, Rows, Change, seed: 13);
            var path = Path.Combine(folder, "rows.csv");
            File.WriteAllText(path, text);
            var options = new RegressionOptions
            {
                Model = new() { Family = Family.Binomial },
                Detect = DetectorChoice.Parse("cusum:100000"),
                Estimator = new() { BufferRows = 3000 },
                StatePath = Path.Combine(folder, "state.ff"),
                CheckpointRows = 9000,
            };
            var whole = Regression.Fit(DataSource.From([path]), "y ~ x + z + g", options, null, TestContext.Current.CancellationToken);
            using var stop = new CancellationTokenSource();
            var hear = new Stopper(stop, 15_000);
            Assert.Throws<OperationCanceledException>(() => Regression.Fit(DataSource.From([path]), "y ~ x + z + g", options, hear, stop.Token));
            var resumed = Regression.Resume(DataSource.From([path]), "y ~ x + z + g", options, null, TestContext.Current.CancellationToken);
            Assert.Equal(whole.Report().Changes, resumed.Report().Changes);
            whole.Save(Path.Combine(folder, "whole.ff"));
            resumed.Save(Path.Combine(folder, "resumed.ff"));
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "whole.ff")), File.ReadAllBytes(Path.Combine(folder, "resumed.ff")));
            Assert.Contains("--detect", Assert.Throws<DataException>(() => Regression.Merge([whole, resumed])).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    sealed class Stopper(CancellationTokenSource stop, long rows) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.Rows >= rows) { stop.Cancel(); }
        }
    }
}
