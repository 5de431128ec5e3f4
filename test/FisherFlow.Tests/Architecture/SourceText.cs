using System.Text.RegularExpressions;

namespace FisherFlow.Tests.Architecture;

/// <summary>A member with a body, found by its braces.</summary>
sealed record SourceMember(string Header, int Line, int Lines);

/// <summary>Reads C# only as far as the rules of the house need: comments, literals, blocks.</summary>
static partial class SourceText
{
    /// <summary>Blanks comments and the insides of literals; every line stays where it was.</summary>
    public static string Strip(string code)
    {
        var text = code.ToCharArray();
        for (var i = 0; i < text.Length;) { i = Skip(code, text, i); }
        return new(text);
    }

    /// <summary>Members of types, from the first line of their header to the last of their body.</summary>
    public static IEnumerable<SourceMember> Members(string code)
    {
        var text = Strip(code);
        var kinds = new Stack<(bool IsType, int HeaderStart, string Header)>();
        var start = 0;
        var parentheses = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '(' or '[': parentheses++; break;
                case ')' or ']': parentheses--; break;
                case '{':
                    var header = text[start..i];
                    kinds.Push((TypeHeader().IsMatch(header), start, header));
                    start = i + 1;
                    break;
                case '}':
                    var block = kinds.Pop();
                    if (!block.IsType && kinds.TryPeek(out var outer) && outer.IsType) { yield return Member(text, block.HeaderStart, i, block.Header); }
                    start = i + 1;
                    break;
                case ';' when parentheses == 0:
                    if (kinds.TryPeek(out var parent) && parent.IsType) { yield return Member(text, start, i, text[start..i]); }
                    start = i + 1;
                    break;
            }
        }
    }

    static SourceMember Member(string text, int start, int end, string header)
    {
        while (start < end && char.IsWhiteSpace(text[start])) { start++; }
        return new(Whitespace().Replace(header, " ").Trim(), text.AsSpan(0, start).Count('\n') + 1, text.AsSpan(start, end - start).Count('\n') + 1);
    }

    /// <summary>Passes one token, blanking it when it is a comment or a literal, and returns where the next begins.</summary>
    static int Skip(string code, char[] text, int i)
    {
        var rest = code.AsSpan(i);
        if (rest.StartsWith("//")) { return Blank(code, text, i, rest.IndexOf('\n') is var n and >= 0 ? i + n : code.Length); }
        if (rest.StartsWith("/*")) { return Blank(code, text, i, code.IndexOf("*/", i + 2, StringComparison.Ordinal) + 2); }
        if (rest[0] == '\'') { return Blank(code, text, i, CharacterEnd(code, i)); }
        var literal = LiteralStart().Match(code, i);
        if (!literal.Success || literal.Index != i) { return i + 1; }
        var quotes = literal.Groups["quotes"].Length;
        var body = i + literal.Length;
        var end = quotes switch
        {
            >= 3 => code.IndexOf(new string('"', quotes), body, StringComparison.Ordinal) + quotes,
            2 => body,   // an empty literal
            _ => StringEnd(code, body, literal.Groups["prefix"].Value),
        };
        return Blank(code, text, i, end);
    }

    static int StringEnd(string code, int i, string prefix)
    {
        var (verbatim, interpolated) = (prefix.Contains('@', StringComparison.Ordinal), prefix.Contains('$', StringComparison.Ordinal));
        for (; code[i] != '"' || (verbatim && code[i + 1] == '"'); i++)
        {
            if (verbatim && code[i] == '"') { i++; }
            else if (!verbatim && code[i] == '\\') { i++; }
            else if (interpolated && code[i] == '{' && code[i + 1] == '{') { i++; }
            else if (interpolated && code[i] == '{') { i = HoleEnd(code, i + 1); }
        }
        return i + 1;
    }

    /// <summary>The brace that closes an interpolation, whatever literals are inside.</summary>
    static int HoleEnd(string code, int i)
    {
        for (var depth = 1; ; i = Skip(code, [], i))
        {
            if (code[i] == '{') { depth++; }
            if (code[i] == '}' && --depth == 0) { return i; }
        }
    }

    static int CharacterEnd(string code, int i) => code.IndexOf('\'', code[i + 1] == '\\' ? i + 3 : i + 2) + 1;

    static int Blank(string code, char[] text, int from, int to)
    {
        if (to <= from) { throw new FormatException($"a comment or literal does not end: {code[from..Math.Min(code.Length, from + 40)]}"); }
        for (var i = from; i < Math.Min(to, text.Length); i++)
        {
            if (code[i] != '\n') { text[i] = ' '; }
        }
        return to;
    }

    [GeneratedRegex(@"\b(class|struct|interface|enum|record)\s+(?!where\b)[A-Za-z_@]|\bextension\s*[(<]")]
    private static partial Regex TypeHeader();

    [GeneratedRegex("""\G(?:(?<prefix>\$?@\$?)(?<quotes>")|(?<prefix>\$*)(?<quotes>"{3,}|""(?!")|"))""")]
    private static partial Regex LiteralStart();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
