namespace FisherFlow.Data.Formulas;

/// <summary>A Pratt parser over R's operators: <c>~</c>, then <c>|</c>, <c>&amp;</c>, <c>!</c>, comparisons, <c>+ −</c>, <c>* /</c>, <c>:</c>, unary minus, <c>^</c>.</summary>
sealed class FormulaParser(string text)
{
    const int MaximumDepth = 200;
    const int Or = 2, And = 3, Comparison = 5, Additive = 6, Multiplicative = 7, Interaction = 8, Unary = 9, Power = 10;

    readonly List<Token> _tokens = new Tokenizer(text).All();
    int _next;
    int _depth;

    Token Peek => _tokens[_next];

    /// <summary>Both sides of a formula.</summary>
    public (Node Left, Node Right) Parse()
    {
        if (Peek.Kind == TokenKind.End) { throw Error("the formula is empty; write the response, '~' and the terms: y ~ x + g", Peek); }
        if (Peek.Is("~")) { throw Error("the response is missing on the left of '~'; legal is for example y ~ x", Peek); }
        var left = Expression(Or);
        if (Peek.Kind == TokenKind.End) { throw Error("'~' and the terms are missing; legal is for example y ~ x", Peek); }
        if (!Peek.Is("~")) { throw Unexpected(); }
        _next++;
        if (Peek.Kind == TokenKind.End) { throw Error("the terms are missing on the right of '~'; 1 alone fits an intercept: y ~ 1", Peek); }
        var right = Expression(Or);
        if (Peek.Kind != TokenKind.End) { throw Unexpected(); }
        return (left, right);
    }

    /// <summary>One expression without '~'.</summary>
    public Node ParseExpression()
    {
        if (Peek.Kind == TokenKind.End) { throw Error("the expression is empty", Peek); }
        var expression = Expression(Or);
        if (Peek.Is("~")) { throw Error("an expression has no '~'; a formula goes to its own place, after the data", Peek); }
        if (Peek.Kind != TokenKind.End) { throw Unexpected(); }
        return expression;
    }

    Node Expression(int minimum)
    {
        if (++_depth > MaximumDepth) { throw Error($"the formula nests deeper than {MaximumDepth} levels", Peek); }
        var left = Prefix();
        while (true)
        {
            var token = Peek;
            var power = token.Kind == TokenKind.Operator ? BindingPower(token.Text) : 0;
            if (power == 0 || power < minimum) { break; }
            _next++;
            if (Peek.Kind is TokenKind.End or TokenKind.Close or TokenKind.Comma) { throw Error($"after '{token.Text}' a term is missing", Peek); }
            if (power == Additive)
            {
                if (left is not SumNode sum)
                {
                    sum = new(left.Position);
                    sum.Add(minus: false, left);
                    left = sum;
                }
                sum.Add(token.Is("-"), Expression(Multiplicative));
                continue;
            }
            var right = Expression(power == Power ? Power : power + 1);
            if (power == Comparison && left is BinaryNode { Operator: "<" or "<=" or ">" or ">=" or "==" or "!=" })
            {
                throw Error("comparisons do not chain; write 1 < x & x < 3", token);
            }
            left = new BinaryNode(token.Text switch { "**" => "^", "&&" => "&", "||" => "|", var op => op }, left, right, token.Position);
            if (left.Depth > MaximumDepth) { throw Error($"the formula nests deeper than {MaximumDepth} levels", token); }
        }
        _depth--;
        return left;
    }

    static int BindingPower(string op) => op switch
    {
        "|" or "||" => Or,
        "&" or "&&" => And,
        "<" or "<=" or ">" or ">=" or "==" or "!=" => Comparison,
        "+" or "-" => Additive,
        "*" or "/" => Multiplicative,
        ":" => Interaction,
        "^" or "**" => Power,
        _ => 0,
    };

    Node Prefix()
    {
        var token = Peek;
        _next++;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return new NumberNode(token.Number, token.Position);
            case TokenKind.Text:
                return new TextNode(token.Text, token.Position);
            case TokenKind.Name:
                var quoted = token.Number != 0;
                if (!quoted && Peek.Kind == TokenKind.Open) { return Call(token); }
                return token.Text == "." && !quoted ? new DotNode(token.Position) : new NameNode(token.Text, token.Position);
            case TokenKind.Open:
                var inner = Expression(Or);
                if (Peek.Kind != TokenKind.Close) { throw Unclosed(token, "'('"); }
                _next++;
                return new ParenthesisNode(inner, token.Position);
            case TokenKind.Operator when token.Text == "+":
                return Expression(Unary);
            case TokenKind.Operator when token.Text == "-":
                return new UnaryNode("-", Expression(Unary), token.Position);
            case TokenKind.Operator when token.Text == "!":
                return new UnaryNode("!", Expression(Comparison), token.Position);
            default:
                _next--;
                throw Error(token.Is("~") ? "a formula has only one '~'" : $"a column, a number, a function or '(' is expected here, not {token.Describe()}", token);
        }
    }

    CallNode Call(Token function)
    {
        _next++;
        var arguments = new List<(string? Name, Node Value)>();
        while (Peek.Kind != TokenKind.Close)
        {
            if (arguments.Count > 0)
            {
                if (Peek.Kind != TokenKind.Comma) { throw Unclosed(function, $"'{function.Text}('"); }
                _next++;
            }
            if (Peek.Kind == TokenKind.End) { throw Unclosed(function, $"'{function.Text}('"); }
            string? name = null;
            if (Peek.Kind == TokenKind.Name && _tokens[_next + 1].Is("="))
            {
                name = Peek.Text;
                _next += 2;
            }
            arguments.Add((name, Expression(Or)));
        }
        _next++;
        return new(function.Text, arguments, function.Position);
    }

    FormulaException Unclosed(Token opened, string what) => Peek.Kind == TokenKind.End
        ? Error($"{what} at character {opened.Position + 1} is not closed; ')' is expected at the end", Peek)
        : Unexpected();

    FormulaException Unexpected()
    {
        var token = Peek;
        return Error(
            token.Kind switch
            {
                TokenKind.Close => "this ')' closes nothing",
                TokenKind.Comma => "a comma separates the arguments of a function; terms are joined by +",
                TokenKind.Operator when token.Text == "~" => "a formula has only one '~', and it stands outside parentheses",
                TokenKind.Operator when token.Text == "=" => "'=' names an argument, as in C(g, ref = \"b\"); to compare write ==",
                _ => $"an operator is missing before {token.Describe()}; terms are joined by + - * or :",
            }, token);
    }

    FormulaException Error(string problem, Token at) => new(problem, at.Position, text);
}
