using System.Globalization;
using System.Text;

namespace FisherFlow.Data.Formulas;

/// <summary>Cuts a formula into tokens; every token knows its character.</summary>
sealed class Tokenizer(string text)
{
    static readonly string[] _operators = ["<=", ">=", "==", "!=", "&&", "||", "**", "~", "+", "-", "*", "/", "^", ":", "<", ">", "!", "&", "|", "="];
    int _position;

    public List<Token> All()
    {
        var tokens = new List<Token>();
        do { tokens.Add(Next()); }
        while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    Token Next()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position])) { _position++; }
        if (_position == text.Length) { return new(TokenKind.End, "", 0, _position, _position); }
        var c = text[_position];
        return c switch
        {
            '(' => Single(TokenKind.Open),
            ')' => Single(TokenKind.Close),
            ',' => Single(TokenKind.Comma),
            '"' or '\'' => Quoted(c, TokenKind.Text),
            '`' => Quoted(c, TokenKind.Name),
            '%' => Percent(),
            _ when char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1))) => Number(),
            _ when NameSyntax.IsStart(c) => Name(),
            _ => Operator(),
        };
    }

    char Peek(int ahead) => _position + ahead < text.Length ? text[_position + ahead] : '\0';

    Token Single(TokenKind kind) => Take(kind, _position + 1);

    Token Take(TokenKind kind, int end)
    {
        var token = new Token(kind, text[_position..end], 0, _position, end);
        _position = end;
        return token;
    }

    Token Name()
    {
        var end = _position;
        while (end < text.Length && NameSyntax.IsPart(text[end])) { end++; }
        return Take(TokenKind.Name, end);
    }

    Token Number()
    {
        var end = _position;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.')) { end++; }
        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var exponent = end + 1 < text.Length && text[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                end = exponent;
                while (end < text.Length && char.IsAsciiDigit(text[end])) { end++; }
            }
        }
        if (!double.TryParse(text.AsSpan(_position, end - _position), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            throw new FormulaException($"'{text[_position..end]}' is not a number; legal are 2, 0.5, 1e-3", _position, text);
        }
        if (end < text.Length && NameSyntax.IsPart(text[end]))
        {
            throw new FormulaException("a name starts with a letter; a column whose name starts otherwise is written in back quotes: `2nd`", _position, text);
        }
        return Take(TokenKind.Number, end) with { Number = value };
    }

    Token Quoted(char quote, TokenKind kind)
    {
        var start = _position;
        var value = new StringBuilder();
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && (text[i + 1] == quote || text[i + 1] == '\\'))
            {
                value.Append(text[++i]);
                continue;
            }
            if (text[i] != quote)
            {
                value.Append(text[i]);
                continue;
            }
            if (kind == TokenKind.Name && value.Length == 0) { throw new FormulaException("a name in back quotes is empty", start, text); }
            _position = i + 1;
            return new(kind, value.ToString(), quote == '`' ? 1 : 0, start, _position);
        }
        throw new FormulaException($"the quote {quote} that opens here is not closed", start, text);
    }

    Token Percent()
    {
        var close = text.IndexOf('%', _position + 1);
        var op = close < 0 ? "%" : text[_position..(close + 1)];
        throw new FormulaException(
            op == "%in%" ? "%in% (nesting) is not supported; write the interaction a:b" : $"'{op}' is not an operator of formulas; legal are + - * : ^ and, inside I(), + - * / ^ < <= > >= == != & | !",
            _position, text);
    }

    Token Operator()
    {
        foreach (var op in _operators)
        {
            if (string.CompareOrdinal(text, _position, op, 0, op.Length) == 0) { return Take(TokenKind.Operator, _position + op.Length); }
        }
        throw new FormulaException($"the character '{text[_position]}' has no meaning in a formula; names with unusual characters are written in back quotes: `my column`", _position, text);
    }
}
