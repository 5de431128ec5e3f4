using FisherFlow.Snapshots;

namespace FisherFlow.Likelihoods;

/// <summary>Rows that are not folded yet, with their weights: the bounded memory of the stream.</summary>
sealed class RowStore(int columns)
{
    const int Smallest = 256;

    double[] _rows = [];
    double[] _weights = [];
    int _first;   // rows before it have been dropped

    public int Count { get; private set; }

    public ReadOnlySpan<double> Weights => _weights.AsSpan(_first, Count);

    public ReadOnlySpan<double> Rows => _rows.AsSpan(_first * columns, Count * columns);

    /// <summary>Appends rows <c>[n, columns]</c> with weights <c>[n]</c>, or weights of one when there are none.</summary>
    public void Append(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, int count)
    {
        if (_first > 0 && _first + Count + count > _weights.Length)
        {
            Rows.CopyTo(_rows);
            Weights.CopyTo(_weights);
            _first = 0;
        }
        if (Count + count > _weights.Length)
        {
            var capacity = Math.Max(Math.Max(Smallest, Count + count), 2 * _weights.Length);
            Array.Resize(ref _rows, capacity * columns);
            Array.Resize(ref _weights, capacity);
        }
        rows[..(count * columns)].CopyTo(_rows.AsSpan((_first + Count) * columns));
        var target = _weights.AsSpan(_first + Count, count);
        if (weights.IsEmpty) { target.Fill(1); } else { weights[..count].CopyTo(target); }
        Count += count;
    }

    public void Clear() => (_first, Count) = (0, 0);

    /// <summary>Lets the oldest rows go.</summary>
    public void Drop(int count)
    {
        _first += count;
        Count -= count;
    }

    /// <summary>Leaves out the rows that are marked <c>[n]</c>; the others keep their order.</summary>
    public void Drop(ReadOnlySpan<bool> dropped)
    {
        var kept = _first;
        for (var i = 0; i < dropped.Length; i++)
        {
            if (dropped[i]) { continue; }
            Rows.Slice(i * columns, columns).CopyTo(_rows.AsSpan(kept * columns));
            _weights[kept++] = Weights[i];
        }
        Count = kept - _first;
    }

    public RowStore Copy()
    {
        var copy = new RowStore(columns);
        copy.Append(Rows, Weights, Count);
        return copy;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(Rows);
        writer.Write(Weights);
    }

    public static RowStore Load(StateReader reader, int columns)
    {
        var store = new RowStore(columns);
        var (rows, weights) = (reader.ReadDoubles(), reader.ReadDoubles());
        if (rows.Length != (long)weights.Length * columns) { throw new InvalidDataException($"{weights.Length} buffered rows come with {rows.Length} numbers, not {columns} each"); }
        store.Append(rows, weights, weights.Length);
        return store;
    }
}
