namespace FisherFlow.Data.Sources;

/// <summary>What to read: one or several delimited files, plain or gzip, or standard input, as one stream of records.</summary>
public sealed class DataSource
{
    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>How standard input is called in messages.</summary>
    internal const string StandardInputName = "standard input";

    readonly IReadOnlyList<string> _paths;
    readonly Func<Stream> _standardInput;
    bool _standardInputTaken;

    DataSource(IReadOnlyList<string> paths, Func<Stream> standardInput)
    {
        _paths = paths;
        _standardInput = standardInput;
    }

    /// <summary>Files, patterns of files, or <c>-</c> for standard input, read one after the other.</summary>
    /// <param name="pathsOrGlobs">Paths; <c>*</c> and <c>?</c> stand for any text and any character of a name, and what they match is read in ordinal order.</param>
    /// <exception cref="DataException">A file does not exist, is a directory or is named twice, or a pattern matches nothing.</exception>
    public static DataSource From(IReadOnlyList<string> pathsOrGlobs)
    {
        ArgumentNullException.ThrowIfNull(pathsOrGlobs);
        if (pathsOrGlobs.Count == 0) { throw new DataException("no data were named: give a file, a pattern such as 'part-*.csv', or - for standard input"); }
        List<string> paths = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in pathsOrGlobs)
        {
            foreach (var file in Files(path))
            {
                if (!seen.Add(file == StandardInput ? file : Path.GetFullPath(file))) { throw new DataException($"{file} is named twice; its rows would count double"); }
                paths.Add(file);
            }
        }
        return new(paths, Console.OpenStandardInput);
    }

    /// <summary>A stream in the place of standard input.</summary>
    /// <param name="input">The stream; it is read once and disposed with the reader.</param>
    public static DataSource FromStandardInput(Stream input) => new([StandardInput], () => input);

    /// <summary>Whether the data can be read a second time: all of them are ordinary files.</summary>
    public bool CanReread => _paths.All(IsOrdinaryFile);

    /// <summary>What is read, for messages.</summary>
    public string Name => _paths.Count == 1 ? NameOf(_paths[0]) : $"{_paths.Count} files from {NameOf(_paths[0])} to {NameOf(_paths[^1])}";

    /// <summary>Opens the first file and reads its header.</summary>
    /// <remarks>From standard input and pipes it waits for the first 64 KiB, or the end, which the fingerprint covers.</remarks>
    /// <exception cref="DataException">It cannot be opened, is empty, or its header cannot be used; or standard input was read before.</exception>
    public RecordReader Open() => new(this);

    internal int Count => _paths.Count;

    /// <summary>Bytes of all files together as they are stored; null when one of them is not an ordinary file.</summary>
    internal long? TotalBytes()
    {
        try
        {
            return CanReread ? _paths.Sum(path => new FileInfo(path).Length) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    internal RawInput OpenInput(int index)
    {
        var path = _paths[index];
        if (path == StandardInput)
        {
            if (_standardInputTaken) { throw new DataException("standard input can be read only once; give a file to read it again"); }
            _standardInputTaken = true;
        }
        try
        {
            return path == StandardInput
                ? new(StandardInputName, _standardInput(), isRegularFile: false)
                : new(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 128 * 1024), IsOrdinaryFile(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{NameOf(path)} cannot be opened: {exception.Message}", exception);
        }
    }

    static IReadOnlyList<string> Files(string path)
    {
        if (path == StandardInput) { return [path]; }
        if (string.IsNullOrEmpty(path)) { throw new DataException("the name of a data file is empty"); }
        if (PathPattern.IsPattern(path))
        {
            var files = PathPattern.Expand(path);
            return files.Count > 0 ? files : throw new DataException($"no file matches {path}");
        }
        if (Directory.Exists(path)) { throw new DataException($"{path} is a directory; name its files, such as {Path.Combine(path, "*.csv")}"); }
        return File.Exists(path) ? [path] : throw new DataException($"{path}: there is no such file");
    }

    // A pipe given as a file (/dev/fd/63, a named pipe) has no length, and what is read from it is gone.
    static bool IsOrdinaryFile(string path) =>
        path != StandardInput && !path.StartsWith("/dev/", StringComparison.Ordinal) && new FileInfo(path) is { Exists: true, Length: > 0 };

    static string NameOf(string path) => path == StandardInput ? StandardInputName : path;
}
