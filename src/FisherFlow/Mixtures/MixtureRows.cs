using System.Runtime.InteropServices;
using FisherFlow.Snapshots;

namespace FisherFlow.Mixtures;

/// <summary>Rows held in memory, one after the other.</summary>
sealed class MixtureRows
{
    readonly List<int> _columns = [];
    readonly List<double> _values = [];
    readonly List<int> _ends = [];
    readonly List<double> _outcomes = [];   // response and weight of each

    public int Count => _ends.Count;

    public MixtureRow this[int index]
    {
        get
        {
            var start = index == 0 ? 0 : _ends[index - 1];
            var length = _ends[index] - start;
            return new(CollectionsMarshal.AsSpan(_columns).Slice(start, length), CollectionsMarshal.AsSpan(_values).Slice(start, length), _outcomes[2 * index], _outcomes[2 * index + 1]);
        }
    }

    public void Add(in MixtureRow row)
    {
        _columns.AddRange(row.Columns);
        _values.AddRange(row.Values);
        _ends.Add(_columns.Count);
        _outcomes.Add(row.Response);
        _outcomes.Add(row.Weight);
    }

    /// <summary>Adds others, whose columns have other numbers here.</summary>
    public void Add(MixtureRows other, MixtureMap map)
    {
        var start = _columns.Count;
        foreach (var column in other._columns) { _columns.Add(map.Column(column)); }
        _values.AddRange(other._values);
        foreach (var end in other._ends) { _ends.Add(start + end); }
        _outcomes.AddRange(other._outcomes);
    }

    /// <summary>About so many of them, evenly spread.</summary>
    public MixtureRows Thinned(int most)
    {
        if (Count <= most) { return this; }
        var some = new MixtureRows();
        for (var i = 0; i < most; i++) { some.Add(this[(int)((long)i * Count / most)]); }
        return some;
    }

    public MixtureRows Copy(ReadOnlySpan<int> columns = default)
    {
        var copy = new MixtureRows();
        copy._columns.AddRange(_columns);
        copy._values.AddRange(_values);
        copy._ends.AddRange(_ends);
        copy._outcomes.AddRange(_outcomes);
        for (var i = 0; i < _columns.Count && !columns.IsEmpty; i++) { copy._columns[i] = columns[_columns[i]]; }
        return copy;
    }

    public void Clear()
    {
        _columns.Clear();
        _columns.TrimExcess();
        _values.Clear();
        _values.TrimExcess();
        _ends.Clear();
        _ends.TrimExcess();
        _outcomes.Clear();
        _outcomes.TrimExcess();
    }

    public void Save(StateWriter writer)
    {
        writer.Write(CollectionsMarshal.AsSpan(_columns));
        writer.Write(CollectionsMarshal.AsSpan(_values));
        writer.Write(CollectionsMarshal.AsSpan(_ends));
        writer.Write(CollectionsMarshal.AsSpan(_outcomes));
    }

    public static MixtureRows Load(StateReader reader)
    {
        var rows = new MixtureRows();
        rows._columns.AddRange(reader.ReadInt32s());
        rows._values.AddRange(reader.ReadDoubles());
        rows._ends.AddRange(reader.ReadInt32s());
        rows._outcomes.AddRange(reader.ReadDoubles());
        var isWhole = rows._outcomes.Count == 2 * rows.Count && rows._values.Count == rows._columns.Count && (rows.Count == 0 || rows._ends[^1] == rows._columns.Count);
        return isWhole ? rows : throw new InvalidDataException("the rows of the mixture do not fit together");
    }
}
