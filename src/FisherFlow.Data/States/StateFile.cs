using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using FisherFlow.Snapshots;

namespace FisherFlow.Data.States;

/// <summary>A state as a file: written whole or not at all, and known to be undamaged when it is read.</summary>
/// <remarks>
/// The format, little-endian: 8 bytes <c>FISHFLOW</c>; format version (32 bits); producer (32 bits length, UTF-8); payload (64 bits length, bytes);
/// XxHash128 of everything before it (16 bytes). The first three fields stay where they are in every later version, so that an older program can say what it was given.
/// </remarks>
public static class StateFile
{
    /// <summary>The version that is written, and the newest that is read.</summary>
    public const int FormatVersion = 1;

    const int ChecksumLength = 16;

    /// <summary>No producer's name is longer; a larger length is damage.</summary>
    const int LongestProducer = 1024;

    static ReadOnlySpan<byte> Magic => "FISHFLOW"u8;

    /// <summary>Writes a state in the place of what was at the path before.</summary>
    /// <param name="path">Where to; a symbolic link is followed.</param>
    /// <param name="producer">What writes it, such as "FisherFlow 0.1.0".</param>
    /// <param name="payload">The content <c>[bytes]</c>, from <see cref="StateWriter.Written"/>.</param>
    /// <remarks>
    /// The bytes go to <c>PATH.partial</c> beside it, reach the disk, and then take the place of the old file in one step: whenever it is interrupted, the old file or
    /// the new one is there, whole. What an interrupted write left behind is overwritten by the next.
    /// </remarks>
    /// <exception cref="DataException">It cannot be written, or what is there is no state; it is as it was.</exception>
    public static void Write(string path, string producer, ReadOnlySpan<byte> payload) => Write(path, producer, payload, afterStep: null);

    /// <summary>Reads a state and proves it undamaged.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">It is missing, not a state, cut short, damaged, or written in a newer format.</exception>
    public static StateContents Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes;
        try
        {
            if (Directory.Exists(path)) { throw new DataException($"{path} is a directory, not a state file"); }
            if (!File.Exists(path)) { throw new DataException($"{path}: there is no such state file"); }
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"the state {path} cannot be read: {exception.Message}", exception);
        }
        try
        {
            return Parse(path, bytes);
        }
        catch (InvalidDataException exception)
        {
            throw new DataException($"the state {path} is damaged or cut short: it ends after {bytes.Length} bytes, in the middle of a value", exception);
        }
    }

    /// <summary>Makes sure that a state can be written to a path, before work begins whose result is to go there.</summary>
    /// <param name="path">Where to; what is there stays as it is.</param>
    /// <exception cref="DataException">It cannot be written, or what is there is no state.</exception>
    public static void RequireWritable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var target = Target(path);
            using (new FileStream(target + ".partial", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0)) { }
            Remove(target + ".partial");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Unwritable(path, exception);
        }
    }

    static string Target(string path)
    {
        var target = new FileInfo(path).LinkTarget is null ? Path.GetFullPath(path) : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        if (Directory.Exists(target)) { throw new DataException($"the state cannot be written to {path}, which is a directory"); }
        if (Path.GetDirectoryName(target) == "/dev") { throw new DataException($"the state cannot be written to {path}, which is a device: a state is a file of its own, replaced as a whole"); }
        return HoldsSomethingElse(target) ? throw new DataException($"{path} is no state of FisherFlow, and the state would replace it: name another file, or delete it first") : target;
    }

    /// <summary>Whether a file is there that is neither a state nor empty, such as the data by mistake.</summary>
    static bool HoldsSomethingElse(string target)
    {
        if (new FileInfo(target) is not { Exists: true, Length: > 0 }) { return false; }
        Span<byte> beginning = stackalloc byte[Magic.Length];
        using var file = new FileStream(target, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false) < beginning.Length || !beginning.SequenceEqual(Magic);
    }

    static DataException Unwritable(string path, Exception exception) =>
        new($"the state cannot be written to {path}: {exception.Message}{(File.Exists(path) ? " What was there before is as it was" : "")}", exception);

    /// <summary>Writes, and tells each step when it is done, for tests of interruptions.</summary>
    internal static void Write(string path, string producer, ReadOnlySpan<byte> payload, Action<StateWriteStep>? afterStep)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(producer);
        string? partial = null;
        try
        {
            var target = Target(path);
            var head = Head(producer, payload.Length);
            using (var file = new FileStream(target + ".partial", FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                // From here on the partial file is ours to remove: had another process been writing it, opening it would have failed.
                partial = target + ".partial";
                afterStep?.Invoke(StateWriteStep.Created);
                var checksum = new XxHash128();
                checksum.Append(head);
                checksum.Append(payload);
                file.Write(head);
                file.Write(payload);
                file.Write(checksum.GetCurrentHash());
                afterStep?.Invoke(StateWriteStep.Written);
                file.Flush(flushToDisk: true);
                afterStep?.Invoke(StateWriteStep.Flushed);
            }
            File.Move(partial, target, overwrite: true);
            partial = null;
            afterStep?.Invoke(StateWriteStep.Renamed);
            DirectoryEntry.FlushToDisk(Path.GetDirectoryName(target)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Unwritable(path, exception);
        }
        finally
        {
            if (partial is not null) { Remove(partial); }
        }
    }

    static StateContents Parse(string path, byte[] bytes)
    {
        if (!bytes.AsSpan().StartsWith(Magic[..Math.Min(Magic.Length, bytes.Length)]) || bytes.Length == 0) { throw new DataException($"{path} is not a state file of FisherFlow"); }
        var reader = new StateReader(bytes.AsMemory(Math.Min(Magic.Length, bytes.Length)));
        var version = reader.ReadInt32();
        if (version > FormatVersion) { throw new DataException(NewerFormat(path, version, reader)); }
        var body = bytes.Length - ChecksumLength;
        if (body < Magic.Length + 4) { throw new InvalidDataException("no room for a checksum"); }
        var isWhole = XxHash128.Hash(bytes.AsSpan(0, body)).AsSpan().SequenceEqual(bytes.AsSpan(body));
        var producer = reader.ReadText();
        var length = reader.ReadInt64();
        var start = bytes.Length - reader.Remaining;
        if (length > body - start) { throw new InvalidDataException("the payload is cut short"); }
        if (!isWhole || version < 1 || length != body - start) { throw new DataException($"the state {path} is damaged: its checksum does not fit its content"); }
        return new(version, producer, new StateReader(bytes.AsMemory(start, (int)length)));
    }

    /// <remarks>The producer is named as far as it can be read: the file may be damaged instead of new.</remarks>
    static string NewerFormat(string path, int version, StateReader reader)
    {
        string producer;
        try
        {
            producer = reader.ReadText();
        }
        catch (InvalidDataException)
        {
            producer = "";
        }
        var by = producer.Length is > 0 and <= LongestProducer && !producer.Any(char.IsControl) ? $", written by {producer}" : "";
        return $"the state {path} is in format {version}{by}; this program reads formats up to {FormatVersion}. A newer FisherFlow is needed, or the file is damaged";
    }

    static byte[] Head(string producer, long payloadLength)
    {
        var name = Encoding.UTF8.GetBytes(producer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, LongestProducer, nameof(producer));
        var head = new ArrayBufferWriter<byte>();
        head.Write(Magic);
        BinaryPrimitives.WriteInt32LittleEndian(head.GetSpan(4), FormatVersion);
        head.Advance(4);
        BinaryPrimitives.WriteInt32LittleEndian(head.GetSpan(4), name.Length);
        head.Advance(4);
        head.Write(name);
        BinaryPrimitives.WriteInt64LittleEndian(head.GetSpan(8), payloadLength);
        head.Advance(8);
        return head.WrittenSpan.ToArray();
    }

    static void Remove(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report; the next write overwrites the rest.
        }
    }
}
