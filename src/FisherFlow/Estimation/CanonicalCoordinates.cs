using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>The change from over-complete coordinates to a table's: <c>θ′ = Tθ</c> predicts the same, with every reference level at zero.</summary>
/// <remarks>
/// A column at a reference level is the column without that factor less the columns at its other levels; its coefficient goes to those. What the full information does by a solve, a
/// structure that has lost the dependence between columns does by this rule. Source: Searle (1971), §5.2; docs/decisions/0003 for over-complete categoricals.
/// </remarks>
sealed class CanonicalCoordinates
{
    /// <summary>The constant, where it has no column of its own.</summary>
    const int Constant = -1;

    readonly DesignSchema _schema;
    readonly Identification _identification;
    readonly Dictionary<int, List<(int Column, double Factor)>> _expansions = [];
    readonly Dictionary<int, List<(int Parameter, double Factor)>> _rows = [];

    /// <summary>Works out the rows of T.</summary>
    public CanonicalCoordinates(DesignSchema schema, IModel model, Identification identification)
    {
        (_schema, _identification) = (schema, identification);
        var (shape, sources) = (identification.Shape, new Dictionary<int, List<(int Column, double Factor)>>());
        foreach (var column in identification.Listed)
        {
            foreach (var (target, factor) in Expand(column))
            {
                if (!sources.TryGetValue(target, out var list)) { sources[target] = list = []; }
                list.Add((column, factor));
            }
        }
        var reference = ReferenceOutcome(model);
        foreach (var free in identification.Free)
        {
            var row = new List<(int, double)>();
            _rows[free.Index] = row;
            if (free.Column < 0)
            {
                row.Add((free.Index, 1));
                foreach (var (column, factor) in sources.GetValueOrDefault(Constant) ?? []) { row.Add((model.Parameter(shape, 0, column), -factor)); }   // η = α − xᵀβ
                continue;
            }
            foreach (var (column, factor) in sources[free.Column])
            {
                var parameter = model.Parameter(shape, free.Outcome, column);
                if (parameter < 0) { continue; }   // a distribution's parameter whose formula does not have the column
                row.Add((parameter, factor));
                if (reference >= 0) { row.Add((model.Parameter(shape, reference, column), -factor)); }
            }
        }
    }

    /// <summary>The row of T for a free parameter: parameters of the over-complete coordinates with their factors.</summary>
    public IReadOnlyList<(int Parameter, double Factor)> Row(int parameter) => _rows[parameter];

    /// <summary><c>Tθ</c> <c>[d]</c>: free parameters in a table's coordinates, hashed ones as they are, the others zero.</summary>
    public double[] Map(ReadOnlySpan<double> theta, IModel model)
    {
        var mapped = new double[theta.Length];
        var shape = _identification.Shape;
        foreach (var (parameter, row) in _rows)
        {
            foreach (var (source, factor) in row) { mapped[parameter] += factor * theta[source]; }
        }
        var reference = ReferenceOutcome(model);
        for (var c = _schema.DenseColumns; c < _schema.DenseColumns + _schema.HashedColumns; c++)
        {
            for (var o = 0; o < (model.IsOrdinal ? 1 : shape.Outcomes); o++)
            {
                var parameter = model.Parameter(shape, o, c);
                mapped[parameter] = theta[parameter] - (reference >= 0 ? theta[model.Parameter(shape, reference, c)] : 0);
            }
        }
        return mapped;
    }

    int ReferenceOutcome(IModel model) => model.IsOrdinal || _identification.Shape.Outcomes == 1 || _identification.HasParameters ? -1 : _schema.Outcomes.IndexOf(_identification.References[""]);

    /// <summary>A column as a combination of those that are not constrained.</summary>
    List<(int Column, double Factor)> Expand(int column)
    {
        if (_expansions.TryGetValue(column, out var known)) { return known; }
        var (sum, definition) = (new Dictionary<int, double>(), _schema.Columns[column]);
        var (term, factor) = (_schema.Terms[definition.Term], _identification.ConstrainedFactor(_schema, column));
        if (factor < 0) { sum[column] = 1; }
        else
        {
            Add(sum, Margin(term, definition, factor), 1);
            foreach (var other in _identification.Listed)
            {
                if (other != column && IsSibling(_schema.Columns[other], definition, factor)) { Add(sum, other, -1); }
            }
        }
        var expansion = sum.Select(pair => (pair.Key, pair.Value)).ToList();
        _expansions[column] = expansion;
        return expansion;
    }

    void Add(Dictionary<int, double> sum, int column, double factor)
    {
        if (column == Constant && _schema.HasIntercept)
        {
            sum[Constant] = sum.GetValueOrDefault(Constant) + factor;   // the cut points of an ordinal model
            return;
        }
        if (column == Constant)
        {
            // Without an intercept the first factor keeps all its levels, and their columns add up to the constant.
            foreach (var level in _identification.Listed)
            {
                if (_schema.Columns[level].Term == FirstFactor()) { Add(sum, level, factor); }
            }
            return;
        }
        foreach (var (target, share) in Expand(column)) { sum[target] = sum.GetValueOrDefault(target) + factor * share; }
    }

    int FirstFactor()
    {
        var first = 0;
        while (_schema.Terms[first].Numeric.Length > 0 || _schema.Terms[first].Factors.Count != 1) { first++; }
        return first;
    }

    static bool IsSibling(DesignColumn other, DesignColumn column, int factor)
    {
        if (other.Term != column.Term || other.Levels[factor] == column.Levels[factor]) { return false; }
        for (var f = 0; f < column.Levels.Count; f++)
        {
            if (f != factor && other.Levels[f] != column.Levels[f]) { return false; }
        }
        return true;
    }

    /// <summary>The column of the same levels without that factor.</summary>
    int Margin(Term term, DesignColumn column, int factor)
    {
        var rest = term.Factors.Select((name, f) => (name, level: column.Levels[f])).Where((_, f) => f != factor).ToDictionary(pair => pair.name, pair => pair.level);
        if (rest.Count == 0 && term.Numeric.Length == 0)
        {
            for (var c = 0; c < _schema.DenseColumns; c++)
            {
                if (_schema.IsIntercept(c)) { return c; }
            }
            return Constant;
        }
        foreach (var c in _identification.Listed)
        {
            var candidate = _schema.Columns[c];
            var other = _schema.Terms[candidate.Term];
            if (other.IsIntercept || other.Numeric != term.Numeric || other.Factors.Count != rest.Count) { continue; }
            if (other.Factors.Select((name, f) => rest.TryGetValue(name, out var level) && candidate.Levels[f] == level).All(same => same)) { return c; }
        }
        throw new InvalidOperationException($"the margin of {_schema.Name(_schema.Find(term.Name))} is not in the model");
    }
}
