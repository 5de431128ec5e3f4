using FisherFlow.Differentiation;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Tests.Models.Distributions;

/// <summary>Observed information that is not positive at the end: there are no standard errors, and a report says why (Example 19, CK-23).</summary>
public sealed class IndefiniteTests
{
    [Fact]
    public void A_saddle_is_refused_with_the_direction_that_nothing_holds()
    {
        // an even mixture of two normals at ±shift: at shift 0 the score is 0, and with a spread above 1 the likelihood rises on both sides
        var (estimate, result) = Fit(spread: 2);
        Assert.Equal([1], estimate.Indefinite);
        Assert.All(result.Coefficients, c => Assert.Null(c.StandardError));
        Assert.Contains(result.Warnings, warning => warning.Contains("no standard errors: the observed information is not positive (1 of 2 directions are)", StringComparison.Ordinal)
            && warning.EndsWith("nothing holds shift: (Intercept)", StringComparison.Ordinal));
    }

    [Fact]
    public void A_maximum_is_not()
    {
        var (estimate, result) = Fit(spread: 0.5);
        Assert.Empty(estimate.Indefinite);
        Assert.All(result.Coefficients, c => Assert.NotNull(c.StandardError));
    }

    [Fact]
    public void A_square_root_is_refused_where_information_may_be_indefinite()
    {
        var schema = Schema();
        var model = new DistributionalModel<Twins>(default, PredictorDesign.Of(schema));
        var error = Assert.Throws<ArgumentException>(() => Estimator.Create(model, schema, new() { Structure = Structure.SquareRoot }, Layout(0), hasOffset: false));
        Assert.Contains("twins", error.Message, StringComparison.Ordinal);
    }

    static (Estimate Estimate, FitResult Result) Fit(double spread)
    {
        var schema = Schema();
        var model = new DistributionalModel<Twins>(default, PredictorDesign.Of(schema));
        var block = Layout(200);
        for (var i = 0; i < 200; i++)
        {
            (block.Dense[i], block.Weight[i]) = (1, 1);
            block.Response[i] = 0.7 + spread * MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (i + 0.5) / 200);
        }
        var estimator = Estimator.Create(model, schema, new(), Layout(0), hasOffset: false);
        estimator.Observe(block);
        var estimate = estimator.Solve(new(schema, model));
        var result = Summary.Of(estimate, schema, model, new() { Family = Family.Distributional, Distribution = "normal" }, new() { Formula = "y ~ 1", Method = "one-pass" }, new());
        return (estimate, result);
    }

    static DesignSchema Schema()
    {
        var schema = new DesignSchema([new(Term.Intercept, "", [])], hasIntercept: true);
        schema.Outcomes.AddRange(["location", "shift"]);
        return schema;
    }

    static Block Layout(int rows) => new(rows, 1, 0, false, false, false) { Count = rows, Outcomes = 2 };

    readonly struct Twins : IDistribution
    {
        static readonly DistributionParameter[] _parameters = [new("location", Interval.Line), new("shift", Interval.Line)];

        public string Name => "twins";

        public string Support => "a number";

        public bool IsDiscrete => false;

        public ReadOnlySpan<DistributionParameter> Parameters => _parameters;

        public bool Supports(in Outcome outcome) => true;

        public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T> =>
            T.LogSumExp(-0.5 * T.Square(outcome.Value - parameters[0] - parameters[1]), -0.5 * T.Square(outcome.Value - parameters[0] + parameters[1]));

        public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information) => false;

        public void Start(in OutcomeSample sample, Span<double> parameters) => (parameters[0], parameters[1]) = (sample.Mean, 0);

        public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => parameters[0];

        public double Cumulative(double value, ReadOnlySpan<double> parameters) => 0.5;

        public double Quantile(double probability, ReadOnlySpan<double> parameters) => parameters[0];
    }
}
