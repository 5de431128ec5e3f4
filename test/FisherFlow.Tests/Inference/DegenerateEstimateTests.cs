using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Reports;
using FisherFlow.Tests.Reports;

namespace FisherFlow.Tests.Inference;

public sealed class DegenerateEstimateTests
{
    static readonly double[] _awkward = [0, -0.0, 1, -1, 1e-320, 1e-200, 1e200, -1e300, double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    [Fact]
    public void No_estimate_however_degenerate_puts_NaN_or_infinity_into_an_answer()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var kind = (CovarianceKind)random.Next(5);
            var sandwich = kind switch { CovarianceKind.HC3 => Sandwich.Leverage, CovarianceKind.Cluster => Sandwich.Clusters, CovarianceKind.Model => Sandwich.None, _ => Sandwich.Rows };
            var family = seed % 2 == 0 ? Family.Gaussian : Family.Binomial;
            var model = ModelFactory.Create(new() { Family = family });
            var estimate = Degenerate(random);
            var result = Summary.Of(estimate, SmallFit.Schema("a", "b"), model, new() { Family = family }, SmallFit.Exact("y ~ a + b", sandwich), new() { Covariance = kind });
            foreach (var value in Numbers(result)) { Assert.True(double.IsFinite(value), $"seed {seed}"); }
            Assert.All(result.Coefficients, c => Assert.False(c.PValue is null && c.StandardError > 0 && c.Status == CoefficientStatus.Ok && result.Warnings.Count == 0, $"seed {seed}: nothing says why"));
            var text = TextReportTests.Write(result);
            Assert.DoesNotContain("NaN", text);
            Assert.DoesNotContain("∞", text);
            var predictions = new Prediction[2];
            foreach (var interval in Enum.GetValues<PredictionInterval>())
            {
                new Predictor(estimate, model, new() { Family = family }, new() { Covariance = kind, Interval = interval }).Predict(ExactFit.Block([[1, 1e200], [0, -3]], [0, 0]), predictions);
                Assert.All(predictions.SelectMany(p => (double?[])[p.Estimate, p.StandardError, p.Lower, p.Upper]), v => Assert.True(v is null || double.IsFinite(v.Value), $"seed {seed}"));
            }
        }
    }

    [Fact]
    public void An_empty_stream_is_a_result_that_says_so()
    {
        var estimate = new Estimate
        {
            Shape = new(3, 3, 1),
            Theta = new double[3],
            Factor = new(3, [], [0, 1, 2], [], new double[3]),
            Separated = new bool[3],
            Responses = ResponseSums.Empty,
            Deviance = 0,
            Pearson = 0,
            ScoreGauge = 0,
            DistanceBound = 0,
            Iterations = 0,
            Passes = 1,
            Converged = true,
        };
        var result = Summary.Of(estimate, SmallFit.Schema("a", "b"), ModelFactory.Create(new()), new(), SmallFit.Exact("y ~ a + b"), new());
        Assert.Equal((0, 0, 0), (result.Rank, result.Observations, result.NullDegreesOfFreedom));
        Assert.Equal(["no observation has a positive weight: nothing is estimated"], result.Warnings);
        using var writer = new StringWriter();
        JsonReport.Write(result, writer);
        Assert.Contains("\"log_likelihood\": null", writer.ToString());
        Assert.Contains("NA", TextReportTests.Write(result));
    }

    static Estimate Degenerate(Random random)
    {
        int[][] kept = [[], [0], [0, 2], [0, 1, 2]];
        var order = kept[random.Next(4)];
        var upper = new double[order.Length * order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            for (var j = i; j < order.Length; j++) { upper[i * order.Length + j] = random.Next(4) == 0 ? Awkward() : 1 + random.NextDouble(); }
        }
        var meat = FullInformation.Create(3);
        for (var i = 0; i < 4; i++) { meat.Add([random.NextDouble(), random.Next(6) == 0 ? 1e140 : 1, random.NextDouble()], 1); }
        var n = random.Next(6);
        var sums = ResponseSums.Empty;
        sums.Add(new() { Observations = n, Weight = n, SquaredWeight = n, Response = Awkward(), Minimum = Awkward(), Maximum = Awkward() });
        return new()
        {
            Shape = new(3, 3, 1),
            Theta = [Awkward(), random.NextDouble(), Awkward()],
            Factor = new(3, order, [.. Enumerable.Range(0, 3).Except(order)], upper, new double[3]),
            Separated = [false, random.Next(5) == 0, false],
            Meat = meat,
            Clusters = random.Next(3),
            Responses = sums,
            Deviance = Awkward(),
            Pearson = Awkward(),
            NullDeviance = Awkward(),
            Auxiliary = random.Next(2) == 0 ? Awkward() : null,
            AuxiliaryStandardError = Awkward(),
            ScoreGauge = Awkward(),
            DistanceBound = Awkward(),
            Iterations = 3,
            Passes = 1,
            Converged = random.Next(3) > 0,
        };

        double Awkward() => _awkward[random.Next(_awkward.Length)];
    }

    static IEnumerable<double> Numbers(FitResult r)
    {
        double?[] all =
        [
            r.Dispersion, r.DispersionParameter, r.DispersionParameterStandardError, r.LogLikelihood, r.NullDeviance, r.Deviance, r.PearsonChiSquared, r.Aic, r.Bic, r.EffectiveObservations, r.ConditionNumber,
            r.ScoreGauge, r.DistanceBound, .. r.Coefficients.SelectMany(c => (double?[])[c.Estimate, c.StandardError, c.Statistic, c.PValue, c.Lower, c.Upper]), .. r.CovarianceMatrix.Cast<double>().Select(v => (double?)v),
        ];
        return all.OfType<double>();
    }
}
