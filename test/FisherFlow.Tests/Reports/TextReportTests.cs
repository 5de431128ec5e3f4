using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Reports;
using FisherFlow.Tests.Inference;

namespace FisherFlow.Tests.Reports;

public sealed class TextReportTests
{
    [Fact]
    public void A_gaussian_report_carries_the_digits_that_R_prints()
    {
        // summary(glm(mpg ~ wt + hp + factor(cyl), data = mtcars))
        var estimate = SmallFit.Fit(SmallModel.Gaussian, [Cars.Wt, Cars.Hp, Cars.SixCylinders, Cars.EightCylinders], Cars.Mpg);
        var text = Write(SummaryTests.Summarise(estimate, SmallModel.Gaussian, Family.Gaussian, new(), "wt", "hp", "cyl[6]", "cyl[8]"));
        Assert.Equal("""

            Call:  y ~ wt + hp + cyl[6] + cyl[8]
            Family: gaussian (identity link)

            Coefficients:
                        Estimate Std. Error    2.5 %   97.5 % t value Pr(>|t|)
            (Intercept) 35.84600    2.04102 31.84567 39.84632  17.563 2.67e-16 ***
            wt          -3.18140    0.71960 -4.59180 -1.77101  -4.421 0.000144 ***
            hp          -0.02312    0.01195 -0.04655  0.00031  -1.934 0.063613 .
            cyl[6]      -3.35902    1.40167 -6.10625 -0.61180  -2.396 0.023747 *
            cyl[8]      -3.18588    2.17048 -7.43994  1.06817  -1.468 0.153705
            ---
            Signif. codes:  0 '***' 0.001 '**' 0.01 '*' 0.05 '.' 0.1 ' ' 1

            (Dispersion parameter for gaussian family estimated to be 5.954727)

                Null deviance: 1126.05  on 31  degrees of freedom
            Residual deviance:  160.78  on 27  degrees of freedom
            AIC: 154.47   BIC: 163.26   log-likelihood: -71.235

            Limits: 95 % Wald, by the normal quantile
            Exact: Fisher scoring, 5 passes over 32 rows

            """, text);
    }

    [Fact]
    public void An_aliased_coefficient_is_a_line_of_NA_and_counted_in_the_header()
    {
        // summary(glm(carb ~ wt + wt2 + hp, poisson, mtcars)) with wt2 = 2*wt; digits of wt + hp with epsilon = 1e-15, which R cannot reach with both
        double[] twice = [.. Cars.Wt.Select(w => 2 * w)];
        var estimate = SmallFit.Fit(SmallModel.Poisson, [Cars.Wt, twice, Cars.Hp], Cars.Carb, aliased: [2]);
        var lines = Lines(SummaryTests.Summarise(estimate, SmallModel.Poisson, Family.Poisson, new(), "wt", "wt2", "hp"));
        Assert.Contains("Coefficients: (1 not defined because of singularities)", lines);
        Assert.Equal(["(Intercept) 0.138788 0.398668 0.348 0.727743", "wt 0.004482 0.130972 0.034 0.972701", "wt2 NA NA NA NA", "hp 0.005487 0.001644 3.337 0.000846 ***"], Table(lines));
        Assert.Contains("(Dispersion parameter for poisson family taken to be 1)", lines);
        Assert.Contains("    Null deviance: 27.043  on 31  degrees of freedom", lines);
        Assert.Contains("Residual deviance: 12.278  on 29  degrees of freedom", lines);
    }

    [Fact]
    public void A_logistic_report_carries_the_digits_that_R_prints()
    {
        // summary(glm(am ~ wt, binomial, mtcars)), which R stops at a coarser tolerance: 4.510 and 0.00759 are those of epsilon = 1e-15
        var lines = Lines(SummaryTests.Summarise(SummaryTests.Binomial(), SmallModel.Binomial, Family.Binomial, new() { Level = 0.99 }, "wt"));
        Assert.Equal(["(Intercept) 12.040 4.510 2.670 0.00759 **", "wt -4.024 1.437 -2.801 0.00509 **"], Table(lines));
        Assert.Contains(lines, line => line.Contains("0.5 %", StringComparison.Ordinal) && line.Contains("99.5 %", StringComparison.Ordinal));
        Assert.Contains("Limits: 99 % Wald, by the normal quantile", lines);
        Assert.Contains(lines, line => line.StartsWith("AIC: 23.176 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Separation_priors_robust_errors_and_one_pass_are_said()
    {
        var estimate = SmallFit.Fit(SmallModel.Binomial, [Cars.Wt], Cars.Am, FisherFlow.Estimation.Sandwich.Rows) with { Separated = [false, true], Ridge = 0.5, ScoreGauge = 0.0031, DistanceBound = 0.042 };
        var context = new FitContext { Formula = "am ~ wt", Method = "one-pass", Sandwich = FisherFlow.Estimation.Sandwich.Rows, RowsRejected = 1234, Warnings = ["1,234 rows rejected"] };
        var text = Write(Summary.Of(estimate, SmallFit.Schema("wt"), SmallModel.Binomial, new() { Family = Family.Binomial }, context, new() { Covariance = CovarianceKind.HC1 }));
        Assert.Contains("wt -Inf NA NA NA NA NA", text.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.Contains("Inf: the data separate the response", text);
        Assert.Contains("Robust (HC1) standard errors; limits: 95 % Wald", text);
        Assert.Contains("Prior: N(0, 2) on every coefficient but the intercept (ridge 0.5)", text);
        Assert.Contains("One pass over 32 rows (1,234 rejected); within 0.042 standard errors of the penalised estimate, by the audit of folded rows; score gauge 0.0031", text);
        Assert.Contains("Warning: 1,234 rows rejected", text);
    }

    [Fact]
    public void Outcomes_have_a_table_each()
    {
        // nnet::multinom(factor(gear) ~ wt, mtcars): 11.037153 -3.4646501, 10.068285 -3.4290644; errors 4.5818157 1.3766721, 4.7800144 1.4648627; AIC 52.64816
        var (model, schema, estimate) = PredictorTests.Gears(Family.Multinomial);
        var lines = Lines(Summary.Of(estimate, schema, model, new() { Family = Family.Multinomial }, SmallFit.Exact("gear ~ wt"), new()));
        Assert.Contains("Outcome 4 against 3:", lines);
        Assert.Contains("Outcome 5 against 3:", lines);
        Assert.Equal(["(Intercept) 11.037 4.582 2.409 0.0160 *", "wt -3.465 1.377 -2.517 0.0118 *", "(Intercept) 10.068 4.780 2.106 0.0352 *", "wt -3.429 1.465 -2.341 0.0192 *"], Table(lines));
        Assert.Contains(lines, line => line.StartsWith("AIC: 52.648 ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("Dispersion", StringComparison.Ordinal));
    }

    [Fact]
    public void Cut_points_have_a_block_of_their_own()
    {
        // MASS::polr(factor(gear) ~ wt, mtcars): wt -1.8314 (0.5808), 3|4 -5.9070 (1.8654), 4|5 -3.2997 (1.5683); polr's errors come from a numerical Hessian
        var (model, schema, estimate) = PredictorTests.Gears(Family.Ordinal);
        var lines = Lines(Summary.Of(estimate, schema, model, new() { Family = Family.Ordinal }, SmallFit.Exact("gear ~ wt"), new()));
        Assert.True(lines.IndexOf("Cut points:") > lines.IndexOf("Coefficients:"));
        Assert.Equal(["wt -1.8314 0.5808 -3.153 0.00162 **", "3|4 -5.907 1.865 -3.167 0.00154 **", "4|5 -3.300 1.568 -2.104 0.03537 *"], Table(lines));
    }

    [Fact]
    public void The_negative_binomial_says_its_theta()
    {
        var estimate = SmallFit.Fit(SmallModel.Poisson, [Cars.Wt], Cars.Carb) with { Auxiliary = 1.147356, AuxiliaryStandardError = 0.14108 };
        var text = Write(SummaryTests.Summarise(estimate, SmallModel.Poisson, Family.NegativeBinomial, new(), "wt"));
        Assert.Contains("\nTheta: 1.147  Std. Err.: 0.141\n", text);
    }

    [Fact]
    public void A_table_of_hundreds_of_lines_lines_up()
    {
        var coefficients = Enumerable.Range(0, 458).Select(i => new Coefficient
        {
            Term = $"origin[{(char)('A' + i % 26)}{i}]",
            Estimate = i == 7 ? 1e-6 : Math.Sin(i),
            StandardError = 0.01 + i % 5,
            Statistic = 2,
            PValue = Math.Pow(10, -i % 20),
            Lower = -1,
            Upper = 12,
            Status = CoefficientStatus.Ok,
        }).ToList();
        var result = SummaryTests.Summarise(SummaryTests.Binomial(), SmallModel.Binomial, Family.Binomial, new(), "wt") with { Coefficients = coefficients };
        var table = Lines(result).Where(line => line.StartsWith("origin[", StringComparison.Ordinal)).ToList();
        Assert.Equal(458, table.Count);
        Assert.All(table, line => Assert.InRange(line.Length, 40, 100));
        Assert.Single(table.Select(line => line.TrimEnd('*', '.', ' ').Length).Distinct());
    }

    [Fact]
    public void A_line_on_another_scale_keeps_its_exponents_to_itself()
    {
        // R writes all four numbers with exponents: 1.0000e-07 2.0000e-08 and -6.0420e-02 5.2950e-01
        var result = SummaryTests.Summarise(SummaryTests.Binomial(), SmallModel.Binomial, Family.Binomial, new(), "wt") with
        {
            Coefficients =
            [
                new() { Term = "distance", Estimate = 1e-7, StandardError = 2e-8, Statistic = 5, PValue = 0.5, Lower = 6e-8, Upper = 1.4e-7, Status = CoefficientStatus.Ok },
                new() { Term = "origin[SLC]", Estimate = -0.06042, StandardError = 0.5295, Statistic = -0.114, PValue = 0.9, Lower = -1.098, Upper = 0.9773, Status = CoefficientStatus.Ok },
            ],
        };
        Assert.Equal(["distance 1e-07 2e-08 5.000 0.5", "origin[SLC] -0.0604 0.5295 -0.114 0.9"], Lines(result)
            .Where(line => line.StartsWith("distance", StringComparison.Ordinal) || line.StartsWith("origin", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(cells => string.Join(' ', cells.Where((_, i) => i is not 3 and not 4))));
    }

    static List<string> Lines(FitResult result) => [.. Write(result).Split('\n')];

    /// <summary>The lines of tables without limits, single-spaced, as R prints the rest.</summary>
    static IEnumerable<string> Table(List<string> lines) => lines
        .SkipWhile(line => !line.StartsWith("Coefficients", StringComparison.Ordinal)).TakeWhile(line => line != "---")
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(cells => cells.Length >= 7 && cells[0] is not "Estimate" and not "Coefficients:")
        .Select(cells => string.Join(' ', cells.Where((_, i) => i is not 3 and not 4)));

    internal static string Write(FitResult result)
    {
        var writer = new StringWriter();
        TextReport.Write(result, writer);
        return writer.ToString();
    }
}
