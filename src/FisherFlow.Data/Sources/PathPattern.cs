using System.IO.Enumeration;

namespace FisherFlow.Data.Sources;

/// <summary>Finds the files that a path with <c>*</c> and <c>?</c> names.</summary>
static class PathPattern
{
    static readonly EnumerationOptions _everything = new() { AttributesToSkip = default(FileAttributes), ReturnSpecialDirectories = false };

    /// <summary>Whether the path has wildcards and is not simply the name of a file that has such characters.</summary>
    internal static bool IsPattern(string path) => path.AsSpan().IndexOfAny('*', '?') >= 0 && !File.Exists(path);

    /// <summary>The files that match, in ordinal order of their paths.</summary>
    /// <remarks><c>*</c> is any text and <c>?</c> any one character within one part of the path; names that start with a dot are matched only by patterns that do.</remarks>
    internal static IReadOnlyList<string> Expand(string pattern)
    {
        var root = Path.GetPathRoot(pattern) ?? "";
        var parts = pattern[root.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        List<string> found = [root];
        for (var i = 0; i < parts.Length; i++)
        {
            var (part, isLast) = (parts[i], i == parts.Length - 1);
            found = [.. found.SelectMany(folder => Children(folder, part, isLast))];
        }
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    static IEnumerable<string> Children(string folder, string part, bool files)
    {
        if (part.AsSpan().IndexOfAny('*', '?') < 0)
        {
            var child = Path.Combine(folder, part);
            return (files ? File.Exists(child) : Directory.Exists(child)) ? [child] : [];
        }
        var place = folder.Length == 0 ? "." : folder;
        var children = files ? Directory.EnumerateFiles(place, "*", _everything) : Directory.EnumerateDirectories(place, "*", _everything);
        return children.Select(child => Path.GetFileName(child))
            .Where(name => FileSystemName.MatchesSimpleExpression(part, name, ignoreCase: false) && (name[0] != '.' || part[0] == '.'))
            .Select(name => Path.Combine(folder, name));
    }
}
