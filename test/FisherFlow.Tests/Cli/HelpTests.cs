using System.Text.RegularExpressions;
using FisherFlow.Cli;
using FisherFlow.Tests.Architecture;

namespace FisherFlow.Tests.Cli;

public sealed class HelpTests
{
    public static TheoryData<string> Verbs => [.. CommandLine.Create().Subcommands.Select(c => c.Name)];

    [Fact]
    public void Without_a_verb_the_program_says_which_verbs_there_are()
    {
        var outcome = FisherFlowProcess.Run(Repository.Root);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal("", outcome.Output);
        Assert.Contains("fit, update, predict, merge, show or compare", outcome.Error, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Verbs))]
    public void Every_verb_teaches_by_example(string verb)
    {
        var outcome = FisherFlowProcess.Run(Repository.Root, verb, "--help");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains($"Usage:\n  fisherflow {verb} ", outcome.Output, StringComparison.Ordinal);
        var examples = outcome.Output[outcome.Output.IndexOf("Examples:", StringComparison.Ordinal)..];
        Assert.True(Regex.Count(examples, $@"fisherflow {verb} ") >= 2, examples);
    }

    [Theory, MemberData(nameof(Verbs))]
    public void The_examples_of_every_verb_parse(string verb)
    {
        var command = (FisherFlow.Cli.Verbs.Verb)CommandLine.Create().Subcommands.Single(c => c.Name == verb);
        foreach (Match example in Regex.Matches(command.Examples, @"fisherflow (?<line>(""[^""]*""|[^|>\n""])*)"))
        {
            var result = CommandLine.Create().Parse(example.Groups["line"].Value);
            Assert.True(result.Errors.Count == 0, $"{example.Value}: {string.Join("; ", result.Errors)}");
        }
    }

    [Fact]
    public void The_guide_describes_every_option_of_every_verb()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "guide", "command-line.md"));
        foreach (var verb in CommandLine.Create().Subcommands)
        {
            Assert.Contains($"## {verb.Name}", guide, StringComparison.Ordinal);
            foreach (var option in verb.Options) { Assert.Contains($"`{option.Name}", guide, StringComparison.Ordinal); }
        }
    }

    [Fact]
    public void The_version_is_the_packages()
    {
        var outcome = FisherFlowProcess.Run(Repository.Root, "--version");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+(-[\w.]+)?\n$", outcome.Output);
    }

    [Fact]
    public void The_info_names_runtime_and_processor()
    {
        var outcome = FisherFlowProcess.Run(Repository.Root, "--info");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains(".NET 10", outcome.Output, StringComparison.Ordinal);
        Assert.Matches("processor +(portable|256-bit|512-bit)", outcome.Output);
        Assert.Contains($"threads     {Environment.ProcessorCount}", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("built in (FISHERFLOW_BLAS names no library)", outcome.Output, StringComparison.Ordinal);
    }

    [Theory, InlineData("--info"), InlineData("fit", "data/flights-sample.csv.gz", "distance ~ 1")]
    public void A_native_library_that_is_asked_for_and_missing_is_an_error_that_lists_where_it_was_looked_for(params string[] words)
    {
        var outcome = FisherFlowProcess.RunWith(Repository.Root, ("FISHERFLOW_BLAS", "libmissing-blas.so"), words);

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith("fisherflow: FISHERFLOW_BLAS asks for 'libmissing-blas.so'", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("Looked for: libmissing-blas.so", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Shells_are_told_how_a_word_can_be_completed()
    {
        var outcome = FisherFlowProcess.Run(Repository.Root, "[suggest:24]", "fisherflow fit --family ");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("negative-binomial", outcome.Lines);
    }
}
