using FisherFlow.Inference;
using FisherFlow.Models;
using MathNet.Numerics.Distributions;

namespace FisherFlow.Tests.Inference;

public sealed class ObservationCoverageTests
{
    const int Fits = 150;
    const int Rows = 60;

    /// <summary>Each fit's limits are judged by the true distribution function, so that only the fits are random and the band is narrow.</summary>
    [Theory]
    [InlineData(Family.Gaussian, 0)]
    [InlineData(Family.Gamma, 0.012)]   // the plugged-in dispersion costs O(1/n): about one degree of freedom in 60
    [InlineData(Family.Poisson, 0)]
    public void Ninety_percent_limits_hold_ninety_percent_of_new_responses(Family family, double plugIn)
    {
        var specification = new ModelSpecification { Family = family, Link = family == Family.Gaussian ? Link.Identity : Link.Log };
        var model = ModelFactory.Create(specification);
        var random = new Random(20_240_611);
        var coverage = new double[Fits];
        for (var fit = 0; fit < Fits; fit++)
        {
            var x = new double[Rows];
            var y = new double[Rows];
            for (var i = 0; i < Rows; i++)
            {
                x[i] = Normal.Sample(random, 0, 1);
                y[i] = Draw(family, 1 + 0.6 * x[i], random);
            }
            var estimate = ExactFit.Fit(model, SmallFit.Schema("x"), ExactFit.Block([x], y));
            double[] at = [-2, 0.5, 2.5];
            var predictions = new Prediction[at.Length];
            new Predictor(estimate, model, specification, new() { Interval = PredictionInterval.Observation, Level = 0.9 }).Predict(ExactFit.Block([at], new double[at.Length]), predictions);
            coverage[fit] = at.Select((v, i) => Probability(family, 1 + 0.6 * v, predictions[i].Lower!.Value, predictions[i].Upper!.Value)).Average();
        }
        var mean = coverage.Average();
        var error = Math.Sqrt(coverage.Sum(c => (c - mean) * (c - mean)) / (Fits - 1.0) / Fits);
        Assert.True(mean > 0.9 - plugIn - 4 * error, $"{mean:F4} ± {error:F4}");
        if (family != Family.Poisson) { Assert.True(mean < 0.9 + 4 * error, $"{mean:F4} ± {error:F4}"); }   // whole numbers can only hold more
    }

    [Fact]
    public void A_new_response_is_less_certain_than_the_family_alone()
    {
        var specification = new ModelSpecification { Family = Family.Gamma, Link = Link.Log };
        var model = ModelFactory.Create(specification);
        var estimate = ExactFit.Fit(model, SmallFit.Schema("wt"), ExactFit.Block([Cars.Wt], Cars.Mpg));
        var (far, near) = (new Prediction[1], new Prediction[1]);
        var predictor = new Predictor(estimate, model, specification, new() { Interval = PredictionInterval.Observation });
        predictor.Predict(ExactFit.Block([[9]], [0]), far);
        predictor.Predict(ExactFit.Block([[3.2]], [0]), near);
        Assert.True(far[0].Upper / far[0].Lower > 1.2 * near[0].Upper / near[0].Lower);
    }

    static double Draw(Family family, double eta, Random random) => family switch
    {
        Family.Gamma => MathNet.Numerics.Distributions.Gamma.Sample(random, 4, 4 / Math.Exp(eta)),
        Family.Poisson => MathNet.Numerics.Distributions.Poisson.Sample(random, Math.Exp(eta)),
        _ => Normal.Sample(random, eta, 1.5),
    };

    static double Probability(Family family, double eta, double lower, double upper) => family switch
    {
        Family.Gamma => MathNet.Numerics.Distributions.Gamma.CDF(4, 4 / Math.Exp(eta), upper) - MathNet.Numerics.Distributions.Gamma.CDF(4, 4 / Math.Exp(eta), lower),
        Family.Poisson => MathNet.Numerics.Distributions.Poisson.CDF(Math.Exp(eta), upper) - (lower < 1 ? 0 : MathNet.Numerics.Distributions.Poisson.CDF(Math.Exp(eta), lower - 1)),
        _ => Normal.CDF(eta, 1.5, upper) - Normal.CDF(eta, 1.5, lower),
    };
}
