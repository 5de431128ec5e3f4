using System.Text.RegularExpressions;

namespace FisherFlow.Tests.Architecture;

public sealed class DocumentationTests
{
    const string Sample = "samples/QuickStart/Program.cs";

    [Fact]
    public void The_program_in_the_README_is_a_sample() =>
        Assert.Equal(Repository.Read(Sample), Fence(Repository.Read("README.md"), "csharp"));

    [Fact]
    public void Every_sample_is_built_and_listed()
    {
        var samples = Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'));
        var solution = Repository.Read("FisherFlow.slnx");
        var list = Repository.Read("samples/README.md");
        Assert.All(samples, sample =>
        {
            Assert.Contains(sample, solution, StringComparison.Ordinal);
            Assert.Contains($"`{Path.GetFileNameWithoutExtension(sample)}`", list, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var documents = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(Repository.Root, "README.md"));
        Assert.All(documents, document =>
        {
            foreach (Match link in Regex.Matches(File.ReadAllText(document), @"\]\((?!https?:|#)([^)#]+)"))
            {
                var target = Path.Combine(Path.GetDirectoryName(document)!, link.Groups[1].Value);
                Assert.True(Path.Exists(target), $"{Path.GetRelativePath(Repository.Root, document)} links to {link.Groups[1].Value}, which is not there");
            }
        });
    }

    internal static string Fence(string markdown, string language) =>
        Regex.Match(markdown, $@"^```{language}\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;
}
