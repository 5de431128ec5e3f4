using System.IO.Compression;
using System.Text.RegularExpressions;
using FisherFlow.Tests.Cli;
using FisherFlow.Tests.Reference;
using FisherFlow.Tests.StateSpace;

namespace FisherFlow.Tests.Architecture;

/// <summary>What the pages of the guide show is compiled and run: C# stands in a sample, and commands are given to the program as they are written.</summary>
public sealed class GuideTests
{
    /// <summary>A page may show more than one example; each stands somewhere in a sample, line for line, whatever its indentation.</summary>
    [Fact]
    public void Every_example_in_C_is_part_of_a_sample()
    {
        var samples = Repository.Sources("samples").Select(path => Plain(Repository.Read(path))).ToList();
        var examples = Pages().SelectMany(page => Fences(page, "csharp").Select(text => (Page: page, Text: text))).ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
            Assert.True(samples.Exists(sample => sample.Contains(Plain(example.Text), StringComparison.Ordinal)), $"no sample holds this example of {example.Page}:\n{example.Text}"));
    }

    [Fact]
    public void The_shorter_examples_run()
    {
        using var folder = new DataFolder();
        File.Copy(Path.Combine(Repository.Root, "data", "flights-sample.csv.gz"), folder["flights.csv.gz"]);

        var outcome = FisherFlowProcess.RunProgram(folder.Path, Path.Combine(AppContext.BaseDirectory, "Guide.dll"));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var lines = outcome.Lines;
        Assert.StartsWith("(Intercept) -", lines[0], StringComparison.Ordinal);
        Assert.True(File.Exists(folder["flights.ff"]));
        var level = Numbers(lines.Single(line => line.StartsWith("today's level", StringComparison.Ordinal)));
        Assert.InRange(Math.Abs(level[0]), 0, 4 * level[1]);
        var scale = Numbers(lines.Single(line => line.StartsWith("Rayleigh", StringComparison.Ordinal)));
        Assert.Equal(scale[1], scale[0], 1e-6);   // as many digits as are printed
        Assert.Equal(["weight 0.4, coefficients 4, 1", "weight 0.6, coefficients -1, -1"], lines.Where(line => line.StartsWith("weight", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    /// <summary>Data of the names and columns that the pages speak of: the project's own where it has them, made up otherwise.</summary>
    [Fact]
    public void Every_command_runs()
    {
        using var folder = new DataFolder();
        WriteData(folder);
        folder.Do("fit", "may.csv", "y ~ x + z", "--state", "may.ff");
        folder.Do("fit", "west.csv", "y ~ x + g", "--state", "west.ff");
        var commands = Pages().Where(page => page != "docs/guide/your-own-likelihood.md").SelectMany(page => Fences(page, "(?:console)?")).SelectMany(Commands).ToList();
        Assert.True(commands.Count > 14, $"{commands.Count} commands");
        foreach (var command in commands) { folder.Do(command); }
        Assert.True(File.Exists(folder["compare.html"]) && File.Exists(folder["us.ff"]));
    }

    /// <summary>The commands of an example, in words; lines that explain the syntax have capitals for what is to be filled in.</summary>
    internal static IEnumerable<string[]> Commands(string fence) => Regex.Matches(fence, @"^(?:\$ )?fisherflow (?<rest>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)
        .Select(m => m.Groups["rest"].Value)
        .Where(rest => !rest.Contains("[options]", StringComparison.Ordinal))
        .Select(rest => Regex.Matches(rest, """
            "(?<word>[^"]*)"|(?<word>\S+)
            """, RegexOptions.ExplicitCapture).Select(m => m.Groups["word"].Value).ToArray());

    static IEnumerable<string> Pages() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "guide"), "*.md").Select(path => $"docs/guide/{Path.GetFileName(path)}").Order(StringComparer.Ordinal);

    /// <summary>Fenced examples of a language; its name is a pattern.</summary>
    static IEnumerable<string> Fences(string page, string language) =>
        Regex.Matches(Repository.Read(page), @"^```(?<language>\S*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)
            .Where(m => Regex.IsMatch(m.Groups["language"].Value, $"^{language}$")).Select(m => m.Groups["text"].Value);

    static string Plain(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    static double[] Numbers(string line) => [.. Regex.Matches(line, @"-?\d+\.\d+").Select(m => double.Parse(m.Value))];

    static void WriteData(DataFolder folder)
    {
        File.Copy(Path.Combine(Repository.Root, "data", "flights-sample.csv.gz"), folder["flights.csv.gz"]);
        using (var reader = new StreamReader(new GZipStream(File.OpenRead(folder["flights.csv.gz"]), CompressionMode.Decompress)))
        {
            folder.Write("new.csv", string.Join('\n', Enumerable.Range(0, 50).Select(_ => reader.ReadLine())) + "\n");
        }
        folder.Write("games.csv", File.ReadAllText(ReferenceCase.PathOf("../Gallery/Reference/data/pairs.csv")));
        folder.Write("nile.csv", "flow\n" + string.Join('\n', Series.Nile) + "\n");
        var random = new Random(4);
        Write("east.csv", "x,z,g,y", i => $"{X(i)},{Z(i)},{"abc"[i % 3]},{Count()}");
        Write("west.csv", "x,z,g,y", i => $"{X(i)},{Z(i)},{"abcd"[i % 4]},{Count()}");
        Write("more.csv", "x,z,g,y", i => $"{X(i)},{Z(i)},{"ab"[i % 2]},{Count()}");
        Write("may.csv", "x,z,y", i => $"{X(i)},{Z(i)},{Count()}");
        Write("june.csv", "x,z,y", i => $"{X(i)},{Z(i)},{Count()}");
        Write("orders.csv", "x,z,g,y", i => $"{X(i)},{Z(i)},{"abc"[i % 3]},{Count()}");
        Write("clicks.csv", "price,hour,click", i => $"{X(i)},{i % 24},{random.Next(2)}");
        Write("sales.csv", "amount,price,shop", i => $"{1 + Count()},{X(i)},s{i % 40}");
        Write("houses.csv", "price,area,district", i => $"{100 + Count()},{X(i)},{"nesw"[i % 4]}");
        Write("patients.csv", "days,died,age,treatment", i => $"{1 + Count()},{i % 3 % 2},{30 + i % 40},{"ab"[i % 2]}");
        Write("visits.csv", "visits,age,insured", i => $"{(i % 3 == 0 ? 0 : Count())},{30 + i % 40},{random.Next(2)}");
        foreach (var engines in (string[])["engines.csv", "new-engines.csv"])
        {
            Write(engines, "nox,equivalence,fuel", i => $"{(i % 2 == 0 ? 4 - 2 * X(i) : -1 + 2 * X(i)) + 0.1 * Count()},{X(i)},{"ab"[i / 2 % 2]}");
        }
        Write("waiting.csv", "minutes", i => $"{(i % 3 == 0 ? 54 : 80) + Count() + X(i)}");
        Write("votes.csv", "left,centre,right,income", i =>
        {
            var (left, right) = ((1 + Count()) / 20.0, (1 + Count()) / 20.0);
            return $"{left},{1 - left - right},{right},{X(i)}";
        });

        void Write(string name, string header, Func<int, FormattableString> row) =>
            folder.Write(name, header + "\n" + string.Concat(Enumerable.Range(0, 600).Select(i => FormattableString.Invariant(row(i)) + "\n")));

        double X(int i) => Math.Round(Math.Sin(i), 6);

        double Z(int i) => Math.Round(Math.Cos(7 * i), 6);

        int Count() => random.Next(4) + random.Next(4);
    }
}
