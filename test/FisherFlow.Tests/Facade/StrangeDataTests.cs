using FisherFlow.Data;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;

namespace FisherFlow.Tests.Facade;

/// <summary>Data that nobody would fit on purpose: every combination is a result or a refusal in words, never a NaN and never another exception.</summary>
public sealed class StrangeDataTests
{
    const int Rows = 16;

    static readonly Dictionary<string, Func<int, string>> _responses = new()
    {
        ["zero and one"] = i => i % 3 == 0 ? "1" : "0",
        ["counts"] = i => $"{i * 7 % 5}",
        ["negative counts"] = i => $"{i % 5 - 2}",
        ["proportions"] = i => $"0.{i % 9 + 1}",
        ["proportions above one"] = i => $"{i % 9 / 4.0:F2}",
        ["positive numbers"] = i => $"{1 + i % 7 * 0.25}",
        ["constant"] = _ => "3",
        ["all zero"] = _ => "0",
        ["all one"] = _ => "1",
        ["one that is huge"] = i => i == 7 ? "1e49" : $"{1 + i % 3}",
        ["one beyond numbers"] = i => i == 7 ? "1e300" : $"{1 + i % 3}",
        ["all tiny"] = i => $"{1 + i % 3}e-45",
        ["missing texts"] = i => i % 4 == 0 ? "NaN" : $"{1 + i % 2}",
        ["infinite"] = i => i % 4 == 0 ? "-inf" : $"{1 + i % 2}",
        ["nothing"] = _ => "",
        ["two texts"] = i => i % 3 == 0 ? "yes" : "no",
        ["three texts"] = i => "abc"[i % 3].ToString(),
        ["truth"] = i => i % 3 == 0 ? "true" : "false",
        ["the predictor itself"] = i => $"{Predictor(i)}",
        ["separated"] = i => i < 8 ? "0" : "1",
    };

    static readonly Dictionary<string, (string Formula, Func<int, string> Fields, string Header)> _designs = new()
    {
        ["plain"] = ("y ~ x", i => $"{Predictor(i)}", "x"),
        ["nothing but a constant"] = ("y ~ 1", i => $"{Predictor(i)}", "x"),
        ["no constant"] = ("y ~ x - 1", i => $"{Predictor(i)}", "x"),
        ["constant column"] = ("y ~ x + z", i => $"{Predictor(i)},5", "x,z"),
        ["duplicate column"] = ("y ~ x + z", i => $"{Predictor(i)},{2 * Predictor(i)}", "x,z"),
        ["huge and tiny"] = ("y ~ x + z", i => $"{Predictor(i)}e12,{i % 7}e-12", "x,z"),
        ["beyond numbers"] = ("y ~ x", i => i == 3 ? "1e200" : $"{Predictor(i)}", "x"),
        ["nearly beyond numbers"] = ("y ~ x", i => i == 3 ? "1e49" : $"{Predictor(i)}", "x"),
        ["all missing"] = ("y ~ x + z", i => $"{Predictor(i)},NA", "x,z"),
        ["one level"] = ("y ~ x + g", i => $"{Predictor(i)},only", "x,g"),
        ["a level a row"] = ("y ~ g", i => $"l{i}", "g"),
        ["more columns than rows"] = ($"y ~ {string.Join(" + ", Enumerable.Range(0, 20).Select(j => $"x{j}"))}", i => string.Join(',', Enumerable.Range(0, 20).Select(j => $"{(i * 31 + j * 17) % 23}")), string.Join(',', Enumerable.Range(0, 20).Select(j => $"x{j}"))),
        ["offset"] = ("y ~ x + offset(z)", i => $"{Predictor(i)},{i % 3}", "x,z"),
        ["infinite offset"] = ("y ~ x + offset(z)", i => $"{Predictor(i)},{(i % 2 == 0 ? "inf" : "1")}", "x,z"),
        ["offset of hundreds"] = ("y ~ x + offset(z)", i => $"{Predictor(i)},{(i % 2 == 0 ? "-800" : "800")}", "x,z"),
        ["logarithms of zero"] = ("y ~ log(x)", i => $"{i % 3}", "x"),
    };

    public static TheoryData<Family> Families => [.. Enum.GetValues<Family>()];

    [Theory, MemberData(nameof(Families))]
    public void Every_response_on_every_design_is_answered_or_refused_in_words(Family family)
    {
        foreach (var (response, y) in _responses)
        {
            foreach (var (design, (formula, fields, header)) in _designs)
            {
                var what = $"{family}, {response}, {design}";
                var lines = Enumerable.Range(0, Rows).Select(i => $"{y(i)},{fields(i)}").Prepend($"y,{header}");
                var options = new RegressionOptions { Model = Specification(family) };
                if (AskAll(lines, formula, options, what)?.Contains("--invalid reject", StringComparison.Ordinal) == true) { AskAll(lines, formula, options with { RejectInvalid = true }, what); }
            }
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void Weights_clusters_penalties_and_small_buffers_on_strange_data_are_answered_or_refused_in_words(Family family)
    {
        string[] header = ["y,x,w,c,o,g"];
        (string Name, Func<int, string> Fields)[] tails =
        [
            ("all weights zero", i => "0,a,0,p"), ("most weights zero", i => $"{(i < 3 ? 1 : 0)},a,0,p"), ("one cluster", i => "1,a,0,p"), ("a cluster a row", i => $"1,c{i},0,p"),
            ("negative weights", i => $"{i % 3 - 1},a,0,p"), ("huge weights", i => $"1e{i},a{i % 2},0,p"), ("a level that vanishes", i => $"1,a{i % 2},{i % 2},{(i < 3 ? "early" : "late")}"),
        ];
        foreach (var (name, tail) in tails)
        {
            foreach (var response in (string[])["zero and one", "counts", "positive numbers", "constant", "three texts", "separated", "one that is huge"])
            {
                var lines = header.Concat(Enumerable.Range(0, Rows).Select(i => $"{_responses[response](i)},{Predictor(i)},{tail(i)}")).ToList();
                foreach (var options in (RegressionOptions[])
                    [
                        new() { WeightsColumn = "w" },
                        new() { WeightsColumn = "w", Estimator = new() { BufferRows = 8, Ridge = 0.1 } },
                        new() { WeightsColumn = "w", OffsetColumn = "o", ClusterColumn = "c", Covariance = CovarianceKind.Cluster, Estimator = new() { Sandwich = Sandwich.Clusters, BufferRows = 10 } },
                        new() { WeightsColumn = "w", Covariance = CovarianceKind.HC1, Estimator = new() { Sandwich = Sandwich.Rows, Structure = Structure.Full, BufferRows = 10 } },
                    ])
                {
                    AskAll(lines, "y ~ x + g", options with { Model = Specification(family), RejectInvalid = true }, $"{family}, {response}, {name}");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void One_row_and_two_rows_are_answered_or_refused_in_words(Family family)
    {
        foreach (var response in _responses.Values)
        {
            foreach (var formula in (string[])["y ~ x", "y ~ 1", "y ~ g", "y ~ x*g"])
            {
                AskAll(["y,x,g", $"{response(0)},1,p"], formula, new() { Model = Specification(family) }, $"{family}, one row");
                AskAll(["y,x,g", $"{response(0)},1,p", $"{response(1)},1,q"], formula, new() { Model = Specification(family) }, $"{family}, two rows");
                AskAll(["y,x,g", $"{response(0)},1,p", $"{response(0)},1,p"], formula, new() { Model = Specification(family) }, $"{family}, the same row twice");
            }
        }
    }

    static string? AskAll(IEnumerable<string> lines, string formula, RegressionOptions options, string what)
    {
        try
        {
            var (result, refusal) = Answers.Ask(lines, formula, options);
            if (result is not null) { Answers.AssertHonest(result, what); }
            return refusal;
        }
        catch (Exception unexpected) when (unexpected is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{what}: {unexpected}");
            throw;
        }
    }

    static ModelSpecification Specification(Family family) => new() { Family = family };

    static int Predictor(int i) => i * 11 % 17 + 1;
}
