using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>Where each parameter goes when sizes grow or names are matched with another state's.</summary>
static class ParameterLayout
{
    /// <summary>New index of every old parameter <c>[d]</c>; columns and outcomes keep their numbers where the maps are empty.</summary>
    public static int[] Between(IModel model, in ModelShape from, in ModelShape to, ReadOnlySpan<int> columns = default, ReadOnlySpan<int> outcomes = default)
    {
        var map = new int[model.Dimension(from)];
        for (var o = 0; o < from.Outcomes; o++)
        {
            for (var c = -1; c < from.Columns; c++)
            {
                var old = model.Parameter(from, o, c);
                if (old < 0) { continue; }
                map[old] = model.Parameter(to, outcomes.IsEmpty ? o : outcomes[o], c < 0 || columns.IsEmpty ? c : columns[c]);
            }
        }
        return map;
    }

    /// <summary>A vector <c>[d]</c> under new numbers, zero where nothing was.</summary>
    public static double[] Move(ReadOnlySpan<double> vector, ReadOnlySpan<int> map, int dimension)
    {
        var moved = new double[dimension];
        for (var i = 0; i < vector.Length; i++) { moved[map[i]] = vector[i]; }
        return moved;
    }

    /// <summary>The group of each parameter for a block structure, by name: the term it belongs to, for its outcome; cut points are one group.</summary>
    public static string[] Groups(IModel model, DesignSchema schema, in ModelShape shape)
    {
        var (groups, columns) = (new string[model.Dimension(shape)], schema.Columns);
        for (var o = 0; o < shape.Outcomes; o++)
        {
            for (var c = -1; c < shape.Columns; c++)
            {
                var parameter = model.Parameter(shape, o, c);
                if (parameter >= 0) { groups[parameter] = c < 0 ? "cut points" : $"{(model.IsOrdinal ? 0 : o)}:{schema.Terms[columns[c].Term].Name}"; }
            }
        }
        return groups;
    }

    /// <summary>Renames and grows the parameters of an information; those of a block structure join the blocks of their terms.</summary>
    public static void Remap<TInformation>(TInformation information, IModel model, DesignSchema schema, ReadOnlySpan<int> map, in ModelShape shape) where TInformation : class, IInformation<TInformation>
    {
        if (information is BlockDiagonalInformation blocks) { blocks.Remap(map, Groups(model, schema, shape)); }
        else { information.Remap(map, model.Dimension(shape)); }
    }
}
