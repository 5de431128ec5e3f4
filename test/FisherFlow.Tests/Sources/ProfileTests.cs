using System.Text;
using FisherFlow.Data.Sources;

namespace FisherFlow.Tests.Sources;

public sealed class ProfileTests
{
    const string Mixed = """
        number,text,truth,day,empty,inf
        1,x,true,2001-01-31,,1
        NA,y,F,2001-01-31 13:05,NA,inf
        -2.5e3,x,TRUE,NA,,-1

        """;

    [Fact]
    public void Columns_are_judged_by_what_is_not_missing()
    {
        using var reader = Csv.Open(Mixed);
        var profiles = reader.Profile();
        Assert.Equal(reader.Columns, profiles.Select(profile => profile.Name));
        Assert.Equal([ColumnKind.Numeric, ColumnKind.Text, ColumnKind.Boolean, ColumnKind.Date, ColumnKind.Numeric, ColumnKind.Numeric], profiles.Select(profile => profile.Kind));
        Assert.Equal(["1", "-2.5e3"], profiles[0].Levels);
        Assert.Equal(["x", "y"], profiles[1].Levels);
        Assert.Empty(profiles[4].Levels);
    }

    [Theory]
    [InlineData("1\ntrue\n", ColumnKind.Text)]
    [InlineData("true\n2001-01-01\n", ColumnKind.Text)]
    [InlineData("2001-01-01\n2001\n", ColumnKind.Text)]
    [InlineData("T\nF\nM\n", ColumnKind.Text)]
    [InlineData("\"1\"\n2\n", ColumnKind.Numeric)]
    [InlineData("NA\nNA\n", ColumnKind.Numeric)]
    public void A_column_of_several_kinds_is_text(string column, ColumnKind kind)
    {
        using var reader = Csv.Open("a\n" + column);
        Assert.Equal(kind, reader.Profile()[0].Kind);
    }

    [Fact]
    public void Looking_ahead_consumes_nothing_whenever_and_however_often_it_is_done()
    {
        var text = "a,b\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"{i},\"{i}\n,\"\n"));
        using var plain = Csv.Open(text);
        var expected = plain.Rest();
        using var reader = Csv.Open(text);
        reader.Profile(0);
        reader.Profile(7);
        reader.Profile(3);
        Assert.Equal(0, reader.Records);
        List<(long Line, string[] Fields)> read = [];
        for (var i = 0; i < 5; i++) { Next(); }
        reader.Profile(30);
        reader.Skip(1);
        read.Add(expected[5]);
        Assert.Equal(6, reader.Records);
        for (var i = 0; i < 20; i++) { Next(); }
        Assert.Equal("26", reader.Profile(2)[0].Levels[0]);
        read.AddRange(reader.Rest());
        Assert.Equal(expected.Select(record => (record.Line, string.Join('|', record.Fields))), read.Select(record => (record.Line, string.Join('|', record.Fields))));
        Assert.Equal(50, reader.Records);

        void Next()
        {
            Assert.True(reader.Read());
            Assert.Equal(2, reader.FieldCount);
            read.Add((reader.Line, reader.Fields()));
        }
    }

    [Fact]
    public void Looking_ahead_crosses_files_and_remembers_where_each_record_stood()
    {
        using var folder = new TemporaryFolder();
        var paths = new[] { folder.Write("a.csv", "a,b\nNA,1\n"), folder.Write("b.csv", "b,a\n2,x\n3,y\n") };
        using var reader = DataSource.From(paths).Open();
        Assert.Equal([ColumnKind.Text, ColumnKind.Numeric], reader.Profile().Select(profile => profile.Kind));
        List<string> read = [];
        while (reader.Read()) { read.Add($"{Path.GetFileName(reader.FileName)}:{reader.Line} {reader.Text(0)} {reader.Text(1)}"); }
        Assert.Equal(["a.csv:2 NA 1", "b.csv:2 x 2", "b.csv:3 y 3"], read);
    }

    [Fact]
    public void Levels_are_capped_and_records_of_the_wrong_length_not_judged()
    {
        var text = new StringBuilder("a,b\n");
        for (var i = 0; i < 1500; i++) { text.Append('l').Append(i).Append(",1\n"); }
        text.Append("1,x,2\n1\n");
        using var reader = Csv.Open(text.ToString());
        var profiles = reader.Profile(2000);
        Assert.Equal(ColumnProfile.MaximumLevels, profiles[0].Levels.Count);
        Assert.Equal(ColumnKind.Numeric, profiles[1].Kind);
    }

    [Fact]
    public void Looking_ahead_at_huge_records_ends_before_memory_does()
    {
        var bytes = new byte[6 * (9 << 20)];
        bytes.AsSpan().Fill((byte)'x');
        for (var i = 0; i < bytes.Length; i += 9 << 20) { bytes[i] = (byte)'\n'; }
        bytes[0] = (byte)'a';
        bytes[1] = (byte)'\n';
        using var reader = Csv.Source(bytes).Open();
        reader.Profile();
        var records = 0;
        while (reader.Read()) { records += reader.Field(0).Length > 9_000_000 ? 1 : 0; }
        Assert.Equal(6, records);
    }
}
