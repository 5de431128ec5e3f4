using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Likelihoods;

namespace FisherFlow.Data.Expressions;

/// <summary>Turns a parsed expression into a program: every name is a parameter, a column or a constant, or the message points at it.</summary>
sealed class ExpressionBinder(Formula formula, IReadOnlyList<string> parameters, ColumnCatalog catalog, RowInputs inputs)
{
    const string Uniform = "u";
    const string Normal = "z";

    readonly HashSet<string> _used = [];

    /// <summary>The program; its inputs are the columns of a row.</summary>
    public LikelihoodProgram Program { get; init; } = new();

    /// <summary>Whether <c>u</c> and <c>z</c> are random numbers.</summary>
    public bool IsRandom { get; init; }

    /// <summary>Parameters that occur.</summary>
    public IReadOnlySet<string> Used => _used;

    /// <exception cref="FormulaException">A name or function is unknown, arguments are too few or many, or a column holds something else.</exception>
    public int Bind(Node node)
    {
        switch (node)
        {
            case NumberNode number:
                return Program.Constant(number.Value);
            case NameNode name:
                return Name(name);
            case ParenthesisNode parenthesis:
                return Bind(parenthesis.Inner);
            case UnaryNode unary:
                return Program.Apply(unary.Operator == "!" ? RowOperation.Not : RowOperation.Negate, Bind(unary.Operand));
            case SumNode sum:
                var total = Bind(sum.Parts[0].Node);
                foreach (var (minus, part) in sum.Parts.Skip(1)) { total = Program.Apply(minus ? RowOperation.Subtract : RowOperation.Add, total, Bind(part)); }
                return total;
            case BinaryNode binary:
                return Binary(binary);
            case CallNode call:
                return Call(call);
            case TextNode text:
                throw formula.Error("a text is only compared with a text column, as in origin == \"ATL\"", text.Position);
            case DotNode dot:
                throw formula.Error("'.' stands for all columns in a linear formula; an expression names them", dot.Position);
            default:
                throw formula.Error("this has no value", node.Position);
        }
    }

    int Name(NameNode name)
    {
        var index = parameters.ToList().IndexOf(name.Column);
        var column = catalog.Columns.FirstOrDefault(c => c.Name == name.Column);
        if (IsRandom && name.Column is Uniform or Normal)
        {
            if (index >= 0 || column is not null) { throw formula.Error($"'{name.Column}' is a random number where outcomes are drawn, and also {(index >= 0 ? "a parameter" : "a column of the data")}; give that another name", name.Position); }
            return Program.Noise(name.Column == Normal);
        }
        if (index >= 0 && column is not null) { throw formula.Error($"'{name.Column}' is a parameter and also a column of the data; give the parameter another name", name.Position); }
        if (index >= 0)
        {
            _used.Add(name.Column);
            return Program.Parameter(index);
        }
        if (column is null && name.Column == "pi") { return Program.Constant(Math.PI); }
        if (column is null) { throw formula.Error($"'{name.Column}' is neither a parameter nor a column; {Known(name.Column)}", name.Position); }
        catalog.Get(name);
        return column.Kind switch
        {
            ColumnKind.Numeric => Program.Column(inputs.Number(column.Name)),
            ColumnKind.Boolean => Program.Column(inputs.Truth(column.Name)),
            ColumnKind.Date => throw formula.Error($"'{column.Name}' holds dates; legal are hour({name.Name}), weekday({name.Name}) and month({name.Name})", name.Position),
            _ => throw formula.Error($"'{column.Name}' holds text and has no arithmetic; legal are comparisons, as in {name.Name} == \"{(column.Levels.Count > 0 ? column.Levels[0] : "a")}\"{ColumnCatalog.HintOn(column)}", name.Position),
        };
    }

    string Known(string name)
    {
        var columns = catalog.Columns.Select(c => c.Name).ToList();
        var close = parameters.Concat(columns).FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase));
        return close is not null ? $"did you mean '{close}'?" : $"the parameters are {ColumnCatalog.List(parameters)}; the data have {ColumnCatalog.List(columns)}";
    }

    int Binary(BinaryNode binary)
    {
        var (left, right) = (binary.Left.Bare, binary.Right.Bare);
        if ((left as TextNode ?? right as TextNode) is { } text) { return Comparison(binary, left == text ? right : left, text); }
        if (binary.Operator == ":") { throw formula.Error("':' joins terms of linear formulas; in arithmetic legal are + - * / ^ and comparisons", binary.Position); }
        var (a, b) = (Bind(binary.Left), Bind(binary.Right));
        return binary.Operator switch
        {
            "*" => Program.Apply(RowOperation.Multiply, a, b),
            "/" => Program.Apply(RowOperation.Divide, a, b),
            "^" => Program.Apply(RowOperation.Power, a, b),
            "<" => Program.Apply(RowOperation.Less, a, b),
            "<=" => Program.Apply(RowOperation.LessOrEqual, a, b),
            ">" => Program.Apply(RowOperation.Less, b, a),
            ">=" => Program.Apply(RowOperation.LessOrEqual, b, a),
            "==" => Program.Apply(RowOperation.Equal, a, b),
            "!=" => Program.Apply(RowOperation.Not, Program.Apply(RowOperation.Equal, a, b)),
            "&" => Program.Apply(RowOperation.And, a, b),
            "|" => Program.Apply(RowOperation.Or, a, b),
            _ => throw formula.Error($"'{binary.Operator}' has no place in arithmetic", binary.Position),
        };
    }

    int Comparison(BinaryNode binary, Node other, TextNode text)
    {
        if (binary.Operator is not ("==" or "!=")) { throw formula.Error("texts are compared by == and != only", binary.Position); }
        if (other is not NameNode name || parameters.Contains(name.Column)) { throw formula.Error("a text is compared with a text column by its name, as in origin == \"ATL\"", binary.Position); }
        var column = catalog.Get(name);
        if (column.Kind == ColumnKind.Numeric) { throw formula.Error($"'{column.Name}' holds numbers; compare it with a number, without quotes", text.Position); }
        var equal = Program.Column(inputs.Equality(column.Name, text.Value));
        return binary.Operator == "==" ? equal : Program.Apply(RowOperation.Not, equal);
    }

    int Call(CallNode call)
    {
        if (Functions.Date(call.Function) is { } part)
        {
            if (call.Arguments is not [(null, var only)] || only.Bare is not NameNode date) { throw formula.Error($"{call.Function} takes a date column by its name: {call.Function}(date)", call.Position); }
            var column = catalog.Get(date);
            if (column.Kind != ColumnKind.Date) { throw formula.Error($"'{column.Name}' holds {ColumnCatalog.Describe(column.Kind)}; {call.Function}() takes dates such as 2001-01-31 or 2001-01-31 13:05", date.Position); }
            return Program.Column(inputs.Date(column.Name, part));
        }
        if (ExpressionFunctions.Arity(call.Function) is not { } arity) { throw formula.Error($"there is no function '{call.Function}'; legal are {ExpressionFunctions.Legal}", call.Position); }
        if (call.Arguments.Find(a => a.Name is not null) is { Name: { } name } named) { throw formula.Error($"{call.Function} has no argument named '{name}'; to compare write ==", named.Value.Position); }
        if (call.Arguments.Count < arity.Fewest || call.Arguments.Count > arity.Most)
        {
            var wanted = arity.Fewest == arity.Most ? $"{arity.Fewest}" : $"{arity.Fewest} to {arity.Most}";
            throw formula.Error($"{call.Function} takes {wanted} {(wanted == "1" ? "argument" : "arguments")}, not {call.Arguments.Count}", call.Position);
        }
        return ExpressionFunctions.Build(Program, call.Function, [.. call.Arguments.Select(a => Bind(a.Value))]);
    }
}
