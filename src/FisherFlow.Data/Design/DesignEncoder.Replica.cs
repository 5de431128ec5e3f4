using FisherFlow.Data.Sources;
using FisherFlow.Models;

namespace FisherFlow.Data.Design;

/// <summary>What came of a record whose levels were looked up without adding any.</summary>
enum KnownRow
{
    /// <summary>It was appended.</summary>
    Encoded,

    /// <summary>It was rejected, whatever levels there are.</summary>
    Rejected,

    /// <summary>It has a level or a combination that is not known here; a row was left free for it.</summary>
    HasNews,
}

/// <summary>Encoders for other threads: they know what the one that leads knew when they last looked, and learn nothing by themselves.</summary>
/// <remarks>
/// Dictionaries grow by the leader alone, in stream order, so that numbers of levels and columns depend on no one's timing. What a replica encodes is
/// what the leader would have encoded, for numbers never change; what it does not know it leaves to the leader.
/// </remarks>
public sealed partial class DesignEncoder
{
    /// <summary>An encoder of the same formula that knows what this one knows; <see cref="Bind"/> comes next.</summary>
    internal DesignEncoder CreateReplica()
    {
        var replica = new DesignEncoder(_formula, _options, new(_formula, _plan.Catalog.Columns, _options), new(Schema.Terms, Schema.HasIntercept));
        replica.CatchUp(this);
        return replica;
    }

    /// <summary>Learns what the leader has learned since.</summary>
    internal void CatchUp(DesignEncoder leader)
    {
        for (var d = 0; d < _dictionaries.Length; d++)
        {
            var (mine, theirs) = (_dictionaries[d].Levels, leader._dictionaries[d].Levels);
            while (mine.Count < theirs.Count) { mine.Add(theirs.Names[mine.Count]); }
        }
        var known = Schema.Columns.Count;
        if (known == leader.Schema.Columns.Count) { return; }
        var columns = leader.Schema.Columns;
        for (var c = known; c < columns.Count; c++)
        {
            Schema.Add(columns[c].Term, columns[c].Levels);
            foreach (var slot in _slots)
            {
                if (slot.Term == columns[c].Term) { slot.Restore(c, columns[c].Levels); }
            }
        }
    }

    /// <summary>Appends the record to the block if it has no news.</summary>
    /// <exception cref="DataException">The response or the weight is outside its range, unless <see cref="DesignOptions.RejectInvalid"/>.</exception>
    internal KnownRow EncodeKnown(RecordReader record, Block block, IModel model, out Rejection rejection)
    {
        if (!TryReadRow(record, block, model, out rejection)) { return KnownRow.Rejected; }
        var row = block.Count++;
        foreach (var factor in _dictionaries) { if (factor.Level < 0) { return KnownRow.HasNews; } }
        for (var s = 0; s < _slots.Length; s++)
        {
            var column = _slots[s].Find();
            if (column < 0) { return KnownRow.HasNews; }
            SetSlot(block, row, s, column);
        }
        ClearEqualPairs(block, row);
        SetResponse(block, row);
        return KnownRow.Encoded;
    }

    /// <summary>Notes on a block how far the dictionaries have grown.</summary>
    internal void Seal(Block block)
    {
        block.Columns = _columns;
        block.Outcomes = Math.Max(1, Schema.Outcomes.Count);
    }
}
