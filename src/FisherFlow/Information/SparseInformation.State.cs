using System.Runtime.InteropServices;
using FisherFlow.Snapshots;

namespace FisherFlow.Information;

public sealed partial class SparseInformation
{
    /// <inheritdoc/>
    public void Remap(ReadOnlySpan<int> map, int dimension)
    {
        ParameterMap.Verify(map, Dimension, dimension);
        var diagonal = new double[dimension];
        for (var i = 0; i < map.Length; i++) { diagonal[map[i]] = _diagonal[i]; }
        _diagonal = diagonal;
        _places.Clear();
        for (var e = 0; e < _pairs.Count; e++)
        {
            var (i, j) = (map[_pairs[e].First], map[_pairs[e].Second]);
            _pairs[e] = (Math.Min(i, j), Math.Max(i, j));
            _places.Add(_pairs[e], e);
        }
        (_order, _factor) = (null, null);
    }

    /// <inheritdoc/>
    public SparseInformation CreateEmpty() => _isFixed ? new(Dimension, _pairs) : new(Dimension);

    /// <inheritdoc/>
    public SparseInformation Copy()
    {
        var copy = new SparseInformation(Dimension, _pairs, _isFixed);
        _diagonal.CopyTo(copy._diagonal, 0);
        CollectionsMarshal.AsSpan(_values).CopyTo(CollectionsMarshal.AsSpan(copy._values));
        return copy;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Dimension);
        writer.Write(_isFixed);
        writer.Write(_diagonal);
        writer.Write(MemoryMarshal.Cast<(int, int), int>(CollectionsMarshal.AsSpan(_pairs)));
        writer.Write(CollectionsMarshal.AsSpan(_values));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">Lengths disagree, a pair is not legal or a number is not finite.</exception>
    public static SparseInformation Load(StateReader reader)
    {
        var (dimension, isFixed) = (reader.ReadInt32(), reader.ReadBoolean());
        var diagonal = Stored.NonNegative(Stored.Numbers(reader, dimension));
        var numbers = reader.ReadInt32s();
        if (numbers.Length % 2 != 0) { throw new InvalidDataException("half a pair of parameters is missing"); }
        var pairs = MemoryMarshal.Cast<int, (int First, int Second)>(numbers).ToArray();
        if (Array.Exists(pairs, pair => pair.First < 0 || pair.First >= pair.Second || pair.Second >= dimension)) { throw new InvalidDataException($"a pair names parameters that are not two of 0 to {dimension - 1}"); }
        var values = Stored.Numbers(reader, pairs.Length);
        var loaded = new SparseInformation(dimension, pairs, isFixed) { _diagonal = diagonal };
        if (loaded.Pairs != pairs.Length) { throw new InvalidDataException("a pair of parameters is there twice"); }
        values.CopyTo(CollectionsMarshal.AsSpan(loaded._values));
        return loaded;
    }

    /// <inheritdoc/>
    public double[,] ToDense()
    {
        var dense = new double[Dimension, Dimension];
        for (var i = 0; i < Dimension; i++) { dense[i, i] = _diagonal[i]; }
        for (var e = 0; e < _pairs.Count; e++)
        {
            var (i, j) = _pairs[e];
            dense[i, j] = dense[j, i] = _values[e];
        }
        return dense;
    }

    SparseInformation(int dimension, IEnumerable<(int First, int Second)> pairs, bool isFixed) : this(dimension)
    {
        foreach (var (first, second) in pairs) { Place(first, second); }
        _isFixed = isFixed;
    }
}
