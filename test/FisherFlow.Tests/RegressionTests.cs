using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Tests;

/// <summary>The facade: streams whose levels arrive late, read ahead on another thread, interrupted and resumed.</summary>
public sealed class RegressionTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("fisherflow-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Progress_is_told_while_levels_and_outcomes_still_arrive()
    {
        var text = new StringBuilder("x,g,y\n");
        for (var i = 0; i < 3000; i++) { text.Append($"{i % 7},l{i * 40 / 3000 * (i % 3)},{(i * 5 / 3000 > i % 5 ? "late" : i % 2 == 0 ? "a" : "b")}\n"); }
        var losses = new List<double>();

        var fit = Regression.Fit(Source(text), "y ~ x + g", new() { Model = new() { Family = Family.Multinomial } },
            new Hear(p => losses.AddRange(p.LossSinceStart is { } loss ? [loss] : [])), TestContext.Current.CancellationToken);

        Assert.Equal(3, fit.Schema.Outcomes.Count);
        Assert.True(losses.Count >= 8, $"a line at 2, 4, 8, … rows: {losses.Count}");
        Assert.All(losses, loss => Assert.True(double.IsFinite(loss)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_fit_that_is_stopped_and_resumed_is_the_same_to_the_bit_although_levels_still_arrive(int threads)
    {
        var path = Path.Combine(_folder, "rows.csv");
        File.WriteAllText(path, LateLevels(30_000).ToString());
        var source = DataSource.From([path]);
        var options = new RegressionOptions
        {
            Model = new() { Family = Family.Binomial },
            Estimator = new() { BufferRows = 2000, Threads = threads, Sandwich = Sandwich.Rows },
            StatePath = Path.Combine(_folder, "stopped.ff"),
            CheckpointRows = 1,
        };
        using var stop = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() =>
            Regression.Fit(source, "y ~ x + g", options, new Hear(p => { if (p.Rows > 15_000) { stop.Cancel(); } }), stop.Token));
        var stopped = Regression.Load(options.StatePath);
        var resumed = Regression.Resume(source, "y ~ x + g", options, cancel: TestContext.Current.CancellationToken);
        var whole = Regression.Fit(source, "y ~ x + g", options with { CheckpointRows = 0 }, cancel: TestContext.Current.CancellationToken);

        Assert.False(stopped.IsComplete);
        Assert.InRange(stopped.Schema.Columns.Count, 3, whole.Schema.Columns.Count - 1);
        Assert.Equal(Bytes(whole), Bytes(resumed));
    }

    [Fact]
    public void A_finished_state_is_not_resumed_with_other_data_nor_a_stopped_one_with_data_that_have_changed()
    {
        var (path, other) = (Path.Combine(_folder, "rows.csv"), Path.Combine(_folder, "other.csv"));
        File.WriteAllText(path, LateLevels(9000).ToString());
        File.WriteAllText(other, LateLevels(50).ToString());
        var options = new RegressionOptions { StatePath = Path.Combine(_folder, "s.ff"), CheckpointRows = 1 };
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Regression.Fit(DataSource.From([path]), "y ~ x", options, new Hear(p => { if (p.Rows > 2000) { stop.Cancel(); } }), stop.Token));

        File.WriteAllText(path, File.ReadAllText(path).Replace("\n0,", "\n9,", StringComparison.Ordinal));
        var changed = Assert.Throws<DataException>(() => Regression.Resume(DataSource.From([path]), "y ~ x", options, cancel: TestContext.Current.CancellationToken));
        Regression.Fit(DataSource.From([path]), "y ~ x", options, cancel: TestContext.Current.CancellationToken).Save(options.StatePath);
        var finished = Assert.Throws<DataException>(() => Regression.Resume(DataSource.From([other]), "y ~ x", options, cancel: TestContext.Current.CancellationToken));

        Assert.Contains("changed", changed.Message, StringComparison.Ordinal);
        Assert.Contains("other.csv", finished.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_level_may_arrive_late()
    {
        var text = LateLevels(9000);
        var options = new RegressionOptions { Model = new() { Family = Family.Binomial }, Estimator = new() { BufferRows = 1000 } };

        var named = Regression.Fit(Source(text), "y ~ x + C(g, ref=\"l8\")", options, cancel: TestContext.Current.CancellationToken);
        var asked = Regression.Fit(Source(text), "y ~ x + g", options with { References = new Dictionary<string, string> { ["g"] = "l8" } }, cancel: TestContext.Current.CancellationToken);

        Assert.All([named, asked], fit => Assert.Equal("l8", fit.Report().References.Values.Single()));
        Assert.Equal(named.Report().Coefficients[1].Estimate!.Value, asked.Report().Coefficients[1].Estimate!.Value, 0.02);   // far below its standard error
    }

    [Fact]
    public void Folded_rows_of_several_outcomes_are_audited()
    {
        var text = new StringBuilder("x,y\n");
        for (var i = 0; i < 3000; i++) { text.Append($"{i % 7},{(i * 7919 % 13 > 8 ? "a" : i % 2 == 0 ? "b" : "c")}\n"); }

        Regression Fit(int buffer) => Regression.Fit(Source(text), "y ~ x", new() { Model = new() { Family = Family.Multinomial }, Estimator = new() { BufferRows = buffer } }, cancel: TestContext.Current.CancellationToken);

        Assert.Equal(0, Fit(buffer: 5000).Report().DistanceBound);
        Assert.InRange(Fit(buffer: 500).Report().DistanceBound!.Value, 0, 0.01);   // the audit holds every row
    }

    [Fact]
    public void A_state_keeps_the_log_likelihood_of_folded_rows_under_an_estimated_theta()
    {
        var text = new StringBuilder("x,y\n");
        for (var i = 0; i < 3000; i++) { text.Append($"{i % 7},{i * 7919L % 31 % (1 + (i % 11))}\n"); }
        var fit = Regression.Fit(Source(text), "y ~ x", new() { Model = new() { Family = Family.NegativeBinomial }, Estimator = new() { BufferRows = 1000 } }, cancel: TestContext.Current.CancellationToken);
        var path = Path.Combine(_folder, "counts.ff");

        fit.Save(path);

        Assert.True(fit.Estimator.FoldedRows > 0);
        Assert.Equal(fit.Report().LogLikelihood, Regression.Load(path).Report().LogLikelihood);
    }

    static StringBuilder LateLevels(int rows)
    {
        var text = new StringBuilder("x,g,y\n");
        for (var i = 0; i < rows; i++) { text.Append($"{i % 7},l{i * 10L / rows * (i % 3 == 0 ? 1 : 0)},{(i * 7919L % 31 > 15 + (i % 7) ? 1 : 0)}\n"); }
        return text;
    }

    static DataSource Source(StringBuilder text) => DataSource.FromStandardInput(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())));

    byte[] Bytes(Regression regression)
    {
        var path = Path.Combine(_folder, "bytes.ff");
        regression.Save(path);
        return File.ReadAllBytes(path);
    }

    sealed class Hear(Action<FitProgress> tell) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => tell(value);
    }
}
