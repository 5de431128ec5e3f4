using System.Runtime.InteropServices;
using FisherFlow.Snapshots;

namespace FisherFlow.Information;

/// <summary>Renaming, copying and saving, to the bit: what a row has missed is saved with it.</summary>
sealed partial class LowRankColumns
{
    /// <summary>Moves row i of C to <paramref name="map"/>[i] of <paramref name="dimension"/>.</summary>
    public void Remap(ReadOnlySpan<int> map, int dimension)
    {
        if (_base.Length > 0)
        {
            var (rows, turn) = (new double[checked(dimension * _width)], Filled(dimension));
            for (var i = 0; i < map.Length; i++)
            {
                _base.AsSpan(i * _width, _width).CopyTo(rows.AsSpan(map[i] * _width));
                turn[map[i]] = _turn[i];
            }
            (_base, _turn) = (rows, turn);
        }
        for (var p = 0; p < Rows; p++)
        {
            for (var e = _starts[p]; e < _starts[p + 1]; e++) { _columns[e] = map[_columns[e]]; }
            _columns.AsSpan(_starts[p].._starts[p + 1]).Sort(_values.AsSpan(_starts[p].._starts[p + 1]));
        }
        Dimension = dimension;
    }

    public LowRankColumns Copy()
    {
        var copy = new LowRankColumns(Dimension, _width, _rowLimit) { _base = (double[])_base.Clone(), _turn = (byte[])_turn.Clone(), _turns = _turns, _scale = _scale, Rank = Rank };
        _missed.CopyTo(copy._missed, 0);
        _squares.CopyTo(copy._squares, 0);
        for (var p = 0; p < Rows; p++) { copy.Append(_columns.AsSpan(_starts[p].._starts[p + 1]), _values.AsSpan(_starts[p].._starts[p + 1]), 1); }
        return copy;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(Rank);
        writer.Write(_turns);
        writer.Write(_scale);
        writer.Write(_base);
        var turn = new int[(_turn.Length + 3) / 4];
        _turn.AsSpan().CopyTo(MemoryMarshal.AsBytes(turn.AsSpan()));
        writer.Write(turn);
        writer.Write(_missed.AsSpan(0, (_turns + 1) * _width * _width));
        writer.Write(_squares);
        writer.Write(CollectionsMarshal.AsSpan(_starts));
        writer.Write(_columns.AsSpan(0, _starts[^1]));
        writer.Write(_values.AsSpan(0, _starts[^1]));
    }

    /// <exception cref="InvalidDataException">Lengths disagree, an index is out of range or a number is not finite.</exception>
    public static LowRankColumns Load(StateReader reader, int dimension, int width, int rowLimit)
    {
        var columns = new LowRankColumns(dimension, width, rowLimit) { Rank = reader.ReadInt32(), _turns = reader.ReadInt32(), _scale = reader.ReadDouble() };
        columns._base = reader.ReadDoubles();
        var turn = MemoryMarshal.AsBytes<int>(reader.ReadInt32s());
        columns._turn = columns._base.Length == 0 ? [] : turn[..Math.Min(turn.Length, dimension)].ToArray();
        if (columns.Rank < 0 || columns.Rank > width || columns._turns is < 0 or >= Turns || !double.IsFinite(columns._scale)
            || columns._base.Length != 0 && (columns._base.Length != (long)dimension * width || columns._turn.Length != dimension)
            || Array.Exists(columns._turn, t => t > columns._turns && t != Untouched) || !RowCheck.IsFinite(columns._base))
        {
            throw new InvalidDataException($"directions of {dimension} parameters are damaged");
        }
        Stored.Numbers(reader, (columns._turns + 1) * width * width).CopyTo(columns._missed, 0);
        Stored.NonNegative(Stored.Numbers(reader, width)).CopyTo(columns._squares, 0);
        var starts = reader.ReadInt32s();
        var (indices, values) = (reader.ReadInt32s(), reader.ReadDoubles());
        if (starts.Length == 0 || starts[0] != 0 || starts.Length - 1 > rowLimit || starts[^1] != indices.Length || values.Length != indices.Length
            || Array.Exists(indices, i => (uint)i >= (uint)dimension) || !RowCheck.IsFinite(values))
        {
            throw new InvalidDataException("rows that wait to be compressed are damaged");
        }
        for (var p = 1; p < starts.Length; p++)
        {
            if (starts[p] < starts[p - 1]) { throw new InvalidDataException("rows that wait to be compressed are damaged"); }
            columns.Append(indices.AsSpan(starts[p - 1]..starts[p]), values.AsSpan(starts[p - 1]..starts[p]), 1);
        }
        return columns;
    }
}
