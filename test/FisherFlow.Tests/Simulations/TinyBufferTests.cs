using System.Globalization;
using FisherFlow.Data;
using FisherFlow.Estimation;
using FisherFlow.Models;
using FisherFlow.Tests.Facade;

namespace FisherFlow.Tests.Simulations;

/// <summary>Buffers of a few rows: the first solution waits until rows determine it, whatever was asked for.</summary>
public sealed class TinyBufferTests
{
    const int Rows = 3000;

    /// <summary>Eight rows of ones and zeros are nearly always separated, and a first anchor at infinity was never left again.</summary>
    [Theory]
    [InlineData(1, Link.Logit)]
    [InlineData(2, Link.Probit)]
    [InlineData(7, Link.ComplementaryLogLog)]
    public void A_stream_of_single_rows_is_the_fit_of_all(int buffer, Link link)
    {
        for (var seed = 0; seed < 3; seed++)
        {
            var lines = Draw(seed, Family.Binomial);
            var (exact, streamed) = (Fit(lines, Family.Binomial, link, 0), Fit(lines, Family.Binomial, link, buffer));
            Assert.True(streamed.Estimator.FoldedRows > Rows / 4, "nothing was streamed");
            Assert.InRange(Distance.OfEstimates(streamed.Report().Coefficients, exact.Report().Coefficients), 0, 0.01);   // the sample holds every folded row: Newton's last move
            Assert.InRange(Distance.OfStandardErrors(streamed.Report().Coefficients, exact.Report().Coefficients), 0, 0.01);
        }
    }

    /// <summary>Observed information is not audited, so that what quadratics have lost stays lost: four tenths of a standard error at most, where a first anchor of 56 rows had left up to 2.4 of rare events.</summary>
    [Theory]
    [InlineData(Family.Binomial, Link.Probit)]
    [InlineData(Family.Binomial, Link.Cauchit)]
    [InlineData(Family.Poisson, Link.Log)]
    [InlineData(Family.Gamma, Link.Log)]
    public void Observed_information_of_seven_rows_at_a_time_is_near_the_fit_of_all(Family family, Link link)
    {
        var worst = 0.0;
        for (var seed = 0; seed < 4; seed++)
        {
            var lines = Draw(40 + seed, family);
            var (exact, streamed) = (Fit(lines, family, link, 2 * Rows, InformationKind.Observed), Fit(lines, family, link, 7, InformationKind.Observed));
            worst = Math.Max(worst, Distance.OfEstimates(streamed.Report().Coefficients, exact.Report().Coefficients));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{family} {link}: at most {worst:G3} standard errors away");
        Assert.InRange(worst, 0, 0.75);
    }

    static Regression Fit(string[] lines, Family family, Link link, int buffer, InformationKind kind = InformationKind.Expected) => Answers.Fit(lines, "y ~ x + z", new()
    {
        Model = new() { Family = family, Link = link },
        Estimator = new() { BufferRows = buffer, Information = new(kind) },
    });

    static string[] Draw(int seed, Family family)
    {
        var (random, lines) = (new Random(seed), new string[Rows + 1]);
        lines[0] = "y,x,z";
        for (var i = 1; i <= Rows; i++)
        {
            var (x, z) = (Math.Round(4 * random.NextDouble() - 2, 3), Math.Round(4 * random.NextDouble() - 2, 3));
            var (eta, mean) = (1.5 * x + z - 2.5, Math.Exp(0.5 + 0.8 * x - 0.4 * z));
            double y = random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0;
            if (family == Family.Gamma) { y = -0.5 * mean * Math.Log(random.NextDouble() * random.NextDouble()); }
            if (family == Family.Poisson)
            {
                y = -1;
                for (var product = 1.0; product > Math.Exp(-mean); y++) { product *= random.NextDouble(); }
            }
            lines[i] = string.Create(CultureInfo.InvariantCulture, $"{y:R},{x},{z}");
        }
        return lines;
    }
}
