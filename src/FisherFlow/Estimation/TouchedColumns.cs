using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>The design columns that the rows of a batch touch, numbered from 0: where nothing couples parameters, the others need not be looked at.</summary>
/// <remarks>A batch of n rows with m slots touches <c>n·m</c> columns at most, of millions. Allocates nothing once its arrays have grown.</remarks>
sealed class TouchedColumns
{
    int[] _local = [];      // column → its number here + 1, or 0
    int[] _columns = [];    // number → column
    int[] _parameters = []; // parameter here → parameter there

    /// <summary>The columns, by number.</summary>
    public ReadOnlySpan<int> Columns => _columns.AsSpan(0, Shape.Columns);

    /// <summary>Parameters under the whole shape, by their index here.</summary>
    public ReadOnlySpan<int> Parameters => _parameters.AsSpan(0, Dimension);

    /// <summary>The sizes here.</summary>
    public ModelShape Shape { get; private set; }

    /// <summary>Number of parameters here.</summary>
    public int Dimension { get; private set; }

    /// <summary>Renumbers the slots of the first rows, in place.</summary>
    public void Enter(IModel model, Block rows, int count, in ModelShape whole)
    {
        if (_local.Length < whole.Columns) { _local = new int[whole.Columns]; }
        var most = whole.DenseColumns + count * rows.Slots;
        if (_columns.Length < most) { _columns = new int[most]; }
        var known = whole.DenseColumns;
        for (var c = 0; c < known; c++) { _columns[c] = c; }
        var indices = rows.Indices.AsSpan(0, count * rows.Slots);
        foreach (ref var index in indices)
        {
            if (index < 0) { continue; }
            if (_local[index] == 0)
            {
                _columns[known] = index;
                _local[index] = ++known;
            }
            index = _local[index] - 1;
        }
        Shape = new(whole.DenseColumns, known, whole.Outcomes);
        Dimension = model.Dimension(Shape);
        if (_parameters.Length < Dimension) { _parameters = new int[Math.Max(Dimension, 2 * _parameters.Length)]; }
        for (var o = 0; o < whole.Outcomes; o++)
        {
            for (var c = -1; c < known; c++)
            {
                var here = model.Parameter(Shape, o, c);
                if (here >= 0) { _parameters[here] = model.Parameter(whole, o, c < 0 ? c : _columns[c]); }
            }
        }
    }

    /// <summary>Gives the slots of the first rows their columns back.</summary>
    public void Leave(Block rows, int count)
    {
        foreach (ref var index in rows.Indices.AsSpan(0, count * rows.Slots))
        {
            if (index >= 0) { index = _columns[index]; }
        }
        for (var c = Shape.DenseColumns; c < Shape.Columns; c++) { _local[_columns[c]] = 0; }
    }
}
