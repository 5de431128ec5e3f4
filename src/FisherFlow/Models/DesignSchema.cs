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

    /// <summary>Columns that a hashed term spreads its texts over; 0 for every other term.</summary>
    public int Slots { get; init; }

    /// <summary>Whether a level counts for one side of a pair and against the other, so that only differences of levels mean anything.</summary>
    public bool IsPair => Factors.Count == 1 && Factors[0].StartsWith("pair(", StringComparison.Ordinal);   // a column of such a name stands in back quotes
}

/// <summary>A design column: which term it belongs to and, for a categorical term, at which levels.</summary>
/// <param name="Term">Index of the term.</param>
/// <param name="Levels">One level for each factor of the term; empty for a dense column.</param>
public sealed record DesignColumn(int Term, IReadOnlyList<string> Levels);

/// <summary>The stable names behind design columns: dense columns first, then levels as the stream brings them. Columns only grow.</summary>
/// <remarks>
/// Categoricals are over-complete: every level has a column; which are redundant is decided when a table is printed. The columns of hashed terms come right after the dense ones:
/// all of them from the start, so that they take no memory here.
/// </remarks>
public sealed class DesignSchema
{
    // An array that is replaced when it is full, and a count written last: a reader on another thread sees finished columns only.
    DesignColumn[] _columns = new DesignColumn[16];
    int _count;
    readonly Dictionary<string, int> _byName = [];
    readonly List<(int Term, int First)> _hashed = [];

    /// <summary>Starts a schema: one dense column for every term without factors, in the order of the terms.</summary>
    /// <param name="terms">The terms; an ordinal model has no intercept among them.</param>
    /// <param name="hasIntercept">Whether a constant is in the span of the model: an intercept, or the cut points of an ordinal model.</param>
    public DesignSchema(IReadOnlyList<Term> terms, bool hasIntercept)
    {
        Terms = terms;
        HasIntercept = hasIntercept;
        for (var t = 0; t < terms.Count; t++)
        {
            if (terms[t].Factors.Count == 0 && terms[t].Slots == 0) { Add(t, []); }
        }
        DenseColumns = _count;
        for (var t = 0; t < terms.Count; t++)
        {
            if (terms[t].Slots == 0) { continue; }
            _hashed.Add((t, DenseColumns + HashedColumns));
            HashedColumns += terms[t].Slots;
        }
    }

    /// <summary>The terms, in R's order: the intercept, then by number of variables in a term.</summary>
    public IReadOnlyList<Term> Terms { get; }

    /// <summary>Whether a constant is in the span of the model.</summary>
    public bool HasIntercept { get; }

    /// <summary>The design columns, in the order in which the stream brought them.</summary>
    public IReadOnlyList<DesignColumn> Columns => new ColumnList(this, Volatile.Read(ref _count));

    /// <summary>Number of dense columns.</summary>
    public int DenseColumns { get; }

    /// <summary>Number of columns of hashed terms, from <see cref="DenseColumns"/> on.</summary>
    public int HashedColumns { get; }

    /// <summary>Whether there are hashed terms.</summary>
    public bool HasHashed => HashedColumns > 0;

    /// <summary>Whether a column belongs to a hashed term.</summary>
    public bool IsHashed(int column) => column >= DenseColumns && column < DenseColumns + HashedColumns;

    /// <summary>Whether a column is the one that is one in every row.</summary>
    public bool IsIntercept(int column) => column >= 0 && column < DenseColumns && Terms[_columns[column].Term].IsIntercept;

    /// <summary>The first column of a hashed term.</summary>
    public int FirstHashed(int term) => _hashed.Find(hashed => hashed.Term == term).First;

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
        var column = _count < DenseColumns || HashedColumns == 0 ? _count : _count + HashedColumns;
        _byName.Add(Name(column), column);
        Volatile.Write(ref _count, _count + 1);
        return column;
    }

    /// <summary>A level's column; a new one is added.</summary>
    public int FindOrAdd(int term, IReadOnlyList<string> levels) => Find(Name(term, levels)) is >= 0 and var column ? column : Add(term, levels);

    /// <summary>The column of that name, or −1.</summary>
    public int Find(string name) => _byName.TryGetValue(name, out var column) ? column : -1;

    /// <summary>A column's name: <c>x</c>, <c>g[level]</c>, <c>a[l]:b[m]</c>, <c>x:g[l]</c>.</summary>
    public string Name(int column) => Name(Column(column).Term, Column(column).Levels);

    string Name(int index, IReadOnlyList<string> levels)
    {
        var term = Terms[index];
        if (term.Slots > 0) { return $"{term.Name}[{levels[0]}]"; }
        if (levels.Count == 0) { return term.Name; }
        var factors = string.Join(':', term.Factors.Zip(levels, (factor, level) => $"{factor}[{level}]"));
        return term.Numeric.Length == 0 ? factors : $"{term.Numeric}:{factors}";
    }

    /// <summary>Writes terms, columns, outcomes and references.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(HasHashed ? ~Terms.Count : Terms.Count);   // a negative count tells of slots
        foreach (var term in Terms)
        {
            writer.Write(term.Name);
            writer.Write(term.Numeric);
            writer.Write(term.Factors);
            if (HasHashed) { writer.Write(term.Slots); }
        }
        writer.Write(HasIntercept);
        writer.Write(_count - DenseColumns);
        foreach (var column in _columns.AsSpan(DenseColumns, _count - DenseColumns))
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
        var count = reader.ReadInt32();
        var terms = new Term[count < 0 ? ~count : count];
        for (var i = 0; i < terms.Length; i++)
        {
            terms[i] = new(reader.ReadText(), reader.ReadText(), reader.ReadTexts());
            if (count < 0) { terms[i] = terms[i] with { Slots = reader.ReadInt32() }; }
        }
        var schema = new DesignSchema(terms, reader.ReadBoolean());
        var levels = reader.ReadInt32();
        for (var i = 0; i < levels; i++) { schema.Add(reader.ReadInt32(), reader.ReadTexts()); }
        schema.Outcomes.AddRange(reader.ReadTexts());
        foreach (var (factor, level) in reader.ReadTexts().Zip(reader.ReadTexts())) { schema.References[factor] = level; }
        return schema;
    }

    DesignColumn Column(int column)
    {
        if (column < DenseColumns || HashedColumns == 0) { return _columns[column]; }
        if (!IsHashed(column)) { return _columns[column - HashedColumns]; }
        var (term, first) = _hashed.FindLast(hashed => hashed.First <= column);
        return new(term, [(column - first).ToString(System.Globalization.CultureInfo.InvariantCulture)]);
    }

    /// <summary>The columns as a list, of which the hashed ones are made when they are asked for.</summary>
    sealed class ColumnList(DesignSchema schema, int count) : IReadOnlyList<DesignColumn>
    {
        public int Count => count + schema.HashedColumns;

        public DesignColumn this[int index] => schema.Column(index);

        public IEnumerator<DesignColumn> GetEnumerator()
        {
            for (var c = 0; c < Count; c++) { yield return schema.Column(c); }
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
