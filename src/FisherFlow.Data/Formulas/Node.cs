using System.Text;

namespace FisherFlow.Data.Formulas;

/// <summary>A node of a parsed formula. Its text is R's deparse, which is what terms are named by.</summary>
abstract record Node(int Position)
{
    /// <summary>Levels of nesting below; bounded by the parser so that no visitor can exhaust the stack.</summary>
    public abstract int Depth { get; }

    public abstract void Write(StringBuilder text);

    /// <summary>The node as R would write it.</summary>
    public string Name
    {
        get
        {
            var text = new StringBuilder();
            Write(text);
            return text.ToString();
        }
    }

    /// <summary>The node without parentheses around it.</summary>
    public Node Bare
    {
        get
        {
            var node = this;
            while (node is ParenthesisNode parenthesis) { node = parenthesis.Inner; }
            return node;
        }
    }
}

sealed record NumberNode(double Value, int Position) : Node(Position)
{
    public override int Depth => 1;

    public override void Write(StringBuilder text) => text.Append(NumberSyntax.Write(Value));
}

sealed record TextNode(string Value, int Position) : Node(Position)
{
    public override int Depth => 1;

    public override void Write(StringBuilder text) =>
        text.Append('"').Append(Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
}

sealed record NameNode(string Column, int Position) : Node(Position)
{
    public override int Depth => 1;

    public override void Write(StringBuilder text) => text.Append(NameSyntax.Write(Column));
}

/// <summary>The dot: every column that is not in the response.</summary>
sealed record DotNode(int Position) : Node(Position)
{
    public override int Depth => 1;

    public override void Write(StringBuilder text) => text.Append('.');
}

sealed record ParenthesisNode(Node Inner, int Position) : Node(Position)
{
    public override int Depth => Inner.Depth + 1;

    public override void Write(StringBuilder text)
    {
        text.Append('(');
        Inner.Write(text);
        text.Append(')');
    }
}

sealed record UnaryNode(string Operator, Node Operand, int Position) : Node(Position)
{
    public override int Depth => Operand.Depth + 1;

    public override void Write(StringBuilder text)
    {
        text.Append(Operator);
        Operand.Write(text);
    }
}

sealed record BinaryNode(string Operator, Node Left, Node Right, int Position) : Node(Position)
{
    public override int Depth { get; } = Math.Max(Left.Depth, Right.Depth) + 1;

    public bool IsLogical => Operator is "<" or "<=" or ">" or ">=" or "==" or "!=" or "&" or "|";

    public override void Write(StringBuilder text)
    {
        Left.Write(text);
        text.Append(Operator is "^" or ":" or "/" ? Operator : $" {Operator} ");
        Right.Write(text);
    }
}

/// <summary>A chain of + and −, kept flat so that thousands of terms nest no deeper than one.</summary>
sealed record SumNode(int Position) : Node(Position)
{
    readonly List<(bool Minus, Node Node)> _parts = [];
    int _depth = 1;

    public IReadOnlyList<(bool Minus, Node Node)> Parts => _parts;

    public override int Depth => _depth;

    public void Add(bool minus, Node node)
    {
        _parts.Add((minus, node));
        _depth = Math.Max(_depth, node.Depth + 1);
    }

    public override void Write(StringBuilder text)
    {
        for (var i = 0; i < Parts.Count; i++)
        {
            if (i > 0) { text.Append(Parts[i].Minus ? " - " : " + "); }
            Parts[i].Node.Write(text);
        }
    }
}

/// <summary>A function of arguments, some of them named.</summary>
sealed record CallNode(string Function, List<(string? Name, Node Value)> Arguments, int Position) : Node(Position)
{
    public override int Depth { get; } = Arguments.Count == 0 ? 1 : Arguments.Max(argument => argument.Value.Depth) + 1;

    public override void Write(StringBuilder text)
    {
        text.Append(Function).Append('(');
        for (var i = 0; i < Arguments.Count; i++)
        {
            if (i > 0) { text.Append(", "); }
            if (Arguments[i].Name is { } name) { text.Append(name).Append(" = "); }
            Arguments[i].Value.Write(text);
        }
        text.Append(')');
    }
}
