using System.Globalization;
using FisherFlow.Data;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;
using FisherFlow.Tests.Facade;

namespace FisherFlow.Tests.Gallery;

/// <summary>What is seen of a response.</summary>
enum Seen
{
    /// <summary>Its value.</summary>
    Whole,
    /// <summary>Its value, or that it is above a limit of its own.</summary>
    RightCensored,
    /// <summary>Its value, or that it is below the one limit of all.</summary>
    LeftCensored,
    /// <summary>That it is below, between or above two limits of its own; in one row of five its value.</summary>
    IntervalCensored,
    /// <summary>Only what exceeds an entry of its own, and that up to a limit.</summary>
    LeftTruncated,
}

/// <summary>A distribution whose parameters follow x, from which rows are drawn by its own quantile function.</summary>
/// <param name="Distribution">Its name.</param>
/// <param name="Truth">Intercept and, where there is one, slope of every parameter's predictor, <c>[K]</c>.</param>
/// <param name="Seen">What is seen of responses.</param>
/// <param name="Rows">Rows of a data set.</param>
sealed record GalleryRegime(string Distribution, double[][] Truth, Seen Seen = Seen.Whole, int Rows = 400)
{
    readonly DistributionalModel _model = DistributionCatalog.Create(Distribution);

    /// <summary>The regimes: every distribution that has a name, and every way of seeing a part of its responses.</summary>
    public static GalleryRegime[] All { get; } =
    [
        new("normal", [[1, 0.5], [0.2]]),
        new("normal", [[1, 0.5], [-0.2, 0.4]]),
        new("normal", [[1, 0.5], [0.2]], Seen.LeftCensored),
        new("lognormal", [[0.5, 0.6], [-0.3]]),
        new("lognormal", [[0.5, 0.6], [-0.3]], Seen.IntervalCensored),
        new("student-t", [[0, 1], [0], [1.1]]),
        new("student-t(4)", [[0, 1], [0]]),
        new("cauchy", [[0, 1], [0]]),
        new("laplace", [[0, 1], [0]]),
        new("laplace", [[0, 1], [0]], Seen.RightCensored),
        new("logistic", [[0.3, 1], [-0.5]]),
        new("gumbel", [[0.3, 1], [0.5]]),
        new("smallest-extreme", [[0.3, 1], [0.5]]),
        new("weibull", [[0.5, 0.6], [0.4]], Seen.RightCensored),
        new("weibull", [[0.5, 0.6], [0.4]], Seen.IntervalCensored),
        new("weibull", [[0.5, 0.6], [0.4]], Seen.LeftTruncated),
        new("loglogistic", [[0.5, 0.6], [0.7]]),
        new("gamma-shape", [[0.5, 0.6], [0.7]]),
        new("exponential", [[0.5, 0.6]]),
        new("beta", [[0, 0.5], [1.8]]),
        new("geometric", [[0.5, 0.6]]),
        new("von-mises", [[0.3, 0.4], [0.7]], Rows: 150),   // its quantiles take a quadrature each
        new("zero-inflated-poisson", [[1, 0.5], [-0.8]]),
        new("zero-inflated-negative-binomial", [[1.5, 0.5], [0.7], [-0.8]]),
        new("hurdle-poisson", [[1, 0.5], [-0.8]]),
        new("hurdle-negative-binomial", [[1.5, 0.5], [0.7], [-0.8]]),
        new("dirichlet(3)", [[0.7, 0.4], [1.1], [0.4]]),
        new("truncated-normal", [[1, 0.5], [0]]),
        new("truncated-normal(-1,2)", [[0.3, 0.5], [-0.3]]),
    ];

    /// <summary>What tests are called by.</summary>
    public string Name => $"{Distribution}{(Truth.Skip(1).Any(predictor => predictor.Length > 1) ? ", all parameters by x" : "")}{Part}";

    string Part => Seen switch { Seen.RightCensored => ", right-censored", Seen.LeftCensored => ", left-censored", Seen.IntervalCensored => ", interval-censored", Seen.LeftTruncated => ", left-truncated", _ => "" };

    /// <summary>The left side of the formula.</summary>
    public string Response => Seen switch
    {
        Seen.RightCensored => "Surv(y, status)",
        Seen.LeftCensored => "Surv(y, status, type = \"left\")",
        Seen.IntervalCensored => "Surv(y, other, status, type = \"interval\")",
        Seen.LeftTruncated => "Surv(other, y, status)",
        _ => _model.Components > 1 ? "cbind(y, other, status)" : "y",
    };

    /// <summary>Fits lines of CSV in one piece.</summary>
    public Regression Fit(IEnumerable<string> lines) => Answers.Fit(lines, $"{Response} ~ x", new()
    {
        Model = ModelNames.Parse(Distribution),
        ParameterFormulas = [.. Enumerable.Range(1, Truth.Length - 1).Where(k => Truth[k].Length > 1).Select(k => $"{_model.Parameters[k].Name} ~ x")],
        Estimator = new() { BufferRows = 0 },
    });

    /// <summary>Draws lines of CSV, the first of which is the header.</summary>
    public IEnumerable<string> Draw(int seed)
    {
        var (random, eta, centre) = (new Random(seed), new double[Truth.Length], Array.ConvertAll(Truth, predictor => predictor[0]));
        yield return "x,y,other,status";
        for (var i = 0; i < Rows; i++)
        {
            var x = Math.Round(2 * random.NextDouble() - 1, 3);
            for (var k = 0; k < eta.Length; k++) { eta[k] = Truth[k][0] + (Truth[k].Length > 1 ? Truth[k][1] * x : 0); }
            var (y, other, status) = _model.Components > 1 ? Shares(random, eta) : See(random, eta, centre);
            yield return string.Create(CultureInfo.InvariantCulture, $"{x},{y:R},{other:R},{status:R}");
        }
    }

    /// <summary>One response and its limits, which are quantiles at x = 0: they know nothing of the response.</summary>
    (double Y, double Other, double Status) See(Random random, double[] eta, double[] centre)
    {
        var y = Response(eta, 0, 1);
        switch (Seen)
        {
            case Seen.RightCensored:
                var limit = Response(centre, 0.4, 1);
                return (Math.Min(y, limit), 0, y < limit ? 1 : 0);
            case Seen.LeftCensored:
                var floor = _model.Quantile(0.3, centre);
                return (Math.Max(y, floor), 0, y > floor ? 1 : 0);
            case Seen.IntervalCensored:
                var (first, second) = (Response(centre, 0.1, 0.5), Response(centre, 0.5, 0.9));
                return random.NextDouble() < 0.2 ? (y, 0, 1) : y < first ? (first, 0, 2) : y > second ? (second, 0, 0) : (first, second, 3);
            case Seen.LeftTruncated:
                var (entry, end) = (Response(centre, 0, 0.5), Response(centre, 0.6, 1));
                while (y <= entry) { y = Response(eta, 0, 1); }
                return (Math.Min(y, end), entry, y < end ? 1 : 0);
            default:
                return (y, 0, 0);
        }

        double Response(double[] predictors, double from, double to) => _model.Quantile(from + (to - from) * Math.Clamp(random.NextDouble(), 1e-6, 1 - 1e-6), predictors);
    }

    /// <summary>Gamma variables over their sum.</summary>
    static (double, double, double) Shares(Random random, double[] eta)
    {
        var gammas = Array.ConvertAll(eta, logarithm => MathNet.Numerics.Distributions.Gamma.Sample(random, Math.Exp(logarithm), 1));
        return (gammas[0] / gammas.Sum(), gammas[1] / gammas.Sum(), gammas[2] / gammas.Sum());
    }
}
