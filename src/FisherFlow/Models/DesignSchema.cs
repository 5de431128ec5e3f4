using FisherFlow.Snapshots;

namespace FisherFlow.Models;

/// <summary>A term of the formula: a numeric part, some categorical factors, or both.</summary>
/// <param name="Name">As R writes it: <c>x</c>, <c>g</c>, <c>a:b</c>, <c>x:g</c>, <c>I(x^2)</c>, <c>(Intercept)</c>.</param>
/// <param name="Numeric">The numeric part's name (<c>x</c> in <c>x:g</c>), empty when the term is purely categorical or the intercept.</param>
/// <param name="Factors">Names of the categorical factors, in the order of the term.</param>
public sealed record Term(string Name, string Numeric, IReadOnlyList<string> Factors)
{
    /// <summary>The name of the term that is one in every row.</summary>
    public const string Intercept = "(Intercept)";

    /// <summary>Whether this is the intercept.</summary>
    public bool IsIntercept => Name == Intercept;

    /// <summary>Whether a level counts for one side of a pair and against the other, so that only differences of levels mean anything.</summary>
    public bool IsPair => Factors.Count == 1 && Factors[0].StartsWith("pair(", StringComparison.Ordinal);   // a column of such a name stands in back quotes
}

/// <summary>A design column: which term it belongs to and, for a categorical term, at which levels.</summary>
/// <param name="Term">Index of the term.</param>
/// <param name="Levels">One level for each factor of the term; empty for a dense column.</param>
public sealed record DesignColumn(int Term, IReadOnlyList<string> Levels);

/// <summary>The stable names behind design columns: dense columns first, then levels as the stream brings them. Columns only grow.</summary>
/// <remarks>Categoricals are over-complete: every level has a column; which are redundant is decided when a table is printed.</remarks>
public sealed class DesignSchema
{
    // An array that is replaced when it is full, and a count written last: a reader on another thread sees finished columns only.
    DesignColumn[] _columns = new DesignColumn[16];
    int _count;
    readonly Dictionary<string, int> _byName = [];

    /// <summary>Starts a schema: one dense column for every term without factors, in the order of the terms.</summary>
    /// <param name="terms">The terms; an ordinal model has no intercept among them.</param>
    /// <param name="hasIntercept">Whether a constant is in the span of the model: an intercept, or the cut points of an ordinal model.</param>
    public DesignSchema(IReadOnlyList<Term> terms, bool hasIntercept)
    {
        Terms = terms;
        HasIntercept = hasIntercept;
        for (var t = 0; t < terms.Count; t++)
        {
            if (terms[t].Factors.Count == 0) { Add(t, []); }
        }
        DenseColumns = _count;
    }

    /// <summary>The terms, in R's order: the intercept, then by number of variables in a term.</summary>
    public IReadOnlyList<Term> Terms { get; }

    /// <summary>Whether a constant is in the span of the model.</summary>
    public bool HasIntercept { get; }

    /// <summary>The design columns, in the order in which the stream brought them.</summary>
    public IReadOnlyList<DesignColumn> Columns => new ArraySegment<DesignColumn>(_columns, 0, Volatile.Read(ref _count));

    /// <summary>Number of dense columns.</summary>
    public int DenseColumns { get; }

    /// <summary>Levels of a categorical response, in order; empty for a numeric one.</summary>
    public List<string> Outcomes { get; } = [];

    /// <summary>Reference levels asked for by the formula or an option, by factor; the default is the first in ordinal order.</summary>
    public Dictionary<string, string> References { get; } = [];

    /// <summary>For each term, the parameters of a distribution that use it, a bit each; empty when all use all.</summary>
    public IReadOnlyList<int> TermUses { get; set; } = [];

    /// <summary>Whether an outcome's (or a distribution's parameter's) predictor has a term.</summary>
    public bool Uses(int term, int outcome) => TermUses.Count == 0 || PredictorDesign.Uses(TermUses[term], outcome);

    /// <summary>Adds a level's column and returns its index.</summary>
    public int Add(int term, IReadOnlyList<string> levels)
    {
        if (_count == _columns.Length) { Array.Resize(ref _columns, 2 * _count); }
        _columns[_count] = new(term, levels);
        _byName.Add(Name(_count), _count);
        Volatile.Write(ref _count, _count + 1);
        return _count - 1;
    }

    /// <summary>A level's column; a new one is added.</summary>
    public int FindOrAdd(int term, IReadOnlyList<string> levels) => Find(Name(term, levels)) is >= 0 and var column ? column : Add(term, levels);

    /// <summary>The column of that name, or −1.</summary>
    public int Find(string name) => _byName.TryGetValue(name, out var column) ? column : -1;

    /// <summary>A column's name: <c>x</c>, <c>g[level]</c>, <c>a[l]:b[m]</c>, <c>x:g[l]</c>.</summary>
    public string Name(int column) => Name(_columns[column].Term, _columns[column].Levels);

    string Name(int index, IReadOnlyList<string> levels)
    {
        var term = Terms[index];
        if (levels.Count == 0) { return term.Name; }
        var factors = string.Join(':', term.Factors.Zip(levels, (factor, level) => $"{factor}[{level}]"));
        return term.Numeric.Length == 0 ? factors : $"{term.Numeric}:{factors}";
    }

    /// <summary>Writes terms, columns, outcomes and references.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(Terms.Count);
        foreach (var term in Terms)
        {
            writer.Write(term.Name);
            writer.Write(term.Numeric);
            writer.Write(term.Factors);
        }
        writer.Write(HasIntercept);
        writer.Write(_count - DenseColumns);
        foreach (var column in Columns.Skip(DenseColumns))
        {
            writer.Write(column.Term);
            writer.Write(column.Levels);
        }
        writer.Write(Outcomes);
        writer.Write(References.Keys);
        writer.Write(References.Values);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static DesignSchema Load(StateReader reader)
    {
        var terms = new Term[reader.ReadInt32()];
        for (var i = 0; i < terms.Length; i++) { terms[i] = new(reader.ReadText(), reader.ReadText(), reader.ReadTexts()); }
        var schema = new DesignSchema(terms, reader.ReadBoolean());
        var levels = reader.ReadInt32();
        for (var i = 0; i < levels; i++) { schema.Add(reader.ReadInt32(), reader.ReadTexts()); }
        schema.Outcomes.AddRange(reader.ReadTexts());
        foreach (var (factor, level) in reader.ReadTexts().Zip(reader.ReadTexts())) { schema.References[factor] = level; }
        return schema;
    }
}
