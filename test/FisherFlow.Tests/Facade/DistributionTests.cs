using System.Globalization;
using FisherFlow.Data;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;

namespace FisherFlow.Tests.Facade;

/// <summary>Distributional regression from lines of CSV: closed forms, folding, merging, states and what is refused.</summary>
public sealed class DistributionTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("fisherflow-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_constant_scale_gives_least_squares_and_the_root_mean_square_residual()
    {
        var lines = Lines(400, 3);
        var normal = Answers.Fit(lines, "y ~ x", Normal()).Report();
        var gaussian = Answers.Fit(lines, "y ~ x", new()).Report();

        var deviation = Math.Sqrt(gaussian.Deviance!.Value / 400);
        for (var j = 0; j < 2; j++)
        {
            Assert.Equal(gaussian.Coefficients[j].Estimate!.Value, normal.Coefficients[j].Estimate!.Value, 1e-10);
            // the maximum likelihood's variance, without the degrees of freedom
            Assert.Equal(gaussian.Coefficients[j].StandardError!.Value * Math.Sqrt(398 / 400.0), normal.Coefficients[j].StandardError!.Value, 1e-10);
        }
        Assert.Equal(Math.Log(deviation), normal.Coefficients[2].Estimate!.Value, 1e-10);
        Assert.Equal(Math.Sqrt(1 / 800.0), normal.Coefficients[2].StandardError!.Value, 1e-10);
        Assert.Equal(gaussian.LogLikelihood!.Value, normal.LogLikelihood!.Value, 1e-8);
        Assert.Equal(gaussian.Aic!.Value, normal.Aic!.Value, 1e-8);
        Assert.Equal(("scale", deviation, deviation / Math.Sqrt(800)), (normal.Parameters[1].Name, normal.Parameters[1].Estimate!.Value, normal.Parameters[1].StandardError!.Value), Near);
    }

    [Fact]
    public void A_group_with_a_scale_of_its_own_has_its_own_mean_and_deviation()
    {
        var lines = Lines(500, 4);
        var fit = Answers.Fit(lines, "y ~ g", Normal("scale ~ g")).Report();
        var groups = lines.Skip(1).Select(line => line.Split(',')).GroupBy(cells => cells[1], cells => double.Parse(cells[2], CultureInfo.InvariantCulture)).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        var (first, logFirst) = (groups[0].Average(), LogDeviation(groups[0]));
        for (var g = 0; g < groups.Count; g++)
        {
            Assert.Equal(groups[g].Average() - (g > 0 ? first : 0), Of(fit, "location", g == 0 ? "(Intercept)" : $"g[{groups[g].Key}]").Estimate!.Value, 1e-8);
            Assert.Equal(LogDeviation(groups[g]) - (g > 0 ? logFirst : 0), Of(fit, "scale", g == 0 ? "(Intercept)" : $"g[{groups[g].Key}]").Estimate!.Value, 1e-8);
        }
        Assert.Equal(Math.Sqrt(1 / (2.0 * groups[0].Count())), Of(fit, "scale", "(Intercept)").StandardError!.Value, 1e-8);
        Assert.Null(fit.Parameters[1].Estimate);   // it is not one number

        static double LogDeviation(IEnumerable<double> values)
        {
            var mean = values.Average();
            return 0.5 * Math.Log(values.Average(y => (y - mean) * (y - mean)));
        }
    }

    [Fact]
    public void A_lognormal_fit_is_the_normal_fit_of_logarithms()
    {
        var lines = Lines(300, 5);
        var positive = lines.Select((line, i) => i == 0 ? line : string.Join(',', line.Split(',')[..2].Append(Math.Exp(double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture)).ToString("R", CultureInfo.InvariantCulture)))).ToList();
        var normal = Answers.Fit(lines, "y ~ x", Normal("scale ~ x")).Report();
        var lognormal = Answers.Fit(positive, "y ~ x", Named("lognormal", "scale ~ x")).Report();

        Assert.Equal(normal.Coefficients.Select(c => c.Estimate!.Value), lognormal.Coefficients.Select(c => c.Estimate!.Value), (a, b) => Math.Abs(a - b) < 1e-7);
        var jacobian = lines.Skip(1).Sum(line => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture));
        Assert.Equal(normal.LogLikelihood!.Value - jacobian, lognormal.LogLikelihood!.Value, 1e-7);
    }

    [Fact]
    public void Folding_stays_near_the_maximum_and_exact_passes_reach_it()
    {
        var lines = Lines(6000, 6);
        var path = Path.Combine(_folder, "rows.csv");
        File.WriteAllLines(path, lines);
        var options = Normal("scale ~ x + g");
        var whole = Answers.Fit(lines, "y ~ x + g", options).Report();
        var folded = Answers.Fit(lines, "y ~ x + g", options with { Estimator = new() { BufferRows = 700 } }).Report();
        var exact = Regression.Fit(DataSource.From([path]), "y ~ x + g", options with { Exact = true, Estimator = new() { BufferRows = 700 } }, cancel: TestContext.Current.CancellationToken).Report();

        Assert.Equal(0, whole.DistanceBound);
        Assert.InRange(folded.DistanceBound!.Value, 0, 0.01);   // the audit holds every folded row
        for (var j = 0; j < whole.Coefficients.Count; j++)
        {
            var error = whole.Coefficients[j].StandardError!.Value;
            Assert.Equal(whole.Coefficients[j].Estimate!.Value, folded.Coefficients[j].Estimate!.Value, 0.01 * error);
            Assert.Equal(whole.Coefficients[j].Estimate!.Value, exact.Coefficients[j].Estimate!.Value, 1e-6 * error);
            Assert.Equal(error, folded.Coefficients[j].StandardError!.Value, 0.02 * error);
            Assert.Equal(error, exact.Coefficients[j].StandardError!.Value, 1e-6 * error);
        }
        Assert.Equal(whole.LogLikelihood!.Value, folded.LogLikelihood!.Value, 1e-3);
    }

    [Fact]
    public void States_go_through_files_go_on_and_merge_by_name_although_levels_arrive_late()
    {
        var lines = Lines(1200, 7).ToList();
        var (first, second) = (lines[..600], (List<string>)[lines[0], .. lines[600..].Select(line => line.Replace(",b,", ",late,", StringComparison.Ordinal))]);
        var options = Named("student-t", "scale ~ g");
        var whole = Answers.Fit([.. first, .. second[1..]], "y ~ x", options).Report();
        var (path, other) = (Path.Combine(_folder, "first.ff"), Path.Combine(_folder, "second.csv"));
        Answers.Fit(first, "y ~ x", options).Save(path);
        File.WriteAllLines(other, second);

        var updated = Regression.Load(path);
        updated.Update(DataSource.From([other]), cancel: TestContext.Current.CancellationToken);
        var merged = Regression.Merge([Answers.Fit(second, "y ~ x", options), Regression.Load(path)]);

        Assert.Contains(whole.Coefficients, c => c is { Parameter: "scale", Term: "g[late]" });
        foreach (var fit in new[] { updated.Report(), merged.Report() })
        {
            foreach (var c in whole.Coefficients)
            {
                var same = fit.Coefficients.Single(other => other.Term == c.Term && other.Parameter == c.Parameter);
                Assert.Equal(c.Estimate!.Value, same.Estimate!.Value, 1e-6 * c.StandardError!.Value);
            }
        }
        var error = Assert.Throws<DataException>(() => Regression.Merge([updated, Answers.Fit(second, "y ~ x", Named("student-t"))]));
        Assert.Contains("formulas of parameters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folded_states_of_observed_information_merge_to_first_order()
    {
        var lines = Counts(3000);
        var options = Named("zero-inflated-poisson") with { Estimator = new() { BufferRows = 500 } };
        var whole = Answers.Fit(lines, "y ~ x", Named("zero-inflated-poisson")).Report();
        var folded = Answers.Fit(lines, "y ~ x", options).Report();
        var merged = Regression.Merge([Answers.Fit(lines[..1500], "y ~ x", options), Answers.Fit([lines[0], .. lines[1500..]], "y ~ x", options)]).Report();
        foreach (var fit in new[] { folded, merged })
        {
            for (var j = 0; j < whole.Coefficients.Count; j++)
            {
                var error = whole.Coefficients[j].StandardError!.Value;
                Assert.Equal(whole.Coefficients[j].Estimate!.Value, fit.Coefficients[j].Estimate!.Value, 0.15 * error);
                Assert.Equal(error, fit.Coefficients[j].StandardError!.Value, 0.03 * error);
            }
        }
    }

    /// <summary>While all rows fit the buffer the estimate is the same whatever the structure; the factor is in one formula only.</summary>
    [Theory]
    [InlineData(Structure.Diagonal), InlineData(Structure.Block), InlineData(Structure.LowRank)]
    public void A_factor_of_one_parameter_goes_with_structures_that_leave_dependence_out(Structure structure)
    {
        var lines = Enumerable.Range(0, 300).Select(i => string.Create(CultureInfo.InvariantCulture, $"{"abc"[i % 3]},{i % 3 + Math.Sin(i * 1.7):F6}")).Prepend("g,y").ToList();
        var options = new RegressionOptions { Model = ModelNames.Parse("normal") };
        var full = Answers.Fit(lines, "y ~ g", options).Report();
        var other = Answers.Fit(lines, "y ~ g", options with { Estimator = new() { Structure = structure } }).Report();

        Assert.All(full.Coefficients.Zip(other.Coefficients), pair => Assert.Equal(pair.First.Estimate!.Value, pair.Second.Estimate!.Value, 1e-4));
        Assert.All(other.Coefficients, c => Assert.True(c.StandardError > 0));
    }

    [Theory]
    [InlineData("there is no parameter 'shape'", "shape ~ x"), InlineData("the model's own formula speaks of it", "location ~ x"), InlineData("two formulas", "scale ~ x", "scale ~ g")]
    [InlineData("an offset belongs to the formula of location", "scale ~ offset(x)"), InlineData("there is no column 'z'", "scale ~ z"), InlineData("no terms", "scale ~ 0")]
    public void A_parameters_formula_is_checked(string message, params string[] formulas) =>
        Assert.Contains(message, Assert.Throws<FormulaException>(() => Answers.Fit(Lines(20, 1), "y ~ x", Normal(formulas))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_response_outside_the_support_is_told_what_is_legal() =>
        Assert.Contains("a positive number", Assert.Throws<DataException>(() => Answers.Fit([.. Lines(50, 1), "0,a,-1"], "y ~ x", Named("lognormal"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_an_intercept_a_factor_keeps_all_its_levels_in_that_parameter_only()
    {
        var fit = Answers.Fit(Lines(300, 8), "y ~ g", Normal("scale ~ g - 1")).Report();
        Assert.Equal(["(Intercept)", "g[b]", "g[c]", "g[a]", "g[b]", "g[c]"], fit.Coefficients.Select(c => c.Term));
        Assert.Equal(["location", "location", "location", "scale", "scale", "scale"], fit.Coefficients.Select(c => c.Parameter));
        Assert.All(fit.Coefficients, c => Assert.Equal(CoefficientStatus.Ok, c.Status));
    }

    static RegressionOptions Normal(params string[] formulas) => Named("normal", formulas);

    static RegressionOptions Named(string distribution, params string[] formulas) =>
        new() { Model = new() { Family = Family.Distributional, Distribution = distribution }, ParameterFormulas = formulas };

    static Coefficient Of(FitResult fit, string parameter, string term) => fit.Coefficients.Single(c => c.Parameter == parameter && c.Term == term);

    static bool Near((string, double, double) a, (string, double, double) b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < 1e-9 && Math.Abs(a.Item3 - b.Item3) < 1e-9;

    /// <summary>y = 1 + 2x + shift of g, with a deviation that grows with x and differs by group.</summary>
    static List<string> Lines(int rows, int seed)
    {
        var random = new Random(seed);
        var lines = new List<string> { "x,g,y" };
        for (var i = 0; i < rows; i++)
        {
            var (x, g) = (random.NextDouble(), random.Next(3));
            var noise = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{x:R},{"abc"[g]},{1 + 2 * x + 0.5 * g + 0.5 * Math.Exp(0.6 * x + 0.3 * g) * noise:R}"));
        }
        return lines;
    }

    static List<string> Counts(int rows)
    {
        var random = new Random(11);
        var lines = new List<string> { "x,y" };
        for (var i = 0; i < rows; i++)
        {
            var x = random.NextDouble();
            var (count, product) = (0, random.NextDouble());
            for (var limit = Math.Exp(-Math.Exp(0.5 + x)); product > limit; count++) { product *= random.NextDouble(); }
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{x:R},{(random.NextDouble() < 0.3 ? 0 : count)}"));
        }
        return lines;
    }
}
