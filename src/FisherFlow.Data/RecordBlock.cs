using System.Runtime.ExceptionServices;
using FisherFlow.Data.Sources;

namespace FisherFlow.Data;

/// <summary>Records that are encoded together, and what the reader knew when it had read them, so that a state can stop exactly there.</summary>
abstract class RecordBlock
{
    /// <summary>The records.</summary>
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

    /// <summary>Turns a reader to the records, of which none is rejected yet.</summary>
    protected void Begin(RecordReader record)
    {
        record.Take(Source);
        Rejections = new();
    }

    /// <summary>Notes that the record a reader is at was rejected.</summary>
    protected void Reject(RecordReader record, in Rejection rejection) =>
        Rejections.Add(rejection, record.FileName, record.Line, rejection.Column < 0 ? "" : record.Columns[rejection.Column]);
}
