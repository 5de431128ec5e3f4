namespace FisherFlow.Models;

/// <summary>Over-complete coefficients in the coordinates of a table: the same linear predictor, with reference levels at zero.</summary>
/// <remarks>
/// Where a factor is redundant, its levels add up to the term without it: <c>x_ref = x_margin − Σ x_other</c>. A reference level's coefficient so moves to the margin and off
/// its siblings, term by term from the highest order down. Exact on every row whose levels were met; cost <c>O(p·levels)</c>.
/// </remarks>
public sealed class ReferenceCoding
{
    const int CutPoints = -1;
    const int Nothing = -2;      // columns that sum to zero: there is no margin to move to
    const int FirstFactor = -3;  // and below: the term whose levels span the constant

    readonly DesignSchema _schema;
    readonly IModel _model;
    readonly Identification _identification;
    readonly int[] _listed;
    readonly DesignColumn[] _columns;
    readonly Dictionary<string, int> _places = [];
    readonly double[] _theta;

    ReferenceCoding(DesignSchema schema, IModel model, Identification identification, ReadOnlySpan<double> theta)
    {
        (_schema, _model, _identification) = (schema, model, identification);
        _listed = identification.Listed.ToArray();
        var known = schema.Columns;
        _columns = Array.ConvertAll(_listed, column => known[column]);
        for (var c = 0; c < _columns.Length; c++) { _places[Key(_columns[c].Term, _columns[c].Levels)] = c; }
        _theta = theta.ToArray();
    }

    /// <summary>The coefficients of <see cref="Identification.Free"/>, in that order.</summary>
    /// <param name="schema">The design columns.</param>
    /// <param name="model">The model that lays parameters out; one predictor an outcome.</param>
    /// <param name="identification">The reference levels and what remains free.</param>
    /// <param name="theta">Over-complete coefficients <c>[d]</c> under the identification's shape.</param>
    public static double[] Apply(DesignSchema schema, IModel model, Identification identification, ReadOnlySpan<double> theta)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(identification);
        var coding = new ReferenceCoding(schema, model, identification, theta);
        foreach (var term in Enumerable.Range(0, schema.Terms.Count).OrderByDescending(t => schema.Terms[t].Factors.Count))
        {
            for (var f = 0; f < schema.Terms[term].Factors.Count; f++) { coding.Release(term, f); }
        }
        if (!model.IsOrdinal && identification.Shape.Outcomes > 1) { coding.SubtractReferenceOutcome(); }
        return [.. identification.Free.Select(p => coding._theta[p.Index])];
    }

    /// <summary>Moves the coefficients of a factor's reference level in one term to where they are free.</summary>
    void Release(int term, int factor)
    {
        if (!_identification.References.TryGetValue(_schema.Terms[term].Factors[factor], out var reference) || Margin(term, factor) is not { } margin) { return; }
        var shape = _identification.Shape;
        for (var c = 0; c < _columns.Length; c++)
        {
            if (_columns[c].Term != term || _columns[c].Levels[factor] != reference) { continue; }
            if (Targets(margin, _columns[c]) is not { } targets) { continue; }
            var rest = _columns[c].Levels.Where((_, f) => f != factor).ToArray();
            var siblings = Enumerable.Range(0, _columns.Length)
                .Where(o => o != c && _columns[o].Term == term && _columns[o].Levels.Where((_, f) => f != factor).SequenceEqual(rest)).ToList();
            for (var outcome = 0; outcome < (_model.IsOrdinal ? 1 : shape.Outcomes); outcome++)
            {
                ref var from = ref At(outcome, c);
                var value = from;
                from = 0;
                foreach (var sibling in siblings) { At(outcome, sibling) -= value; }
                foreach (var target in targets) { At(outcome, target) += value; }
                for (var cut = 0; margin == CutPoints && cut + 1 < shape.Outcomes; cut++) { _theta[_model.Parameter(shape, cut, -1)] -= value; }   // P(y ≤ j) = g⁻¹(αⱼ − xᵀβ)
            }
        }
    }

    ref double At(int outcome, int column) => ref _theta[_model.Parameter(_identification.Shape, outcome, _listed[column])];

    /// <summary>The term without a factor, or what stands for it; null when the factor is not redundant.</summary>
    int? Margin(int term, int factor)
    {
        var (terms, full) = (_schema.Terms.ToList(), _schema.Terms[term]);
        if (full.IsPair) { return Nothing; }
        var rest = full.Factors.Where((_, f) => f != factor).ToHashSet();
        if (rest.Count == 0 && full.Numeric.Length == 0)
        {
            var intercept = terms.FindIndex(t => t.IsIntercept);
            if (intercept >= 0) { return intercept; }
            if (_schema.HasIntercept) { return CutPoints; }
            var first = terms.FindIndex(t => t.Numeric.Length == 0 && t.Factors.Count == 1 && !t.IsPair);
            return first == term ? null : FirstFactor - first;
        }
        var margin = terms.FindIndex(t => t.Numeric == full.Numeric && !t.IsIntercept && t.Factors.Count == rest.Count && rest.SetEquals(t.Factors));
        return margin < 0 ? null : margin;
    }

    List<int>? Targets(int margin, DesignColumn column)
    {
        if (margin is CutPoints or Nothing) { return []; }
        if (margin <= FirstFactor) { return [.. Enumerable.Range(0, _columns.Length).Where(c => _columns[c].Term == FirstFactor - margin)]; }
        var factors = _schema.Terms[column.Term].Factors.ToList();
        return _places.TryGetValue(Key(margin, [.. _schema.Terms[margin].Factors.Select(name => column.Levels[factors.IndexOf(name)])]), out var place) ? [place] : null;
    }

    void SubtractReferenceOutcome()
    {
        var outcomes = _identification.Shape.Outcomes;
        var reference = _schema.Outcomes.IndexOf(_identification.References[""]);
        for (var c = 0; c < _columns.Length; c++)
        {
            var value = At(reference, c);
            for (var outcome = 0; outcome < outcomes; outcome++) { At(outcome, c) -= value; }
        }
    }

    static string Key(int term, IReadOnlyList<string> levels) => $"{term}\0{string.Join('\0', levels)}";
}
