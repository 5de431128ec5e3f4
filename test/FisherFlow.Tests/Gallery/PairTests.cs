using System.Globalization;
using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Tests.Reference;

namespace FisherFlow.Tests.Gallery;

/// <summary>Bradley and Terry's paired comparisons: a level counts for the side named first and against the second.</summary>
public sealed class PairTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("fisherflow-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("bradley-terry")]
    [InlineData("bradley-terry, with an edge")]
    public void Abilities_are_those_of_R(string name)
    {
        var reference = GalleryReference.Of(name);
        var differences = new Differences();
        reference.Compare(Fit(reference.Formula, GalleryReference.PathOf("data/pairs.csv")).Report(), differences);
        differences.AssertNone();
    }

    [Fact]
    public void Winners_and_losers_as_the_response_say_the_same_as_who_won()
    {
        var path = GalleryReference.PathOf("data/pairs.csv");
        var sides = Fit("won ~ pair(home, away) - 1", path).Report();
        var winners = Fit("pair(winner, loser) ~ 1", path).Report();
        foreach (var (one, other) in sides.Coefficients.Zip(winners.Coefficients))
        {
            Assert.Equal(one.Estimate!.Value, other.Estimate!.Value, 1e-9);
            Assert.Equal(one.StandardError!.Value, other.StandardError!.Value, 1e-9);
        }
        Assert.Equal(sides.LogLikelihood!.Value, winners.LogLikelihood!.Value, 1e-9);
    }

    [Fact]
    public void Shards_that_met_the_players_in_other_orders_merge_and_predict_as_one()
    {
        var lines = File.ReadAllLines(GalleryReference.PathOf("data/pairs.csv"));
        var whole = Fit("won ~ pair(home, away)", Csv("whole", lines));
        var parts = new[] { lines[1..80], [.. lines[80..].Reverse()] }.Select((rows, i) =>
        {
            var fit = Fit("won ~ pair(home, away)", Csv($"part{i}", [lines[0], .. rows]));
            fit.Save(Path.Combine(_folder, $"part{i}.ff"));
            return Regression.Load(Path.Combine(_folder, $"part{i}.ff"));
        }).ToArray();

        var merged = Regression.Merge(parts);

        var (expected, actual) = (whole.Report().Coefficients, merged.Report().Coefficients);
        Assert.Equal(expected.Select(c => c.Term), actual.Select(c => c.Term));
        foreach (var (one, other) in expected.Zip(actual)) { Assert.Equal(one.Estimate!.Value, other.Estimate!.Value, 1e-8); }
        var estimate = expected.ToDictionary(c => c.Term, c => c.Estimate!.Value);
        var odds = estimate["(Intercept)"] + estimate["pair(home, away)[eve]"] - estimate["pair(home, away)[bob]"];
        Assert.Equal(1 / (1 + Math.Exp(-odds)), Predict(merged, "home,away\neve,bob\n"), 1e-8);
    }

    [Fact]
    public void Another_player_may_be_the_reference()
    {
        var fit = Fit("won ~ pair(home, away) - 1", GalleryReference.PathOf("data/pairs.csv"));
        var usual = fit.Report().Coefficients.ToDictionary(c => c.Term, c => c.Estimate!.Value);
        var other = fit.Report(new() { References = new Dictionary<string, string> { ["pair(home, away)"] = "dan" } }).Coefficients.ToDictionary(c => c.Term, c => c.Estimate!.Value);
        Assert.Equal(-usual["pair(home, away)[dan]"], other["pair(home, away)[ann]"], 1e-9);
        Assert.Equal(usual["pair(home, away)[eve]"] - usual["pair(home, away)[dan]"], other["pair(home, away)[eve]"], 1e-9);
    }

    [Fact]
    public void Numbers_name_players_too_and_a_player_who_never_lost_is_infinite()
    {
        var fit = Fit("won ~ pair(a, b) - 1", Csv("numbers", ["a,b,won", "1,2,1", "2,1,1", "1,2,0", "3,1,1", "2,3,0", "3,2,1", "1,2,1"]));
        var lines = fit.Report().Coefficients.ToDictionary(c => c.Term);
        Assert.Equal(CoefficientStatus.Separated, lines["pair(a, b)[3]"].Status);
        Assert.Equal(0, lines["pair(a, b)[2]"].Estimate!.Value, 1e-9);   // they won two each
    }

    [Fact]
    public void Nobody_is_compared_with_himself()
    {
        var path = Csv("self", ["a,b,won", "x,y,1", "y,x,1", "z,z,0"]);
        var error = Assert.Throws<DataException>(() => Fit("won ~ pair(a, b)", path));
        Assert.Contains("line 4, column 'b': 'z' cannot be compared with itself", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("won ~ pair(a)", "two columns")]
    [InlineData("won ~ pair(a, a)", "two different columns")]
    [InlineData("won ~ pair(a, log(b))", "two columns")]
    [InlineData("won ~ I(pair(a, b))", "a term by itself")]
    [InlineData("pair(a, b) ~ x", "the right side is 1")]
    public void What_a_pair_is_not_is_said_at_the_character(string formula, string problem)
    {
        var error = Assert.Throws<FormulaException>(() => Formula.Parse(formula));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_that_do_not_fit_the_data_or_the_family_are_refused()
    {
        var path = Csv("mixed", ["a,b,g,won", "x,1,u,1", "y,2,v,0"]);
        Assert.Contains("hold text and numbers", Assert.Throws<FormulaException>(() => Fit("won ~ pair(a, b)", path)).Message, StringComparison.Ordinal);
        Assert.Contains("does not interact with a factor", Assert.Throws<FormulaException>(() => Fit("won ~ g:pair(a, g)", path)).Message, StringComparison.Ordinal);
        Assert.Contains("family binomial", Assert.Throws<FormulaException>(() => Regression.Fit(DataSource.From([path]), "pair(a, g) ~ 1", new(), cancel: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    static Regression Fit(string formula, string path) =>
        Regression.Fit(DataSource.From([path]), formula, new() { Model = new() { Family = Family.Binomial } }, cancel: TestContext.Current.CancellationToken);

    static double Predict(Regression fit, string rows)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(rows));
        fit.Predict(DataSource.FromStandardInput(input), output, new() { Interval = PredictionInterval.Mean }, cancel: TestContext.Current.CancellationToken);
        return double.Parse(output.ToString().Split('\n')[1].Split(',')[0], CultureInfo.InvariantCulture);
    }

    string Csv(string name, string[] lines)
    {
        var path = Path.Combine(_folder, $"{name}.csv");
        File.WriteAllLines(path, lines);
        return path;
    }
}
