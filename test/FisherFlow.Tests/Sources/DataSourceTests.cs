using System.IO.Hashing;
using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;

namespace FisherFlow.Tests.Sources;

public sealed class DataSourceTests
{
    [Fact]
    public void Files_are_one_stream_in_the_order_given_and_patterns_in_ordinal_order()
    {
        using var folder = new TemporaryFolder();
        folder.Write("part-2.csv", "a,b\n3,4\n");
        folder.Write("part-10.csv", "a,b\n1,2\n");
        folder.Write(".part-0.csv", "hidden\n0\n");
        var last = folder.Write("last.csv.gz", Csv.Gzip("b,a\n8,7\n"));
        var first = folder.Write("z.csv", "a,b\n5,6\n");
        using var reader = DataSource.From([first, folder.At("part-*.csv"), last]).Open();
        List<string> read = [];
        while (reader.Read()) { read.Add($"{Path.GetFileName(reader.FileName)}:{reader.Line} {reader.Text(0)} {reader.Text(1)}"); }
        Assert.Equal(["z.csv:2 5 6", "part-10.csv:2 1 2", "part-2.csv:2 3 4", "last.csv.gz:2 7 8"], read);
        Assert.Equal(4, reader.Records);
    }

    [Fact]
    public void Patterns_reach_through_folders()
    {
        using var folder = new TemporaryFolder();
        foreach (var year in new[] { "y2001", "y2002", "x" })
        {
            Directory.CreateDirectory(folder.At(year));
            folder.Write(Path.Combine(year, "a.csv"), $"a\n{year}\n");
            folder.Write(Path.Combine(year, "b1.csv"), $"a\n{year}b\n");
        }
        using var all = DataSource.From([folder.At(Path.Combine("y*", "a.csv"))]).Open();
        Assert.Equal(["y2001", "y2002"], all.Lines());
        using var some = DataSource.From([folder.At(Path.Combine("y200?", "??.csv"))]).Open();
        Assert.Equal(["y2001b", "y2002b"], some.Lines());
    }

    [Fact]
    public void A_file_whose_name_has_a_star_is_that_file()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a1.csv", "a\n1\n");
        using var reader = DataSource.From([folder.Write("a*.csv", "a\n2\n")]).Open();
        Assert.Equal(["2"], reader.Lines());
    }

    [Fact]
    public void What_cannot_be_read_is_named_before_anything_is_read()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("a.csv", "a\n1\n");
        Assert.Contains("no file matches", Refusal(folder.At("*.tsv")), StringComparison.Ordinal);
        Assert.Contains("no file matches", Refusal(folder.At(Path.Combine("none", "*.csv"))), StringComparison.Ordinal);
        Assert.Contains("b.csv: there is no such file", Refusal(folder.At("b.csv")), StringComparison.Ordinal);
        Assert.Contains("is a directory; name its files, such as", Refusal(folder.Path), StringComparison.Ordinal);
        Assert.Contains("is named twice", Refusal(file, folder.At("*.csv")), StringComparison.Ordinal);
        Assert.Contains("- is named twice", Refusal("-", "-"), StringComparison.Ordinal);
        Assert.Contains("no data were named", Refusal(), StringComparison.Ordinal);
        Assert.Contains("is empty", Refusal(""), StringComparison.Ordinal);

        static string Refusal(params string[] paths) => Assert.Throws<DataException>(() => DataSource.From(paths)).Message;
    }

    [Theory]
    [InlineData("a\n3\n", "b.csv lacks the column 'b' of")]
    [InlineData("a,c\n3,4\n", "b.csv lacks the column 'b' of")]
    [InlineData("b,c,a\n3,4,5\n", "b.csv has a column 'c' that")]
    [InlineData("", "b.csv is empty")]
    public void A_later_file_with_other_columns_is_an_error(string second, string reason)
    {
        using var folder = new TemporaryFolder();
        using var reader = DataSource.From([folder.Write("a.csv", "a,b\n1,2\n"), folder.Write("b.csv", second)]).Open();
        Assert.True(reader.Read());
        Assert.Contains(reason, Assert.Throws<DataException>(() => reader.Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_without_records_is_passed_over_when_others_have_some()
    {
        using var folder = new TemporaryFolder();
        using var reader = DataSource.From([folder.Write("a.csv", "a\n"), folder.Write("b.csv", "a\n1\n"), folder.Write("c.csv", "a\n")]).Open();
        Assert.Equal(["1"], reader.Lines());
    }

    [Fact]
    public void Reordered_columns_of_short_records_stay_in_their_place()
    {
        using var folder = new TemporaryFolder();
        using var reader = DataSource.From([folder.Write("a.csv", "a;b;c\n1;2;3\n"), folder.Write("b.csv", "c,a,b\n30,10\n")]).Open();
        Assert.Equal(["1|2|3", "10||30"], reader.Lines());
    }

    [Fact]
    public void Bytes_read_end_at_the_total_and_count_what_is_stored()
    {
        using var folder = new TemporaryFolder();
        var text = "a,b\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i},{i % 7}\n"));
        var source = DataSource.From([folder.Write("a.csv", text), folder.Write("b.csv.gz", Csv.Gzip(text))]);
        using var reader = source.Open();
        var total = new FileInfo(folder.At("a.csv")).Length + new FileInfo(folder.At("b.csv.gz")).Length;
        Assert.Equal(total, reader.TotalBytes);
        var before = 0L;
        while (reader.Read())
        {
            Assert.InRange(reader.BytesRead, before, total);
            before = reader.BytesRead;
        }
        Assert.Equal(total, reader.BytesRead);
        Assert.True(source.CanReread);
    }

    [Fact]
    public void A_fingerprint_covers_the_first_64_KiB_as_they_are_stored()
    {
        using var folder = new TemporaryFolder();
        var text = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},{i % 7}\n")));
        var packed = Csv.Gzip("a,b\n1,2\n");
        using var reader = DataSource.From([folder.Write("a.csv", text), folder.Write("b.csv.gz", packed)]).Open();
        var first = Convert.ToHexStringLower(XxHash128.Hash(text.AsSpan(0, 64 * 1024)));
        Assert.Equal([first], reader.Fingerprints);
        reader.Rest();
        Assert.Equal([first, Convert.ToHexStringLower(XxHash128.Hash(packed))], reader.Fingerprints);

        // The same bytes give the same fingerprint from a file and from standard input; a change within the first 64 KiB another.
        using var input = Csv.Source(text).Open();
        Assert.Equal([first], input.Fingerprints);
        text[100] ^= 1;
        using var changed = Csv.Source(text).Open();
        Assert.NotEqual(first, changed.Fingerprints[0]);
    }

    [Fact]
    public void Standard_input_is_read_once()
    {
        var source = Csv.Source("a\n1\n");
        Assert.False(source.CanReread);
        Assert.False(DataSource.From(["-"]).CanReread);
        Assert.Equal("standard input", source.Name);
        using var reader = source.Open();
        Assert.Null(reader.TotalBytes);
        Assert.Equal(["1"], reader.Lines());
        Assert.Contains("only once", Assert.Throws<DataException>(source.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_of_files_is_opened_as_often_as_needed()
    {
        using var folder = new TemporaryFolder();
        var source = DataSource.From([folder.Write("a.csv", "a\n1\n2\n")]);
        for (var i = 0; i < 3; i++)
        {
            using var reader = source.Open();
            Assert.Equal(["1", "2"], reader.Lines());
        }
    }

    [Fact]
    public void A_slow_pipe_is_read_as_its_pieces_come()
    {
        using var reader = DataSource.FromStandardInput(new Drip(Encoding.UTF8.GetBytes("a,b\r\n1,\"x\r\ny\"\r\n3,4\r\n"))).Open();
        Assert.Equal(["1|x\r\ny", "3|4"], reader.Lines());
    }

    [Fact]
    public void A_failing_disk_is_told_with_the_records_read_before()
    {
        var bytes = Encoding.UTF8.GetBytes("a\n" + string.Concat(Enumerable.Repeat("1\n", 400_000)));
        using var reader = DataSource.FromStandardInput(new Drip(bytes, piece: 10_000, failAt: 500_000)).Open();
        var message = Assert.Throws<DataException>(() => { while (reader.Read()) { } }).Message;
        Assert.Contains($"standard input cannot be read after {reader.Records} records: the disk is gone", message, StringComparison.Ordinal);
        Assert.InRange(reader.Records, 240_000, 260_000);
    }

    /// <summary>Hands out its bytes in small pieces, and fails when told to.</summary>
    sealed class Drip(byte[] bytes, int piece = 1, int failAt = int.MaxValue) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) =>
            Position >= failAt ? throw new IOException("the disk is gone") : base.Read(buffer[..Math.Min(piece, buffer.Length)]);
    }
}
