using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>The prior N(0, 1/λ) of every parameter as the options ask for it: added wherever a batch or the whole is solved, stored nowhere.</summary>
/// <param name="model">The model that lays parameters out.</param>
/// <param name="schema">The names of the design columns.</param>
/// <param name="options">Ridge, ε, and the prior of hashed columns.</param>
sealed class PriorPrecision(IModel model, DesignSchema schema, EstimatorOptions options)
{
    /// <summary>Precision of a hashed column's coefficient: one average observation at zero, so that a slot met once or twice has an estimate.</summary>
    public const double OfHashed = 1;

    double[] _precision = [];

    /// <summary>Whether any parameter has a prior.</summary>
    public bool IsEmpty => options.Ridge == 0 && options.Epsilon == 0 && !schema.HasHashed;

    /// <summary>The precision of a hashed column's coefficient under the options: ridge and ε count if they are more.</summary>
    public double OfHashedColumn => Math.Max(OfHashed, options.Ridge + options.Epsilon);

    /// <summary>The least precision that any parameter has.</summary>
    public double Least => options.Epsilon > 0 ? Math.Min(options.Epsilon, schema.HasHashed ? OfHashedColumn : options.Epsilon) : 0;

    /// <summary>The precision of a design column's parameters; cut points go by column −1.</summary>
    public double Of(int column)
    {
        if (column >= 0 && schema.IsHashed(column)) { return OfHashedColumn; }
        return options.Epsilon + (column < 0 || schema.IsIntercept(column) ? 0 : options.Ridge);
    }

    /// <summary>Precisions <c>[d]</c> under a shape; empty for none.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="columns">The schema's columns behind those of the shape, <c>[columns]</c>, or empty for themselves.</param>
    public ReadOnlyMemory<double> Under(in ModelShape shape, ReadOnlySpan<int> columns)
    {
        if (IsEmpty) { return default; }
        var dimension = model.Dimension(shape);
        if (_precision.Length < dimension) { _precision = new double[dimension < 1 << 16 ? 2 * dimension : dimension]; }
        for (var c = -1; c < shape.Columns; c++)
        {
            var precision = Of(c < 0 || columns.IsEmpty ? c : columns[c]);
            for (var o = 0; o < shape.Outcomes; o++)
            {
                var parameter = model.Parameter(shape, o, c);
                if (parameter >= 0) { _precision[parameter] = precision; }
            }
        }
        return _precision.AsMemory(0, dimension);
    }
}
