namespace FisherFlow.Mixtures;

/// <summary>Where the numbers of one mixture lie in another, which has its columns and perhaps more, and calls its components otherwise.</summary>
sealed class MixtureMap
{
    readonly MixtureModel _from, _to;
    readonly int[] _components, _columns, _places;

    /// <param name="from">The layout that the numbers have.</param>
    /// <param name="to">The layout that they shall have.</param>
    /// <param name="components">New numbers of the components <c>[K]</c>; empty where they stay.</param>
    /// <param name="columns">New numbers of the columns <c>[p]</c>; empty where they stay.</param>
    public MixtureMap(MixtureModel from, MixtureModel to, ReadOnlySpan<int> components = default, ReadOnlySpan<int> columns = default)
    {
        (_from, _to) = (from, to);
        _components = components.IsEmpty ? [.. Enumerable.Range(0, from.Components)] : components.ToArray();
        _columns = columns.IsEmpty ? [.. Enumerable.Range(0, from.Columns)] : columns.ToArray();
        _places = new int[from.Dimension];
        for (var k = 0; k < from.Components; k++)
        {
            for (var j = 0; j < from.Columns; j++) { _places[k * from.Stride + j] = _components[k] * to.Stride + _columns[j]; }
            (_places[from.Scale(k)], _places[from.Weight(k)]) = (to.Scale(_components[k]), to.Weight(_components[k]));
        }
    }

    public MixtureModel To => _to;

    public int Component(int component) => _components[component];

    public int Column(int column) => _columns[column];

    /// <summary>Parameters <c>[d]</c> in the other layout; zero where there was none.</summary>
    public double[] Vector(ReadOnlySpan<double> vector)
    {
        var moved = new double[_to.Dimension];
        for (var i = 0; i < vector.Length; i++) { moved[_places[i]] = vector[i]; }
        return moved;
    }

    /// <summary>Information <c>[d, d]</c> in the other layout.</summary>
    public double[] Matrix(ReadOnlySpan<double> matrix)
    {
        var (from, to, moved) = (_from.Dimension, _to.Dimension, new double[_to.Dimension * _to.Dimension]);
        for (var i = 0; i < from; i++)
        {
            for (var j = 0; j < from; j++) { moved[_places[i] * to + _places[j]] = matrix[i * from + j]; }
        }
        return moved;
    }
}
