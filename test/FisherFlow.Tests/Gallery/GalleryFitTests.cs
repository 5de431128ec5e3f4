using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;
using FisherFlow.Tests.Reference;

namespace FisherFlow.Tests.Gallery;

/// <summary>Every distribution fitted from a file by its name, against R's answers.</summary>
public sealed class GalleryFitTests
{
    /// <summary>Bradley and Terry's have tests of their own.</summary>
    public static TheoryData<string> Names => [.. GalleryReference.All.Where(c => c.Family is not "binomial").Select(c => c.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Estimates_errors_and_likelihood_are_those_of_R(string name)
    {
        var reference = GalleryReference.Of(name);
        var fit = reference.Fit();
        var differences = new Differences();
        // where the expected information has a closed form it is what errors come from, but with heavy tails; R's packages all invert the observed one
        var kind = fit.Model is DistributionalModel { IsObserved: true } ? "observed" : "expected";
        reference.Compare(fit.Report(), differences, kind, c => c.Parameter ?? "");
        differences.AssertNone();
    }

    /// <summary>Buffers of a twentieth of the rows: the answer stays within a fifth of a standard error of the exact one, in one piece and merged from two.</summary>
    [Theory]
    [InlineData("weibull", "Surv(t, e) ~ x")]
    [InlineData("beta", "share ~ x")]
    [InlineData("zero-inflated-poisson", "count ~ x")]
    [InlineData("student-t", "heavy ~ x")]
    public void Long_streams_stay_near_the_exact_answer_and_merge(string family, string formula)
    {
        var lines = Stream(6000, seed: 7);
        var exact = Fit(family, formula, lines, buffer: 0);
        var streamed = Fit(family, formula, lines, buffer: 300);
        Assert.True(streamed.Estimator.FoldedRows > 0, "nothing was streamed");
        var truth = exact.Report().Coefficients;
        Assert.InRange(Distance(streamed.Report().Coefficients, truth), 0, 0.2);
        var merged = Regression.Merge([Fit(family, formula, [lines[0], .. lines[1..2500]], buffer: 300), Fit(family, formula, [lines[0], .. lines[2500..]], buffer: 300)]);
        Assert.InRange(Distance(merged.Report().Coefficients, truth), 0, 0.2);
        for (var i = 0; i < truth.Count; i++) { Assert.Equal(1, merged.Report().Coefficients[i].StandardError!.Value / truth[i].StandardError!.Value, 0.05); }
    }

    [Theory]
    [InlineData("weibull", "Surv(t, e) ~ x")]
    [InlineData("weibull", "Surv(0.2 * t, t, e) ~ x")]
    [InlineData("dirichlet", "cbind(a, b, c) ~ x")]
    public void A_state_goes_on_where_it_stopped(string family, string formula)
    {
        var path = Path.GetTempFileName();
        try
        {
            var lines = Stream(3000, seed: 8);
            var whole = Fit(family, formula, lines, buffer: 300);
            Fit(family, formula, lines[..1500], buffer: 300).Save(path);
            var resumed = Regression.Load(path);
            resumed.Update(Source([lines[0], .. lines[1500..]]), cancel: TestContext.Current.CancellationToken);
            Assert.InRange(Distance(resumed.Report().Coefficients, whole.Report().Coefficients), 0, 1e-6);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("beta", "share ~ x", "1.5", "line 3, column 'share': '1.5' cannot be the response share of the beta family; legal is a number strictly between 0 and 1")]
    [InlineData("weibull", "t ~ x", "-1", "line 3, column 't': '-1' cannot be the response t of the weibull family; legal is a positive number")]
    [InlineData("geometric", "count ~ x", "0.5", "'0.5' cannot be the response count of the geometric family; legal is a count 0, 1, 2, …")]
    [InlineData("von-mises", "share ~ x", "1e9", "an angle in radians")]
    [InlineData("weibull", "Surv(t, e) ~ x", "-3", "line 3, column 't': '-3' cannot be the response Surv(t, e)")]
    [InlineData("truncated-normal(0, 4)", "share ~ x", "5", "legal is a number between 0 and 4")]
    public void Values_outside_the_support_stop_with_line_value_and_what_is_legal(string family, string formula, string value, string message)
    {
        var column = formula.Contains("Surv", StringComparison.Ordinal) ? "t" : formula.Split(' ')[0];
        var columns = new[] { column, "x", "e" };
        var error = Assert.Throws<DataException>(() => Fit(family, formula, [string.Join(',', columns), $"{(column == "count" ? "1" : "0.5")},1,1", $"{value},2,1"], buffer: 0));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weibull", "Surv(t, e) ~ x", "0.5,1,2", "an event of 0 or 1 (for 1 and 2 write status == 2)")]
    [InlineData("weibull", "Surv(t, x, e, type = \"interval\") ~ 1", "0.5,0.2,3", "the upper above the lower")]
    [InlineData("weibull", "Surv(t, x, e) ~ 1", "0.5,0.5,1", "column 't': '0.5' cannot be the response Surv(t, x, e) of the weibull family; legal is a positive number for the exit, an entry before it, and an event of 0 or 1")]
    [InlineData("weibull", "Surv(t, x, e) ~ 1", "-2,-1,1", "column 'x': '-1' cannot be")]
    [InlineData("weibull", "Surv(t, x, e) ~ 1", "1,2,7", "column 'e': '7' cannot be")]
    [InlineData("dirichlet(2)", "cbind(t, x) ~ 1", "0.5,0.6,1", "2 shares, strictly between 0 and 1, that sum to 1")]
    public void Responses_of_several_numbers_are_checked_together(string family, string formula, string row, string message)
    {
        var error = Assert.Throws<DataException>(() => Fit(family, formula, ["t,x,e", row], buffer: 0));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gumbel(2)", "share ~ x", "not a legal family")]
    [InlineData("gamma-shape", "Surv(t, e) ~ x", "has no censored responses; those that have: normal, lognormal")]
    [InlineData("dirichlet(3)", "share ~ x", "is its components")]
    [InlineData("dirichlet", "share ~ x", "the response of dirichlet is its components: cbind(a, b, …)")]
    [InlineData("dirichlet", "cbind(a, b, c, a, b, c) ~ x", "has two to five components, and cbind() joins 6")]
    [InlineData("dirichlet(3)", "cbind(a, b) ~ x", "has 3 components, and cbind() joins 2")]
    [InlineData("beta", "cbind(a, b) ~ x", "a response of one number")]
    [InlineData("weibull", "Surv(t) ~ x", "a time and an event")]
    [InlineData("weibull", "Surv(t, e, type = \"counting\") ~ x", "an entry, an exit and an event")]
    [InlineData("weibull", "Surv(t, e, type = \"mstate\") ~ x", "legal are \"right\", \"left\", \"interval\" and \"counting\"")]
    [InlineData("weibull", "Surv(t, e, origin = 2) ~ x", "the only option of Surv() is type")]
    [InlineData("weibull", "t ~ Surv(t, e)", "stands on the left of '~' only")]
    public void Formulas_that_do_not_suit_the_family_are_refused(string family, string formula, string message)
    {
        var error = Assert.ThrowsAny<Exception>(() => Fit(family, formula, Stream(20, seed: 1), buffer: 0));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Without zeros there is no share of them: its predictor runs to minus infinity and is said to.</summary>
    [Fact]
    public void A_zero_inflated_model_without_zeros_is_not_given_errors()
    {
        string[] lines = ["count,x", .. Enumerable.Range(0, 200).Select(i => FormattableString.Invariant($"{1 + i * 7 % 5},{i % 11}"))];
        var result = Fit("zero-inflated-poisson", "count ~ x", lines, buffer: 0).Report();
        var zero = result.Coefficients.Single(c => c.Parameter == "zero");
        Assert.True(zero.Status != CoefficientStatus.Ok || zero.StandardError is null, $"{zero}");
        Assert.NotEmpty(result.Warnings);
    }

    /// <summary>All times censored: whatever the rows, longer lives are likelier, and survreg does not converge either.</summary>
    [Fact]
    public void Times_without_an_event_have_no_maximum()
    {
        string[] lines = ["t,e,x", .. Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{1 + i},0,{i % 3}"))];
        var result = Fit("weibull", "Surv(t, e) ~ x", lines, buffer: 0).Report();
        Assert.False(result.Converged);
        Assert.Contains(result.Warnings, w => w.Contains("every response has probability one", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, w => w.StartsWith("shape: a standard error above 5", StringComparison.Ordinal));
    }

    /// <summary>One response makes a density infinitely high, and its errors infinitely small: they are not shown.</summary>
    [Fact]
    public void A_density_that_grows_without_end_has_no_errors()
    {
        var result = Fit("gumbel", "t ~ 1", ["t", "1"], buffer: 0).Report();
        Assert.False(result.Converged);
        Assert.All(result.Coefficients, c => Assert.Null(c.StandardError));
    }

    internal static double Distance(IReadOnlyList<Coefficient> one, IReadOnlyList<Coefficient> other) =>
        one.Zip(other, (a, b) => Math.Abs(a.Estimate!.Value - b.Estimate!.Value) / b.StandardError!.Value).Max();

    internal static Regression Fit(string family, string formula, string[] lines, int buffer) =>
        Regression.Fit(Source(lines), formula, new() { Model = ModelNames.Parse(family), Estimator = new() { BufferRows = buffer } }, cancel: TestContext.Current.CancellationToken);

    static DataSource Source(string[] lines) => DataSource.FromStandardInput(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")));

    /// <summary>Weibull times cut off at 4, shares, counts with zeros of their own, t responses, three shares, and responses about a median.</summary>
    internal static string[] Stream(int rows, int seed)
    {
        var (random, others) = (new Random(seed), new Random(~seed));
        var (beta, counts, heavy) = (new Beta(), new ZeroInflated<PoissonCounts>(), new StudentT(4));
        var lines = new string[rows + 1];
        lines[0] = "x,t,e,share,count,heavy,a,b,c,corner,capped";
        for (var i = 1; i <= rows; i++)
        {
            var x = Math.Round(2 * random.NextDouble() - 1, 3);
            double U() => Math.Clamp(random.NextDouble(), 1e-6, 1 - 1e-6);
            var time = Math.Exp(0.5 + 0.6 * x) * Math.Pow(-Math.Log(U()), 1 / 1.5);
            double[] gammas = [.. new[] { 2 * Math.Exp(0.4 * x), 3, 1.5 }.Select(a => MathNet.Numerics.Distributions.Gamma.InvCDF(a, 1, U()))];
            var sum = gammas.Sum();
            var corner = x + Laplace.Quantile(others.NextDouble());
            lines[i] = FormattableString.Invariant($"{x},{Math.Min(time, 4):R},{(time < 4 ? 1 : 0)},{beta.Quantile(U(), [1 / (1 + Math.Exp(-0.5 * x)), 6]):R},{counts.Quantile(U(), [Math.Exp(1 + 0.5 * x), 0.3])},{x + heavy.Quantile(U(), [0, 1]):R},{gammas[0] / sum:R},{gammas[1] / sum:R},{gammas[2] / sum:R},{corner:R},{Math.Min(corner, 1):R}");
        }
        return lines;
    }
}
