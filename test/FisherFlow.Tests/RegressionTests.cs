using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Models;

namespace FisherFlow.Tests;

public sealed class RegressionTests
{
    [Fact]
    public void Progress_is_told_while_levels_and_outcomes_still_arrive()
    {
        var text = new StringBuilder("x,g,y\n");
        for (var i = 0; i < 3000; i++) { text.Append($"{i % 7},l{i * 40 / 3000 * (i % 3)},{(i * 5 / 3000 > i % 5 ? "late" : i % 2 == 0 ? "a" : "b")}\n"); }
        var told = new List<FitProgress>();

        var fit = Regression.Fit(DataSource.FromStandardInput(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()))), "y ~ x + g",
            new() { Model = new() { Family = Family.Multinomial } }, new Told(told), TestContext.Current.CancellationToken);

        Assert.Equal(3, fit.Schema.Outcomes.Count);
        var losses = told.Where(p => p.LossSinceStart is not null).ToList();
        Assert.True(losses.Count >= 8, $"a line at 2, 4, 8, … rows: {losses.Count}");
        Assert.All(losses, p => Assert.True(double.IsFinite(p.LossSinceStart!.Value)));
    }

    sealed class Told(List<FitProgress> all) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => all.Add(value);
    }
}
