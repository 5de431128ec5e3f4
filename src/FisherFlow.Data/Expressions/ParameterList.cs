using FisherFlow.Data.Formulas;
using FisherFlow.Likelihoods;

namespace FisherFlow.Data.Expressions;

/// <summary>Reads parameters and what they may be: <c>a, b, s > 0, p in (0, 1), simplex(u, v, w), ordered(c1, c2)</c>.</summary>
sealed class ParameterList(string text)
{
    readonly List<Token> _tokens = new Tokenizer(text).All();
    int _next;

    Token Peek => _tokens[_next];

    /// <exception cref="FormulaException">The text is none of these; the message points at the character.</exception>
    public static IReadOnlyList<Parameter> Parse(string text) => new ParameterList(text).All();

    List<Parameter> All()
    {
        if (Peek.Kind == TokenKind.End) { throw Error("the parameters are missing; legal is for example a, b, s > 0", Peek); }
        List<Parameter> parameters = [];
        HashSet<string> known = [];
        while (true)
        {
            var at = Peek;
            var parameter = One();
            if (parameter.Names.FirstOrDefault(name => !known.Add(name)) is { } twice) { throw Error($"the parameter '{twice}' is declared twice", at); }
            parameters.Add(parameter);
            if (Peek.Kind == TokenKind.End) { return parameters; }
            if (Peek.Kind != TokenKind.Comma) { throw Error($"a comma is expected before {Peek.Describe()}; legal are a, s > 0, b < 10, p in (0, 1), simplex(u, v), ordered(c, d)", Peek); }
            _next++;
        }
    }

    Parameter One()
    {
        var token = Take(TokenKind.Name, "the name of a parameter");
        if (token.Text is "simplex" or "ordered" && Peek.Kind == TokenKind.Open) { return Vector(token); }
        if (Peek.Is(">") || Peek.Is(">="))
        {
            _next++;
            return Between(token, Number(), double.PositiveInfinity);
        }
        if (Peek.Is("<") || Peek.Is("<="))
        {
            _next++;
            return Between(token, double.NegativeInfinity, Number());
        }
        if (Peek is not { Kind: TokenKind.Name, Text: "in" }) { return Parameter.Free(token.Text); }
        _next++;
        Take(TokenKind.Open, "'(' and two bounds, as in p in (0, 1),");
        var low = Number();
        Take(TokenKind.Comma, "a comma between the bounds");
        var high = Number();
        Take(TokenKind.Close, "')' behind the bounds");
        return Between(token, low, high);
    }

    Parameter Vector(Token function)
    {
        _next++;
        List<string> names = [];
        do
        {
            if (names.Count > 0) { _next++; }
            names.Add(Take(TokenKind.Name, "the name of a parameter").Text);
        }
        while (Peek.Kind == TokenKind.Comma);
        Take(TokenKind.Close, "')' behind the names");
        if (names.Count < 2) { throw Error($"{function.Text} takes two or more names", function); }
        return function.Text == "simplex" ? Parameter.Simplex(names) : Parameter.Ordered(names);
    }

    Parameter Between(Token name, double low, double high) =>
        low < high ? Parameter.Between(name.Text, low, high) : throw Error($"{name.Text} cannot lie between {low:R} and {high:R}; the lower bound comes first", name);

    double Number()
    {
        var sign = 1;
        for (; Peek.Is("-") || Peek.Is("+"); _next++) { sign = Peek.Is("-") ? -sign : sign; }
        if (Peek is { Kind: TokenKind.Name, Text: "Inf" })
        {
            _next++;
            return sign * double.PositiveInfinity;
        }
        return sign * Take(TokenKind.Number, "a number").Number;
    }

    Token Take(TokenKind kind, string what)
    {
        var token = Peek;
        if (token.Kind != kind) { throw Error($"{what} is expected here, not {(token.Kind == TokenKind.End ? "the end" : token.Describe())}", token); }
        _next++;
        return token;
    }

    FormulaException Error(string problem, Token at) => new(problem, at.Position, text);
}
