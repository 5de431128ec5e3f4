namespace FisherFlow.Information;

/// <summary>Rows of a design: a dense part for the first parameters and a few (index, value) pairs for the others.</summary>
/// <remarks>
/// Dense column <c>j</c> belongs to parameter <c>j</c>; the slots name parameters by index, at or beyond <see cref="DenseColumns"/>.
/// A slot with index −1 is absent. A view: the arrays belong to the caller.
/// </remarks>
public readonly ref struct DesignRows
{
    /// <summary>Describes rows over the caller's arrays.</summary>
    /// <param name="count">Number of rows <c>n</c>.</param>
    /// <param name="denseColumns">Dense columns <c>k</c>.</param>
    /// <param name="dense">Dense values <c>[n, k]</c>, row by row.</param>
    /// <param name="slots">Slots a row <c>m</c>.</param>
    /// <param name="indices">Parameter indices <c>[n, m]</c>.</param>
    /// <param name="values">Slot values <c>[n, m]</c>, or empty when every value is one.</param>
    public DesignRows(int count, int denseColumns, ReadOnlySpan<double> dense, int slots, ReadOnlySpan<int> indices, ReadOnlySpan<double> values)
    {
        Count = count;
        DenseColumns = denseColumns;
        Dense = dense[..(count * denseColumns)];
        Slots = slots;
        Indices = indices[..(count * slots)];
        Values = values.IsEmpty ? values : values[..(count * slots)];
    }

    /// <summary>Number of rows <c>n</c>.</summary>
    public int Count { get; }

    /// <summary>Dense columns <c>k</c>.</summary>
    public int DenseColumns { get; }

    /// <summary>Dense values <c>[n, k]</c>.</summary>
    public ReadOnlySpan<double> Dense { get; }

    /// <summary>Slots a row <c>m</c>.</summary>
    public int Slots { get; }

    /// <summary>Parameter indices <c>[n, m]</c>; −1 is an absent slot.</summary>
    public ReadOnlySpan<int> Indices { get; }

    /// <summary>Slot values <c>[n, m]</c>; empty when every value is one.</summary>
    public ReadOnlySpan<double> Values { get; }

    /// <summary>The rows from <paramref name="start"/> on.</summary>
    public DesignRows Slice(int start, int count) => new(
        count, DenseColumns, Dense.Slice(start * DenseColumns, count * DenseColumns),
        Slots, Indices.Slice(start * Slots, count * Slots), Values.IsEmpty ? default : Values.Slice(start * Slots, count * Slots));
}
