using System.Runtime.ExceptionServices;
using FisherFlow.Data.Design;
using FisherFlow.Data.Sources;
using FisherFlow.Models;

namespace FisherFlow.Data;

/// <summary>Reads a source into blocks: at first here, and when it turns out to be long, on threads that take turns to read and encode side by side.</summary>
/// <remarks>
/// The blocks are the same whatever the number of threads, to the bit: they are cut by the number of records before them (1, 1, 2, 4, … up to a full block)
/// and handed out in order, and dictionaries grow here alone, in that order; what a thread does not know it leaves to be settled here. So an interrupted
/// and resumed stream is cut in the same places as an uninterrupted one, too.
/// <b>Memory</b>: two blocks a thread and one, each of at most <see cref="LargestBlock"/> rows and some MiB.
/// </remarks>
sealed class EncodedBlocks : IDisposable
{
    /// <summary>Records of a full block, fewer where rows are wide.</summary>
    public const int LargestBlock = 4096;

    const int SmallestFullBlock = 256;
    const int BlockBytes = 4 << 20;
    const int RecordsBeforeThreads = 8192;   // most files are shorter, and most levels are among these

    readonly DesignEncoder _encoder;
    readonly IModel _model;
    readonly RecordReader _reader;
    readonly RecordReader _record;
    readonly int _threads;
    readonly int _fullBlock;
    readonly Lock _reading = new();
    readonly Lock _dictionaries = new();
    readonly CancellationTokenSource _stop = new();
    readonly SemaphoreSlim _room = new(0);
    readonly List<Thread> _workers = [];
    Slot[] _slots;
    long _recordsBefore;
    long _records;
    long _read;
    long _taken;
    bool _isReadToEnd;
    bool _isFinished;

    /// <summary>Starts reading.</summary>
    /// <param name="source">What to read.</param>
    /// <param name="encoder">Encodes records; it may grow.</param>
    /// <param name="model">Says which responses can occur.</param>
    /// <param name="recordsBefore">Records before this source, or before the position to resume from; they decide the size of the first blocks.</param>
    /// <param name="skip">Records to pass over.</param>
    /// <param name="threads">Threads that read and encode.</param>
    public EncodedBlocks(DataSource source, DesignEncoder encoder, IModel model, long recordsBefore, long skip, int threads)
        : this(source.Open(), encoder, model, recordsBefore, skip, threads)
    {
    }

    /// <summary>Starts reading from an open reader, which it takes over.</summary>
    public EncodedBlocks(RecordReader reader, DesignEncoder encoder, IModel model, long recordsBefore, long skip, int threads)
    {
        (_encoder, _model, _recordsBefore, _reader, _threads) = (encoder, model, recordsBefore, reader, threads);
        encoder.Bind(reader.Columns, source: reader.FileName);
        if (skip > 0) { reader.Skip(skip); }
        Passed = [.. reader.Fingerprints];
        _record = new(reader);
        var row = encoder.CreateBlock(1);
        _fullBlock = Math.Clamp(BlockBytes / (sizeof(double) * (row.DenseColumns + 1) + sizeof(int) * (row.Slots + 1)), SmallestFullBlock, LargestBlock);
        _slots = [new(encoder.CreateBlock(_fullBlock))];
    }

    /// <summary>The reader, for names and positions.</summary>
    public RecordReader Reader => _reader;

    /// <summary>Fingerprints of the files that were opened on the way to where reading began.</summary>
    public IReadOnlyList<string> Passed { get; }

    /// <summary>The next block, valid until the next call; null at the end.</summary>
    public EncodedBlock? Next(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (_isFinished) { return null; }
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

    EncodedBlock? NextHere()
    {
        var block = _slots[0].Block;
        Read(block);
        block.Encode(_encoder, _record, _model);
        return Delivered(block);
    }

    EncodedBlock? NextFromThreads(CancellationToken cancel)
    {
        if (_taken > 0)
        {
            _slots[(_taken - 1) % _slots.Length].Ready.Reset();
            _room.Release();
        }
        var slot = _slots[_taken % _slots.Length];
        slot.Ready.Wait(cancel);
        _taken++;
        var block = slot.Block;
        if (block.HasNews)
        {
            lock (_dictionaries) { block.Settle(_encoder, _record, _model); }
        }
        _encoder.Seal(block.Rows);
        return Delivered(block);
    }

    /// <summary>The block; null when it is the empty one at the end.</summary>
    EncodedBlock? Delivered(EncodedBlock block)
    {
        _isFinished = block.IsLast;
        block.Failure?.Throw();
        return block.Source.Count > 0 ? block : null;
    }

    /// <summary>Reads the records of the next block.</summary>
    void Read(EncodedBlock block)
    {
        block.Read(_reader, (int)Math.Clamp(_recordsBefore, 1, _fullBlock));
        _recordsBefore += block.Source.Count;
        _records += block.Source.Count;
    }

    void StartThreads()
    {
        _slots = [.. Enumerable.Range(0, 2 * _threads + 1).Select(_ => new Slot(_encoder.CreateBlock(_fullBlock)))];
        _room.Release(_slots.Length);
        for (var i = 0; i < _threads; i++)
        {
            var (replica, record) = (_encoder.CreateReplica(), new RecordReader(_reader));
            replica.Bind(_reader.Columns, source: _reader.FileName);
            _workers.Add(new(() => Work(replica, record)) { IsBackground = true, Name = "FisherFlow reader" });
        }
        foreach (var worker in _workers) { worker.Start(); }
    }

    void Work(DesignEncoder replica, RecordReader record)
    {
        try
        {
            while (ReadInTurn() is { } slot)
            {
                Encode(slot.Block, replica, record);
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

    void Encode(EncodedBlock block, DesignEncoder replica, RecordReader record)
    {
        try
        {
            lock (_dictionaries) { replica.CatchUp(_encoder); }
            block.EncodeKnown(replica, record, _model);
        }
#pragma warning disable CA1031 // rethrown where the block is asked for; what stopped the encoding came before what stopped the reading
        catch (Exception failure)
#pragma warning restore CA1031
        {
            block.Failure = ExceptionDispatchInfo.Capture(failure);
        }
    }

    /// <summary>A block in flight.</summary>
    sealed class Slot(Block rows)
    {
        public EncodedBlock Block { get; } = new(rows);

        public ManualResetEventSlim Ready { get; } = new();
    }
}
