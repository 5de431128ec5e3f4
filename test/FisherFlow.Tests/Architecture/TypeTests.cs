using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FisherFlow.Tests.Architecture;

public sealed class TypeTests
{
    static readonly Assembly[] _assemblies = [typeof(FisherFlow.Models.Block).Assembly, typeof(FisherFlow.Data.Regression).Assembly, typeof(FisherFlow.Cli.CommandLine).Assembly];

    [Fact]
    public void Classes_are_sealed_abstract_or_static() =>
        Assert.Empty(_assemblies.SelectMany(a => a.GetTypes())
            .Where(type => type.IsClass && !type.IsSealed && !type.IsAbstract && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null)
            .Where(type => !type.FullName!.Contains('<', StringComparison.Ordinal))
            .Select(type => type.FullName));

    [Fact]
    public void Every_public_type_is_documented()
    {
        foreach (var assembly in _assemblies.Take(2))
        {
            var documentation = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));
            var documented = documentation.Descendants("member").Select(m => m.Attribute("name")!.Value).ToHashSet();
            Assert.Empty(assembly.GetExportedTypes().Where(type => !documented.Contains($"T:{type.FullName!.Replace('+', '.')}")).Select(type => type.FullName));
        }
    }

    [Fact]
    public void Nothing_in_the_sources_silences_the_rule_that_public_members_are_documented()
    {
        var rules = Repository.Read(".editorconfig");
        var sections = Regex.Split(rules, @"^(?=\[)", RegexOptions.Multiline).Where(section => section.Contains("CS1591", StringComparison.Ordinal));
        Assert.All(sections, section => Assert.Matches(@"^\[(test|bench|samples)/", section));
        var projects = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Append(Path.Combine(Repository.Root, "Directory.Build.props"));
        Assert.All(projects, project => Assert.DoesNotContain("NoWarn", File.ReadAllText(project), StringComparison.Ordinal));
        Assert.Contains("<GenerateDocumentationFile>true", Repository.Read("Directory.Build.props"), StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true", Repository.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    /// <summary>A span has no shape of its own, so its documentation says it: <c>[n, k]</c>.</summary>
    [Fact]
    public void The_documentation_of_every_public_span_has_its_shape() =>
        Assert.Empty(Repository.Sources("src/FisherFlow").SelectMany(path => Undocumented(path, Repository.Read(path))));

    static IEnumerable<string> Undocumented(string path, string code)
    {
        var lines = code.Split('\n');
        var isPublic = Regex.IsMatch(code, @"^public .*\b(class|struct|interface|record)\b", RegexOptions.Multiline);
        for (var i = 1; isPublic && i < lines.Length; i++)
        {
            var inInterface = Regex.IsMatch(code, @"^public .*\binterface\b", RegexOptions.Multiline);
            if (!Regex.IsMatch(lines[i], @"\bSpan<double>|\bReadOnlySpan<double>") || !Regex.IsMatch(lines[i], inInterface ? @"^    [\w<].*\(" : @"^    public .*\(")) { continue; }
            var first = i;
            while (first > 0 && Regex.IsMatch(lines[first - 1], @"^    (///|\[)")) { first--; }
            var documentation = string.Concat(lines[first..i]);
            if (documentation.Length > 0 && !documentation.Contains("<inheritdoc", StringComparison.Ordinal) && !Regex.IsMatch(documentation, @"\[[^\]]+\]"))
            {
                yield return $"{path}:{i + 1} {lines[i].Trim()}";
            }
        }
    }
}
