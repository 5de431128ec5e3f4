using System.Buffers;
using System.Runtime.CompilerServices;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>Encoded rows that are not folded into the evidence yet: the bounded memory of the stream.</summary>
/// <remarks>Rows that touch a level with little information behind it ("young") sit at the tail, so that the rest can be folded before them.</remarks>
sealed class RowBuffer(Block layout)
{
    const int Smallest = 256;
    const int Large = 4096;
    const int FirstBytes = 2 << 20;

    /// <summary>The rows, in one block that grows by multiples.</summary>
    public Block Rows { get; private set; } = layout;

    /// <summary>Number of rows <c>n</c>.</summary>
    public int Count => Rows.Count;

    /// <summary>Bytes that one row takes.</summary>
    public static int BytesPerRow(Block layout) =>
        8 * (layout.DenseColumns + 3) + layout.Slots * (layout.HasValues ? 12 : 4) + (layout.HasTrials ? 8 : 0) + (layout.HasClusters ? 4 : 0) + 8 * layout.Layout.Details;

    /// <summary>What a first buffer counts as where it was asked to be smaller: a handful of rows says nothing of how many a first solution needs.</summary>
    public static int FewestAtFirst(Block layout) => Math.Clamp(FirstBytes / BytesPerRow(layout), 1, Smallest);

    /// <summary>Appends rows of a block; so many rows are the most that the buffer will hold, as far as is known.</summary>
    public void Append(Block block, int start, int count, int most = int.MaxValue)
    {
        if (Count + count > Rows.Capacity) { Grow(Count + count, most); }
        CopyRows(block, start, Rows, Count, count);
        Rows.Count += count;
        Rows.Columns = Math.Max(Rows.Columns, block.Columns);
        Rows.Outcomes = Math.Max(Rows.Outcomes, block.Outcomes);
    }

    /// <summary>Makes room for so many rows at once; more than <paramref name="most"/> will not come.</summary>
    public void Reserve(int rows, int most)
    {
        if (rows > Rows.Capacity) { Grow(rows, most); }
    }

    /// <summary>Appends all rows of a block, and lets the owner fold whenever the buffer is full.</summary>
    public void Pour(Block block, IBufferOwner owner)
    {
        for (var start = 0; start < block.Count;)
        {
            var rows = Math.Min(block.Count - start, Math.Max(1, owner.Capacity - Count));
            Append(block, start, rows, owner.Capacity);
            start += rows;
            if (Count >= owner.Capacity) { owner.Fold(); }
        }
    }

    /// <summary>Forgets the first rows.</summary>
    public void DropFirst(int count)
    {
        CopyRows(Rows, count, Rows, 0, Count - count);
        Rows.Count -= count;
    }

    /// <summary>Moves the rows for which <paramref name="isYoung"/> <c>[n]</c> holds behind all others, keeping the order on both sides.</summary>
    public void MoveBack(ReadOnlySpan<bool> isYoung)
    {
        var kept = isYoung.Count(false);
        if (kept == 0 || kept == Count) { return; }
        var rented = ArrayPool<int>.Shared.Rent(Count);
        var order = rented.AsSpan(0, Count);
        var (first, last) = (0, kept);
        for (var i = 0; i < isYoung.Length; i++)
        {
            if (isYoung[i]) { order[last++] = i; } else { order[first++] = i; }
        }
        Arrange(Rows.Dense, Rows.DenseColumns, order, kept);
        Arrange(Rows.Indices, Rows.Slots, order, kept);
        Arrange(Rows.Response, 1, order, kept);
        Arrange(Rows.Weight, 1, order, kept);
        Arrange(Rows.Offset, 1, order, kept);
        if (Rows.HasValues) { Arrange(Rows.Values, Rows.Slots, order, kept); }
        if (Rows.HasTrials) { Arrange(Rows.Trials, 1, order, kept); }
        if (Rows.HasClusters) { Arrange(Rows.Cluster, 1, order, kept); }
        if (Rows.Details.Length > 0) { Arrange(Rows.Details, Rows.Layout.Details, order, kept); }
        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>A copy with its own storage.</summary>
    public RowBuffer Copy()
    {
        var copy = new RowBuffer(CreateLike(Rows, Math.Max(Count, Smallest)));
        copy.Append(Rows, 0, Count);
        return copy;
    }

    /// <summary>Renames design columns, outcomes and clusters by maps from old to new.</summary>
    public void Rename(ReadOnlySpan<int> columns, ReadOnlySpan<int> outcomes, ReadOnlySpan<int> clusters, ModelShape shape)
    {
        for (var i = 0; i < Count * Rows.Slots; i++)
        {
            if (Rows.Indices[i] >= 0) { Rows.Indices[i] = columns[Rows.Indices[i]]; }
        }
        for (var i = 0; i < Count && !outcomes.IsEmpty; i++) { Rows.Response[i] = outcomes[(int)Rows.Response[i]]; }
        for (var i = 0; i < Count && Rows.HasClusters; i++) { Rows.Cluster[i] = clusters[Rows.Cluster[i]]; }
        Rows.Columns = shape.Columns;
        Rows.Outcomes = shape.Outcomes;
    }

    /// <summary>Writes the rows, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(Count);
        writer.Write(Rows.Columns);
        writer.Write(Rows.Outcomes);
        writer.Write(Rows.Dense.AsSpan(0, Count * Rows.DenseColumns));
        writer.Write(Rows.Indices.AsSpan(0, Count * Rows.Slots));
        writer.Write(Rows.Values.AsSpan(0, Rows.HasValues ? Count * Rows.Slots : 0));
        writer.Write(Rows.Response.AsSpan(0, Count));
        writer.Write(Rows.Weight.AsSpan(0, Count));
        writer.Write(Rows.Offset.AsSpan(0, Count));
        writer.Write(Rows.Trials.AsSpan(0, Rows.HasTrials ? Count : 0));
        writer.Write(Rows.Cluster.AsSpan(0, Rows.HasClusters ? Count : 0));
        if (Rows.Layout.Details > 0) { writer.Write(Rows.Details.AsSpan(0, Count * Rows.Layout.Details)); }
    }

    /// <summary>Reads what <see cref="Save"/> wrote into a buffer of that layout.</summary>
    /// <exception cref="InvalidDataException">The arrays do not fit the layout.</exception>
    public static RowBuffer Load(StateReader reader, Block layout)
    {
        var (count, columns, outcomes) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        if (count < 0 || count > reader.Remaining / 8) { throw new InvalidDataException($"the buffer claims {count} rows"); }
        var rows = CreateLike(layout, Math.Max(count, Smallest));
        Fill(reader.ReadDoubles(), rows.Dense, count * layout.DenseColumns);
        Fill(reader.ReadInt32s(), rows.Indices, count * layout.Slots);
        Fill(reader.ReadDoubles(), rows.Values, rows.HasValues ? count * layout.Slots : 0);
        Fill(reader.ReadDoubles(), rows.Response, count);
        Fill(reader.ReadDoubles(), rows.Weight, count);
        Fill(reader.ReadDoubles(), rows.Offset, count);
        Fill(reader.ReadDoubles(), rows.Trials, rows.HasTrials ? count : 0);
        Fill(reader.ReadInt32s(), rows.Cluster, rows.HasClusters ? count : 0);
        if (rows.Layout.Details > 0) { Fill(reader.ReadDoubles(), rows.Details, count * rows.Layout.Details); }
        (rows.Count, rows.Columns, rows.Outcomes) = (count, columns, outcomes);
        return new(rows);
    }

    static void Fill<T>(T[] source, T[] target, int expected)
    {
        if (source.Length != expected) { throw new InvalidDataException($"the buffer holds {source.Length} numbers where {expected} belong"); }
        source.CopyTo(target, 0);
    }

    void Grow(int needed, int most)
    {
        var grown = Math.Max(Smallest, (most == int.MaxValue || Rows.Capacity < Large ? 2 : 8) * Rows.Capacity);   // fresh memory costs more than rows once there are many
        var larger = CreateLike(Rows, Math.Max(needed, Math.Min(most, grown)));
        CopyRows(Rows, 0, larger, 0, Count);
        (larger.Count, larger.Columns, larger.Outcomes) = (Count, Rows.Columns, Rows.Outcomes);
        Rows = larger;
    }

    /// <summary>Puts rows of that width in order; the first <paramref name="kept"/> only move forwards, so nothing but the others has to wait elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Arrange<T>(T[] values, int width, ReadOnlySpan<int> order, int kept)
    {
        var tail = ArrayPool<T>.Shared.Rent((order.Length - kept) * width);
        for (int i = kept, at = 0; i < order.Length; i++)
        {
            for (var from = order[i] * width; from < (order[i] + 1) * width; from++) { tail[at++] = values[from]; }
        }
        for (int i = 0, at = 0; i < kept; i++)
        {
            for (var from = order[i] * width; from < (order[i] + 1) * width; from++) { values[at++] = values[from]; }
        }
        tail.AsSpan(0, (order.Length - kept) * width).CopyTo(values.AsSpan(kept * width));
        ArrayPool<T>.Shared.Return(tail);
    }

    internal static Block CreateLike(Block block, int capacity) =>
        new(capacity, block.DenseColumns, block.Slots, block.HasValues, block.HasTrials, block.HasClusters, block.Layout) { Columns = block.Columns, Outcomes = block.Outcomes };

    static void CopyRows(Block from, int start, Block to, int at, int count)
    {
        Array.Copy(from.Dense, start * from.DenseColumns, to.Dense, at * to.DenseColumns, count * to.DenseColumns);
        Array.Copy(from.Indices, start * from.Slots, to.Indices, at * to.Slots, count * to.Slots);
        if (to.HasValues) { Array.Copy(from.Values, start * from.Slots, to.Values, at * to.Slots, count * to.Slots); }
        Array.Copy(from.Response, start, to.Response, at, count);
        Array.Copy(from.Weight, start, to.Weight, at, count);
        Array.Copy(from.Offset, start, to.Offset, at, count);
        if (to.HasTrials) { Array.Copy(from.Trials, start, to.Trials, at, count); }
        if (to.HasClusters) { Array.Copy(from.Cluster, start, to.Cluster, at, count); }
        if (to.Layout.Details > 0) { Array.Copy(from.Details, start * from.Layout.Details, to.Details, at * to.Layout.Details, count * to.Layout.Details); }
    }
}

/// <summary>An estimator whose rows wait in a buffer.</summary>
interface IBufferOwner
{
    /// <summary>Rows that the buffer may hold before it is folded.</summary>
    int Capacity { get; }

    /// <summary>Empties a full buffer, or lets it grow.</summary>
    void Fold();
}
