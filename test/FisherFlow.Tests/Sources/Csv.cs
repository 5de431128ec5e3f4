using System.IO.Compression;
using System.Text;
using FisherFlow.Data.Sources;

namespace FisherFlow.Tests.Sources;

/// <summary>Texts as data sources, and what is read from them.</summary>
static class Csv
{
    internal static DataSource Source(string text) => DataSource.FromStandardInput(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    internal static DataSource Source(byte[] bytes) => DataSource.FromStandardInput(new MemoryStream(bytes));

    internal static RecordReader Open(string text) => Source(text).Open();

    internal static byte[] Gzip(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level)) { gzip.Write(content); }
        return packed.ToArray();
    }

    internal static byte[] Gzip(string content) => Gzip(Encoding.UTF8.GetBytes(content));

    internal static string Text(this RecordReader record, int column) => Encoding.UTF8.GetString(record.Field(column));

    internal static string[] Fields(this RecordReader record) => [.. Enumerable.Range(0, record.Columns.Count).Select(record.Text)];

    /// <summary>All records, each with its line in front.</summary>
    internal static List<(long Line, string[] Fields)> Rest(this RecordReader reader)
    {
        List<(long, string[])> records = [];
        while (reader.Read()) { records.Add((reader.Line, reader.Fields())); }
        return records;
    }

    /// <summary>All records as texts, with | between the fields.</summary>
    internal static List<string> Lines(this RecordReader reader) => [.. reader.Rest().Select(record => string.Join('|', record.Fields))];
}
