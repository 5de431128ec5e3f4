using System.Buffers;
using System.Runtime.ExceptionServices;

namespace FisherFlow.Data.Sources;

/// <summary>Reads a source on a thread of its own, a few blocks ahead of whoever reads this stream, so that unpacking overlaps with the use of what was unpacked.</summary>
/// <remarks>
/// <b>Memory</b>: four blocks of 256 KiB. <b>Threads</b>: one reader; the source belongs to the background thread, which also disposes it.
/// An exception of the source is thrown here, behind all bytes that came before it.
/// </remarks>
sealed class ReadAheadStream : ForwardStream
{
    const int BlockSize = 256 * 1024;
    const int Blocks = 4;

    /// <summary>A block with less room than this counts as full, lest the source be asked for a handful of bytes.</summary>
    const int SmallestRead = 16 * 1024;

    readonly Stream _source;
    readonly bool _isPatient;
    readonly Thread _thread;
    readonly object _gate = new();
    readonly byte[][] _blocks = new byte[Blocks][];
    readonly int[] _lengths = new int[Blocks];
    long _filled;
    long _emptied;
    int _position;
    bool _ended;
    bool _stopped;
    ExceptionDispatchInfo? _failure;

    /// <summary>Starts reading.</summary>
    /// <param name="source">What is read; disposed with this stream.</param>
    /// <param name="sourceMayWait">
    /// Whether the source may keep its reader waiting (a pipe): then whatever arrives is handed on at once, and disposing does not wait for the source.
    /// Otherwise blocks are filled before they are handed on.
    /// </param>
    internal ReadAheadStream(Stream source, bool sourceMayWait)
    {
        _source = source;
        _isPatient = !sourceMayWait;
        _thread = new Thread(ReadSource) { IsBackground = true, Name = "reading ahead" };
        _thread.Start();
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0) { return 0; }
        int length;
        lock (_gate)
        {
            while (_filled == _emptied && !_ended) { Monitor.Wait(_gate); }
            if (_filled == _emptied)
            {
                _failure?.Throw();
                return 0;
            }
            length = _lengths[_emptied % Blocks];
        }
        var count = Math.Min(buffer.Length, length - _position);
        _blocks[_emptied % Blocks].AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        if (_position == length)
        {
            _position = 0;
            lock (_gate)
            {
                _emptied++;
                Monitor.PulseAll(_gate);
            }
        }
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_gate)
            {
                _stopped = true;
                Monitor.PulseAll(_gate);
            }
            if (_isPatient)
            {
                _thread.Join();
                foreach (var block in _blocks) { if (block is not null) { ArrayPool<byte>.Shared.Return(block); } }
                Array.Clear(_blocks);
            }
        }
        base.Dispose(disposing);
    }

    void ReadSource()
    {
        ExceptionDispatchInfo? failure = null;
        try
        {
            using (_source) { FillBlocks(ref failure); }
        }
#pragma warning disable CA1031 // nobody would see it on this thread; it is rethrown where the data are used
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure ??= ExceptionDispatchInfo.Capture(exception);
        }
        lock (_gate)
        {
            _failure = failure;
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    void FillBlocks(ref ExceptionDispatchInfo? failure)
    {
        while (failure is null && WaitForRoom())
        {
            var slot = (int)(_filled % Blocks);
            var length = Fill(_blocks[slot] ??= ArrayPool<byte>.Shared.Rent(BlockSize), ref failure);
            if (length == 0) { break; }
            lock (_gate)
            {
                _lengths[slot] = length;
                _filled++;
                Monitor.PulseAll(_gate);
            }
        }
    }

    bool WaitForRoom()
    {
        lock (_gate)
        {
            while (_filled - _emptied == Blocks && !_stopped) { Monitor.Wait(_gate); }
            return !_stopped;
        }
    }

    /// <summary>Reads into a block; a failure is kept apart, so that what came before it is handed on.</summary>
    int Fill(Span<byte> block, ref ExceptionDispatchInfo? failure)
    {
        var length = 0;
        try
        {
            int count;
            do
            {
                count = _source.Read(block[length..]);
                length += count;
            }
            while (count > 0 && _isPatient && block.Length - length >= SmallestRead);
        }
#pragma warning disable CA1031 // rethrown where the data are used
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
        return length;
    }
}
