using System.Runtime.ExceptionServices;
using FisherFlow.Data.Design;
using FisherFlow.Data.Sources;
using FisherFlow.Models;

namespace FisherFlow.Data;

/// <summary>A block with the records that it was encoded from, and what the reader knew when it had read them, so that a state can stop exactly there.</summary>
sealed class EncodedBlock(Block rows)
{
    readonly List<(int Record, int Row)> _news = [];

    /// <summary>The encoded rows.</summary>
    public Block Rows { get; } = rows;

    /// <summary>Their records.</summary>
    public RecordBatch Source { get; } = new();

    /// <summary>Rows rejected on the way.</summary>
    public RejectionLog Rejections { get; private set; } = new();

    /// <summary>Records of the source consumed so far, rejected ones included.</summary>
    public long Records { get; private set; }

    /// <summary>Bytes of the source read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Fingerprints of the files opened so far.</summary>
    public IReadOnlyList<string> Fingerprints { get; private set; } = [];

    /// <summary>What stopped the reading or the encoding within this block; it is thrown where the block is asked for.</summary>
    public ExceptionDispatchInfo? Failure { get; set; }

    /// <summary>Whether reading ended within it.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Reads the records.</summary>
    public void Read(RecordReader reader, int records)
    {
        (Failure, IsLast) = (null, true);
        try
        {
            IsLast = !reader.SetAside(Source, records);
        }
#pragma warning disable CA1031 // rethrown where the block is asked for
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failure = ExceptionDispatchInfo.Capture(failure);
        }
        (Records, BytesRead) = (reader.Records, reader.BytesRead);
        if (Fingerprints.Count != reader.Fingerprints.Count) { Fingerprints = [.. reader.Fingerprints]; }
    }

    /// <summary>Encodes the records by the encoder that leads, whose dictionaries grow.</summary>
    public void Encode(DesignEncoder encoder, RecordReader record, IModel model)
    {
        Begin(record);
        for (var i = 0; i < Source.Count; i++)
        {
            record.MoveTo(i);
            if (!encoder.TryEncode(record, Rows, model, out var rejection)) { Reject(record, rejection); }
        }
        encoder.Seal(Rows);
    }

    /// <summary>Encodes what a replica knows; <see cref="Settle"/> does the rest.</summary>
    public void EncodeKnown(DesignEncoder replica, RecordReader record, IModel model)
    {
        Begin(record);
        for (var i = 0; i < Source.Count; i++)
        {
            record.MoveTo(i);
            switch (replica.EncodeKnown(record, Rows, model, out var rejection))
            {
                case KnownRow.Rejected: Reject(record, rejection); break;
                case KnownRow.HasNews: _news.Add((i, Rows.Count - 1)); break;
            }
        }
    }

    /// <summary>Whether rows wait for the encoder that leads.</summary>
    public bool HasNews => _news.Count > 0;

    /// <summary>Encodes the rows that a replica has left out; the blocks before have been settled.</summary>
    public void Settle(DesignEncoder encoder, RecordReader record, IModel model)
    {
        record.Take(Source);
        var count = Rows.Count;
        foreach (var (number, row) in _news)
        {
            record.MoveTo(number);
            Rows.Count = row;
            if (encoder.TryEncode(record, Rows, model, out _)) { continue; }
            Encode(encoder, record, model);   // a level too many: rows move up, which is seldom and not worth a way of its own
            return;
        }
        Rows.Count = count;
    }

    void Begin(RecordReader record)
    {
        record.Take(Source);
        Rows.Count = 0;
        Rejections = new();
        _news.Clear();
    }

    void Reject(RecordReader record, in Rejection rejection) =>
        Rejections.Add(rejection, record.FileName, record.Line, rejection.Column < 0 ? "" : record.Columns[rejection.Column]);
}
