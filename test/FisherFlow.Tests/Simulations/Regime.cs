using System.Globalization;
using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;
using FisherFlow.Models;

namespace FisherFlow.Tests.Simulations;

/// <summary>A way to draw data sets: a family, the true coefficients (the first is the intercept) and how a predictor is distributed.</summary>
/// <param name="Name">What it stands for.</param>
/// <param name="Family">The family, with its customary link.</param>
/// <param name="Rows">Rows of a data set.</param>
/// <param name="Truth">Intercept and slopes.</param>
/// <param name="Predictor">Draws one value of a predictor.</param>
sealed record Regime(string Name, Family Family, int Rows, double[] Truth, Func<Random, double> Predictor)
{
    /// <summary>Balanced outcomes, normal predictors, weak signal.</summary>
    public static Regime Easy { get; } = new("easy", Family.Binomial, 20_000, [0, 0.3, -0.3, 0.2, -0.2, 0.1, -0.1, 0.3, -0.3, 0.2, 0], Normal);

    /// <summary>Log-normal predictors and slopes so strong that most rows are certain: the first batches say little and say it loudly.</summary>
    public static Regime Strong { get; } = new("strong and skewed", Family.Binomial, 20_000, [-1, 1.5, -1, 1, -1.5, 0.5, -0.5, 1, -1, 0.5, 0], Skewed);

    /// <summary>About 8 % ones; rows enough that the guarded cold start lets go of the first (of 2,000 it holds all, and there is nothing to test).</summary>
    public static Regime Rare { get; } = new("rare events", Family.Binomial, 6_000, [-2.9, 0.6, -0.5, 0.4, 0.3, 0], Normal);

    /// <summary>Counts with a long right tail.</summary>
    public static Regime Counts { get; } = new("counts", Family.Poisson, 10_000, [0.3, 0.4, -0.3, 0.2, 0], Normal);

    /// <summary>Exponential responses, log link.</summary>
    public static Regime Positive { get; } = new("gamma", Family.Gamma, 10_000, [0.3, 0.4, -0.3, 0.2, 0], Normal);

    /// <summary>Normal errors.</summary>
    public static Regime Linear { get; } = new("linear", Family.Gaussian, 10_000, [5, 1, -2, 0.5, 0], Skewed);

    /// <summary>y ~ x1 + x2 + …</summary>
    public string Formula => $"y ~ {string.Join(" + ", Enumerable.Range(1, Truth.Length - 1).Select(j => $"x{j}"))}";

    /// <summary>Draws a data set as lines of CSV; the first is the header.</summary>
    public string[] Draw(int seed)
    {
        var random = new Random(seed);
        var lines = new string[Rows + 1];
        lines[0] = $"y,{string.Join(',', Enumerable.Range(1, Truth.Length - 1).Select(j => $"x{j}"))}";
        var line = new StringBuilder();
        for (var i = 1; i <= Rows; i++)
        {
            line.Clear();
            var eta = Truth[0];
            for (var j = 1; j < Truth.Length; j++)
            {
                var x = Math.Round(Predictor(random), 3);
                eta += Truth[j] * x;
                line.Append(CultureInfo.InvariantCulture, $",{x}");
            }
            lines[i] = string.Create(CultureInfo.InvariantCulture, $"{Response(random, eta)}{line}");
        }
        return lines;
    }

    /// <summary>Fits lines in one pass; a large enough buffer makes that the maximum likelihood estimate.</summary>
    /// <param name="lines">Header and rows.</param>
    /// <param name="buffer">Rows the estimator may hold back; 0 for its default, which holds all of these.</param>
    public Regression Fit(IEnumerable<string> lines, int buffer)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        var options = new RegressionOptions { Model = new() { Family = Family, Link = Family == Family.Gamma ? Link.Log : Link.Default }, Estimator = new() { BufferRows = buffer } };
        return Regression.Fit(DataSource.FromStandardInput(input), Formula, options);
    }

    double Response(Random random, double eta) => Family switch
    {
        Family.Binomial => random.NextDouble() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0,
        Family.Poisson => Poisson(random, Math.Exp(eta)),
        Family.Gamma => Math.Exp(eta) * -Math.Log(1 - random.NextDouble()),
        _ => Math.Round(eta + Normal(random), 6),
    };

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    static double Skewed(Random random) => Math.Exp(Normal(random)) - 1.6;

    static double Poisson(Random random, double mean)
    {
        var (count, left) = (-1, Math.Exp(-mean));
        for (var product = 1.0; product > left; count++) { product *= random.NextDouble(); }
        return count;
    }
}

/// <summary>How far two tables are apart, in standard errors of the second.</summary>
static class Distance
{
    public static double OfEstimates(IReadOnlyList<Coefficient> one, IReadOnlyList<Coefficient> other) =>
        one.Zip(other, (a, b) => Math.Abs(a.Estimate!.Value - b.Estimate!.Value) / b.StandardError!.Value).Max();

    public static double OfStandardErrors(IReadOnlyList<Coefficient> one, IReadOnlyList<Coefficient> other) =>
        one.Zip(other, (a, b) => Math.Abs(a.StandardError!.Value / b.StandardError!.Value - 1)).Max();
}
