using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Tests.Gallery;
using FisherFlow.Tests.Simulations;

namespace FisherFlow.Tests.Memory;

/// <summary>Memories of distributions whose information is observed, and may be negative row by row, and of one with a corner.</summary>
public sealed class ForgettingDistributionsTests : IDisposable
{
    const double HalfLife = 200;
    const int Rows = 1600;

    readonly string _state = Path.GetTempFileName();

    public void Dispose() => File.Delete(_state);

    public static TheoryData<string, string> Families => new()
    {
        { "student-t", "heavy ~ x" },
        { "cauchy", "heavy ~ x" },
        { "zero-inflated-poisson", "count ~ x" },
        { "weibull", "Surv(t, e) ~ x" },
        { "truncated-normal", "t ~ x" },
        { "laplace", "corner ~ x" },
        { "laplace", "Surv(capped, capped < 1) ~ x" },
    };

    /// <summary>
    /// Second derivations: an exponential memory is a fit with the weights λ^age, and a window the fit of its last rows. What folded rows said is a quadratic about the estimate of
    /// their time, from batches of 50 and 20 rows: it may be two tenths of a standard error off, and a tenth in the error; where there is a corner, five tenths, as the expected information is no derivative there.
    /// </summary>
    [Theory, MemberData(nameof(Families))]
    public void Memories_are_the_weighted_fit_and_the_fit_of_the_last_rows(string family, string formula)
    {
        var (lines, most) = (GalleryFitTests.Stream(Rows, seed: 11), family == "laplace" ? 0.5 : 0.2);
        string[] weighted = [lines[0] + ",w", .. lines[1..].Select((line, i) => FormattableString.Invariant($"{line},{Math.Pow(0.5, (Rows - 1 - i) / HalfLife):R}"))];
        var faded = Fit(family, formula, lines, new() { Memory = new(MemoryKind.Exponential, HalfLife) });
        Assert.True(faded.Converged, string.Join('\n', faded.Warnings));
        Near(faded.Coefficients, Regression.Fit(Source(weighted), formula, new() { Model = ModelNames.Parse(family), WeightsColumn = "w" }, cancel: TestContext.Current.CancellationToken).Report().Coefficients, most, errors: false);

        var last = Fit(family, formula, lines, new() { Memory = new(MemoryKind.Window, 640) });
        Assert.Equal(640, last.Observations);
        Near(last.Coefficients, GalleryFitTests.Fit(family, formula, [lines[0], .. lines[^640..]], buffer: 0).Report().Coefficients, most, errors: true);
    }

    /// <summary>The state holds observed information with its sign, in every block of the window; a stream that is cut in two ends where the whole one does.</summary>
    [Theory]
    [InlineData("cauchy", "heavy ~ x", "window:640")]
    [InlineData("student-t", "heavy ~ x", "exponential:200")]
    [InlineData("laplace", "corner ~ x", "adaptive")]
    public void A_state_goes_on_where_it_stopped(string family, string formula, string memory)
    {
        Assert.True(MemoryRule.TryParse(memory, out var rule));
        var lines = GalleryFitTests.Stream(Rows, seed: 12);
        var options = new EstimatorOptions { Memory = rule };
        Start(family, formula, lines[..1000], options).Save(_state);
        var resumed = Regression.Load(_state);
        resumed.Update(Source([lines[0], .. lines[1000..]]), cancel: TestContext.Current.CancellationToken);
        Assert.Equal(Fit(family, formula, lines, options).Coefficients.Select(c => (c.Estimate, c.StandardError)), resumed.Report().Coefficients.Select(c => (c.Estimate, c.StandardError)));
    }

    /// <summary>A tail that thins out is a coefficient that changes: what was known is dropped, and the rows since tell the new degrees of freedom.</summary>
    [Fact]
    public void An_adaptive_memory_forgets_a_location_that_jumped()
    {
        var lines = GalleryFitTests.Stream(5000, seed: 13);
        for (var i = 2501; i < lines.Length; i++)
        {
            var cells = lines[i].Split(',');
            cells[5] = FormattableString.Invariant($"{double.Parse(cells[5]) + 1:R}");
            lines[i] = string.Join(',', cells);
        }
        var found = Fit("student-t(4)", "heavy ~ x", lines, new() { Memory = new(MemoryKind.Adaptive) });
        Assert.Equal(1, found.Coefficients[0].Estimate!.Value, 4 * found.Coefficients[0].StandardError!.Value);
        Assert.InRange(found.Observations, 1400, 2600);
    }

    [Theory]
    [InlineData("student-t(4)", "heavy ~ x", new[] { 0, 1.0, 0 })]
    [InlineData("zero-inflated-poisson", "count ~ x", new[] { 1, 0.5, -0.8472978603872037 })]
    [InlineData("weibull", "Surv(t, e) ~ x", new[] { 0.5, 0.6, 0.4054651081081644 })]
    [InlineData("laplace", "corner ~ x", new[] { 0, 1.0, 0 })]
    public void Intervals_under_a_fading_memory_cover_the_truth_as_often_as_they_say(string family, string formula, double[] truth)
    {
        var shares = new double[Runs.Of(16, 1000)];
        for (var run = 0; run < shares.Length; run++)
        {
            var table = Fit(family, formula, GalleryFitTests.Stream(1000, seed: 20_000 + run), new() { Memory = new(MemoryKind.Exponential, 150) }).Coefficients;
            shares[run] = table.Zip(truth, (c, value) => c.Lower <= value && value <= c.Upper ? 1.0 : 0).Average();
        }
        Runs.AssertNominal(shares, family);
    }

    [Theory]
    [InlineData("student-t", "heavy ~ x", "diagonal", "leave the structure at full, or take the products of scores for information")]
    [InlineData("laplace", "corner ~ x", "observed", "the density of laplace has a corner, and so no observed information")]
    public void What_there_is_no_information_for_is_refused(string family, string formula, string asked, string message)
    {
        var options = asked == "diagonal" ? new EstimatorOptions { Structure = Structure.Diagonal } : new() { Information = new(InformationKind.Observed) };
        var error = Assert.Throws<NotSupportedException>(() => Start(family, formula, GalleryFitTests.Stream(200, seed: 1), options));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Observed information is what these have anyway, and its structure may be any where products of scores stand for it.</summary>
    [Fact]
    public void Asking_for_observed_information_is_asking_for_nothing_else()
    {
        var lines = GalleryFitTests.Stream(600, seed: 3);
        var plain = GalleryFitTests.Fit("student-t", "heavy ~ x", lines, buffer: 0).Report().Coefficients;
        var asked = Fit("student-t", "heavy ~ x", lines, new() { Information = new(InformationKind.Observed) }).Coefficients;
        Assert.Equal(plain.Select(c => (c.Estimate, c.StandardError)), asked.Select(c => (c.Estimate, c.StandardError)));

        var products = Fit("student-t", "heavy ~ x", lines, new() { Information = new(InformationKind.Empirical), Structure = Structure.Block }).Coefficients;
        for (var i = 0; i < plain.Count; i++)
        {
            Assert.Equal(plain[i].Estimate!.Value, products[i].Estimate!.Value, 1e-3 * plain[i].StandardError!.Value);
            Assert.Equal(1, products[i].StandardError!.Value / plain[i].StandardError!.Value, 0.3);   // blocks leave out how scale and degrees of freedom go together
        }
    }

    static void Near(IReadOnlyList<Coefficient> one, IReadOnlyList<Coefficient> other, double most, bool errors)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{GalleryFitTests.Distance(one, other):F3} standard errors, errors by {one.Zip(other, (a, b) => Math.Abs(a.StandardError!.Value / b.StandardError!.Value - 1)).Max():P1}");
        Assert.InRange(GalleryFitTests.Distance(one, other), 0, most);
        if (!errors) { return; }
        for (var i = 0; i < one.Count; i++) { Assert.Equal(1, one[i].StandardError!.Value / other[i].StandardError!.Value, 0.1); }
    }

    static FitResult Fit(string family, string formula, string[] lines, EstimatorOptions options) => Start(family, formula, lines, options).Report();

    static Regression Start(string family, string formula, string[] lines, EstimatorOptions options) =>
        Regression.Fit(Source(lines), formula, new() { Model = ModelNames.Parse(family), Estimator = options }, cancel: TestContext.Current.CancellationToken);

    static DataSource Source(string[] lines) => DataSource.FromStandardInput(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")));
}
