using System.Runtime.ExceptionServices;
using FisherFlow.Data.Sources;

namespace FisherFlow.Data;

/// <summary>Reads a source into blocks: at first here, and when it turns out to be long, on threads that take turns to read and encode side by side.</summary>
/// <remarks>
/// The blocks are the same whatever the number of threads, to the bit: they are cut by the number of records before them and handed out in order, and what a thread cannot know is settled here, in
/// that order. So an interrupted and resumed stream is cut in the same places as an uninterrupted one, too.
/// <b>Memory</b>: two blocks a thread and one.
/// </remarks>
/// <typeparam name="TBlock">A block.</typeparam>
/// <typeparam name="TEncoder">What a thread encodes by.</typeparam>
abstract class RecordBlocks<TBlock, TEncoder> : IDisposable where TBlock : RecordBlock where TEncoder : class
{
    /// <summary>Records of a full block, fewer where rows are wide.</summary>
    public const int LargestBlock = 4096;

    const int RecordsBeforeThreads = 8192;   // most files are shorter, and most levels are among these

    readonly RecordReader _reader;
    readonly int _threads;
    readonly Lock _reading = new();
    readonly CancellationTokenSource _stop = new();
    readonly SemaphoreSlim _room = new(0);
    readonly List<Thread> _workers = [];
    Slot[] _slots = [];
    long _recordsBefore;
    long _records;
    long _read;
    long _taken;
    bool _isReadToEnd;
    bool _isFinished;

    /// <summary>Starts reading from an open reader, which it takes over.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="recordsBefore">Records before this source, or before the position to resume from.</param>
    /// <param name="skip">Records to pass over.</param>
    /// <param name="threads">Threads that read and encode.</param>
    protected RecordBlocks(RecordReader reader, long recordsBefore, long skip, int threads)
    {
        (_reader, _recordsBefore, _threads) = (reader, recordsBefore, threads);
        if (skip > 0) { reader.Skip(skip); }
        Passed = [.. reader.Fingerprints];
        Record = new(reader);
    }

    /// <summary>The reader, for names and positions.</summary>
    public RecordReader Reader => _reader;

    /// <summary>Fingerprints of the files that were opened on the way to where reading began.</summary>
    public IReadOnlyList<string> Passed { get; }

    /// <summary>Turns to the records of a block, on the thread that asks for blocks.</summary>
    protected RecordReader Record { get; }

    /// <summary>The next block, valid until the next call; null at the end.</summary>
    public TBlock? Next(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (_isFinished) { return null; }
        if (_slots.Length == 0) { _slots = [new(CreateBlock())]; }
        if (_workers.Count == 0 && _threads > 1 && _records >= RecordsBeforeThreads) { StartThreads(); }
        return _workers.Count == 0 ? NextHere() : NextFromThreads(cancel);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (var worker in _workers) { worker.Join(); }
        _reader.Dispose();
        _room.Dispose();
        _stop.Dispose();
        foreach (var slot in _slots) { slot.Ready.Dispose(); }
    }

    /// <summary>An empty block.</summary>
    protected abstract TBlock CreateBlock();

    /// <summary>How many records the next block takes.</summary>
    /// <param name="recordsBefore">Records before it.</param>
    protected abstract int RecordsOf(long recordsBefore);

    /// <summary>What another thread encodes by.</summary>
    protected abstract TEncoder CreateEncoder();

    /// <summary>Encodes a block here.</summary>
    protected abstract void Encode(TBlock block);

    /// <summary>Encodes a block on another thread, as far as that is known there.</summary>
    protected abstract void Encode(TBlock block, TEncoder encoder, RecordReader record);

    /// <summary>Finishes here what another thread has encoded; the blocks before are finished.</summary>
    protected abstract void Settle(TBlock block);

    TBlock? NextHere()
    {
        var block = _slots[0].Block;
        Read(block);
        Encode(block);
        return Delivered(block);
    }

    TBlock? NextFromThreads(CancellationToken cancel)
    {
        if (_taken > 0)
        {
            _slots[(_taken - 1) % _slots.Length].Ready.Reset();
            _room.Release();
        }
        var slot = _slots[_taken % _slots.Length];
        slot.Ready.Wait(cancel);
        _taken++;
        Settle(slot.Block);
        return Delivered(slot.Block);
    }

    /// <summary>The block; null when it is the empty one at the end.</summary>
    TBlock? Delivered(TBlock block)
    {
        _isFinished = block.IsLast;
        block.Failure?.Throw();
        return block.Source.Count > 0 ? block : null;
    }

    /// <summary>Reads the records of the next block.</summary>
    void Read(TBlock block)
    {
        block.Read(_reader, RecordsOf(_recordsBefore));
        _recordsBefore += block.Source.Count;
        _records += block.Source.Count;
    }

    void StartThreads()
    {
        _slots = [.. Enumerable.Range(0, 2 * _threads + 1).Select(_ => new Slot(CreateBlock()))];
        _room.Release(_slots.Length);
        for (var i = 0; i < _threads; i++)
        {
            var (encoder, record) = (CreateEncoder(), new RecordReader(_reader));
            _workers.Add(new(() => Work(encoder, record)) { IsBackground = true, Name = "FisherFlow reader" });
        }
        foreach (var worker in _workers) { worker.Start(); }
    }

    void Work(TEncoder encoder, RecordReader record)
    {
        try
        {
            while (ReadInTurn() is { } slot)
            {
                EncodeCaught(slot.Block, encoder, record);
                slot.Ready.Set();
            }
        }
        catch (OperationCanceledException)
        {
            // The consumer has gone; so do we.
        }
    }

    /// <summary>Reads the next block's records when there is room for it; null at the end.</summary>
    Slot? ReadInTurn()
    {
        lock (_reading)
        {
            if (_isReadToEnd) { return null; }
            _room.Wait(_stop.Token);
            var slot = _slots[_read++ % _slots.Length];
            Read(slot.Block);
            _isReadToEnd = slot.Block.IsLast;
            return slot;
        }
    }

    void EncodeCaught(TBlock block, TEncoder encoder, RecordReader record)
    {
        try
        {
            Encode(block, encoder, record);
        }
#pragma warning disable CA1031 // rethrown where the block is asked for; what stopped the encoding came before what stopped the reading
        catch (Exception failure)
#pragma warning restore CA1031
        {
            block.Failure = ExceptionDispatchInfo.Capture(failure);
        }
    }

    /// <summary>A block in flight.</summary>
    sealed class Slot(TBlock block)
    {
        public TBlock Block => block;

        public ManualResetEventSlim Ready { get; } = new();
    }
}
