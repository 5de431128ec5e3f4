using System.IO.Compression;

namespace FisherFlow.Data.Sources;

/// <summary>What gzip data unpack to; unlike <see cref="GZipStream"/> it notices when they end early.</summary>
/// <remarks>
/// <see cref="GZipStream"/> takes the end of its input for the end of its data, wherever it comes. Members of gzip data may follow each other, so a last
/// member of our own is put behind the input: it comes out whole at the end exactly if what stands before it was complete, and is not handed on.
/// </remarks>
sealed class GzipInput : ForwardStream
{
    static readonly byte[] _mark = "\u0001end of the data\u0002"u8.ToArray();
    static readonly byte[] _lastMember = Pack(_mark);

    readonly GZipStream _unpacked;
    readonly byte[] _held = new byte[_mark.Length];
    bool _started;

    internal GzipInput(Stream packed) => _unpacked = new(new MarkedInput(packed), CompressionMode.Decompress);

    /// <exception cref="InvalidDataException">The data are damaged or end early.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0) { return 0; }

        // The last bytes read are held back, for they may be the mark.
        var mark = _held.Length;
        if (!_started)
        {
            if (_unpacked.ReadAtLeast(_held, mark, throwOnEndOfStream: false) < mark) { throw EndsEarly(); }
            _started = true;
        }
        if (buffer.Length <= mark)
        {
            Span<byte> window = stackalloc byte[2 * mark];
            var few = Shift(window[..(mark + buffer.Length)]);
            window[..few].CopyTo(buffer);
            return few;
        }
        return Shift(buffer);
    }

    /// <summary>Puts the held bytes and then new ones into the window, and holds the last ones back again.</summary>
    int Shift(Span<byte> window)
    {
        _held.CopyTo(window);
        var count = _unpacked.Read(window[_held.Length..]);
        if (count > 0) { window.Slice(count, _held.Length).CopyTo(_held); }
        else if (!_held.AsSpan().SequenceEqual(_mark)) { throw EndsEarly(); }
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) { _unpacked.Dispose(); }
        base.Dispose(disposing);
    }

    static InvalidDataException EndsEarly() => new("the compressed data end early");

    static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) { gzip.Write(content); }
        return packed.ToArray();
    }

    /// <summary>The input with the last member behind it.</summary>
    sealed class MarkedInput(Stream packed) : ForwardStream
    {
        int _position = -1;

        public override int Read(Span<byte> buffer)
        {
            if (_position < 0)
            {
                var count = packed.Read(buffer);
                if (count > 0 || buffer.Length == 0) { return count; }
                _position = 0;
            }
            var rest = _lastMember.AsSpan(_position);
            rest = rest[..Math.Min(rest.Length, buffer.Length)];
            rest.CopyTo(buffer);
            _position += rest.Length;
            return rest.Length;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) { packed.Dispose(); }
            base.Dispose(disposing);
        }
    }
}
