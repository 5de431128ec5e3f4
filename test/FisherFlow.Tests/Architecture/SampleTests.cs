using FisherFlow.Tests.Cli;

namespace FisherFlow.Tests.Architecture;

public sealed class SampleTests
{
    [Fact]
    public void The_program_of_the_README_prints_what_the_README_shows()
    {
        var outcome = FisherFlowProcess.RunProgram(Repository.Root, Path.Combine(AppContext.BaseDirectory, "QuickStart.dll"));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(DocumentationTests.Fence(Repository.Read("README.md"), "text"), outcome.Output);
    }
}
