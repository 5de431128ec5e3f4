using System.Text.RegularExpressions;

namespace FisherFlow.Tests.Architecture;

/// <summary>Folders are namespaces, and each knows only what the design lets it know.</summary>
public sealed partial class ArrowTests
{
    // Room → the rooms it may name. A room that is not listed may not exist.
    static readonly Dictionary<string, string[]> _library = new()
    {
        ["Numerics"] = [],
        ["Snapshots"] = [],
        ["Differentiation"] = [],
        ["Information"] = ["Numerics", "Snapshots"],
        ["Memory"] = ["Information", "Numerics", "Snapshots"],
        ["StateSpace"] = ["Numerics", "Snapshots"],
        ["Models"] = ["Information", "Differentiation", "Snapshots", "Numerics"],
        ["Estimation"] = ["Memory", "Mixtures", "StateSpace", "Models", "Information", "Differentiation", "Snapshots", "Numerics"],
        ["Inference"] = ["Estimation", "Memory", "Models", "Information", "Differentiation", "Snapshots", "Numerics"],
        ["Optimisation"] = ["Estimation", "Models", "Information", "Snapshots", "Numerics"],
        ["Fusion"] = ["Estimation", "Models", "Information", "Differentiation", "Snapshots", "Numerics"],
        ["Likelihoods"] = ["Inference", "Estimation", "Memory", "StateSpace", "Information", "Differentiation", "Snapshots", "Numerics", "Models"],
        ["Mixtures"] = ["Models", "Information", "Snapshots", "Numerics"],
        ["Reports"] = ["Inference"],
    };

    // Within the data package; all of the library may be named from it.
    static readonly Dictionary<string, string[]> _data = new()
    {
        [""] = ["Formulas", "Sources", "Design", "States", "Expressions"],
        ["Expressions"] = ["Formulas", "Design", "Sources", ""],
        ["Formulas"] = ["Sources", ""],
        ["Sources"] = [""],
        ["Design"] = ["Formulas", "Sources", ""],
        ["States"] = [""],
    };

    // A user's choice of a native library can only come from outside; it changes speed, and answers by rounding at most.
    static readonly string[] _mayAskTheEnvironment = ["src/FisherFlow/Numerics/NativeBlas.cs: Environment.GetEnvironmentVariable"];

    // What a library without I/O, console and clock does not say.
    [GeneratedRegex(@"\b(Console|File|FileInfo|FileStream|Directory|DirectoryInfo|Path|Stopwatch|TimeProvider|DateTimeOffset|HttpClient|Socket|Process)\s*\.|\bnew\s+(FileStream|StreamReader|StreamWriter|Stopwatch|Random)\b|\bDateTime\s*\.|\bEnvironment\s*\.\s*(GetEnvironmentVariable|Exit|TickCount)")]
    private static partial Regex OutsideWorld();

    [Fact]
    public void Folders_are_namespaces()
    {
        Assert.All(Repository.Sources("src"), path =>
        {
            var folder = Path.GetDirectoryName(path)!.Replace('\\', '/')["src/".Length..].Replace('/', '.');
            var spaces = Regex.Matches(SourceText.Strip(Repository.Read(path)), @"^namespace\s+([\w.]+)", RegexOptions.Multiline).Select(m => m.Groups[1].Value).ToList();
            Assert.All(spaces, space => Assert.Equal(folder, space));
        });
    }

    [Fact]
    public void Rooms_of_the_library_know_only_what_the_design_lets_them_know() =>
        Assert.Empty(Violations("src/FisherFlow", "FisherFlow", _library));

    [Fact]
    public void The_library_knows_neither_data_nor_program() =>
        Assert.DoesNotContain(Repository.Sources("src/FisherFlow"), path => Regex.IsMatch(SourceText.Strip(Repository.Read(path)), @"\bFisherFlow\.(Data|Cli)\b"));

    [Fact]
    public void Rooms_of_the_data_package_know_only_what_they_need() =>
        Assert.Empty(Violations("src/FisherFlow.Data", "FisherFlow.Data", _data));

    [Fact]
    public void The_data_package_does_not_know_the_program() =>
        Assert.DoesNotContain(Repository.Sources("src/FisherFlow.Data"), path => Regex.IsMatch(SourceText.Strip(Repository.Read(path)), @"\bFisherFlow\.Cli\b"));

    [Fact]
    public void The_library_has_no_files_no_console_no_clock() =>
        Assert.Empty(Repository.Sources("src/FisherFlow")
            .SelectMany(path => OutsideWorld().Matches(SourceText.Strip(Repository.Read(path))).Select(m => $"{path}: {m.Value}"))
            .Except(_mayAskTheEnvironment));

    [Fact]
    public void The_data_package_has_no_console() =>
        Assert.DoesNotContain(Repository.Sources("src/FisherFlow.Data"), path => Regex.IsMatch(SourceText.Strip(Repository.Read(path)), @"\bConsole\s*\.(Write|Error|Out\b|Read)"));

    static IEnumerable<string> Violations(string folder, string root, Dictionary<string, string[]> arrows)
    {
        foreach (var path in Repository.Sources(folder))
        {
            var inside = path[(folder.Length + 1)..];
            var room = inside.Contains('/', StringComparison.Ordinal) ? inside[..inside.IndexOf('/', StringComparison.Ordinal)] : "";
            if (!arrows.TryGetValue(room, out var allowed))
            {
                yield return $"{path}: the room '{room}' has no arrows in the architecture tests";
                continue;
            }
            foreach (Match name in Regex.Matches(SourceText.Strip(Repository.Read(path)), $@"\b{Regex.Escape(root)}\.(\w+)"))
            {
                var other = name.Groups[1].Value;
                if (arrows.ContainsKey(other) && other != room && !allowed.Contains(other)) { yield return $"{path}: {room} may not know {other}"; }
            }
        }
    }
}
