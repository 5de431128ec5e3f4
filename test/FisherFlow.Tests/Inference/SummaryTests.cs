using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;

namespace FisherFlow.Tests.Inference;

public sealed class SummaryTests
{
    // R's numbers were computed with epsilon = 1e-15; what is left is rounding in small dense systems.
    const double RTolerance = 1e-7;

    [Fact]
    public void A_logistic_table_is_the_one_R_prints()
    {
        // a <- glm(am ~ wt, binomial, mtcars, epsilon = 1e-15, maxit = 100); coef(summary(a)); logLik(a); AIC(a); BIC(a); confint.default(a, level = .9)
        var fit = Binomial();
        var result = Summarise(fit, SmallModel.Binomial, Family.Binomial, new() { Level = 0.9 }, "wt");
        AssertClose([12.0403697286573, -4.0239699621732], result.Coefficients.Select(c => c.Estimate));
        AssertClose([4.51006621013304, 1.43652774368932], result.Coefficients.Select(c => c.StandardError));
        AssertClose([2.66966584694599, -2.80117803491826], result.Coefficients.Select(c => c.Statistic));
        AssertClose([0.00759267663088433, 0.00509164203208248], result.Coefficients.Select(c => c.PValue));
        AssertClose([4.62197096512870, -6.38684783159699], result.Coefficients.Select(c => c.Lower));
        AssertClose([19.45876849218592, -1.66109209274941], result.Coefficients.Select(c => c.Upper));
        AssertClose([-9.58804240372254, 23.1760848074451, 26.1075566130445], [result.LogLikelihood, result.Aic, result.Bic]);
        Assert.Equal((31, 30, 2), (result.NullDegreesOfFreedom, result.ResidualDegreesOfFreedom, result.Rank));
        Assert.Equal((1.0, false), (result.Dispersion, result.DispersionEstimated));
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void A_gamma_table_has_t_statistics_and_Pearson_dispersion()
    {
        // g <- glm(mpg ~ wt + hp, Gamma("log"), mtcars, epsilon = 1e-15, maxit = 100); coef(summary(g)); summary(g)$dispersion
        var result = Summarise(SmallFit.Fit(SmallModel.GammaLog, [Cars.Wt, Cars.Hp], Cars.Mpg), SmallModel.GammaLog, Family.Gamma, new(), "wt", "hp");
        AssertClose([3.82587059652783124, -0.19698677159618752, -0.00156010570162555], result.Coefficients.Select(c => c.Estimate));
        AssertClose([0.071138401223271461, 0.028153615236922613, 0.000401778907192686], result.Coefficients.Select(c => c.StandardError));
        AssertClose([1.32681735812958e-30, 1.07898428125373e-07, 5.49165616187411e-04], result.Coefficients.Select(c => c.PValue), 1e-6);   // p magnifies t's error by t²
        AssertClose([0.0133158731624222], [result.Dispersion]);
        Assert.True(result.DispersionEstimated);
    }

    // lm and glm in R; sqrt(diag(vcovHC(fit, type))) and sqrt(diag(vcovCL(fit, cluster = mtcars$gear, type = "HC1"))) of package sandwich.
    [Theory]
    [InlineData("binomial", CovarianceKind.HC0, 4.95606457429209, 1.55774315553332)]
    [InlineData("binomial", CovarianceKind.HC1, 5.11860148238986, 1.60883021307978)]
    [InlineData("binomial", CovarianceKind.HC3, 5.52505252889539, 1.72789834559525)]
    [InlineData("binomial", CovarianceKind.Cluster, 5.25481189999664, 1.68153386775903)]
    [InlineData("gaussian", CovarianceKind.HC0, 1.93891395641755282, 0.61992750528989582, 0.00664605790818312)]
    [InlineData("gaussian", CovarianceKind.HC1, 2.03673500191296863, 0.65120375480994663, 0.00698136125202141)]
    [InlineData("gaussian", CovarianceKind.HC3, 2.22980540343623135, 0.76851905035781976, 0.00938513790864756)]
    [InlineData("gaussian", CovarianceKind.Cluster, 2.80463315065603203, 0.82188281603483782, 0.00699470316641344)]
    [InlineData("gamma", CovarianceKind.HC0, 0.085584151583171425, 0.032661444415478934, 0.000324438609751878)]
    [InlineData("gamma", CovarianceKind.HC1, 0.089901997229695996, 0.034309262065941142, 0.000340807012227894)]
    [InlineData("gamma", CovarianceKind.HC3, 0.101518335985992192, 0.040997479775811925, 0.000465524154634219)]
    [InlineData("gamma", CovarianceKind.Cluster, 0.066199904018713618, 0.021009192149181462, 0.000357454387910284)]
    [InlineData("weighted", CovarianceKind.HC1, 1.87459416419755764, 0.61542446370846637, 0.00605245553545426)]
    [InlineData("weighted", CovarianceKind.HC3, 2.1480391555544345, 0.8225538861801337, 0.0121626405274583)]
    public void Robust_standard_errors_scale_as_the_sandwich_package_does(string fit, CovarianceKind kind, params double[] errors)
    {
        var sandwich = kind switch { CovarianceKind.HC3 => Sandwich.Leverage, CovarianceKind.Cluster => Sandwich.Clusters, _ => Sandwich.Rows };
        var clusters = kind == CovarianceKind.Cluster ? Array.ConvertAll(Cars.Gear, g => (int)g - 3) : null;
        var (model, family) = fit switch { "binomial" => (SmallModel.Binomial, Family.Binomial), "gamma" => (SmallModel.GammaLog, Family.Gamma), _ => (SmallModel.Gaussian, Family.Gaussian) };
        var estimate = fit == "binomial"
            ? SmallFit.Fit(model, [Cars.Wt], Cars.Am, sandwich, clusters)
            : SmallFit.Fit(model, [Cars.Wt, Cars.Hp], Cars.Mpg, sandwich, clusters, fit == "weighted" ? Cars.Carb : null);
        var result = Summary.Of(estimate, fit == "binomial" ? SmallFit.Schema("wt") : SmallFit.Schema("wt", "hp"), model, new() { Family = family }, SmallFit.Exact("y ~ x", sandwich), new() { Covariance = kind });
        AssertClose(errors, result.Coefficients.Select(c => c.StandardError));
    }

    [Fact]
    public void A_covariance_whose_sums_were_not_kept_is_refused_with_the_option_that_keeps_them()
    {
        var refusal = Assert.Throws<ArgumentException>(() => Summarise(Binomial(), SmallModel.Binomial, Family.Binomial, new() { Covariance = CovarianceKind.HC3 }, "wt"));
        Assert.Contains("--robust hc3", refusal.Message);
    }

    [Fact]
    public void An_aliased_coefficient_has_no_numbers_and_is_named()
    {
        double[] twice = [.. Cars.Wt.Select(w => 2 * w)];
        var result = Summarise(SmallFit.Fit(SmallModel.Poisson, [Cars.Wt, twice, Cars.Hp], Cars.Carb, aliased: [2]), SmallModel.Poisson, Family.Poisson, new(), "wt", "wt2", "hp");
        Assert.Equal(new Coefficient { Term = "wt2", Status = CoefficientStatus.Aliased }, result.Coefficients[2]);
        AssertClose([0.138788, 0.004482, 0.005487], result.Coefficients.Where(c => c.Status == CoefficientStatus.Ok).Select(c => c.Estimate), 1e-3);   // as printed by R
        Assert.Equal((3, 29, 3), (result.Rank, result.ResidualDegreesOfFreedom, result.CovarianceMatrix.GetLength(0)));
        Assert.Contains(result.Warnings, w => w.Contains("singularities", StringComparison.Ordinal) && w.EndsWith(": wt2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_separated_coefficient_counts_in_the_rank_but_has_no_standard_error()
    {
        var estimate = Binomial() with { Separated = [false, true] };
        var result = Summarise(estimate, SmallModel.Binomial, Family.Binomial, new(), "wt");
        var slope = result.Coefficients[1];
        Assert.Equal((CoefficientStatus.Separated, null, null, null), (slope.Status, slope.StandardError, slope.PValue, slope.Upper));
        Assert.NotNull(slope.Estimate);
        Assert.Equal(2, result.Rank);
        Assert.Contains(result.Warnings, w => w.StartsWith("wt separates the response", StringComparison.Ordinal) && w.Contains("--firth", StringComparison.Ordinal));
    }

    [Fact]
    public void Too_few_observations_for_a_dispersion_leave_estimates_without_errors_and_say_so()
    {
        var result = Summarise(SmallFit.Fit(SmallModel.Gaussian, [[1, 2]], [1, 3]), SmallModel.Gaussian, Family.Gaussian, new(), "x");
        AssertClose([-1, 2], result.Coefficients.Select(c => c.Estimate), 1e-9);
        Assert.All(result.Coefficients, c => Assert.Equal((null, null, null), (c.StandardError, c.PValue, c.Lower)));
        Assert.Null(result.Dispersion);
        Assert.Contains(result.Warnings, w => w.Contains("no degrees of freedom", StringComparison.Ordinal));
    }

    [Fact]
    public void A_constant_response_is_named_and_tests_nothing()
    {
        var result = Summarise(SmallFit.Fit(SmallModel.Gaussian, [Cars.Wt], [.. Cars.Mpg.Select(_ => 4.0)]), SmallModel.Gaussian, Family.Gaussian, new(), "wt");
        Assert.All(result.Coefficients, c => Assert.Null(c.PValue));
        Assert.Contains("the response is constant: every observation is 4", result.Warnings);
        Assert.Contains(result.Warnings, w => w.Contains("rounding error", StringComparison.Ordinal));
    }

    [Fact]
    public void An_estimate_on_its_way_is_refused_standard_errors()
    {
        var result = Summarise(Binomial() with { Converged = false, ScoreGauge = 7 }, SmallModel.Binomial, Family.Binomial, new(), "wt");
        Assert.Equal(Regime.Trajectory, result.Regime);
        Assert.All(result.Coefficients, c => Assert.Null(c.StandardError));
        Assert.Contains(result.Warnings, w => w.Contains("still on its way", StringComparison.Ordinal));
    }

    [Fact]
    public void Priors_clusters_and_collinearity_are_remarked()
    {
        var clusters = Array.ConvertAll(Cars.Gear, g => (int)g - 3);
        var estimate = SmallFit.Fit(SmallModel.Gaussian, [Cars.Wt, Cars.Hp], Cars.Mpg, Sandwich.Clusters, clusters) with { Ridge = 4, DistanceBound = 0.8 };
        var result = Summary.Of(estimate, SmallFit.Schema("wt", "hp"), SmallModel.Gaussian, new(), SmallFit.Exact("mpg ~ wt + hp", Sandwich.Clusters) with { Method = "one-pass" }, new() { Covariance = CovarianceKind.Cluster });
        Assert.Contains(result.Warnings, w => w.Contains("N(0, 0.25)", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, w => w.StartsWith("3 clusters are few", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, w => w.Contains("0.8 standard errors from the maximum likelihood", StringComparison.Ordinal));
        var collinear = Summarise(SmallFit.Fit(SmallModel.Gaussian, [[1, 2, 3, 4], [1 + 1e-9, 2, 3, 4]], [1, 2, 2, 5]), SmallModel.Gaussian, Family.Gaussian, new(), "a", "b");
        Assert.True(collinear.ConditionNumber > 1e8 || collinear.ConditionNumber is null);
    }

    internal static FitResult Summarise(Estimate estimate, SmallModel model, Family family, ReportOptions options, params string[] names) =>
        Summary.Of(estimate, SmallFit.Schema(names), model, new() { Family = family }, SmallFit.Exact($"y ~ {string.Join(" + ", names)}"), options);

    internal static Estimate Binomial() => SmallFit.Fit(SmallModel.Binomial, [Cars.Wt], Cars.Am);

    internal static void AssertClose(IEnumerable<double> expected, IEnumerable<double?> actual, double relative = RTolerance)
    {
        var pairs = expected.Zip(actual, (e, a) => (e, a)).ToList();
        Assert.Equal(expected.Count(), pairs.Count);
        Assert.All(pairs, pair => Assert.True(Math.Abs(pair.a!.Value - pair.e) <= relative * Math.Abs(pair.e), $"expected {pair.e:R}, got {pair.a:R}"));
    }
}
