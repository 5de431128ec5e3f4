using System.IO.Compression;

namespace FisherFlow.Data.Sources;

/// <summary>Tells by a file's first bytes how to read it.</summary>
static class InputFormat
{
    /// <summary>The text of an input: unpacked if it is gzip; what may keep its reader waiting is read ahead when there is a processor to spare.</summary>
    /// <exception cref="DataException">It is something that is not read, such as a spreadsheet, or it is called .gz and is not gzip.</exception>
    internal static Stream Open(RawInput input)
    {
        if (Foreign(input.Beginning) is { } format) { throw new DataException($"{input.Name} is {format}; CSV or TSV was expected, plain or packed by gzip"); }
        if (input.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) && !input.IsGzip && input.Beginning.Length > 0)
        {
            throw new DataException($"{input.Name} is not gzip data, though its name says so: they begin with the bytes 1f 8b. Is it damaged?");
        }
        Stream stream = input.IsGzip ? new GzipInput(input) : input;
        return Environment.ProcessorCount > 1 && (input.IsGzip || !input.IsRegularFile) ? new ReadAheadStream(stream, sourceMayWait: !input.IsRegularFile) : stream;
    }

    /// <summary>Whether quotes stand behind spaces that follow a separator, as in <c>1, "x, y"</c>; without a hint such quotes are text.</summary>
    /// <remarks>Looked for in the first 64 KiB. Where the answer is wrongly yes nothing is lost but a little time, for spaces around fields do not count anyway.</remarks>
    internal static bool HasPaddedQuotes(RawInput input)
    {
        var text = input.IsGzip ? Unpack(input.Beginning) : input.Beginning;
        for (var at = text.IndexOf(" \""u8); at >= 0; at = text.IndexOf(" \""u8))
        {
            var before = text[..at].TrimEnd((byte)' ');
            if (before.Length > 0 && ",;|\t\r\n"u8.Contains(before[^1])) { return true; }
            text = text[(at + 2)..];
        }
        return false;
    }

    static ReadOnlySpan<byte> Unpack(ReadOnlySpan<byte> beginning)
    {
        using var unpacked = new GZipStream(new MemoryStream(beginning.ToArray()), CompressionMode.Decompress);
        var text = new byte[RawInput.FingerprintBytes];
        try
        {
            return text.AsSpan(0, unpacked.ReadAtLeast(text, text.Length, throwOnEndOfStream: false));
        }
        catch (InvalidDataException)
        {
            // Damaged: that is found out, and told with its place, when the records are read.
            return [];
        }
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
