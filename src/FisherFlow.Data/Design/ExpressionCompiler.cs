using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;

namespace FisherFlow.Data.Design;

/// <summary>Compiles checked expressions to row programs, knowing what the columns hold.</summary>
sealed class ExpressionCompiler(Formula formula, ColumnCatalog catalog, RowInputs inputs)
{
    /// <exception cref="FormulaException">A column does not exist, or what it holds does not fit.</exception>
    public RowProgram Compile(Node node)
    {
        var program = new List<Instruction>();
        Emit(node, program);
        return new(program);
    }

    void Emit(Node node, List<Instruction> program)
    {
        switch (node)
        {
            case NumberNode number:
                program.Add(new(Operation.Constant, Constant: number.Value));
                break;
            case NameNode name:
                program.Add(new(Operation.Input, Column(name)));
                break;
            case ParenthesisNode parenthesis:
                Emit(parenthesis.Inner, program);
                break;
            case UnaryNode unary:
                Emit(unary.Operand, program);
                program.Add(new(unary.Operator == "!" ? Operation.Not : Operation.Negate));
                break;
            case SumNode sum:
                for (var i = 0; i < sum.Parts.Count; i++)
                {
                    Emit(sum.Parts[i].Node, program);
                    if (i > 0) { program.Add(new(sum.Parts[i].Minus ? Operation.Subtract : Operation.Add)); }
                }
                break;
            case BinaryNode binary:
                Emit(binary, program);
                break;
            case CallNode { Function: "I" } same:
                Emit(same.Arguments[0].Value, program);
                break;
            case CallNode call when Functions.Date(call.Function) is { } part:
                program.Add(new(Operation.Input, Date(call, part)));
                break;
            case CallNode call when Functions.Numeric(call.Function) is { } operation:
                Emit(call.Arguments[0].Value, program);
                program.Add(new(operation));
                break;
            default:
                throw formula.Error("this has no value", node.Position);
        }
    }

    void Emit(BinaryNode binary, List<Instruction> program)
    {
        var (left, right) = (binary.Left.Bare, binary.Right.Bare);
        if ((left as TextNode ?? right as TextNode) is { } text)
        {
            program.Add(new(Operation.Input, Equality((NameNode)(left == text ? right : left), text)));
            if (binary.Operator == "!=") { program.Add(new(Operation.Not)); }
            return;
        }
        Emit(binary.Left, program);
        Emit(binary.Right, program);
        program.Add(new(binary.Operator switch
        {
            "*" => Operation.Multiply,
            "/" => Operation.Divide,
            "^" => Operation.Power,
            "<" => Operation.Less,
            "<=" => Operation.LessOrEqual,
            ">" => Operation.Greater,
            ">=" => Operation.GreaterOrEqual,
            "==" => Operation.Equal,
            "!=" => Operation.NotEqual,
            "&" => Operation.And,
            "|" => Operation.Or,
            _ => throw formula.Error($"'{binary.Operator}' has no place in arithmetic", binary.Position),
        }));
    }

    int Column(NameNode name)
    {
        var column = catalog.Get(name);
        return column.Kind switch
        {
            ColumnKind.Numeric => inputs.Number(column.Name),
            ColumnKind.Boolean => inputs.Truth(column.Name),
            ColumnKind.Date => throw formula.Error($"'{column.Name}' holds dates; legal are hour({name.Name}), weekday({name.Name}) and month({name.Name})", name.Position),
            _ => throw formula.Error($"'{column.Name}' holds text and has no arithmetic; legal are {name.Name} as a term by itself, and comparisons as in {name.Name} == \"{Example(column)}\"{ColumnCatalog.HintOn(column)}", name.Position),
        };
    }

    int Date(CallNode call, DatePart part)
    {
        var name = (NameNode)call.Arguments[0].Value.Bare;
        var column = catalog.Get(name);
        return column.Kind == ColumnKind.Date
            ? inputs.Date(column.Name, part)
            : throw formula.Error($"'{column.Name}' holds {ColumnCatalog.Describe(column.Kind)}; {call.Function}() takes dates such as 2001-01-31 or 2001-01-31 13:05", name.Position);
    }

    int Equality(NameNode name, TextNode text)
    {
        var column = catalog.Get(name);
        return column.Kind is ColumnKind.Numeric
            ? throw formula.Error($"'{column.Name}' holds numbers; compare it with a number, without quotes", text.Position)
            : inputs.Equality(column.Name, text.Value);
    }

    static string Example(ColumnProfile column) => column.Levels.Count > 0 ? column.Levels[0] : "a";
}
