using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;

namespace FisherFlow.Tests.Inference;

public sealed class PredictorTests
{
    [Fact]
    public void Means_and_their_standard_errors_are_those_of_R()
    {
        // predict(glm(am ~ wt, binomial), data.frame(wt = c(2, 3, 4)), type = "response", se.fit = TRUE)
        var logistic = Predict(new() { Family = Family.Binomial }, [Cars.Wt], Cars.Am, [[2, 3, 4]], new());
        SummaryTests.AssertClose([0.9818795908517575, 0.4921156141270642, 0.0170315399146646], logistic.Select(p => p.Estimate));
        SummaryTests.AssertClose([0.0302850033490040, 0.1513167787395927, 0.0234555224305226], logistic.Select(p => p.StandardError));
        // the same of glm(mpg ~ wt + hp, Gamma("log")) at wt = c(2, 3, 4), hp = c(90, 120, 200)
        var gamma = Predict(new() { Family = Family.Gamma, Link = Link.Log }, [Cars.Wt, Cars.Hp], Cars.Mpg, [[2, 3, 4], [90, 120, 200]], new());
        SummaryTests.AssertClose([26.8828232077300, 21.0667843255820, 15.2701870676159], gamma.Select(p => p.Estimate));
        SummaryTests.AssertClose([0.883848184890703, 0.462557529664705, 0.415019844059362], gamma.Select(p => p.StandardError));
    }

    [Fact]
    public void Gaussian_observation_limits_are_the_exact_ones()
    {
        // predict(lm(mpg ~ wt + hp), data.frame(wt = c(2, 3, 4), hp = c(90, 120, 200)), interval = "prediction", level = .9)
        var rows = Predict(new(), [Cars.Wt, Cars.Hp], Cars.Mpg, [[2, 3, 4], [90, 120, 200]], new() { Interval = PredictionInterval.Observation, Level = 0.9 });
        SummaryTests.AssertClose([22.0301409761988, 17.2954286969238, 10.8342500091721], rows.Select(p => p.Lower));
        SummaryTests.AssertClose([31.1939458302879, 26.2666198058239, 19.8884654916204], rows.Select(p => p.Upper));
    }

    [Fact]
    public void Limits_of_a_falling_link_change_places_and_are_open_beyond_its_pole()
    {
        // p <- predict(glm(mpg ~ wt, Gamma()), data.frame(wt = c(2, 3.5)), se.fit = TRUE); 1/(p$fit ± qnorm(.975)*p$se.fit)
        var rows = Predict(new() { Family = Family.Gamma }, [Cars.Wt], Cars.Mpg, [[2, 3.5, -0.45]], new() { Interval = PredictionInterval.Mean });
        SummaryTests.AssertClose([25.60794391837408, 16.61321957275353], rows.Select(p => p.Lower).Take(2));
        SummaryTests.AssertClose([30.09001403679075, 18.43989067301188], rows.Select(p => p.Upper).Take(2));
        Assert.True(rows[2].Lower > 0);
        Assert.Null(rows[2].Upper);   // η may be zero there: the mean has no bound
    }

    [Fact]
    public void Limits_stay_inside_what_the_family_can_mean()
    {
        var poisson = Predict(new() { Family = Family.Poisson, Link = Link.Identity }, [[0, 1, 2, 3, 4]], [1, 1, 3, 3, 6], [[-0.7, 2]], new() { Interval = PredictionInterval.Mean });
        Assert.Equal(0, poisson[0].Lower);
        Assert.True(poisson[1].Lower > 0);
        var root = Predict(new() { Family = Family.Poisson, Link = Link.Sqrt }, [[0, 1, 2, 3, 4]], [1, 1, 3, 3, 6], [[-1.4, 2]], new() { Interval = PredictionInterval.Mean });
        Assert.Equal(0, root[0].Lower);
        Assert.True(root[0].Upper > root[0].Estimate);
    }

    [Fact]
    public void Slots_and_dense_columns_predict_alike()
    {
        var levels = new DesignSchema([new(Term.Intercept, "", []), new("x", "x", []), new("g", "", ["g"])], hasIntercept: true);
        foreach (var level in (string[])["b", "a", "c"]) { levels.Add(2, [level]); }
        string[] order = ["b", "a", "c"];
        var model = ModelFactory.Create(new() { Family = Family.Poisson });
        var block = new Block(32, 2, 1, hasValues: false, hasTrials: false, hasClusters: false) { Count = 32 };
        for (var i = 0; i < 32; i++)
        {
            (block.Dense[2 * i], block.Dense[2 * i + 1], block.Indices[i]) = (1, Cars.Wt[i], 2 + Array.IndexOf(order, Cars.Cyl[i] == 4 ? "a" : Cars.Cyl[i] == 6 ? "b" : "c"));
            (block.Response[i], block.Weight[i]) = (Cars.Carb[i], 1);
        }
        block.Columns = 5;
        var sparse = new Prediction[32];
        new Predictor(ExactFit.Fit(model, levels, block), model, new() { Family = Family.Poisson }, new() { Interval = PredictionInterval.Mean }).Predict(block, sparse);
        var dense = Predict(new() { Family = Family.Poisson }, [Cars.Wt, Cars.SixCylinders, Cars.EightCylinders], Cars.Carb, [Cars.Wt, Cars.SixCylinders, Cars.EightCylinders], new() { Interval = PredictionInterval.Mean });
        SummaryTests.AssertClose(dense.Select(p => p.StandardError!.Value), sparse.Select(p => p.StandardError), 1e-9);
        SummaryTests.AssertClose(dense.Select(p => p.Upper!.Value), sparse.Select(p => p.Upper), 1e-9);
    }

    [Fact]
    public void A_row_is_predicted_exactly_when_the_data_determine_it()
    {
        var model = ModelFactory.Create(new());
        var schema = SmallFit.Schema("x", "double", "z");
        double[] x = [1, 2, 3, 4, 5, 6], z = [1, 0, 2, 1, 5, 3];
        var estimate = ExactFit.Fit(model, schema, ExactFit.Block([x, [.. x.Select(v => 2 * v)], z], [1, 3, 2, 5, 4, 7]), out var information);
        Assert.Equal([2], estimate.Factor.Aliased);
        var rows = ExactFit.Block([[7, 7, 0], [14, 13, 0], [1, 1, 1]], [0, 0, 0]);   // the second breaks double = 2x
        var predictions = new Prediction[3];
        new Predictor(estimate, model, new(), new(), new(estimate.Factor, information.ToDense())).Predict(rows, predictions);
        Assert.Equal([true, false, true], predictions.Select(p => p.Estimate is not null));
        new Predictor(estimate, model, new(), new()).Predict(rows, predictions);   // without the information, touching an aliased column is enough
        Assert.Equal([false, false, true], predictions.Select(p => p.Estimate is not null));
    }

    [Fact]
    public void A_separated_coefficient_leaves_a_mean_without_error()
    {
        var model = ModelFactory.Create(new() { Family = Family.Binomial });
        var estimate = ExactFit.Fit(model, SmallFit.Schema("wt"), ExactFit.Block([Cars.Wt], Cars.Am)) with { Separated = [false, true] };
        var predictions = new Prediction[2];
        new Predictor(estimate, model, new() { Family = Family.Binomial }, new() { Interval = PredictionInterval.Mean }).Predict(ExactFit.Block([[0, 3]], [0, 0]), predictions);
        Assert.NotNull(predictions[0].StandardError);
        Assert.Equal((true, null, null), (predictions[1].Estimate is not null, predictions[1].StandardError, predictions[1].Upper));
    }

    [Theory]
    [InlineData(Family.Multinomial)]
    [InlineData(Family.Ordinal)]
    public void Probabilities_of_outcomes_carry_the_errors_that_finite_differences_give(Family family)
    {
        var (model, schema, estimate) = Gears(family);
        var block = ExactFit.Block([[2.5, 3.2]], [0, 0], intercept: family == Family.Multinomial);
        var options = new PredictionOptions { Interval = PredictionInterval.Mean };
        var predictions = Run(estimate);
        for (var row = 0; row < 2; row++) { Assert.Equal(1, Enumerable.Range(0, 3).Sum(o => predictions[row * 3 + o].Estimate!.Value), 1e-12); }
        var inverse = estimate.Factor.Inverse();
        var kept = estimate.Factor.Kept;
        for (var m = 0; m < predictions.Length; m++)
        {
            var gradient = new double[kept.Count];
            for (var j = 0; j < kept.Count; j++) { gradient[j] = (Run(Moved(kept[j], 1e-6))[m].Estimate!.Value - Run(Moved(kept[j], -1e-6))[m].Estimate!.Value) / 2e-6; }
            var variance = 0.0;
            for (var i = 0; i < kept.Count; i++)
            {
                for (var j = 0; j < kept.Count; j++) { variance += gradient[i] * inverse[i * kept.Count + j] * gradient[j]; }
            }
            Assert.Equal(Math.Sqrt(variance), predictions[m].StandardError!.Value, 1e-6 * Math.Sqrt(variance));   // central differences are good to about 1e-8
            Assert.InRange(predictions[m].Estimate!.Value, predictions[m].Lower!.Value, predictions[m].Upper!.Value);
            Assert.True(predictions[m].Lower > 0 && predictions[m].Upper < 1);
        }
        Assert.Equal(3, schema.Outcomes.Count);

        Prediction[] Run(Estimate at)
        {
            var result = new Prediction[6];
            new Predictor(at, model, new() { Family = family }, options).Predict(block, result);
            return result;
        }

        Estimate Moved(int parameter, double step)
        {
            var theta = (double[])estimate.Theta.Clone();
            theta[parameter] += step;
            return estimate with { Theta = theta };
        }
    }

    /// <summary>Number of gears by weight, as outcomes 3, 4, 5.</summary>
    internal static (IModel Model, DesignSchema Schema, Estimate Estimate) Gears(Family family)
    {
        var model = ModelFactory.Create(new() { Family = family });
        var ordinal = family == Family.Ordinal;
        var schema = ordinal ? new DesignSchema([new Term("wt", "wt", [])], hasIntercept: true) : SmallFit.Schema("wt");
        schema.Outcomes.AddRange(["3", "4", "5"]);
        var block = ExactFit.Block([Cars.Wt], [.. Cars.Gear.Select(g => g - 3)], intercept: !ordinal);
        block.Outcomes = 3;
        return (model, schema, ExactFit.Fit(model, schema, block));
    }

    static Prediction[] Predict(ModelSpecification specification, double[][] columns, double[] response, double[][] rows, PredictionOptions options)
    {
        var model = ModelFactory.Create(specification);
        var estimate = ExactFit.Fit(model, SmallFit.Schema([.. columns.Select((_, j) => $"x{j}")]), ExactFit.Block(columns, response));
        var predictions = new Prediction[rows[0].Length];
        new Predictor(estimate, model, specification, options).Predict(ExactFit.Block(rows, new double[rows[0].Length]), predictions);
        return predictions;
    }
}
