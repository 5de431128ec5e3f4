using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using FisherFlow.Data.Design;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Data;

/// <summary>A block with what the reader knew when it was full, so that a state can stop exactly there.</summary>
sealed class EncodedBlock(Block rows)
{
    /// <summary>The encoded rows.</summary>
    public Block Rows { get; } = rows;

    /// <summary>Rows rejected on the way.</summary>
    public RejectionLog Rejections { get; set; } = new();

    /// <summary>Records of the source consumed so far, rejected ones included.</summary>
    public long Records { get; set; }

    /// <summary>Bytes of the source read so far.</summary>
    public long BytesRead { get; set; }

    /// <summary>How far the dictionaries had grown: the reader may be ahead when a state is saved after this block.</summary>
    public DesignExtent? Extent { get; set; }

    /// <summary>Fingerprints of the files opened so far.</summary>
    public IReadOnlyList<string> Fingerprints { get; set; } = [];
}

/// <summary>Reads a source into blocks: record by record through the encoder, on a thread of its own when there is one to spare.</summary>
/// <remarks>
/// Block sizes depend on nothing but the rows before them (1, 1, 2, 4, … up to <see cref="LargestBlock"/>), so an interrupted and resumed
/// stream is cut in the same places as an uninterrupted one.
/// </remarks>
sealed class EncodedBlocks : IDisposable
{
    /// <summary>Rows of a full block.</summary>
    public const int LargestBlock = 4096;

    const int BlocksInFlight = 4;

    readonly DesignEncoder _encoder;
    readonly IModel _model;
    readonly RecordReader _reader;
    readonly BlockingCollection<EncodedBlock>? _full;
    readonly BlockingCollection<EncodedBlock>? _empty;
    readonly CancellationTokenSource _stop = new();
    readonly Thread? _thread;
    EncodedBlock? _single;
    ExceptionDispatchInfo? _failure;
    string[] _fingerprints = [];
    long _rows;

    /// <summary>Starts reading.</summary>
    /// <param name="source">What to read.</param>
    /// <param name="encoder">Encodes records; it may grow.</param>
    /// <param name="model">Says which responses can occur.</param>
    /// <param name="rowsBefore">Rows learned before this source, or before the position to resume from.</param>
    /// <param name="skip">Records to pass over.</param>
    /// <param name="overlap">Whether to read on a thread of its own.</param>
    public EncodedBlocks(DataSource source, DesignEncoder encoder, IModel model, long rowsBefore, long skip, bool overlap)
        : this(source.Open(), encoder, model, rowsBefore, skip, overlap)
    {
    }

    /// <summary>Starts reading from an open reader, which it takes over.</summary>
    public EncodedBlocks(RecordReader reader, DesignEncoder encoder, IModel model, long rowsBefore, long skip, bool overlap)
    {
        (_encoder, _model, _rows, _reader) = (encoder, model, rowsBefore, reader);
        encoder.Bind(reader.Columns, source: reader.FileName);
        if (skip > 0) { reader.Skip(skip); }
        Passed = [.. reader.Fingerprints];
        if (!overlap) { return; }
        (_full, _empty) = (new(BlocksInFlight), new(BlocksInFlight));
        for (var i = 0; i < BlocksInFlight; i++) { _empty.Add(new(encoder.CreateBlock(LargestBlock))); }
        _thread = new(ReadAhead) { IsBackground = true, Name = "FisherFlow reader" };
        _thread.Start();
    }

    /// <summary>The reader, for names and positions.</summary>
    public RecordReader Reader => _reader;

    /// <summary>Fingerprints of the files that were opened on the way to where reading began.</summary>
    public IReadOnlyList<string> Passed { get; }

    /// <summary>The next block, valid until the next call; null at the end.</summary>
    public EncodedBlock? Next(CancellationToken cancel)
    {
        if (_full is null)
        {
            _single ??= new(_encoder.CreateBlock(LargestBlock));
            cancel.ThrowIfCancellationRequested();
            return Fill(_single) ? _single : null;
        }
        if (_single is not null) { _empty!.Add(_single, cancel); }
        _single = null;
        if (_full.TryTake(out var block, Timeout.Infinite, cancel)) { return _single = block; }
        _failure?.Throw();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _thread?.Join();
        _reader.Dispose();
        _full?.Dispose();
        _empty?.Dispose();
        _stop.Dispose();
    }

    void ReadAhead()
    {
        try
        {
            while (_empty!.TryTake(out var block, Timeout.Infinite, _stop.Token))
            {
                if (!Fill(block)) { break; }
                _full!.Add(block, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The consumer has gone; so do we.
        }
        catch (Exception failure)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);   // the consumer rethrows it where it can be answered
        }
        finally
        {
            _full!.CompleteAdding();
        }
    }

    /// <summary>Fills a block; false when nothing at all was left, not even a rejected row.</summary>
    bool Fill(EncodedBlock target)
    {
        var rows = target.Rows;
        rows.Count = 0;
        target.Rejections = new();
        var wanted = (int)Math.Clamp(_rows, 1, LargestBlock);
        while (rows.Count < wanted && _reader.Read())
        {
            if (!_encoder.TryEncode(_reader, rows, _model, out var rejection))
            {
                target.Rejections.Add(rejection, _reader.FileName, _reader.Line, rejection.Column < 0 ? "" : _reader.Columns[rejection.Column]);
            }
        }
        _rows += rows.Count;
        (target.Records, target.BytesRead, target.Extent) = (_reader.Records, _reader.BytesRead, _encoder.Extent);
        if (_fingerprints.Length != _reader.Fingerprints.Count) { _fingerprints = [.. _reader.Fingerprints]; }
        target.Fingerprints = _fingerprints;
        return rows.Count > 0 || target.Rejections.Count > 0;
    }
}

/// <summary>The same stream again and again, for exact fits.</summary>
sealed class RereadSource(DataSource source, DesignEncoder encoder, IModel model, long rows, bool overlap, Action<int, EncodedBlock>? progress, CancellationToken cancel) : IBlockSource, IDisposable
{
    EncodedBlocks? _blocks;
    long _seen;
    int _pass = 1;

    /// <inheritdoc/>
    public bool CanRewind => source.CanReread;

    /// <inheritdoc/>
    public bool TryRead([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Block? block)
    {
        var next = (_blocks ??= Open()).Next(cancel);
        if (next is not null)
        {
            block = next.Rows;
            _seen += next.Rows.Count;
            progress?.Invoke(_pass, next);
            return true;
        }
        block = null;
        if (_seen != rows) { throw new DataException($"{source.Name} changed while it was read: {rows} rows in the first pass, {_seen} in pass {_pass}"); }
        return false;
    }

    /// <inheritdoc/>
    public void Rewind()
    {
        _blocks?.Dispose();
        _blocks = Open();
    }

    /// <inheritdoc/>
    public void Dispose() => _blocks?.Dispose();

    EncodedBlocks Open()
    {
        _seen = 0;
        _pass++;
        return new(source, encoder, model, 0, 0, overlap);
    }
}
