using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;

namespace FisherFlow.Tests.Sources;

/// <summary>Records and the text that stands for them are made together, and must meet again.</summary>
public sealed class FuzzTests
{
    static readonly string[] _pieces = ["a", "B", "7", "-1.5", "ä", "😀", "\"", "\"\"", ",", ";", "\t", "|", "\n", "\r\n", "x y", "'"];

    [Fact]
    public void What_is_written_is_read_back_with_its_line()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (text, columns, records) = Table(random, most: seed % 100 == 0 ? 15_000 : 30);
            var bytes = Encoding.UTF8.GetBytes(text);
            if (random.Next(3) == 0) { bytes = [0xEF, 0xBB, 0xBF, .. bytes]; }
            if (random.Next(3) == 0) { bytes = Csv.Gzip(bytes); }
            using var reader = Csv.Source(bytes).Open();
            if (random.Next(2) == 0) { reader.Profile(random.Next(8)); }
            Assert.Equal(columns, reader.Columns);
            foreach (var (line, fields) in records)
            {
                Assert.True(reader.Read());
                Assert.True((line, fields.Length) == (reader.Line, reader.FieldCount), $"seed {seed}, line {line}");
                for (var column = 0; column < fields.Length; column++) { Assert.True(fields[column] == reader.Text(column), $"seed {seed}, line {line}, column {column}"); }
            }
            Assert.False(reader.Read());
            Assert.Equal(records.Count, reader.Records);
        }
    }

    [Fact]
    public void Records_that_were_set_aside_are_those_that_would_have_been_read()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var (text, columns, records) = Table(random, most: 40);
            using var reader = Csv.Source(text).Open();
            if (random.Next(2) == 0) { reader.Profile(random.Next(8)); }
            var (batch, other, next) = (new RecordBatch(), new RecordReader(reader), 0);
            for (var mayHaveMore = true; mayHaveMore;)
            {
                mayHaveMore = reader.SetAside(batch, random.Next(1, 9));
                other.Take(batch);
                for (var i = 0; i < batch.Count; i++)
                {
                    var (line, fields) = records[next++];
                    other.MoveTo(i);
                    Assert.True((line, fields.Length) == (other.Line, other.FieldCount), $"seed {seed}, line {line}");
                    Assert.Equal(fields, other.Fields());
                }
            }
            Assert.Equal(records.Count, next);
        }
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_but_never_crash()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(2000)];
            random.NextBytes(bytes);
            if (seed % 3 == 0)
            {
                // Nothing but what has a meaning, so that quotes and breaks come thick.
                for (var i = 0; i < bytes.Length; i++) { bytes[i] = "\",\r\n \ta1"u8[bytes[i] % 8]; }
            }
            if (seed % 3 == 1) { "a,b\n"u8[..Math.Min(4, bytes.Length)].CopyTo(bytes); }
            try
            {
                using var reader = Csv.Source(bytes).Open();
                reader.Profile(10);
                while (reader.Read())
                {
                    for (var column = 0; column < reader.Columns.Count; column++)
                    {
                        var field = reader.Field(column);
                        FieldParser.TryNumber(field, out _);
                        FieldParser.TryDate(field, out _);
                        FieldParser.TryBoolean(field, out _);
                        FieldParser.IsMissing(field);
                    }
                }
            }
            catch (DataException exception)
            {
                Assert.StartsWith("standard input", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    static (string Text, string[] Columns, List<(long Line, string[] Fields)> Records) Table(Random random, int most)
    {
        var separator = ",;\t|"[random.Next(4)];
        var newline = new[] { "\n", "\r\n", "\r" }[random.Next(3)];
        var width = random.Next(2, 7);
        var columns = Enumerable.Range(0, width).Select(i => $"c{i}").ToArray();
        var text = new StringBuilder(string.Join(separator, columns.Select(name => random.Next(2) == 0 ? name : $"\"{name}\""))).Append(newline);
        var line = 2L;
        List<(long, string[])> records = [];
        var count = random.Next(most / 2, most);
        for (var r = 0; r < count; r++)
        {
            if (random.Next(20) == 0)
            {
                text.Append(newline);
                line++;
            }
            var fields = Enumerable.Range(0, width).Select(_ => Field(random)).ToArray();
            records.Add((line, fields));
            text.AppendJoin(separator, fields.Select(field => Written(field, separator, random)));
            if (r < count - 1 || random.Next(2) == 0) { text.Append(newline); }
            line += 1 + fields.Sum(field => field.Count(character => character == '\n'));
        }
        return (text.ToString(), columns, records);
    }

    /// <summary>No spaces or tabs at the ends, for they do not count; never nothing, lest a record look like an empty line.</summary>
    static string Field(Random random)
    {
        var field = string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => _pieces[random.Next(_pieces.Length)])).Trim(' ', '\t');
        return field.Length == 0 ? "0" : field;
    }

    static string Written(string field, char separator, Random random)
    {
        var mustQuote = field.Contains(separator, StringComparison.Ordinal) || field.AsSpan().IndexOfAny('"', '\n', '\r') >= 0;
        return mustQuote || random.Next(3) == 0 ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
    }
}
