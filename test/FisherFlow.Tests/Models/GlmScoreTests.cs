using FisherFlow.Differentiation;
using FisherFlow.Models;

namespace FisherFlow.Tests.Models;

/// <summary>The closed forms of the hot path against the log-density, differentiated and summed over its distribution.</summary>
public sealed class GlmScoreTests
{
    public static TheoryData<string> Names => [.. FamilyCase.All.Select(one => one.Name)];

    [Theory, MemberData(nameof(Names))]
    public void The_score_is_the_derivative_of_the_log_density(string name)
    {
        var one = FamilyCase.Find(name);
        foreach (var (eta, y) in Places(one))
        {
            var derivative = one.Dispersion * one.LogDensity(Jet.Variable(eta), y).First;   // scores are in units of the dispersion
            Assert.Equal(derivative, one.At(eta, y).Score, 1e-11 * (1 + Math.Abs(derivative)));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void The_density_sums_to_one_with_its_mean_and_the_weight_is_its_expected_information(string name)
    {
        var one = FamilyCase.Find(name);
        foreach (var eta in one.Etas)
        {
            var (mass, mean, squared, curvature) = (0.0, 0.0, 0.0, 0.0);
            if (one.Mean(eta).Value <= 0 && !name.StartsWith("gaussian", StringComparison.Ordinal)) { continue; }
            foreach (var (y, probability) in one.Distribution(eta))
            {
                if (probability == 0) { continue; }
                var jet = one.LogDensity(Jet.Variable(eta), y);
                mass += probability;
                mean += probability * y;
                squared += probability * jet.First * jet.First;
                curvature -= probability * jet.Second;
            }
            var weight = one.At(eta, one.Responses[^1]).Weight;
            const double Quadrature = 1e-9;   // what truncated tails and 3100 roundings leave
            Assert.Equal(1, mass, Quadrature);
            Assert.Equal(one.Mean(eta).Value, mean, Quadrature * (1 + Math.Abs(mean)));
            Assert.Equal(weight, one.Dispersion * squared, Quadrature * (1 + weight));
            Assert.Equal(weight, one.Dispersion * curvature, Quadrature * (1 + weight));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void The_deviance_is_twice_what_saturation_would_gain(string name)
    {
        var one = FamilyCase.Find(name);
        foreach (var (eta, y) in Places(one))
        {
            if (y < 0 && name != "gaussian identity" && name != "gaussian inverse") { continue; }   // no η has that mean
            var gain = 2 * one.Dispersion * (one.Saturated(y) - one.LogDensity(eta, y).Value);
            Assert.Equal(gain, one.At(eta, y).Sums.Deviance, 1e-11 * (1 + gain));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Saturation_leaves_no_deviance_and_no_score(string name)
    {
        var one = FamilyCase.Find(name);
        foreach (var y in one.Responses.Where(y => y > 0 && (y < 1 || !name.StartsWith("binomial", StringComparison.Ordinal))))
        {
            var (weight, score, sums) = one.At(one.Predictor(y), y);
            Assert.InRange(sums.Deviance, 0, 1e-13 * (1 + y));
            Assert.Equal(0, score, 1e-7 * (1 + weight));   // the inverse normal distribution of probit is good to 1e-9
            Assert.True(weight > 0);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Pearson_sums_squared_scores_by_information(string name)
    {
        var one = FamilyCase.Find(name);
        foreach (var (eta, y) in Places(one))
        {
            var (weight, score, sums) = one.At(eta, y);
            Assert.Equal(score * score / weight, sums.Pearson, 1e-12 * (1 + sums.Pearson));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Firth_adds_half_the_hat_value_times_the_bend_of_the_mean(string name)
    {
        var one = FamilyCase.Find(name);
        foreach (var (eta, y) in Places(one))
        {
            var plain = one.At(eta, y);
            var mean = one.Mean(Jet.Variable(eta));
            var corrected = one.At(eta, y, leverage: 0.3 / plain.Weight);
            Assert.Equal(0.3 * mean.Second / (2 * mean.First), corrected.Score - plain.Score, 1e-11 * (1 + Math.Abs(plain.Score)));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Predictions_carry_the_mean_and_its_slope(string name)
    {
        var one = FamilyCase.Find(name);
        foreach (var eta in one.Etas)
        {
            Span<double> mean = [0];
            Span<double> slope = [0];
            one.Model.Predict([eta], mean, slope);
            var expected = one.Mean(Jet.Variable(eta));
            Assert.Equal(expected.Value, mean[0], 1e-13 * (1 + Math.Abs(expected.Value)));
            Assert.Equal(expected.First, slope[0], 1e-13 * (1 + Math.Abs(expected.First)));
        }
    }

    [Fact]
    public void The_auxiliary_score_and_information_are_derivatives_in_log_theta()
    {
        foreach (var (y, mean) in new[] { (0.0, 0.7), (1.0, 4.0), (9.0, 2.5), (60.0, 30.0) })
        {
            foreach (var logTheta in new[] { -2.0, 0.3, 2.5, 3.5, 8.0 })
            {
                var density = LogDensity(Jet.Variable(logTheta), y, mean);
                var theta = Math.Exp(logTheta);
                var sums = AtTheta(SmallBlock.Single(y), mean, logTheta);
                // the definition cancels terms of size θ log θ, and their second derivatives likewise
                var rounding = 1e-13 * (1 + theta * theta);
                Assert.Equal(density.First, sums.AuxiliaryScore, rounding + 1e-11);
                Assert.Equal(-density.Second, sums.AuxiliaryInformation, 10 * rounding + 1e-11);
            }
        }

        static T LogDensity<T>(T logTheta, double y, double mean) where T : struct, IScalar<T>
        {
            var theta = T.Exp(logTheta);
            return T.LogGamma(theta + y) - T.LogGamma(theta) + theta * T.Log(theta) - (theta + y) * T.Log(theta + mean);
        }

        static FitSums AtTheta(Block block, double mean, double logTheta)
        {
            var sums = default(FitSums);
            var model = ModelFactory.Create(new() { Family = Family.NegativeBinomial });
            model.Work(block, 0, 1, block.Shape, [Math.Log(mean)], logTheta, default, ref sums, new());
            return sums;
        }
    }

    static IEnumerable<(double Eta, double Response)> Places(FamilyCase one) =>
        from eta in one.Etas
        where one.Name.StartsWith("gaussian", StringComparison.Ordinal) || one.Mean(eta).Value > 0
        from y in one.Responses
        select (eta, y);
}
