using System.CommandLine;
using System.CommandLine.Completions;
using FisherFlow.Cli;
using FisherFlow.Cli.Options;

namespace FisherFlow.Tests.Architecture;

/// <summary>What the command line offers has been run: an option without a run of the real program that succeeds fails the build.</summary>
public sealed class ProgramRunTests
{
    static readonly Command[] _verbs = [.. CommandLine.Create().Subcommands];

    static readonly string[] _names = [.. _verbs.Select(verb => verb.Name)];

    [Fact]
    public void Every_option_of_every_verb_is_run()
    {
        var run = ProgramRuns.All.SelectMany(r => r.Words.Select(word => (r.Verb(_names), word))).ToHashSet();

        AssertNone(_verbs.SelectMany(verb => verb.Options.Where(option => !run.Contains((verb.Name, option.Name))).Select(option => $"{verb.Name} {option.Name}")));
    }

    /// <summary>A word with a colon stands for all that begin so; what <c>--preset</c> takes is run by <c>--presets</c> too; families and links are proved by name where they are written.</summary>
    [Fact]
    public void Every_word_that_an_option_offers_is_run()
    {
        Option[] elsewhere = [ModelOptions.Family, ModelOptions.Link];
        AssertNone(_verbs.SelectMany(verb => verb.Options).Except(elsewhere).DistinctBy(option => option.Name).SelectMany(option => option.GetCompletions(CompletionContext.Empty)
            .Select(completion => completion.Label).Where(word => !ProgramRuns.All.Any(r => r.Words.Any(value => value.StartsWith(option.Name, StringComparison.Ordinal)) && r.Words.SelectMany(value => value.Split(',')).Any(value => Says(value, word)))).Select(word => $"{option.Name} {word}")));
    }

    [Fact]
    public void Only_what_is_legal_is_offered() =>
        Assert.DoesNotContain(_verbs.SelectMany(verb => verb.Options).SelectMany(option => option.GetCompletions(CompletionContext.Empty)), word => char.IsUpper(word.Label[0]));   // the names that enumerations have inside

    [Fact]
    public void Runs_are_found_with_the_words_that_theories_fields_and_callers_give_them()
    {
        const string Code = """
            class Tests
            {
                static readonly string[] _options = ["--seed", "1"];
                [Theory, InlineData("--link", "log"), InlineData("--firth")]
                void A(params string[] words) => _folder.Do(["fit", "a.csv", .. words, .. _options]);
                void B() { var file = "b.csv"; C("update", file); _folder.Run("fit", "--refused"); }
                string C(params string[] words) => _folder.Do(words);
                string[] Fit(string state) => ["fit", "--state", state];
                void D() => RunWithInput(Fit("s.ff"), "--resume");
            }
            """;

        Assert.Equal(["A: fit a.csv --seed 1 --link log", "A: fit a.csv --seed 1 --firth", "C: update b.csv", "D: fit --state s.ff --resume"],
            ProgramRuns.In(Code).Select(r => $"{r.Place["Tests.".Length..]}: {string.Join(' ', r.Words)}"));
    }

    static void AssertNone(IEnumerable<string> missing) => Assert.True(!missing.Any(), $"no run in test/FisherFlow.Tests/Cli that succeeds uses: {string.Join(", ", missing)}");

    static bool Says(string value, string word) => word.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? value.StartsWith(word[..(colon + 1)], StringComparison.Ordinal) : value == word;
}
