using System.CommandLine;

namespace FisherFlow.Cli.Options;

/// <summary>Finds the option or verb that a misspelt word was meant to be.</summary>
static class Spelling
{
    const int MostEdits = 3;

    /// <summary>A message about a word that a command does not know.</summary>
    public static string Unknown(string word, Command command)
    {
        var isOption = word.StartsWith('-');
        var known = (isOption ? command.Options.Select(o => o.Name).Append("--help") : command.Subcommands.Select(c => c.Name)).ToList();
        var nearest = known.Where(name => name.StartsWith(word, StringComparison.Ordinal)).MinBy(name => name.Length) ?? known.MinBy(name => Edits(word, name));
        var what = isOption ? "option" : command.Subcommands.Count > 0 ? "verb" : "place for";
        var close = nearest is not null && (nearest.StartsWith(word, StringComparison.Ordinal) || Edits(word, nearest) <= Math.Min(MostEdits, word.Length / 2));
        return $"there is no {what} '{word}'{(close ? $"; did you mean {nearest}?" : "")}";
    }

    /// <summary>Insertions, deletions and replacements that turn one word into another (Levenshtein 1966).</summary>
    public static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var (diagonal, left) = (row[0], i);
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j - 1] = left;
                left = Math.Min(replaced, Math.Min(left, diagonal) + 1);
            }
            row[to.Length] = left;
        }
        return row[^1];
    }
}
