namespace FisherFlow.Data.Formulas;

/// <summary>Checks an arithmetic expression for everything that can be known without the data: functions, their arguments, what may stand where.</summary>
sealed class ExpressionCheck(string formula)
{
    public void Check(Node node)
    {
        switch (node)
        {
            case NumberNode or NameNode:
                break;
            case TextNode text:
                throw Error(text, "a text is only compared with a text column, as in I(origin == \"ATL\")");
            case DotNode dot:
                throw Error(dot, "'.' stands for all other columns and is a term by itself: y ~ .");
            case ParenthesisNode parenthesis:
                Check(parenthesis.Inner);
                break;
            case UnaryNode unary:
                Check(unary.Operand);
                break;
            case SumNode sum:
                foreach (var (_, part) in sum.Parts) { Check(part); }
                break;
            case BinaryNode binary:
                Check(binary);
                break;
            case CallNode call:
                Check(call);
                break;
            default:
                throw Error(node, "this has no value");
        }
    }

    /// <summary>The only positional argument of a call; named ones are refused.</summary>
    public Node Single(CallNode call)
    {
        if (call.Arguments is [(null, var only)]) { return only; }
        if (call.Arguments.Find(argument => argument.Name is not null) is { Name: { } name, Value: var value })
        {
            throw Error(value, $"{call.Function} has no argument named '{name}'; to compare write ==");
        }
        throw Error(call, call.Function == "log"
            ? "log takes one argument; for another base write log2(x), log10(x) or I(log(x) / log(3))"
            : $"{call.Function} takes exactly one argument: {call.Function}(x)");
    }

    void Check(BinaryNode binary)
    {
        if (binary.Operator == ":") { throw Error(binary, "':' joins terms; in arithmetic legal are + - * / ^ and comparisons"); }
        if (binary.Operator is "==" or "!=")
        {
            var (left, right) = (binary.Left.Bare, binary.Right.Bare);
            if (left is TextNode || right is TextNode)
            {
                if ((left is TextNode ? right : left) is NameNode) { return; }
                throw Error(binary, "a text is compared with a text column by its name, as in origin == \"ATL\"");
            }
        }
        else if (binary.IsLogical && (binary.Left.Bare is TextNode || binary.Right.Bare is TextNode))
        {
            throw Error(binary, "texts are compared by == and != only");
        }
        Check(binary.Left);
        Check(binary.Right);
    }

    void Check(CallNode call)
    {
        if (call.Function == "I" || Functions.Numeric(call.Function) is not null)
        {
            Check(Single(call));
            return;
        }
        if (Functions.Date(call.Function) is not null)
        {
            if (Single(call).Bare is not NameNode) { throw Error(call, $"{call.Function} takes a date column by its name: {call.Function}(date)"); }
            return;
        }
        throw Error(call, call.Function switch
        {
            "C" or "factor" => $"{call.Function}() makes a categorical term and has no place in arithmetic",
            "hash" => "hash() makes a term of many columns and has no place in arithmetic",
            "pair" => "pair(first, second) is a term by itself: won ~ pair(home, away)",
            "Surv" => "Surv(time, event) stands on the left of '~' only",
            "offset" => "offset() is a term by itself: y ~ x + offset(log(e))",
            "cbind" => "cbind(successes, failures) stands on the left of '~' only",
            var other => Functions.Refuse(other),
        });
    }

    FormulaException Error(Node at, string problem) => new(problem, at.Position, formula);
}
