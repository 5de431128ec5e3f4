using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Likelihoods;

namespace FisherFlow.Data.Expressions;

/// <summary>What an expression means for given columns: its likelihood, and how a record becomes a row of numbers for it.</summary>
sealed class ExpressionPlan
{
    readonly ExpressionOptions? _options;   // null of what is only evaluated
    readonly Formula _formula;
    readonly ColumnCatalog _catalog;
    readonly RowInputs _inputs = new();
    readonly RowInputs _responseInputs = new();
    readonly Formulas.RowProgram? _response;
    readonly int _weights = -1;
    readonly int _columns;
    int _fields;

    public ExpressionPlan(ExpressionOptions options, IReadOnlyList<ColumnProfile> columns)
    {
        _options = options;
        Parameters = options.DeclaredParameters();
        _formula = options.Formula is { } text ? Formula.ParseNonlinear(text) : Formula.ParseExpression(options.LogDensity!);
        _catalog = new(_formula, columns);
        var names = Parameters.Names;
        var binder = new ExpressionBinder(_formula, names, _catalog, _inputs);
        var root = binder.Bind(_formula.Terms);
        if (names.FirstOrDefault(n => !binder.Used.Contains(n)) is { } idle) { throw _formula.Error($"the parameter '{idle}' does not occur in the {(options.Formula is null ? "log-density" : "formula")}", 0); }
        List<string> inputs = [.. _inputs.Labels];
        if (options.Formula is not null)
        {
            if (_formula.ResponseColumns.FirstOrDefault(c => names.Contains(c)) is { } unknown) { throw _formula.Error($"'{unknown}' is a parameter; the response is made of columns only", 0); }
            _response = new ExpressionCompiler(_formula, _catalog, _responseInputs).Compile(_formula.Response);
            inputs.Add(_formula.ResponseName);
        }
        if (options.WeightsColumn is { } weights) { _weights = _responseInputs.Number(_catalog.GetNumeric(weights, "weights").Name); }
        var outcomes = options.Sample is { } sample ? SampledOutcome.Bind(sample, binder, names, _catalog, _inputs) : null;
        if (outcomes is not null) { inputs = [.. _inputs.Labels]; }
        Width = inputs.Count;
        _columns = _inputs.Count;
        Model = binder.Program.ToModel(root, Parameters, inputs, options.Formula is not null, $"{(options.Formula is null ? "log-density " : "")}{_formula.Text}", outcomes);
    }

    ExpressionPlan(string expression, ParameterSet parameters, IReadOnlyList<ColumnProfile> columns)
    {
        Parameters = parameters;
        _formula = Formula.ParseExpression(expression);
        _catalog = new(_formula, columns);
        var binder = new ExpressionBinder(_formula, parameters.Names, _catalog, _inputs);
        var root = binder.Bind(_formula.Terms);
        (Width, _columns) = (_inputs.Count, _inputs.Count);
        Model = binder.Program.ToModel(root, parameters, [.. _inputs.Labels], isLeastSquares: false, _formula.Text);
    }

    /// <summary>A function of the same parameters that is only evaluated.</summary>
    public static ExpressionPlan ForValues(string expression, ParameterSet parameters, IReadOnlyList<ColumnProfile> columns) => new(expression, parameters, columns);

    /// <summary>The same plan for another thread, with scratch of its own; it has to be bound.</summary>
    public ExpressionPlan Fork() => new(_options!, [.. Used.Select(column => new ColumnProfile(column.Key, column.Value, []))]);

    /// <summary>The likelihood.</summary>
    public LikelihoodModel Model { get; }

    public ParameterSet Parameters { get; }

    /// <summary>Numbers of a row.</summary>
    public int Width { get; }

    /// <summary>The columns that are read, with what they hold: enough to build the plan again.</summary>
    public IReadOnlyDictionary<string, ColumnKind> Used => _catalog.Used;

    /// <summary>Finds the columns in a header.</summary>
    /// <exception cref="DataException">A column is missing.</exception>
    public void Bind(IReadOnlyList<string> header, bool needsResponse, string source)
    {
        var positions = new Dictionary<string, int>();
        for (var i = 0; i < header.Count; i++) { positions.TryAdd(header[i], i); }
        var missing = (needsResponse ? _inputs.Names.Concat(_responseInputs.Names) : _inputs.Names).Distinct().Where(name => !positions.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            throw new DataException($"{source}: '{_formula.Text}' needs {(missing.Count == 1 ? "the column" : "the columns")} {ColumnCatalog.List(missing)}; there are: {ColumnCatalog.List(header)}");
        }
        _inputs.Bind(positions);
        if (needsResponse) { _responseInputs.Bind(positions); }
        _fields = header.Count;
    }

    /// <summary>Reads a record into a row and its weight, or says why not.</summary>
    public bool TryEncode(RecordReader record, Span<double> row, bool needsResponse, out double weight, out Rejection rejection)
    {
        weight = 1;
        if (record.FieldCount != _fields)
        {
            rejection = Rejection.OfFieldCount(record.FieldCount, _fields);
            return false;
        }
        if (!TryRead(record, _inputs, out rejection)) { return false; }
        _inputs.Values.CopyTo(row);
        if (!needsResponse) { return true; }
        if (!TryRead(record, _responseInputs, out rejection)) { return false; }
        if (_weights >= 0)
        {
            weight = _responseInputs.Values[_weights];
            if (weight < 0)
            {
                rejection = RowInputs.Reject(RejectionReason.OutsideSupport, _responseInputs.Position(_weights), record.Field(_responseInputs.Position(_weights)));
                return false;
            }
        }
        if (_response is null) { return true; }
        var response = _response.Evaluate(_responseInputs.Values);
        if (!RowInputs.IsUsable(response))
        {
            var at = _responseInputs.Position(_response.FirstInput);
            rejection = RowInputs.Reject(RejectionReason.NotFinite, at, at < 0 ? default : record.Field(at));
            return false;
        }
        row[_columns] = response;
        return true;
    }

    static bool TryRead(RecordReader record, RowInputs inputs, out Rejection rejection)
    {
        if (!inputs.TryRead(record, out rejection)) { return false; }
        for (var i = 0; i < inputs.Values.Length; i++)
        {
            if (RowInputs.IsUsable(inputs.Values[i])) { continue; }
            rejection = RowInputs.Reject(RejectionReason.NotFinite, inputs.Position(i), record.Field(inputs.Position(i)));
            return false;
        }
        return true;
    }
}
