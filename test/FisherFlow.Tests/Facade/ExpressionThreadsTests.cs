using System.Globalization;
using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Tests.Likelihoods;

namespace FisherFlow.Tests.Facade;

/// <summary>Expressions on several threads: the same bits, the same rejections, the same errors as on one.</summary>
public sealed class ExpressionThreadsTests
{
    const int Rows = 60_000;

    [Theory]
    [InlineData("y ~ top * (1 - exp(-rate * x))", null, "top=2,rate=1", false)]
    [InlineData(null, "(a + b*x - y) * exp(-log_s) - log_s - exp((a + b*x - y) * exp(-log_s))", "a=0,b=0,log_s=0", false)]
    [InlineData("y ~ top * (1 - exp(-rate * x))", null, "top=2,rate=1", true)]
    public void The_state_is_the_same_to_the_bit_whatever_the_number_of_threads(string? formula, string? density, string start, bool exact)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Text(dirty: true));
            var states = new List<byte[]>();
            foreach (var threads in (int[])[1, 3, 4])
            {
                var state = Path.GetTempFileName();
                var fit = ExpressionFit.Fit(DataSource.From([path]), Options(formula, density, start, threads) with { Exact = exact }, cancel: TestContext.Current.CancellationToken);
                Assert.True(fit.Report().Converged);
                Assert.True(exact ? fit.Estimator.BufferedRows == 0 : fit.Estimator is { FoldedRows: > 30_000, BufferedRows: > 0 });
                Assert.True(fit.Rejections.Count > 100);
                fit.Save(state);
                states.Add(File.ReadAllBytes(state));
                File.Delete(state);
            }
            Assert.Equal(states[0], states[1]);
            Assert.Equal(states[0], states[2]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_row_without_a_value_stops_every_number_of_threads_at_the_same_line()
    {
        var text = new StringBuilder(Text(dirty: false)).Append("-1,0.5,g\n").Append(Text(dirty: false).AsSpan(6)).ToString();
        foreach (var threads in (int[])[1, 4])
        {
            var source = DataSource.FromStandardInput(new MemoryStream(Encoding.UTF8.GetBytes(text)));
            var refusal = Assert.Throws<DataException>(() => ExpressionFit.Fit(source, Options("y ~ top * log(1 + rate * x)", null, "top=2,rate=1", threads), cancel: TestContext.Current.CancellationToken));
            Assert.Contains($"line {Rows + 2}: the mean is not a finite number for x = -1", refusal.Message, StringComparison.Ordinal);
        }
    }

    static ExpressionOptions Options(string? formula, string? density, string start, int threads) => new()
    {
        Formula = formula,
        LogDensity = density,
        Start = start.Split(',').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture)),
        Likelihood = new() { BufferRows = 20_000, Threads = threads },
    };

    static string Text(bool dirty)
    {
        var (random, text) = (new Random(5), new StringBuilder("x,y,g\n"));
        for (var i = 0; i < Rows; i++)
        {
            var x = Math.Round(3 * random.NextDouble(), 4);
            var y = Math.Round(2 * (1 - Math.Exp(-1.5 * x)) + 0.3 * SimulatedRows.Normal(random), 5);
            text.Append(CultureInfo.InvariantCulture, $"{x},{(dirty && i % 331 == 0 ? "NA" : y)},{(dirty && i % 127 == 0 ? "\"a,\"\"b\nc\"" : "g")}\n");
        }
        return text.ToString();
    }
}
