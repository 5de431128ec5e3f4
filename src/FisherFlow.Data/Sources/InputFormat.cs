namespace FisherFlow.Data.Sources;

/// <summary>Tells by a file's first bytes how to read it.</summary>
static class InputFormat
{
    /// <summary>The text of an input: unpacked if it is gzip, and read ahead when there is a processor to spare.</summary>
    /// <exception cref="DataException">It is something that is not read, such as a spreadsheet, or it is called .gz and is not gzip.</exception>
    internal static Stream Open(RawInput input)
    {
        if (Foreign(input.Beginning) is { } format) { throw new DataException($"{input.Name} is {format}; CSV or TSV was expected, plain or packed by gzip"); }
        if (input.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) && !input.IsGzip && input.Beginning.Length > 0)
        {
            throw new DataException($"{input.Name} is not gzip data, though its name says so: they begin with the bytes 1f 8b. Is it damaged?");
        }
        Stream stream = input.IsGzip ? new GzipInput(input) : input;
        return Environment.ProcessorCount > 1 ? new ReadAheadStream(stream, sourceMayWait: !input.IsRegularFile) : stream;
    }

    static string? Foreign(ReadOnlySpan<byte> beginning)
    {
        if (beginning.StartsWith("PK\u0003\u0004"u8)) { return "a zip archive or a spreadsheet"; }
        if (beginning.StartsWith("PAR1"u8)) { return "a Parquet file"; }
        if (beginning.StartsWith("BZh"u8) && beginning.Length > 9 && beginning[4..].StartsWith("1AY&SY"u8)) { return "packed by bzip2"; }
        if (beginning.StartsWith((ReadOnlySpan<byte>)[0xfd, 0x37, 0x7a, 0x58, 0x5a])) { return "packed by xz"; }
        if (beginning.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd])) { return "packed by zstd"; }
        return null;
    }
}
