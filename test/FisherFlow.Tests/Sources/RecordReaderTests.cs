using System.Text;
using FisherFlow.Data;

namespace FisherFlow.Tests.Sources;

public sealed class RecordReaderTests
{
    [Fact]
    public void Records_are_read_field_by_field()
    {
        using var reader = Csv.Open("a,b\n1,2\n3,\n");
        Assert.Equal(["a", "b"], reader.Columns);
        Assert.Equal(["1|2", "3|"], reader.Lines());
        Assert.Equal(2, reader.Records);
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "a|b", "1|2")]
    [InlineData("a;b\n1,5;2,5\n", "a|b", "1,5|2,5")]
    [InlineData("a\tb\n1,5\tx;y\n", "a|b", "1,5|x;y")]
    [InlineData("a|b\n1|2", "a|b", "1|2")]
    [InlineData("\"x;y;z\",b\n1,2\n", "x;y;z|b", "1|2")]
    [InlineData("date,text\n2001,\"a;b;c;d\"\n", "date|text", "2001|a;b;c;d")]
    [InlineData("a\n17\n", "a", "17")]
    [InlineData("sep=;\na;b\n1;2\n", "a|b", "1|2")]
    public void The_separator_is_found_out(string text, string header, string record)
    {
        using var reader = Csv.Open(text);
        Assert.Equal(header, string.Join('|', reader.Columns));
        Assert.Equal([record], reader.Lines());
    }

    [Theory]
    [InlineData("\"a b\", c ,\"d\"\"e\"\n", "a b|c|d\"e")]
    [InlineData("\uFEFFa,b\n", "a|b")]
    [InlineData("\uFEFF\"a\",b\n", "a|b")]
    [InlineData("\n\na,b\n", "a|b")]
    [InlineData(",b\n", "column1|b")]
    public void Headers_may_be_quoted_padded_or_without_a_name(string header, string names)
    {
        using var reader = Csv.Open(header + "1,2,3\n");
        Assert.Equal(names, string.Join('|', reader.Columns));
    }

    [Fact]
    public void Spaces_around_fields_and_quotes_do_not_count()
    {
        using var reader = Csv.Open("a, b ,c\n 1, \"x, y\" ,\" z \"\n 2 ,\tw , v\n");
        Assert.Equal(["a", "b", "c"], reader.Columns);
        Assert.Equal(["1|x, y|z", "2|w|v"], reader.Lines());
    }

    [Fact]
    public void Lines_count_as_an_editor_counts_them()
    {
        using var reader = Csv.Open("a,b\n\n\n\"x\ny\r\nz\",2\r\n\r3,4\r5,6");
        Assert.Equal([4L, 8, 9], reader.Rest().Select(record => record.Line));
    }

    [Fact]
    public void Short_and_long_records_can_be_read_and_tell_their_length()
    {
        using var reader = Csv.Open("a,b,c\n1,2\n1,2,3,4\n   \n1,2,3\n");
        Assert.True(reader.Read());
        Assert.Equal(2, reader.FieldCount);
        Assert.Equal(["1", "2", ""], reader.Fields());
        Assert.True(reader.Read());
        Assert.Equal(4, reader.FieldCount);
        Assert.True(reader.Read());
        Assert.Equal((3, 5L), (reader.FieldCount, reader.Line));
        Assert.False(reader.Read());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Utf16_with_a_byte_order_mark_is_transcoded(bool bigEndian)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        using var reader = Csv.Source([.. encoding.GetPreamble(), .. encoding.GetBytes("größe,b\n1,ü\n")]).Open();
        Assert.Equal(["größe", "b"], reader.Columns);
        Assert.Equal(["1|ü"], reader.Lines());
    }

    [Theory]
    [InlineData("", "standard input is empty")]
    [InlineData("\n\n", "standard input is empty")]
    [InlineData("a,b,a\n1,2,3\n", "columns 1 and 3 are both called 'a'")]
    [InlineData("a\0,b\n1,2\n", "does not look like text")]
    [InlineData("PK\u0003\u0004abc", "a zip archive or a spreadsheet")]
    public void A_source_without_a_usable_header_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<DataException>(() => Csv.Open(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a,b\n", "has a header but no records")]
    [InlineData("a,b", "has a header but no records")]
    [InlineData("a,b\n1,2\n3,\"4\n5,6\n7,8\n", "standard input line 3: a quote opens a field")]
    public void Records_that_cannot_be_read_are_an_error_with_the_reason(string text, string reason)
    {
        using var reader = Csv.Open(text);
        Assert.Contains(reason, Assert.Throws<DataException>(() => reader.Rest()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('x')]
    [InlineData(',')]
    [InlineData('\0')]
    public void A_record_without_end_is_an_error_before_memory_runs_out(char filling)
    {
        var bytes = new byte[40 << 20];
        bytes.AsSpan().Fill((byte)filling);
        "a,b\n"u8.CopyTo(bytes);
        using var reader = Csv.Source(bytes).Open();
        var message = Assert.Throws<DataException>(() => reader.Rest()).Message;
        Assert.Contains("standard input line 2: the record that starts here is longer than 16 MiB", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Skipping_goes_on_where_an_earlier_run_stopped()
    {
        using var reader = Csv.Open("a\n1\n2\n3\n");
        reader.Skip(2);
        Assert.Equal(2, reader.Records);
        Assert.Equal([(4L, "3")], reader.Rest().Select(record => (record.Line, record.Fields[0])));
    }

    [Fact]
    public void Skipping_beyond_the_end_says_that_the_source_has_changed()
    {
        using var reader = Csv.Open("a\n1\n2\n");
        Assert.Contains("ends after 2 records, but 3", Assert.Throws<DataException>(() => reader.Skip(3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_numbers_allocates_nothing_per_record()
    {
        var text = new StringBuilder("a,b,c\n");
        for (var i = 0; i < 60_000; i++) { text.Append(i).Append(',').Append(i * 0.25).Append(",\"x\"\n"); }
        using var reader = Csv.Open(text.ToString());
        var sum = 0.0;
        for (var i = 0; i < 20_000; i++) { Add(); }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 40_000; i++) { Add(); }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1.25 * 60_000 * 59_999 / 2, sum);

        void Add()
        {
            reader.Read();
            FisherFlow.Data.Sources.FieldParser.TryNumber(reader.Field(0), out var first);
            FisherFlow.Data.Sources.FieldParser.TryNumber(reader.Field(1), out var second);
            sum += first + second + reader.Field(2).Length - 1;
        }
    }
}
