using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Tests.Facade;

/// <summary>However many threads read and encode, and however the system schedules them, the blocks are the same to the bit.</summary>
public sealed class ParallelReadingTests
{
    const int Rows = 40_000;

    [Theory]
    [InlineData("y ~ x + z + w", Family.Gaussian)]
    [InlineData("y ~ x*g + h + C(k) + log(z)", Family.Gaussian)]
    [InlineData("g ~ x", Family.Multinomial)]
    [InlineData("t ~ x + rare", Family.Binomial)]
    public void Blocks_do_not_depend_on_the_number_of_threads(string formula, Family family)
    {
        var text = Text(dirty: true);
        var options = new DesignOptions { Family = family, ClusterColumn = "rare", MaxLevels = 300, RejectInvalid = true };
        var one = Blocks(text, formula, options, threads: 1);

        foreach (var threads in (int[])[2, 3, 7]) { Assert.Equal(one, Blocks(text, formula, options, threads)); }
    }

    [Theory]
    [InlineData("-1,0,0,a,b,1,yes,r", "line 20003, column 'y': '-1' cannot be the response")]
    [InlineData("1,\"0,0,a,b,1,yes,r", "line 20003: a quote opens a field")]
    public void An_error_in_the_middle_comes_where_and_as_it_would_on_one_thread(string line, string message)
    {
        var lines = Text(dirty: false).Split('\n').ToList();
        lines.Insert(20_002, line);
        var text = string.Join('\n', lines);
        foreach (var threads in (int[])[1, 2, 5])
        {
            var blocks = 0;
            var failure = Assert.Throws<DataException>(() => Blocks(text, "y ~ x", new() { Family = Family.Poisson }, threads, _ => blocks++));
            Assert.Contains(message, failure.Message, StringComparison.Ordinal);
            Assert.Equal(13 + 3, blocks);   // 1, 1, 2, 4, … 2048, and three full ones, up to record 16 384
        }
    }

    [Fact]
    public void Who_stops_in_the_middle_does_not_wait_for_the_rest()
    {
        for (var taken = 1; taken < 20; taken += 3)
        {
            using var reader = Source(Text(dirty: false)).Open();
            var encoder = DesignEncoder.Create(Formula.Parse("y ~ x + g"), reader.Profile(), new());
            using var blocks = new EncodedBlocks(reader, encoder, ModelFactory.Create(new()), 0, 0, threads: 3);
            for (var i = 0; i < taken; i++) { Assert.NotNull(blocks.Next(TestContext.Current.CancellationToken)); }
        }
    }

    [Theory]
    [InlineData("y ~ x + z + g", Family.Gaussian)]
    [InlineData("t ~ x + z + h", Family.Binomial)]
    public void One_thread_and_several_differ_by_rounding_only(string formula, Family family)
    {
        // The bound of docs/guide/large-files.md. Lanes of rows are summed apart, so sums differ by some units in the last of 16 places; what Newton
        // leaves is a gauge of 1e-16, that is 1e-8 standard errors.
        const double Bound = 1e-6;
        var results = new List<(string Term, double Estimate, double Error)[]>();
        foreach (var threads in (int[])[1, 2, 2, 4])
        {
            var options = new RegressionOptions { Model = new() { Family = family }, Estimator = new() { Threads = threads, BufferRows = 16_384 } };
            var fit = Regression.Fit(Source(Text(dirty: false)), formula, options, cancel: TestContext.Current.CancellationToken).Report();
            results.Add([.. fit.Coefficients.Where(c => c.Estimate is not null).Select(c => (c.Term, c.Estimate!.Value, c.StandardError!.Value))]);
        }

        Assert.Equal(results[1], results[2]);   // the same number of threads: the same bits
        foreach (var other in results.Skip(1))
        {
            foreach (var (mine, theirs) in results[0].Zip(other))
            {
                Assert.Equal(mine.Term, theirs.Term);
                Assert.True(Math.Abs(mine.Estimate - theirs.Estimate) <= Bound * mine.Error, $"{mine} and {theirs}");
                Assert.True(Math.Abs(mine.Error - theirs.Error) <= Bound * mine.Error, $"{mine} and {theirs}");
            }
        }
    }

    /// <summary>Everything that blocks hold, and at the end the encoder, as text.</summary>
    static List<string> Blocks(string text, string formula, DesignOptions options, int threads, Action<Block>? visit = null)
    {
        using var reader = Source(text).Open();
        var model = ModelFactory.Create(new() { Family = options.Family });
        var encoder = DesignEncoder.Create(Formula.Parse(formula), reader.Profile(), options);
        var all = new List<string>();
        using (var blocks = new EncodedBlocks(reader, encoder, model, 0, 0, threads))
        {
            while (blocks.Next(TestContext.Current.CancellationToken) is { } block)
            {
                var (rows, n) = (block.Rows, block.Rows.Count);
                visit?.Invoke(rows);
                all.Add($"{n} rows of {block.Records} records, {rows.Columns} columns, {rows.Outcomes} outcomes\n{string.Join('\n', block.Rejections.Describe())}");
                all.Add(Hash(rows.Dense.AsSpan(0, n * rows.DenseColumns)) + Hash(rows.Response.AsSpan(0, n)) + Hash(rows.Weight.AsSpan(0, n)) + Hash(rows.Offset.AsSpan(0, n)));
                all.Add(Hash(rows.Indices.AsSpan(0, n * rows.Slots)) + Hash(rows.Values.AsSpan(0, rows.HasValues ? n * rows.Slots : 0)) + Hash(rows.Cluster.AsSpan(0, rows.HasClusters ? n : 0)));
            }
            Assert.Null(blocks.Next(TestContext.Current.CancellationToken));
        }
        var writer = new StateWriter();
        encoder.Save(writer);
        all.Add(Hash(writer.Written));
        return all;
    }

    static string Hash<T>(ReadOnlySpan<T> values) where T : struct =>
        Convert.ToHexString(System.IO.Hashing.XxHash128.Hash(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values)));

    static string Hash<T>(Span<T> values) where T : struct => Hash((ReadOnlySpan<T>)values);

    static DataSource Source(string text) => DataSource.FromStandardInput(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    /// <summary>Numbers, levels of which new ones come all the time, and if it is dirty missing values, quotes, breaks in quotes and short lines.</summary>
    static string Text(bool dirty)
    {
        var random = new Random(12);
        var text = new StringBuilder("y,x,z,g,h,k,t,rare,w\n");
        text.Replace(",w\n", dirty ? ",w\n" : "\n");
        for (var i = 0; i < Rows; i++)
        {
            var x = Math.Round(random.NextDouble() * 4 - 2, 6);
            var t = random.NextDouble() < 1 / (1 + Math.Exp(-x)) ? "yes" : "no";
            text.Append($"{(i * 31 + random.Next(5)) % 7},{x},{1 + random.Next(100)}e-1,g{(int)(12 * Math.Pow(random.NextDouble(), 4))},h{random.Next(5)},{random.Next(4)},{t},r{(i % 50 == 0 ? i : random.Next(20))}");
            if (!dirty) { text.Append('\n'); continue; }
            text.Append(random.Next(500) switch { 0 => ",NA\n", 1 => ",\"1\n2\"\n", 2 => "\n", 3 => ",\" 3 \"\n", 4 => ",1e60\n", _ => $",{random.Next(9)}\n" });
        }
        return text.ToString();
    }
}
