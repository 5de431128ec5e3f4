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

    internal static string Write(FitResult result)
    {
        var writer = new StringWriter();
        TextReport.Write(result, writer);
        return writer.ToString();
    }
}
