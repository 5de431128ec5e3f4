using System.Text;
using System.Text.Unicode;

namespace FisherFlow.Data.Sources;

/// <summary>The names of a file's columns, and how they match those of the first file.</summary>
static class HeaderLine
{
    /// <summary>A name as it stands in the file; bytes that are not UTF-8 are read as Latin-1, as levels are.</summary>
    internal static string Text(ReadOnlySpan<byte> field) => (Utf8.IsValid(field) ? Encoding.UTF8 : Encoding.Latin1).GetString(field);

    /// <summary>The names in a header: without spaces around them; a column without a name is called after its position.</summary>
    /// <exception cref="DataException">It is not text, or two columns have the same name.</exception>
    internal static string[] Names(string file, IReadOnlyList<string> fields)
    {
        var names = new string[fields.Count];
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            var name = fields[i].Trim();
            if (i == 0 && name.StartsWith("FISHFLOW", StringComparison.Ordinal)) { throw new DataException($"{file} is a state, not data; fisherflow show {file} prints it"); }
            if (name.Any(character => char.IsControl(character) && !char.IsWhiteSpace(character)))
            {
                throw new DataException(IsWide(string.Concat(fields))
                    ? $"{file} looks like UTF-16 without a byte-order mark; CSV or TSV in UTF-8 was expected. On most systems 'iconv -f UTF-16{(fields[0][0] == '\0' ? "BE" : "LE")} -t UTF-8' makes it"
                    : $"{file} does not look like text: its header has control characters. CSV or TSV in UTF-8 was expected (.gz is unpacked)");
            }
            names[i] = name.Length == 0 ? $"column{i + 1}" : name;
            if (!positions.TryAdd(names[i], i))
            {
                throw new DataException($"{file}: columns {positions[names[i]] + 1} and {i + 1} are both called '{names[i]}'; the names in a header must differ");
            }
        }
        return names;
    }

    /// <summary>Whether every other character is NUL, as where UTF-16 is read byte by byte.</summary>
    static bool IsWide(string header)
    {
        var zeros = header.Count(c => c == '\0');
        return zeros > 1 && 2 * zeros >= header.Length && header.Any(char.IsAsciiLetterOrDigit) && header.All(c => c is '\0' or '\r' || !char.IsControl(c));
    }

    /// <summary>Where in a file the first file's columns are, <c>[columns]</c>; null when they are in the same order.</summary>
    /// <exception cref="DataException">A column is missing, or there is one more.</exception>
    internal static int[]? Match(IReadOnlyList<string> columns, string firstFile, string[] names, string file)
    {
        var map = new int[columns.Count];
        for (var i = 0; i < map.Length; i++)
        {
            map[i] = Array.IndexOf(names, columns[i]);
            if (map[i] < 0) { throw new DataException($"{file} lacks the column '{columns[i]}' of {firstFile}; files read as one must have the same columns. It has: {string.Join(", ", names)}"); }
        }
        if (names.Length > columns.Count)
        {
            var extra = names.First(name => !columns.Contains(name, StringComparer.Ordinal));
            throw new DataException($"{file} has a column '{extra}' that {firstFile} has not; files read as one must have the same columns");
        }
        return map.AsSpan().SequenceEqual(Enumerable.Range(0, map.Length).ToArray()) ? null : map;
    }
}
