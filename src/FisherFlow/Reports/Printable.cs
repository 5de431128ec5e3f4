using System.Globalization;
using System.Text;

namespace FisherFlow.Reports;

/// <summary>Texts of the data, such as names of levels, as a report may show them.</summary>
public static class Printable
{
    const string MarkdownSpecial = "\\|*_`~[";

    /// <summary>The text in one line: characters that command a terminal or break a line are written by their codes, as <c>\n</c>, <c>\t</c> and <c>\u001b</c>.</summary>
    /// <param name="text">The text.</param>
    public static string OneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Any(char.IsControl) ? string.Concat(text.Select(Code)) : text;
    }

    /// <summary>The text in a cell of a GitHub-flavoured markdown table: what markdown would take as its own stands as it is.</summary>
    /// <param name="text">The text.</param>
    public static string Markdown(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var escaped = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isPlain = c == '~' ? !At('~', i - 1) && !At('~', i + 1) : c == '[' && text.IndexOf("](", i, StringComparison.Ordinal) < 0;
            if (!isPlain && MarkdownSpecial.Contains(c, StringComparison.Ordinal)) { escaped.Append('\\'); }
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                _ when char.IsControl(c) => escaped.Append(' '),
                _ => escaped.Append(c),
            };
        }
        return escaped.ToString();

        bool At(char wanted, int place) => place >= 0 && place < text.Length && text[place] == wanted;
    }

    static string Code(char c) => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when char.IsControl(c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        _ => c.ToString(),
    };
}
