using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Data.Design;

/// <summary>What a formula means for given columns: terms, programs, factors and the coding of the response.</summary>
sealed class DesignPlan
{
    readonly Formula _formula;
    readonly PredictorFormulas? _formulas;   // of a distribution's parameters
    readonly List<int> _numericOf = [];
    readonly List<int> _factorOf = [];

    public DesignPlan(Formula formula, IReadOnlyList<ColumnProfile> columns, DesignOptions options)
    {
        if (options.MaxLevels < 1) { throw new ArgumentOutOfRangeException(nameof(options), options.MaxLevels, "a factor holds at least one level"); }
        _formula = formula;
        Catalog = new(formula, columns);
        var response = new ResponsePlan(formula, Catalog, options, ResponseInputs);
        Response = response.Create();
        OutcomeReference = response.Reference;
        Weights = options.WeightsColumn is null ? -1 : ResponseInputs.Number(Catalog.GetNumeric(options.WeightsColumn, "weights").Name);
        if (options.ClusterColumn is not null) { Clusters = new("cluster", Catalog.Get(options.ClusterColumn, "cluster").Name, ResponseInputs, int.MaxValue); }

        string?[] taken = [.. formula.ResponseColumns, options.WeightsColumn, options.OffsetColumn, options.ClusterColumn];
        string[] dots = [.. columns.Select(column => column.Name).Where(name => !taken.Contains(name)).Distinct()];
        if (options.Family == Family.Distributional)
        {
            var distribution = DistributionCatalog.Create(options.Distribution);
            _formulas = PredictorFormulas.Join(formula, options.ParameterFormulas, distribution, dots);
            Uses = _formulas.Uses;
            foreach (var parameter in distribution.Parameters) { Parameters.Add(parameter.Name); }
        }
        var expanded = _formulas?.Terms ?? formula.Expand(dots);
        Terms = CreateTerms(expanded, options);
        var compiler = new ExpressionCompiler(formula, Catalog, Inputs);
        foreach (var offset in expanded.Offsets) { Offsets.Add(compiler.Compile(offset)); }
        if (options.OffsetColumn is not null) { Offsets.Add(new([new(Operation.Input, Inputs.Number(Catalog.GetNumeric(options.OffsetColumn, "offset").Name))])); }
    }

    public ColumnCatalog Catalog { get; }

    /// <summary>What predictors and offsets read.</summary>
    public RowInputs Inputs { get; } = new();

    /// <summary>What response and weights read; a prediction does without.</summary>
    public RowInputs ResponseInputs { get; } = new();

    public ResponseCoding Response { get; }

    public string? OutcomeReference { get; }

    /// <summary>The input of the weights, or −1.</summary>
    public int Weights { get; }

    public Factor? Clusters { get; }

    public IReadOnlyList<Term> Terms { get; }

    public bool HasIntercept { get; private set; }

    /// <summary>A distribution's parameters; empty for other families.</summary>
    public List<string> Parameters { get; } = [];

    /// <summary>The parameters that use each term, a bit each; empty for other families.</summary>
    public IReadOnlyList<int> Uses { get; } = [];

    /// <summary>The numeric variables.</summary>
    public List<RowProgram> Numerics { get; } = [];

    /// <summary>The categorical variables.</summary>
    public List<Factor> Factors { get; } = [];

    /// <summary>For every dense column, the numeric variables whose product it is; none is the intercept.</summary>
    public List<int[]> Dense { get; } = [];

    public List<SlotTerm> Slots { get; } = [];

    /// <summary>The factors that are the two sides of a pair.</summary>
    public List<(int First, int Second)> Pairs { get; } = [];

    /// <summary>The slots of first sides; those of second sides follow them.</summary>
    public List<int> PairSlots { get; } = [];

    public List<RowProgram> Offsets { get; } = [];

    /// <summary>Reference levels that the formula asks for, by factor.</summary>
    public Dictionary<string, string> References { get; } = [];

    /// <summary>Columns that a row needs; the response's too where it is needed.</summary>
    public IEnumerable<string> Columns(bool needsResponse)
    {
        var names = Inputs.Names.Concat(Factors.Where(factor => factor.Column is not null).Select(factor => factor.Column!))
            .Concat(Slots.Where(slot => slot.Hashed is not null).SelectMany(slot => slot.Hashed!.Columns));
        if (needsResponse)
        {
            names = names.Concat(ResponseInputs.Names);
            if (Response.Levels?.Column is { } response) { names = names.Append(response); }
            if (Clusters?.Column is { } cluster) { names = names.Append(cluster); }
        }
        return names.Distinct();
    }

    List<Term> CreateTerms(FormulaTerms expanded, DesignOptions options)
    {
        var isOrdinal = options.Family == Family.Ordinal;
        if (isOrdinal && !expanded.HasIntercept)
        {
            throw _formula.Error("the cut points of an ordinal model stand in for the intercept and cannot be taken out; leave this away", expanded.InterceptPosition);
        }
        HasIntercept = expanded.HasIntercept;
        var terms = new List<Term>();
        if (expanded.HasIntercept && !isOrdinal)
        {
            terms.Add(new(Term.Intercept, "", []));
            Dense.Add([]);
        }
        var used = expanded.Terms.SelectMany(term => term).ToHashSet();
        for (var v = 0; v < expanded.Variables.Count; v++) { Classify(expanded.Variables[v], used.Contains(v), options, _formulas?.Owner(v) ?? _formula); }
        foreach (var term in expanded.Terms)
        {
            if (expanded.Variables[term[0]] is { Slots: > 0 } spread)
            {
                Slots.Add(new(terms.Count, [], [], hashed: new([.. spread.HashedColumns.Select(name => Catalog.Get(name).Name)], spread.Slots)));
                terms.Add(new(spread.Name, "", []) { Slots = spread.Slots });
                continue;
            }
            var numerics = term.Where(v => _numericOf[v] >= 0).ToArray();
            var factors = term.Where(v => _factorOf[v] >= 0).ToArray();
            int[] numbers = [.. numerics.Select(v => _numericOf[v])];
            if (factors.Length == 0) { Dense.Add(numbers); }
            else if (factors.Any(v => expanded.Variables[v].Second is not null)) { AddPair(expanded, factors, numbers, terms.Count); }
            else { Slots.Add(new(terms.Count, [.. factors.Select(v => Factors[_factorOf[v]])], numbers)); }
            terms.Add(new(Join(expanded, term), Join(expanded, numerics), [.. factors.Select(v => expanded.Variables[v].Name)]));
        }
        if (terms.Count == 0 && !isOrdinal) { throw _formula.Error("the model has no terms: neither an intercept nor a predictor", _formula.Text.Length); }
        return terms;
    }

    /// <summary>Two slots of one term: a level counts for the first side and against the second.</summary>
    void AddPair(FormulaTerms expanded, int[] factors, int[] numbers, int term)
    {
        var pair = expanded.Variables[factors.First(v => expanded.Variables[v].Second is not null)];
        if (factors.Length > 1) { throw _formula.Error($"{pair.Name} does not interact with a factor; it may with a numeric column, as in x:{pair.Name}", pair.Position); }
        var first = _factorOf[factors[0]];
        PairSlots.Add(Slots.Count);
        Slots.Add(new(term, [Factors[first]], numbers));
        Slots.Add(new(term, [Factors[first + 1]], numbers, sign: -1));
        if (!Pairs.Contains((first, first + 1))) { Pairs.Add((first, first + 1)); }
    }

    static string Join(FormulaTerms expanded, int[] variables) => string.Join(':', variables.Select(v => expanded.Variables[v].Name));

    void Classify(Variable variable, bool isUsed, DesignOptions options, Formula formula)
    {
        var catalog = Catalog.For(formula);
        var (numeric, factor) = (-1, -1);
        if (variable.Slots > 0)
        {
            _numericOf.Add(numeric);
            _factorOf.Add(factor);
            return;
        }
        var name = variable.Expression.Bare as NameNode;
        var isColumn = name is not null && (variable.IsFactor || name.Name == variable.Name);
        var kind = isColumn ? catalog.Get(name!).Kind : ColumnKind.Numeric;
        if (isUsed)
        {
            if (variable.Name == _formula.ResponseName && variable.Second is null) { throw formula.Error($"{variable.Name} is the response and cannot be a predictor", variable.Position); }
            if (kind == ColumnKind.Date && !variable.IsFactor)
            {
                var date = variable.Name;
                throw formula.Error($"{date} holds dates, which are no term by themselves; legal are hour({date}), weekday({date}), month({date}), C({date}), and '- {date}' to leave it out of '.'", variable.Position);
            }
            if (isColumn && kind != ColumnKind.Numeric)
            {
                factor = Factors.Count;
                Factors.Add(new(variable.Name, name!.Column, Inputs, options.MaxLevels));
            }
            else
            {
                var program = new ExpressionCompiler(formula, catalog, Inputs).Compile(variable.Expression);
                (numeric, factor) = variable.IsFactor ? (-1, Factors.Count) : (Numerics.Count, -1);
                if (variable.IsFactor) { Factors.Add(new(variable.Name, program, Inputs, options.MaxLevels)); }
                else { Numerics.Add(program); }
            }
            if (variable.Second is NameNode second) { AddSecond(variable, kind, second, options); }
            if (factor >= 0 && variable.Reference is { } reference) { References[variable.Name] = Factors[factor].Levels.IsNumeric ? NumberName(reference) : reference; }
        }
        _numericOf.Add(numeric);
        _factorOf.Add(factor);
    }

    void AddSecond(Variable variable, ColumnKind kind, NameNode second, DesignOptions options)
    {
        var levels = Factors[^1].Levels;
        var other = Catalog.Get(second).Kind;
        if ((kind == ColumnKind.Numeric) != (other == ColumnKind.Numeric))
        {
            throw _formula.Error($"the columns of {variable.Name} hold {ColumnCatalog.Describe(kind)} and {ColumnCatalog.Describe(other)}; both sides of a pair are named alike", variable.Position);
        }
        Factors.Add(kind == ColumnKind.Numeric
            ? new(variable.Name, new ExpressionCompiler(_formula, Catalog, Inputs).Compile(second), Inputs, options.MaxLevels, levels)
            : new(variable.Name, second.Column, Inputs, options.MaxLevels, levels));
    }

    static string NumberName(string level) =>
        FieldParser.TryNumber(System.Text.Encoding.UTF8.GetBytes(level), out var value) ? LevelDictionary.NameOf(value) : level;
}
