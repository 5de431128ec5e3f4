using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Differentiation;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Information;
using FisherFlow.Mixtures;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;
using FisherFlow.StateSpace;

// The examples of the pages in docs/guide that are no programs of their own, word for word, with what they need around them.
// It reads flights.csv.gz in the folder that it runs in, and leaves a state there.
FromCSharp();
Streams();
Structures();
OwnDistribution();
Mixtures();

static void FromCSharp()
{
    var source = DataSource.From(["flights.csv.gz"]);
    var options = new RegressionOptions { Model = new() { Family = Family.Binomial }, StatePath = "flights.ff", CheckpointRows = 1_000_000 };

    var fit = Regression.Fit(source, "I(delay > 15) ~ distance + origin", options);
    fit.Save("flights.ff");

    FitResult table = fit.Report(new() { Level = 0.99, References = new Dictionary<string, string> { ["origin"] = "ATL" } });
    foreach (var line in table.Coefficients) { Console.WriteLine($"{line.Term} {line.Estimate} {line.StandardError} {line.Status}"); }
}

static void Streams()
{
    // a level that moves by a standard deviation of ½ a step, seen with one of 1
    var (random, level, flow) = (new Random(1), 100.0, new double[200]);
    for (var i = 0; i < flow.Length; i++)
    {
        level += 0.5 * Normal(random);
        flow[i] = level + Normal(random);
    }

    var fit = NoiseVariances.Estimate(flow, 2, v => LinearGaussianModel.LocalLevel(q: v[0], r: v[1]));
    var filter = new SquareRootFilter(LinearGaussianModel.LocalLevel(fit.Variances[0], fit.Variances[1]));
    filter.Run(flow);          // NaN is a missing observation
    double today = filter.Mean()[0], error = Math.Sqrt(filter.Covariance()[0, 0]);

    Console.WriteLine($"today's level is {today - level:F2} off, with a standard error of {error:F2}");
}

static void Structures()
{
    var (full, lowRank) = (new FullInformation(3), new LowRankInformation(3, rank: 1));
    for (var i = 0; i < 100; i++)
    {
        double[] row = [1, Math.Sin(i), Math.Sin(i) + 0.5 * Math.Cos(7 * i)];
        full.Add(row, 1);
        lowRank.Add(row, 1);
    }

    DiagonalInformation.Project(full, DiagonalProjection.MeanField, out var confident);   // Mᵢᵢ = Iᵢᵢ: variances given all others (also nearest in Frobenius norm)
    DiagonalInformation.Project(full, DiagonalProjection.Marginal, out var honest);       // Mᵢᵢ = 1/(I⁻¹)ᵢᵢ: every marginal variance is right

    StructureError? error = StructureError.Of(lowRank, full);   // (1 + Lowest)·I ≤ Ĩ ≤ (1 + Highest)·I

    Console.WriteLine($"traces {confident!.Trace():F1} and {honest!.Trace():F1}; the low-rank structure is {error?.Epsilon:F2} off");
}

static void OwnDistribution()
{
    var schema = new DesignSchema([new(Term.Intercept, "", [])], true);
    var rows = new Block(200, 1, 0, hasValues: false, hasTrials: false, hasClusters: false) { Count = 200 };
    var (random, squares) = (new Random(2), 0.0);
    for (var i = 0; i < rows.Count; i++)
    {
        (rows.Dense[i], rows.Weight[i], rows.Response[i]) = (1, 1, default(Rayleigh).Quantile(random.NextDouble(), [3]));
        squares += rows.Response[i] * rows.Response[i] / rows.Count;
    }
    var model = new DistributionalModel<Rayleigh>(default);
    var estimator = Estimator.Create(model, schema, new(), rows, hasOffset: false);
    estimator.Observe(rows);
    var theta = estimator.Solve(new(schema, model)).Theta;

    Console.WriteLine($"Rayleigh's scale {Math.Exp(theta[0]):F6}, in closed form {Math.Sqrt(squares / 2):F6}");
}

static void Mixtures()
{
    var random = new Random(3);
    var rows = Enumerable.Range(0, 2000).Select(_ =>
    {
        var x = Normal(random);
        return (x, random.NextDouble() < 0.4 ? 4 + x + 0.5 * Normal(random) : -1 - x + 0.5 * Normal(random));
    }).ToList();

    var mixture = new OnlineMixture(components: 2, columns: 2);
    foreach (var (x, y) in rows) { mixture.Observe([1, x], y); }
    var report = mixture.Report();

    foreach (var component in report.Components) { Console.WriteLine($"weight {component.Weight:F1}, coefficients {string.Join(", ", component.Coefficients.Select(c => c.ToString("F0")))}"); }
}

static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

readonly struct Rayleigh : IDistribution
{
    static readonly DistributionParameter[] _parameters = [new("scale", Interval.Positive)];

    public string Name => "rayleigh";
    public string Support => "a positive number";
    public bool IsDiscrete => false;
    public ReadOnlySpan<DistributionParameter> Parameters => _parameters;
    public bool Supports(in Outcome outcome) => outcome.Value > 0;

    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T> =>
        Math.Log(outcome.Value) - 2 * T.Log(parameters[0]) - 0.5 * T.Square(outcome.Value / parameters[0]);

    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information)
    {
        information[0] = 4 / (parameters[0] * parameters[0]);
        return true;   // false leaves it to the observed information
    }

    public void Start(in OutcomeSample sample, Span<double> parameters) => parameters[0] = Math.Sqrt(sample.MeanOf(y => y * y) / 2);
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => Math.Sqrt(Math.PI / 2) * parameters[0];
    public double Cumulative(double value, ReadOnlySpan<double> parameters) => 1 - Math.Exp(-0.5 * Math.Pow(value / parameters[0], 2));
    public double Quantile(double probability, ReadOnlySpan<double> parameters) => parameters[0] * Math.Sqrt(-2 * Math.Log(1 - probability));
}
