using FisherFlow.Models.Distributions;

namespace FisherFlow.Models;

/// <summary>Which parameters are free once reference levels are chosen, and in which order a table lists them.</summary>
/// <remarks>
/// The design is over-complete; R's rule decides what is redundant: in a term, a factor is coded by contrasts (its reference level
/// drops out) when the term without that factor is in the model, and by all its levels otherwise (Chambers &amp; Hastie 1992, §2.3.2).
/// Without an intercept the first factor that stands alone keeps all its levels and so spans the constant for the others.
/// </remarks>
public sealed class Identification
{
    readonly DesignColumn[] _columns;   // those that a table lists
    readonly int[] _listed;             // and their numbers
    readonly string[] _outcomes;        // of a categorical response
    readonly bool[] _constrained;       // in the first predictor

    /// <summary>Applies the rule to a schema under a model.</summary>
    /// <param name="schema">The design columns.</param>
    /// <param name="model">The model that lays parameters out.</param>
    /// <param name="references">Reference levels by factor, over the schema's own; the response's reference outcome goes by the empty name.</param>
    /// <param name="shape">The columns and outcomes to look at, when the schema may be growing on another thread; all by default. References that are not among them yet are passed over.</param>
    /// <exception cref="ArgumentException">A reference names a factor or a level that does not exist.</exception>
    public Identification(DesignSchema schema, IModel model, IReadOnlyDictionary<string, string>? references = null, ModelShape? shape = null)
    {
        Shape = shape ?? new(schema.DenseColumns, schema.Columns.Count, Math.Max(1, schema.Outcomes.Count));
        var firstLevel = schema.DenseColumns + schema.HashedColumns;
        _listed = [.. Enumerable.Range(0, schema.DenseColumns), .. Enumerable.Range(firstLevel, Math.Max(0, Shape.Columns - firstLevel))];
        var known = schema.Columns;
        _columns = Array.ConvertAll(_listed, column => known[column]);
        HasParameters = model is DistributionalModel;
        _outcomes = HasParameters ? [] : schema.Outcomes.Take(Shape.Outcomes).ToArray();
        var levels = LevelsByFactor(schema);
        References = Choose(levels, schema, references, isPartial: shape is not null);
        _constrained = Constrained(schema, 0);
        Free = FreeParameters(schema, model, levels);
    }

    /// <summary>The sizes under which parameters are laid out.</summary>
    public ModelShape Shape { get; }

    /// <summary>Whether outcomes stand for the parameters of a distribution, each with terms of its own.</summary>
    public bool HasParameters { get; }

    /// <summary>The reference level of every factor; a categorical response goes by the empty name.</summary>
    public IReadOnlyDictionary<string, string> References { get; }

    /// <summary>The free parameters in the order of a table.</summary>
    public IReadOnlyList<FreeParameter> Free { get; }

    /// <summary>The design columns that a table may list: all but those of hashed terms.</summary>
    internal ReadOnlySpan<int> Listed => _listed;

    /// <summary>The factor at whose reference level a column is redundant, or −1.</summary>
    internal int ConstrainedFactor(DesignSchema schema, int column)
    {
        var place = column < schema.DenseColumns ? column : column - schema.HashedColumns;
        if (!_constrained[place]) { return -1; }
        var term = schema.Terms[_columns[place].Term];
        for (var f = 0; ; f++)
        {
            if (_columns[place].Levels[f] == References[term.Factors[f]] && HasMargin(schema, term, f, 0)) { return f; }
        }
    }

    /// <summary>Indices of the free parameters, in the order of a table.</summary>
    public int[] Order() => [.. Free.Select(p => p.Index)];

    Dictionary<string, SortedSet<string>> LevelsByFactor(DesignSchema schema)
    {
        var levels = new Dictionary<string, SortedSet<string>>();
        foreach (var column in _columns)
        {
            var factors = schema.Terms[column.Term].Factors;
            for (var f = 0; f < column.Levels.Count; f++)
            {
                if (!levels.TryGetValue(factors[f], out var set)) { levels[factors[f]] = set = new(LevelOrder.Instance); }
                set.Add(column.Levels[f]);
            }
        }
        return levels;
    }

    Dictionary<string, string> Choose(Dictionary<string, SortedSet<string>> levels, DesignSchema schema, IReadOnlyDictionary<string, string>? asked, bool isPartial)
    {
        var chosen = levels.ToDictionary(pair => pair.Key, pair => pair.Value.Min!);
        if (_outcomes.Length > 0) { chosen[""] = _outcomes.Order(LevelOrder.Instance).First(); }
        foreach (var (factor, level) in schema.References.Concat(asked ?? new Dictionary<string, string>()))
        {
            if (isPartial && !(factor.Length == 0 ? _outcomes.Contains(level) : levels.TryGetValue(factor, out var seen) && seen.Contains(level)))
            {
                continue;   // the stream has not brought it yet; until then another level serves
            }
            if (factor.Length == 0)
            {
                if (_outcomes.Length == 0) { throw new ArgumentException("only a multinomial response has a reference outcome; which text of a binomial response counts as 0 is said in the formula: C(y, ref=\"level\") ~ …"); }
                if (!_outcomes.Contains(level)) { throw Unknown("the response", level, _outcomes); }
            }
            else if (!levels.TryGetValue(factor, out var known))
            {
                throw new ArgumentException($"there is no categorical factor '{factor}'; the model has: {(levels.Count == 0 ? "none" : string.Join(", ", levels.Keys))}");
            }
            else if (!known.Contains(level)) { throw Unknown($"factor '{factor}'", level, known); }
            chosen[factor] = level;
        }
        return chosen;
    }

    static ArgumentException Unknown(string where, string level, IEnumerable<string> known) =>
        new($"{where} has no level '{level}'; its levels are: {string.Join(", ", known.Take(12))}{(known.Count() > 12 ? ", …" : "")}");

    /// <summary>Which columns the others make redundant, in the predictor of an outcome.</summary>
    bool[] Constrained(DesignSchema schema, int outcome)
    {
        var constrained = new bool[_columns.Length];
        for (var c = 0; c < constrained.Length; c++)
        {
            var column = _columns[c];
            var term = schema.Terms[column.Term];
            for (var f = 0; f < column.Levels.Count; f++)
            {
                constrained[c] |= column.Levels[f] == References[term.Factors[f]] && HasMargin(schema, term, f, outcome);
            }
        }
        return constrained;
    }

    bool HasMargin(DesignSchema schema, Term term, int factor, int outcome)
    {
        if (term.IsPair) { return true; }   // its columns sum to zero in every row
        var terms = HasParameters ? schema.Terms.Where((_, t) => schema.Uses(t, outcome)) : schema.Terms;
        var rest = term.Factors.Where((_, f) => f != factor).ToHashSet();
        if (rest.Count == 0 && term.Numeric.Length == 0)
        {
            var hasConstant = HasParameters ? terms.Any(other => other.IsIntercept) : schema.HasIntercept;
            return hasConstant || term != terms.First(first => first.Numeric.Length == 0 && first.Factors.Count == 1 && !first.IsPair);
        }
        return terms.Any(other => other.Numeric == term.Numeric && !other.IsIntercept && other.Factors.Count == rest.Count && rest.SetEquals(other.Factors));
    }

    List<FreeParameter> FreeParameters(DesignSchema schema, IModel model, Dictionary<string, SortedSet<string>> levels)
    {
        var rank = levels.ToDictionary(pair => pair.Key, pair => pair.Value.Select((level, i) => (level, i)).ToDictionary(x => x.level, x => x.i));
        var columns = Columns(0);
        var free = new List<FreeParameter>();
        var outcomes = Shape.Outcomes;
        for (var o = 0; o < outcomes; o++)
        {
            if (model.IsOrdinal)
            {
                if (o + 1 < outcomes) { Add(o, -1); }
                continue;
            }
            if (outcomes > 1 && !HasParameters && _outcomes[o] == References[""]) { continue; }
            foreach (var c in HasParameters && o > 0 ? Columns(o) : columns) { Add(o, c); }
        }
        if (model.IsOrdinal)
        {
            foreach (var c in columns) { Add(0, c); }
        }
        return free;

        List<int> Columns(int outcome)
        {
            var constrained = Constrained(schema, outcome);
            var chosen = Enumerable.Range(0, _columns.Length).Where(c => !constrained[c] && (!HasParameters || schema.Uses(_columns[c].Term, outcome))).ToList();
            chosen.Sort((a, b) => Compare(schema, rank, a, b));
            return chosen;
        }

        void Add(int outcome, int column)
        {
            var number = column < 0 ? column : _listed[column];
            var index = model.Parameter(Shape, outcome, number);
            if (index >= 0) { free.Add(new(index, outcome, number)); }
        }
    }

    /// <summary>By term; within a term the first factor varies fastest, as in R's model matrix.</summary>
    int Compare(DesignSchema schema, Dictionary<string, Dictionary<string, int>> rank, int a, int b)
    {
        var (x, y) = (_columns[a], _columns[b]);
        if (x.Term != y.Term) { return x.Term.CompareTo(y.Term); }
        var factors = schema.Terms[x.Term].Factors;
        for (var f = factors.Count - 1; f >= 0; f--)
        {
            var order = rank[factors[f]][x.Levels[f]].CompareTo(rank[factors[f]][y.Levels[f]]);
            if (order != 0) { return order; }
        }
        return 0;
    }
}

/// <summary>A parameter that a table lists.</summary>
/// <param name="Index">Where the model keeps it.</param>
/// <param name="Outcome">The outcome it belongs to (or the cut point's lower level), 0 for a numeric response.</param>
/// <param name="Column">Its design column, or −1 for a cut point.</param>
public readonly record struct FreeParameter(int Index, int Outcome, int Column);
