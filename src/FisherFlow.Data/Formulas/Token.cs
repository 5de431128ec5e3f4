namespace FisherFlow.Data.Formulas;

enum TokenKind
{
    Number,
    Text,
    Name,
    Operator,
    Open,
    Close,
    Comma,
    End,
}

/// <summary>A piece of a formula: its text without quotes, and where it stands. The number of a name in back quotes is 1.</summary>
readonly record struct Token(TokenKind Kind, string Text, double Number, int Position, int End)
{
    public bool Is(string op) => Kind == TokenKind.Operator && Text == op;

    public string Describe() => Kind switch
    {
        TokenKind.End => "the end of the formula",
        TokenKind.Text => $"the text \"{Text}\"",
        _ => $"'{Text}'",
    };
}
