using FisherFlow.Data.Design;
using FisherFlow.Data.Sources;
using FisherFlow.Models;

namespace FisherFlow.Data;

/// <summary>Reads a source into blocks of a regression's rows.</summary>
/// <remarks>
/// Blocks grow with the number of records before them (1, 1, 2, 4, … up to a full block of some MiB). Dictionaries grow on the thread that asks for blocks alone, in the order of the stream; what
/// another thread does not know it leaves to be settled there.
/// </remarks>
sealed class EncodedBlocks : RecordBlocks<EncodedBlock, DesignEncoder>
{
    const int SmallestFullBlock = 256;
    const int BlockBytes = 4 << 20;

    readonly DesignEncoder _encoder;
    readonly IModel _model;
    readonly int _fullBlock;
    readonly Lock _dictionaries = new();

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
        : base(Bound(reader, encoder), recordsBefore, skip, threads)
    {
        (_encoder, _model) = (encoder, model);
        var row = encoder.CreateBlock(1);
        _fullBlock = Math.Clamp(BlockBytes / (sizeof(double) * (row.DenseColumns + 1) + sizeof(int) * (row.Slots + 1)), SmallestFullBlock, LargestBlock);
    }

    /// <inheritdoc/>
    protected override EncodedBlock CreateBlock() => new(_encoder.CreateBlock(_fullBlock));

    /// <inheritdoc/>
    protected override int RecordsOf(long recordsBefore) => (int)Math.Clamp(recordsBefore, 1, _fullBlock);

    /// <inheritdoc/>
    protected override DesignEncoder CreateEncoder()
    {
        var replica = _encoder.CreateReplica();
        replica.Bind(Reader.Columns, source: Reader.FileName);
        return replica;
    }

    /// <inheritdoc/>
    protected override void Encode(EncodedBlock block) => block.Encode(_encoder, Record, _model);

    /// <inheritdoc/>
    protected override void Encode(EncodedBlock block, DesignEncoder encoder, RecordReader record)
    {
        lock (_dictionaries) { encoder.CatchUp(_encoder); }
        block.EncodeKnown(encoder, record, _model);
    }

    /// <inheritdoc/>
    protected override void Settle(EncodedBlock block)
    {
        if (block.HasNews)
        {
            lock (_dictionaries) { block.Settle(_encoder, Record, _model); }
        }
        _encoder.Seal(block.Rows);
    }

    /// <summary>What the columns lack is told before records are passed over.</summary>
    static RecordReader Bound(RecordReader reader, DesignEncoder encoder)
    {
        encoder.Bind(reader.Columns, source: reader.FileName);
        return reader;
    }
}
