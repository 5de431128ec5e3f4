using System.IO.Compression;
using System.Text;
using FisherFlow.Data;

namespace FisherFlow.Tests.Sources;

public sealed class GzipTests
{
    static string Table(int records)
    {
        var random = new Random(records);
        var text = new StringBuilder("a,b\n");
        for (var i = 0; i < records; i++) { text.Append(i).Append(',').Append(random.NextDouble()).Append('\n'); }
        return text.ToString();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20_000)]
    public void Gzip_is_known_by_its_first_bytes(int records)
    {
        using var plain = Csv.Open(Table(records));
        using var packed = Csv.Source(Csv.Gzip(Table(records))).Open();
        Assert.Equal(plain.Lines(), packed.Lines());
    }

    [Fact]
    public void Members_that_follow_each_other_are_one_text()
    {
        using var reader = Csv.Source([.. Csv.Gzip("a,b\n1,2\n3,"), .. Csv.Gzip(""), .. Csv.Gzip("4\n")]).Open();
        Assert.Equal(["1|2", "3|4"], reader.Lines());
    }

    [Theory]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.NoCompression)]
    public void Data_that_end_early_are_an_error_wherever_they_are_cut(CompressionLevel level)
    {
        var whole = Csv.Gzip(Encoding.UTF8.GetBytes("a,b\n1,2\n3,4\n5,6\n7,8\n"), level);
        for (var length = 2; length < whole.Length; length++)
        {
            var message = Assert.Throws<DataException>(() =>
            {
                using var reader = Csv.Source(whole[..length]).Open();
                reader.Rest();
            }).Message;
            Assert.Contains("standard input", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_early_end_tells_how_many_records_were_read()
    {
        var whole = Csv.Gzip(Table(60_000));
        using var reader = Csv.Source(whole[..(whole.Length / 2)]).Open();
        var message = Assert.Throws<DataException>(() => { while (reader.Read()) { } }).Message;
        Assert.Contains($"damaged or end early; {reader.Records} records were read before", message, StringComparison.Ordinal);
        Assert.InRange(reader.Records, 15_000, 45_000);
    }

    [Fact]
    public void A_wrong_checksum_is_an_error()
    {
        var bytes = Csv.Gzip(Table(1000));
        bytes[^6] ^= 1;
        using var reader = Csv.Source(bytes).Open();
        Assert.Contains("damaged", Assert.Throws<DataException>(() => reader.Rest()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_an_error_or_harmless_but_never_a_crash()
    {
        var text = Table(8);
        var whole = Csv.Gzip(text);
        using var reader = Csv.Open(text);
        var expected = reader.Lines();
        for (var i = 2; i < whole.Length; i++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[i] ^= (byte)(1 << (i % 8));
            try
            {
                // The header's time stamp, system and flags of no consequence are not covered by the checksum.
                using var damaged = Csv.Source(bytes).Open();
                Assert.Equal(expected, damaged.Lines());
                Assert.InRange(i, 2, 9);
            }
            catch (DataException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        }
    }

    [Fact]
    public void A_reader_may_be_left_in_the_middle()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.csv.gz", Csv.Gzip(Table(60_000)));
        using (var reader = FisherFlow.Data.Sources.DataSource.From([path]).Open()) { Assert.True(reader.Read()); }
        File.Delete(path);
    }

    [Fact]
    public void A_name_that_promises_gzip_is_held_to_it()
    {
        using var folder = new TemporaryFolder();
        var source = FisherFlow.Data.Sources.DataSource.From([folder.Write("a.csv.gz", "a,b\n1,2\n")]);
        Assert.Contains("is not gzip data", Assert.Throws<DataException>(source.Open).Message, StringComparison.Ordinal);
    }
}
