using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;
using FisherFlow.Tests.Facade;
using FisherFlow.Tests.Likelihoods;
using FisherFlow.Tests.Simulations;

namespace FisherFlow.Tests.Gallery;

/// <summary>Whether the intervals of every model of the gallery are true: 95 ± 2 %.</summary>
/// <remarks>FISHERFLOW_SIMULATIONS=full measures over 1,000 data sets; the table in docs/benchmarks-simulations.md is its output.</remarks>
public sealed class GalleryCoverageTests
{
    public static TheoryData<string> Names => [.. GalleryRegime.All.Select(regime => regime.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Intervals_cover_the_truth_as_often_as_they_say(string name)
    {
        var regime = GalleryRegime.All.Single(regime => regime.Name == name);
        Cover(name, seed => regime.Fit(regime.Draw(seed)).Report(), [.. regime.Truth.SelectMany(predictor => predictor)]);
    }

    [Fact]
    public void Every_distribution_that_has_a_name_is_asked() =>
        Assert.Empty(DistributionCatalog.Names.Except(GalleryRegime.All.Select(regime => regime.Distribution.Split('(')[0])));

    [Fact]
    public void Intervals_of_abilities_cover_them()
    {
        double[] abilities = [0, 0.5, -0.4, 0.8];
        Cover("bradley-terry", seed => Answers.Fit(Games(seed), "won ~ pair(home, away)", new() { Model = new() { Family = Family.Binomial } }).Report(), [0.3, .. abilities[1..]]);

        IEnumerable<string> Games(int seed)
        {
            var random = new Random(seed);
            yield return "home,away,won";
            for (var i = 0; i < 400; i++)
            {
                // players are listed in the order in which they are met
                var home = i < 2 ? 2 * i : random.Next(4);
                var away = i < 2 ? home + 1 : (home + 1 + random.Next(3)) % 4;
                var odds = 0.3 + abilities[home] - abilities[away];
                yield return $"{"abcd"[home]},{"abcd"[away]},{(random.NextDouble() < 1 / (1 + Math.Exp(-odds)) ? 1 : 0)}";
            }
        }
    }

    [Fact]
    public void Intervals_of_a_mean_of_ones_own_cover_the_truth() => Cover("y ~ a * (1 - exp(-b * x))", seed => Express(
        SimulatedRows.Growth(200, seed).Chunk(2).Select(row => FormattableString.Invariant($"{row[0]:R},{row[1]:R}")).Prepend("x,y"),
        new() { Formula = "y ~ a * (1 - exp(-b * x))", Parameters = "a, b > 0", Start = new Dictionary<string, double> { ["a"] = 4, ["b"] = 1 } }), [5, 0.8]);

    [Fact]
    public void Intervals_of_a_density_of_ones_own_cover_the_truth()
    {
        var regime = GalleryRegime.All.Single(regime => regime is { Distribution: "weibull", Seen: Seen.LeftTruncated });
        Cover("a log-density", seed => Express(regime.Draw(seed), new()
        {
            LogDensity = "status*(log(k) + k*(log(y) - a - b*x) - log(y)) - (y^k - other^k) * exp(-k*(a + b*x))",
            Parameters = "a, b, k > 0",
            Start = new Dictionary<string, double> { ["a"] = 0, ["b"] = 0, ["k"] = 1 },
        }), [0.5, 0.6, Math.Exp(0.4)]);
    }

    static FitResult Express(IEnumerable<string> lines, ExpressionOptions options)
    {
        using var input = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        return ExpressionFit.Fit(DataSource.FromStandardInput(input), options, cancel: TestContext.Current.CancellationToken).Report();
    }

    /// <summary>95 ± 2 %, or as much as so few data sets can tell.</summary>
    static void Cover(string what, Func<int, FitResult> fit, double[] truth)
    {
        var shares = new double[Runs.Of(16, 1000)];
        var covered = new double[truth.Length];
        var first = what.Aggregate(17, (hash, letter) => unchecked(31 * hash + letter));   // the same draws would make the same models lucky, and neighbouring seeds draw alike
        for (var run = 0; run < shares.Length; run++)
        {
            var table = fit(unchecked(first + 7919 * run)).Coefficients;
            Assert.Equal(truth.Length, table.Count);
            for (var i = 0; i < truth.Length; i++) { covered[i] += table[i].Lower <= truth[i] && truth[i] <= table[i].Upper ? 1 : 0; }
            shares[run] = table.Zip(truth, (c, value) => c.Lower <= value && value <= c.Upper ? 1.0 : 0).Average();
        }
        var (coverage, error) = Runs.Coverage(shares);
        var each = string.Join(' ', covered.Select(count => FormattableString.Invariant($"{100 * count / shares.Length:F1}")));
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{what}: {100 * coverage:F2} % covered, Monte-Carlo standard error {100 * error:F2} %, {shares.Length} data sets; each {each}"));
        var band = shares.Length < 1000 ? 4 * Math.Sqrt(0.95 * 0.05 / shares.Length) : 0.02;   // of few data sets, as if their coefficients were covered together
        Assert.True(Math.Abs(coverage - 0.95) <= band, $"{what}: {coverage:P1} covered, Monte-Carlo standard error {error:P2}");
    }
}
