namespace FisherFlow.Models;

/// <summary>Over-complete coefficients in the coordinates of a table: the same linear predictor, with reference levels at zero.</summary>
/// <remarks>
/// Where a factor is redundant, its levels add up to the term without it: <c>x_ref = x_margin − Σ x_other</c>. A reference level's coefficient so moves to the margin and off
/// its siblings, term by term from the highest order down. Exact on every row whose levels were met; cost <c>O(p·levels)</c>.
/// </remarks>
public static class ReferenceCoding
{
    /// <summary>The coefficients of <see cref="Identification.Free"/>, in that order.</summary>
    /// <param name="schema">The design columns.</param>
    /// <param name="model">The model that lays parameters out.</param>
    /// <param name="identification">The reference levels and what remains free.</param>
    /// <param name="theta">Over-complete coefficients <c>[d]</c> under the identification's shape.</param>
    public static double[] Apply(DesignSchema schema, IModel model, Identification identification, ReadOnlySpan<double> theta)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(identification);
        var shape = identification.Shape;
        var moved = theta.ToArray();
        var columns = schema.Columns.Take(shape.Columns).ToList();
        var places = columns.Select((column, index) => (Key: Key(column.Term, column.Levels), index)).ToDictionary(pair => pair.Key, pair => pair.index);
        foreach (var term in Enumerable.Range(0, schema.Terms.Count).OrderByDescending(t => schema.Terms[t].Factors.Count))
        {
            for (var f = 0; f < schema.Terms[term].Factors.Count; f++) { Release(schema, model, identification, columns, places, moved, term, f); }
        }
        if (!model.IsOrdinal && shape.Outcomes > 1) { SubtractReferenceOutcome(schema, model, identification, moved); }
        return [.. identification.Free.Select(p => moved[p.Index])];
    }

    /// <summary>Moves the coefficients of a factor's reference level in one term to where they are free.</summary>
    static void Release(DesignSchema schema, IModel model, Identification identification, List<DesignColumn> columns, Dictionary<string, int> places, double[] theta, int term, int factor)
    {
        var shape = identification.Shape;
        var reference = identification.References[schema.Terms[term].Factors[factor]];
        var margin = Margin(schema, term, factor);
        if (margin is null) { return; }
        for (var c = 0; c < columns.Count; c++)
        {
            if (columns[c].Term != term || columns[c].Levels[factor] != reference) { continue; }
            var rest = columns[c].Levels.Where((_, f) => f != factor).ToArray();
            var targets = Targets(schema, columns, places, margin.Value, columns[c]);
            if (targets is null) { continue; }
            var siblings = Enumerable.Range(0, columns.Count)
                .Where(o => o != c && columns[o].Term == term && columns[o].Levels.Where((_, f) => f != factor).SequenceEqual(rest)).ToList();
            for (var outcome = 0; outcome < (model.IsOrdinal ? 1 : shape.Outcomes); outcome++)
            {
                var from = model.Parameter(shape, outcome, c);
                var value = theta[from];
                theta[from] = 0;
                foreach (var sibling in siblings) { theta[model.Parameter(shape, outcome, sibling)] -= value; }
                foreach (var target in targets) { theta[model.Parameter(shape, outcome, target)] += value; }
                if (targets.Count > 0) { continue; }
                for (var cut = 0; cut + 1 < shape.Outcomes; cut++) { theta[model.Parameter(shape, cut, -1)] -= value; }   // P(y ≤ j) = g⁻¹(αⱼ − xᵀβ)
            }
        }
    }

    /// <summary>The term without a factor: its index, −1 for the cut points of an ordinal model, −2 for the first factor of a model without intercept; null when the factor is not redundant.</summary>
    static int? Margin(DesignSchema schema, int term, int factor)
    {
        var full = schema.Terms[term];
        var rest = full.Factors.Where((_, f) => f != factor).ToHashSet();
        if (rest.Count == 0 && full.Numeric.Length == 0)
        {
            var intercept = schema.Terms.ToList().FindIndex(t => t.IsIntercept);
            if (intercept >= 0) { return intercept; }
            if (schema.HasIntercept) { return -1; }
            var first = schema.Terms.ToList().FindIndex(t => t.Numeric.Length == 0 && t.Factors.Count == 1);
            return first == term ? null : -2 - first;
        }
        var margin = schema.Terms.ToList().FindIndex(t => t.Numeric == full.Numeric && !t.IsIntercept && t.Factors.Count == rest.Count && rest.SetEquals(t.Factors));
        return margin < 0 ? null : margin;
    }

    static List<int>? Targets(DesignSchema schema, List<DesignColumn> columns, Dictionary<string, int> places, int margin, DesignColumn column)
    {
        if (margin == -1) { return []; }
        if (margin <= -2) { return [.. Enumerable.Range(0, columns.Count).Where(c => columns[c].Term == -2 - margin)]; }
        var factors = schema.Terms[column.Term].Factors.ToList();
        return places.TryGetValue(Key(margin, [.. schema.Terms[margin].Factors.Select(name => column.Levels[factors.IndexOf(name)])]), out var place) ? [place] : null;
    }

    static void SubtractReferenceOutcome(DesignSchema schema, IModel model, Identification identification, double[] theta)
    {
        var shape = identification.Shape;
        var reference = schema.Outcomes.IndexOf(identification.References[""]);
        for (var c = 0; c < shape.Columns; c++)
        {
            var value = theta[model.Parameter(shape, reference, c)];
            for (var outcome = 0; outcome < shape.Outcomes; outcome++) { theta[model.Parameter(shape, outcome, c)] -= value; }
        }
    }

    static string Key(int term, IReadOnlyList<string> levels) => $"{term}\0{string.Join('\0', levels)}";
}
