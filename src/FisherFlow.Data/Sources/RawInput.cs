using System.IO.Hashing;

namespace FisherFlow.Data.Sources;

/// <summary>The bytes of one input as they are stored: counted, and its beginning looked at before anything is read.</summary>
sealed class RawInput : ForwardStream
{
    /// <summary>Bytes that a fingerprint covers.</summary>
    internal const int FingerprintBytes = 64 * 1024;

    readonly Stream _stream;
    readonly byte[] _beginning = new byte[FingerprintBytes];
    readonly int _beginningLength;
    int _position;
    long _bytesRead;

    internal RawInput(string name, Stream stream, bool isRegularFile)
    {
        Name = name;
        _stream = stream;
        IsRegularFile = isRegularFile;
        _beginningLength = stream.ReadAtLeast(_beginning, FingerprintBytes, throwOnEndOfStream: false);
        Fingerprint = Convert.ToHexStringLower(XxHash128.Hash(Beginning));
    }

    /// <summary>The input's name for messages.</summary>
    internal string Name { get; }

    /// <summary>Whether it is a file, from which reading never waits for long.</summary>
    internal bool IsRegularFile { get; }

    /// <summary>XxHash128 of the first 64 KiB, in hexadecimal digits.</summary>
    internal string Fingerprint { get; }

    /// <summary>The first bytes, at most 64 KiB.</summary>
    internal ReadOnlySpan<byte> Beginning => _beginning.AsSpan(0, _beginningLength);

    /// <summary>Whether it starts as gzip data do.</summary>
    internal bool IsGzip => Beginning.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);

    /// <summary>Bytes handed out so far; may be asked from any thread.</summary>
    internal long BytesRead => Volatile.Read(ref _bytesRead);

    public override int Read(Span<byte> buffer)
    {
        int count;
        if (_position < _beginningLength)
        {
            count = Math.Min(buffer.Length, _beginningLength - _position);
            _beginning.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
        }
        else
        {
            count = _stream.Read(buffer);
        }
        Volatile.Write(ref _bytesRead, _bytesRead + count);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) { _stream.Dispose(); }
        base.Dispose(disposing);
    }
}
