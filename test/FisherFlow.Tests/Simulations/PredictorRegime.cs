using System.Globalization;
using System.Text;
using FisherFlow.Data;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;
using FisherFlow.Tests.Facade;

namespace FisherFlow.Tests.Simulations;

/// <summary>A model with several linear predictors and a way to draw rows of it: two numeric predictors and a factor of four levels, the last of them rare.</summary>
/// <param name="Name">The family, or the distribution.</param>
/// <param name="Truth">Intercept and slopes of every predictor, <c>[L, 3]</c>; the factor moves the first.</param>
/// <param name="Formulas">Formulas of further parameters.</param>
sealed record PredictorRegime(string Name, double[][] Truth, params string[] Formulas)
{
    static readonly string[] _outcomes = ["few", "more", "many", "most"];
    static readonly double[] _cuts = [-1, 0.3, 1.8];

    /// <summary>The regimes.</summary>
    public static PredictorRegime[] All { get; } =
    [
        new("multinomial", [[0, 0, 0], [0.5, 0.6, -0.4], [-0.5, -0.5, 0.7]]),
        new("ordinal", [[0, 0.7, -0.5]]),
        new("student-t", [[0.3, 0.5, -0.4], [-0.2, 0.3, 0], [1.5, 0, 0]], "scale ~ x1"),
        new("weibull", [[0.3, 0.5, -0.4], [0.3, 0.2, -0.1]], "shape ~ x1 + x2"),
        new("laplace", [[0.3, 0.5, -0.4], [-0.2, 0.3, 0]], "scale ~ x1"),
        new("beta", [[0.3, 0.5, -0.4], [2, 0.3, 0]], "precision ~ x1"),
        new("zero-inflated-poisson", [[0.8, 0.3, -0.3], [-0.8, 0.5, 0]], "zero ~ x1"),
    ];

    /// <summary>Fits rows in one pass.</summary>
    public Regression Fit(IEnumerable<string> rows, int buffer, int audited = 0) => Answers.Fit(rows.Prepend("y,x1,x2,g"), "y ~ x1 + x2 + g", new()
    {
        Model = new() { Family = Family, Distribution = Family == Family.Distributional ? Name : "normal" },
        OutcomeLevels = Family == Family.Ordinal ? _outcomes : [],
        ParameterFormulas = Formulas,
        Estimator = new() { BufferRows = buffer, AuditedRows = audited },
    });

    /// <summary>Draws rows of CSV.</summary>
    public string[] Draw(int seed, int rows)
    {
        var random = new Random(seed);
        var lines = new string[rows];
        var line = new StringBuilder();
        var distribution = Family == Family.Distributional ? (DistributionalModel)ModelFactory.Create(new() { Family = Family.Distributional, Distribution = Name }) : null;
        var eta = new double[Truth.Length];
        for (var i = 0; i < rows; i++)
        {
            var (x, z, g) = (Math.Round(Normal(random), 3), Math.Round(Normal(random), 3), (int)(4.2 * Math.Pow(random.NextDouble(), 1.5)) % 4);
            for (var l = 0; l < eta.Length; l++) { eta[l] = Truth[l][0] + Truth[l][1] * x + Truth[l][2] * z; }
            eta[Name == "multinomial" ? 1 : 0] += 0.3 * Math.Sin(g);
            var y = distribution is not null ? distribution.Quantile(random.NextDouble(), eta).ToString("R", CultureInfo.InvariantCulture) : _outcomes[Outcome(random, eta)];
            lines[i] = line.Clear().Append(CultureInfo.InvariantCulture, $"{y},{x},{z},level{g}").ToString();
        }
        return lines;
    }

    Family Family => Name switch { "multinomial" => Family.Multinomial, "ordinal" => Family.Ordinal, _ => Family.Distributional };

    int Outcome(Random random, double[] eta)
    {
        var u = random.NextDouble();
        if (Family == Family.Ordinal)
        {
            var latent = eta[0] + Math.Log(u / (1 - u));
            return _cuts.Count(cut => latent > cut);
        }
        var total = eta.Sum(Math.Exp);
        for (var o = 0; o < eta.Length - 1; o++)
        {
            u -= Math.Exp(eta[o]) / total;
            if (u < 0) { return o; }
        }
        return eta.Length - 1;
    }

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
