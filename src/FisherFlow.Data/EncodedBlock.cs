using FisherFlow.Data.Design;
using FisherFlow.Data.Sources;
using FisherFlow.Models;

namespace FisherFlow.Data;

/// <summary>A block of a regression's rows with the records that it was encoded from.</summary>
sealed class EncodedBlock(Block rows) : RecordBlock
{
    readonly List<(int Record, int Row)> _news = [];

    /// <summary>The encoded rows.</summary>
    public Block Rows { get; } = rows;

    /// <summary>Encodes the records by the encoder that leads, whose dictionaries grow.</summary>
    public void Encode(DesignEncoder encoder, RecordReader record, IModel model)
    {
        Empty(record);
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
        Empty(record);
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

    void Empty(RecordReader record)
    {
        Begin(record);
        Rows.Count = 0;
        _news.Clear();
    }
}
