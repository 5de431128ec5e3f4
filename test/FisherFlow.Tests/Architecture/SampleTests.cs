using FisherFlow.Tests.Cli;

namespace FisherFlow.Tests.Architecture;

public sealed class SampleTests
{
    const string Guide = "docs/guide/optimisers.md";

    [Fact]
    public void The_program_of_the_guide_to_optimisers_is_a_sample_and_prints_what_the_guide_shows()
    {
        Assert.Equal(Repository.Read("samples/Optimisers/Program.cs"), DocumentationTests.Fence(Repository.Read(Guide), "csharp"));

        var outcome = FisherFlowProcess.RunProgram(Repository.Root, Path.Combine(AppContext.BaseDirectory, "Optimisers.dll"));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(DocumentationTests.Fence(Repository.Read(Guide), "text"), outcome.Output);
    }

    [Fact]
    public void The_program_of_the_README_prints_what_the_README_shows()
    {
        var outcome = FisherFlowProcess.RunProgram(Repository.Root, Path.Combine(AppContext.BaseDirectory, "QuickStart.dll"));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(DocumentationTests.Fence(Repository.Read("README.md"), "text"), outcome.Output);
    }
}
