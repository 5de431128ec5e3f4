using System.Text.RegularExpressions;

namespace FisherFlow.Tests.Architecture;

public sealed class SizeTests
{
    const int MostLinesOfAFile = 500;
    const int MostLinesOfAMethod = 80;
    const int MostLinesOfAKernel = 150;

    static readonly string[] _everything = ["src", "test", "bench", "samples"];

    [Fact]
    public void No_file_is_longer_than_anyone_reads() =>
        Assert.DoesNotContain(Repository.Sources(_everything), path => Repository.Read(path).AsSpan().Count('\n') > MostLinesOfAFile);

    [Fact]
    public void No_method_is_longer_than_a_screen_but_kernels_may_be_two() =>
        Assert.Empty(Repository.Sources("src", "bench", "samples").SelectMany(path => SourceText.Members(Repository.Read(path))
            .Where(member => Regex.IsMatch(member.Header, @"^[^=]*\("))
            .Where(member => member.Lines > (path.StartsWith("src/FisherFlow/Numerics/", StringComparison.Ordinal) ? MostLinesOfAKernel : MostLinesOfAMethod))
            .Select(member => $"{path}:{member.Line} {member.Header} has {member.Lines} lines")));

    [Fact]
    public void Files_are_named_by_what_they_hold() =>
        Assert.DoesNotContain(Repository.Sources(_everything), path => Regex.IsMatch(Path.GetFileNameWithoutExtension(path), "Util|Helper|Manager|Common|Misc"));

    [Fact]
    public void Members_are_measured_whatever_braces_their_literals_hold()
    {
        const string Code = """"
            sealed class A<T> where T : class
            {
                /* { */ int P { get; } = 1;   // {
                string Q() => $"{(P > 0 ? "}" : "{")} '{{' " + @"""{" + '{';
                void R()
                {
                    if (P > 0) { S("""{"""); }
                }
            }
            """";

        Assert.Equal(["int P:1", "= 1:1", "string Q() =>:1", "void R():4"],
            SourceText.Members(Code).Select(m => $"{Regex.Replace(m.Header, "(?<==>).*", "")}:{m.Lines}"));
    }
}
