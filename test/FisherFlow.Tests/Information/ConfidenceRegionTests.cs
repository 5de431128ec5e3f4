using FisherFlow.Inference;
using FisherFlow.Information;
using FisherFlow.Tests.Memory;
using MathNet.Numerics.Distributions;

namespace FisherFlow.Tests.Information;

/// <summary>What draws from <c>N(θ, I⁻¹)</c> look like, and how far they lie from θ in the metric I (CK-10, CK-18, CK-22 of the mathematics).</summary>
public sealed class ConfidenceRegionTests
{
    const int Draws = 100_000;

    [Fact]
    public void Draws_have_the_inverse_information_as_their_covariance()
    {
        Check(Correlated(new FullInformation(2)));
        Check(Correlated(SquareRootInformation.Create(2)));

        static void Check<T>(T information) where T : class, IInformation<T>
        {
            var normals = new Normals(1);
            double[] z = new double[2], x = new double[2], sums = new double[3];
            for (var i = 0; i < Draws; i++)
            {
                (z[0], z[1]) = (normals.Next(), normals.Next());
                Assert.True(information.Sample(z, x, 0).IsSolved);
                (sums[0], sums[1], sums[2]) = (sums[0] + x[0] * x[0], sums[1] + x[0] * x[1], sums[2] + x[1] * x[1]);
            }
            // I = [[1, .9], [.9, 1]] has the inverse [[1, −.9], [−.9, 1]]/.19; one per cent is twice the expected relative error of 1e5 draws, and the seed is fixed
            double a = sums[0] / Draws - 1 / 0.19, b = sums[1] / Draws + 0.9 / 0.19, c = sums[2] / Draws - 1 / 0.19;
            Assert.InRange(Math.Sqrt((a * a + 2 * b * b + c * c) / ((2 + 2 * 0.81) / (0.19 * 0.19))), 0, 0.01);
        }
    }

    /// <summary>The paper's squared radius d·log(2d/δ) is too small for one parameter and absurdly large for many; Laurent and Massart's holds for all.</summary>
    [Theory]
    [InlineData(1, 0.1, 0.0835), InlineData(1, 0.05, 0.0548), InlineData(1, 0.01, 0.0213), InlineData(1, 0.001, 0.0058), InlineData(5, 0.05, 7.2e-5), InlineData(10, 0.05, 3.8e-9)]
    public void The_paper_s_radius_is_exceeded_as_often_as_the_chi_square_tail_says(int d, double delta, double probability)
    {
        var radius = d * Math.Log(2 * d / delta);
        Assert.Equal(1, (1 - ChiSquared.CDF(d, radius)) / probability, 0.02);   // two digits are quoted
        var information = Correlated(new FullInformation(d));
        var normals = new Normals(2);
        double[] z = new double[d], x = new double[d], image = new double[d];
        var (outside, safe, bound) = (0, 0, d + 2 * Math.Sqrt(d * Math.Log(1 / delta)) + 2 * Math.Log(1 / delta));
        for (var i = 0; i < Draws; i++)
        {
            for (var j = 0; j < d; j++) { z[j] = normals.Next(); }
            Assert.True(information.Sample(z, x, 0).IsSolved);
            information.Multiply(x, image);
            var distance = 0.0;
            for (var j = 0; j < d; j++) { distance += x[j] * image[j]; }
            if (distance > radius) { outside++; }
            if (distance > bound) { safe++; }
        }
        Assert.InRange(outside, probability * Draws - Band(probability), probability * Draws + Band(probability) + 1);
        Assert.InRange(safe, 0, delta * Draws);

        static double Band(double p) => 4 * Math.Sqrt(p * (1 - p) * Draws) + 0.02 * p * Draws;   // four standard errors, and the digits that are not quoted
    }

    [Theory, InlineData(1, 10.45, 3.84), InlineData(5, 18.73, 11.07), InlineData(10, 26.94, 18.31)]
    public void Laurent_and_Massart_s_radius_is_above_the_exact_quantile(int d, double bound, double quantile)
    {
        var u = Math.Log(1 / 0.05);
        Assert.Equal(bound, d + 2 * Math.Sqrt(d * u) + 2 * u, 0.005);
        Assert.Equal(quantile, ChiSquared.InvCDF(d, 0.95), 0.005);
    }

    /// <summary>Predicting by the mean over θ's uncertainty is not plugging the estimate in; MacKay's formula is near.</summary>
    [Theory]
    [InlineData(1, 1, 0.696735, 0.731059), InlineData(2, 4, 0.775200, 0.880797), InlineData(3, 9, 0.805614, 0.952574), InlineData(-1, 0.25, 0.279419, 0.268941)]
    public void The_mean_of_a_probability_is_nearer_one_half_than_the_probability_of_the_mean(double mean, double variance, double expected, double plugIn)
    {
        var nodes = GaussHermite.Nodes.Span;
        var weights = GaussHermite.Weights.Span;
        var (sum, total) = (0.0, 0.0);
        for (var i = 0; i < nodes.Length; i++)
        {
            sum += weights[i] / (1 + Math.Exp(-(mean + Math.Sqrt(variance) * nodes[i])));
            total += weights[i];
        }
        Assert.Equal(plugIn, 1 / (1 + Math.Exp(-mean)), 1e-6);
        Assert.Equal(expected, sum / total, 1e-4);   // a rule of 32 nodes, on a sigmoid that is steep at a standard deviation of three
        Assert.Equal(expected, 1 / (1 + Math.Exp(-mean / Math.Sqrt(1 + Math.PI * variance / 8))), 0.0035);
    }

    static T Correlated<T>(T information) where T : class, IInformation<T>
    {
        // rows e_i·√.1 and (1 … 1)·√.9: ones on the diagonal, .9 elsewhere
        var row = new double[information.Dimension];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = 1;
            information.Add(row, 0.1);
            row[i] = 0;
        }
        Array.Fill(row, 1.0);
        information.Add(row, 0.9);
        return information;
    }
}
