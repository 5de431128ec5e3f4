namespace FisherFlow.Information;

/// <summary>The non-zeros of one design row at a time, in increasing order of their parameters, each parameter once.</summary>
/// <remarks>Cost: <c>O(k log k)</c> for k entries, <c>O(k)</c> when they come in order. Allocates: only when a row is wider than any before.</remarks>
sealed class RowEntries
{
    int[] _columns = [];
    double[] _values = [];

    /// <summary>Number of entries of the row last read.</summary>
    public int Count { get; private set; }

    /// <summary>Parameters of the row last read.</summary>
    public ReadOnlySpan<int> Columns => _columns.AsSpan(0, Count);

    /// <summary>Their values.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    /// <summary>Reads row <paramref name="r"/>; two slots of one parameter are added.</summary>
    /// <param name="rows">Design rows.</param>
    /// <param name="r">Which of them.</param>
    public void Read(in DesignRows rows, int r)
    {
        int k = rows.DenseColumns, m = rows.Slots;
        if (_columns.Length < k + m) { (_columns, _values) = (new int[k + m], new double[k + m]); }
        var (count, last, ordered) = (0, -1, true);
        for (var j = 0; j < k; j++)
        {
            var value = rows.Dense[r * k + j];
            if (value == 0) { continue; }
            (_columns[count], _values[count]) = (j, value);
            last = j;
            count++;
        }
        for (var a = r * m; a < (r + 1) * m; a++)
        {
            var column = rows.Indices[a];
            var value = rows.Values.IsEmpty ? 1 : rows.Values[a];
            if (column < 0 || value == 0) { continue; }
            (_columns[count], _values[count]) = (column, value);
            ordered &= column > last;
            last = column;
            count++;
        }
        Count = ordered ? count : Merge(count);
    }

    int Merge(int count)
    {
        _columns.AsSpan(0, count).Sort(_values.AsSpan(0, count));
        var kept = 0;
        for (var a = 1; a < count; a++)
        {
            if (_columns[a] == _columns[kept])
            {
                _values[kept] += _values[a];
                continue;
            }
            kept++;
            (_columns[kept], _values[kept]) = (_columns[a], _values[a]);
        }
        return kept + 1;
    }
}
