using System.IO.Hashing;
using FisherFlow.Data.Sources;

namespace FisherFlow.Data.Design;

/// <summary>The texts of one or several columns, spread over a fixed number of slots without a dictionary.</summary>
/// <remarks>
/// The slot is XxHash3 of the field's bytes as they stand in the file, quotes taken off, modulo the number of slots; a further field is hashed with the hash before it as its seed. The same
/// text is the same slot in every file, run and machine; texts that meet in a slot share a coefficient. Source: Weinberger et al. (2009), feature hashing; Collet, XXH3.
/// </remarks>
sealed class HashedFields(string[] columns, int slots)
{
    readonly int[] _positions = new int[columns.Length];

    /// <summary>The columns whose texts are hashed together.</summary>
    public IReadOnlyList<string> Columns => columns;

    /// <summary>The row's slot, from 0.</summary>
    public int Slot { get; private set; }

    /// <summary>Takes the columns' positions from a header.</summary>
    public void Bind(IReadOnlyDictionary<string, int> positions)
    {
        for (var i = 0; i < columns.Length; i++) { _positions[i] = positions[columns[i]]; }
    }

    /// <summary>Hashes the row's fields, or says which is missing.</summary>
    public bool TryRead(RecordReader record, out Rejection rejection)
    {
        rejection = default;
        var hash = 0UL;
        foreach (var position in _positions)
        {
            var field = record.Field(position);
            if (FieldParser.IsMissing(field))
            {
                rejection = RowInputs.Reject(RejectionReason.Missing, position, field);
                return false;
            }
            hash = XxHash3.HashToUInt64(field, (long)hash);
        }
        Slot = (int)(hash % (ulong)slots);
        return true;
    }
}
