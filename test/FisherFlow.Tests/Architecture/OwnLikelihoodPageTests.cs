using FisherFlow.Tests.Cli;
using FisherFlow.Tests.Reference;

namespace FisherFlow.Tests.Architecture;

/// <summary>The page on likelihoods of one's own: its program is a sample, its output is what the sample prints, and its commands run.</summary>
public sealed class OwnLikelihoodPageTests
{
    const string Page = "docs/guide/your-own-likelihood.md";

    [Fact]
    public void Its_program_is_the_sample_and_prints_what_it_shows()
    {
        var page = Repository.Read(Page);
        Assert.Equal(Repository.Read("samples/YourOwnLikelihood/Program.cs"), DocumentationTests.Fence(page, "csharp"));

        var outcome = FisherFlowProcess.RunProgram(Repository.Root, Path.Combine(AppContext.BaseDirectory, "YourOwnLikelihood.dll"));
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(DocumentationTests.Fence(page, "text"), outcome.Output);
    }

    [Fact]
    public void Its_commands_run()
    {
        using var folder = new DataFolder();
        File.Copy(Path.Combine(Repository.Root, "data", "floods.csv"), folder["floods.csv"]);
        var lines = File.ReadAllLines(ReferenceCase.PathOf("nist/Misra1a.dat"));
        var rows = lines[(Array.FindLastIndex(lines, line => line.StartsWith("Data:", StringComparison.Ordinal)) + 1)..].Select(line => string.Join(',', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        folder.Write("dental.csv", "y,x\n" + string.Join('\n', rows));

        folder.Write("delayed.csv", File.ReadAllText(ReferenceCase.PathOf("../Gallery/Reference/data/delayed.csv")));

        var commands = GuideTests.Commands(Repository.Read(Page)).ToList();
        Assert.Equal(4, commands.Count);
        var outputs = commands.Select(command => folder.Do(command)).ToList();
        // the late entries of the last one, against the family's answer to the same data
        var family = folder.Do("fit", "delayed.csv", "Surv(entry, exit, event) ~ x", "--family", "weibull", "--format", "csv").Split('\n');
        var slope = double.Parse(family.Single(line => line.StartsWith("x,scale,", StringComparison.Ordinal)).Split(',')[2]);
        var own = outputs[^1].Split('\n').Single(line => line.StartsWith("b ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Assert.Equal(slope, double.Parse(own), 1e-4);   // as many digits as the table has
    }
}
