using System.Text;
using System.Text.Json;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Reports;
using FisherFlow.Tests.Architecture;

namespace FisherFlow.Tests.States;

/// <summary>States of every format that was ever written can be read, for ever: <c>golden-v1.ff</c> is made once and never again (see README.md beside it).</summary>
public sealed class GoldenStateTests
{
    const string Folder = "test/FisherFlow.Tests/States";

    [Fact]
    public void A_state_of_version_1_answers_as_on_the_day_it_was_written()
    {
        var state = Regression.Load(Path.Combine(Repository.Root, Folder, "golden-v1.ff"));
        using var answer = new StringWriter();
        JsonReport.Write(state.Report(), answer);
        File.WriteAllText(Path.Combine(Repository.Root, "artifacts", "golden-v1.json"), answer.ToString());   // to be looked at, and accepted when the estimator was meant to change

        Assert.True(state.Estimator is { FoldedRows: > 0, BufferedRows: > 0 }, "it holds folded rows and buffered ones");
        using var expected = JsonDocument.Parse(Repository.Read($"{Folder}/golden-v1.json"));
        using var actual = JsonDocument.Parse(answer.ToString());
        AssertSame(expected.RootElement, actual.RootElement, "$");
    }

    [Fact]
    public void A_state_from_before_its_model_was_audited_stays_at_an_unknown_distance()
    {
        var state = Regression.Load(Path.Combine(Repository.Root, Folder, "unaudited-v1.ff"));
        var before = state.Report();
        var lines = Repository.Read("test/FisherFlow.Tests/Reference/data/infert.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var others = string.Join('\n', lines.Skip(1).Reverse().Prepend(lines[0]));   // the same rows as another source
        state.Update(DataSource.FromStandardInput(new MemoryStream(Encoding.UTF8.GetBytes(others))), cancel: TestContext.Current.CancellationToken);
        var after = state.Report();

        Assert.True(before.Converged && state.Estimator.FoldedRows > 248, "it holds rows that were folded unseen, and others were folded since");
        Assert.Equal((null, null), (before.DistanceBound, after.DistanceBound));
        Assert.Equal(2 * before.Observations, after.Observations);
    }

    [Fact]
    public void A_state_from_before_the_size_of_counts_was_audited_loads_and_stays_at_an_unknown_distance()
    {
        var path = Path.Combine(Repository.Root, Folder, "unaudited-size-v1.ff");
        var (state, again) = (Regression.Load(path).Report(), Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
        Assert.Null(state.DistanceBound);
        Assert.Equal(2.6932818, state.Coefficients[0].Estimate!.Value, 1e-5);   // as on the day it was written, to its last digits
        Assert.Equal(1.2269, state.DispersionParameter!.Value, 1e-3);
        Regression.Load(path).Save(again);
        Assert.Equal(state.Coefficients[0].Estimate, Regression.Load(again).Report().Coefficients[0].Estimate);
        File.Delete(again);
    }

    static void AssertSame(JsonElement expected, JsonElement actual, string path)
    {
        Assert.True(expected.ValueKind == actual.ValueKind, $"{path}: {expected} became {actual}");
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.Equal(expected.EnumerateObject().Select(p => p.Name), actual.EnumerateObject().Select(p => p.Name));
                foreach (var property in expected.EnumerateObject()) { AssertSame(property.Value, actual.GetProperty(property.Name), $"{path}.{property.Name}"); }
                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
                foreach (var (e, a) in expected.EnumerateArray().Zip(actual.EnumerateArray())) { AssertSame(e, a, $"{path}[]"); }
                break;
            case JsonValueKind.Number:
                var (x, y) = (expected.GetDouble(), actual.GetDouble());
                Assert.True(Math.Abs(x - y) <= 1e-9 + 1e-6 * Math.Abs(x), $"{path}: {x} became {y}");   // other vector widths add in another order, and the last steps of Newton's method are small
                break;
            default:
                Assert.Equal(expected.ToString(), actual.ToString());
                break;
        }
    }
}
