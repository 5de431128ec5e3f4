using FisherFlow.Information;
using FisherFlow.Memory;
using FisherFlow.StateSpace;
using FisherFlow.Tests.Simulations;

namespace FisherFlow.Tests.Memory;

public sealed class BatchScoreTests
{
    /// <summary>Against the formula written out with dense inverses, and where the batch has fewer rows than parameters against the innovations themselves, <c>vᵀS⁻¹v</c>.</summary>
    [Fact]
    public void The_statistic_is_the_quadratic_form_of_its_definition()
    {
        var (normals, past, batch) = (new Normals(3), new FullInformation(4), new FullInformation(4));
        var few = new FullInformation(4);
        var (rows, misses) = (new double[2, 4], new double[2]);
        for (var i = 0; i < 60; i++) { past.Add(Row(normals), 1); }
        var score = new double[4];
        for (var i = 0; i < 12; i++)
        {
            double[] row = Row(normals);
            var r = normals.Next();
            batch.Add(row, 1.5);
            for (var j = 0; j < 4; j++) { score[j] += r * row[j]; }
        }
        var factor = past.Factorise([0, 1, 2, 3], default, default);
        var (b, p) = (batch.ToDense(), past.ToDense());
        var variance = Square.Sum(b, Square.Product(Square.Product(b, Square.Inverse(p)!), b));
        var test = BatchScore.Test(score, batch, factor, dispersion: 2);
        Assert.Equal(Square.Dot(score, Square.Product(Square.Inverse(variance)!, score)) / 2, test.Statistic, 1e-10);
        Assert.Equal(4, test.Degrees);
        var variances = new double[4];
        BatchScore.Variances(batch, factor, 2, variances);
        for (var j = 0; j < 4; j++) { Assert.Equal(2 * variance[j, j], variances[j], 1e-10); }

        var fewScore = new double[4];
        for (var i = 0; i < 2; i++)
        {
            double[] row = Row(normals);
            misses[i] = normals.Next();
            few.Add(row, 1);
            for (var j = 0; j < 4; j++) { (rows[i, j], fewScore[j]) = (row[j], fewScore[j] + misses[i] * row[j]); }
        }
        var innovation = Square.Sum(Square.Product(Square.Product(rows, Square.Inverse(p)!), Square.Transpose(rows)), Square.Identity(2));
        var small = BatchScore.Test(fewScore, few, factor);
        Assert.Equal(2, small.Degrees);
        Assert.Equal(Square.Dot(misses, Square.Product(Square.Inverse(innovation)!, misses)), small.Statistic, 1e-8);
    }

    /// <summary>Logistic, four coefficients, 2 000 rows learned and a batch of 200: type I error 5 %, and for a shift of one coefficient by ½ the power of a noncentral χ²₄, both within four standard errors (and 2 % for the normal approximation).</summary>
    [Fact]
    public void The_test_keeps_its_level_and_has_the_power_expected()
    {
        var runs = Runs.Of(150, 4000);
        var (level, power, expected) = (0.0, 0.0, 0.0);
        for (var run = 0; run < runs; run++)
        {
            level += Test(run, 0, out _) < 0.05 ? 1.0 / runs : 0;
            power += Test(run, 0.5, out var noncentrality) < 0.05 ? 1.0 / runs : 0;
            expected += Power(noncentrality) / runs;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"level {level:F4}, power {power:F3} where {expected:F3} is expected, over {runs}");
        Assert.Equal(0.05, level, 4 * Math.Sqrt(0.05 * 0.95 / runs) + 0.003);
        Assert.Equal(expected, power, 4 * Math.Sqrt(expected * (1 - expected) / runs) + 0.02);
    }

    /// <summary>P(χ²₄(λ) ≥ 9.4877), a Poisson mixture of central ones.</summary>
    static double Power(double noncentrality)
    {
        var (sum, weight) = (0.0, Math.Exp(-noncentrality / 2));
        for (var k = 0; k < 100; k++)
        {
            sum += weight * MathNet.Numerics.SpecialFunctions.GammaUpperRegularized(2 + k, 9.487729 / 2);
            weight *= noncentrality / 2 / (k + 1);
        }
        return sum;
    }

    static double Test(int seed, double shift, out double noncentrality)
    {
        var normals = new Normals(seed);
        double[] truth = [0.5, -0.5, 0.25, 0], theta = [0, 0, 0, 0];
        var rows = Enumerable.Range(0, 2200).Select(_ => Row(normals)).ToArray();
        var responses = rows.Select(x => normals.Uniform() < Mean(x, truth) ? 1.0 : 0).ToArray();
        for (var i = 2000; i < 2200; i++)
        {
            // The same draws again, with the last coefficient moved.
            responses[i] = normals.Uniform() < Mean(rows[i], [truth[0], truth[1], truth[2], truth[3] + shift]) ? 1 : 0;
        }
        var score = new double[4];
        FullInformation past = new(4), batch = new(4);
        for (var iteration = 0; iteration < 6; iteration++)
        {
            past = Evidence(rows, responses, 0, 2000, theta, score);
            var step = new double[4];
            past.Solve(score, step, 0);
            for (var j = 0; j < 4; j++) { theta[j] += step[j]; }
        }
        batch = Evidence(rows, responses, 2000, 2200, theta, score);
        var (b, p) = (batch.ToDense(), past.ToDense());
        var variance = Square.Sum(b, Square.Product(Square.Product(b, Square.Inverse(p)!), b));
        double[] mean = [.. Enumerable.Range(0, 4).Select(j => shift * b[j, 3])];
        noncentrality = Square.Dot(mean, Square.Product(Square.Inverse(variance)!, mean));
        return BatchScore.Test(score, batch, past.Factorise([0, 1, 2, 3], default, default)).PValue;
    }

    static FullInformation Evidence(double[][] rows, double[] responses, int from, int to, double[] theta, double[] score)
    {
        var information = new FullInformation(4);
        Array.Clear(score);
        for (var i = from; i < to; i++)
        {
            var mean = Mean(rows[i], theta);
            information.Add(rows[i], mean * (1 - mean));
            for (var j = 0; j < 4; j++) { score[j] += (responses[i] - mean) * rows[i][j]; }
        }
        return information;
    }

    static double Mean(double[] x, double[] theta) => 1 / (1 + Math.Exp(-Square.Dot(x, theta)));

    static double[] Row(Normals normals) => [1, normals.Next(), normals.Next(), normals.Next()];
}
