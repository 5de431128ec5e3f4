using System.Text.Json;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Tests.Reference;

namespace FisherFlow.Tests.Gallery;

/// <summary>A fit of gallery.json: what was asked, and what R answered.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Answer">The case as it stands in the file.</param>
sealed record GalleryReference(string Name, JsonElement Answer)
{
    /// <summary>The project's promise: R's estimates and standard errors to a hundred-thousandth.</summary>
    const double Estimates = 1e-5;

    /// <summary>Log-likelihoods are flat at their maximum: a millionth.</summary>
    const double Likelihood = 1e-6;

    public static IReadOnlyList<GalleryReference> All { get; } =
        [.. JsonDocument.Parse(File.ReadAllText(PathOf("gallery.json"))).RootElement.GetProperty("cases").EnumerateArray().Select(c => new GalleryReference(c.GetProperty("name").GetString()!, c))];

    public string Formula => Answer.GetProperty("formula").GetString()!;

    public string Family => Answer.GetProperty("family").GetString()!;

    public string DataFile => PathOf($"data/{Answer.GetProperty("data").GetString()}.csv");

    public static GalleryReference Of(string name) => All.Single(c => c.Name == name);

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Gallery", "Reference", file);

    /// <summary>Fits the case as the file says: one pass over data that the buffer holds.</summary>
    public Regression Fit(EstimatorOptions? estimator = null) => Regression.Fit(DataSource.From([DataFile]), Formula, Options with { Estimator = estimator ?? new() }, cancel: TestContext.Current.CancellationToken);

    /// <summary>The distribution by its name on the command line, and formulas of its further parameters.</summary>
    public RegressionOptions Options
    {
        get
        {
            var name = Option("df") is { } degrees ? $"{Family}({degrees.GetRawText()})" : Family;
            var formulas = new List<string>();
            foreach (var parameter in new[] { "scale", "shape", "precision", "zero" })
            {
                if (Option(parameter) is { } terms && terms.GetString() != "1") { formulas.Add($"{parameter} ~ {terms.GetString()}"); }
            }
            if (Family == "dirichlet") { formulas.AddRange(["alpha2 ~ x", "alpha3 ~ x"]); }
            return new() { Model = ModelNames.Parse(name), ParameterFormulas = formulas };
        }
    }

    /// <summary>An option of the case, or null.</summary>
    public JsonElement? Option(string name) => Answer.TryGetProperty("options", out var options) && options.TryGetProperty(name, out var value) ? value : null;

    /// <summary>Estimates, standard errors of the kind asked for, and the log-likelihood.</summary>
    public void Compare(FitResult result, Differences differences, string kind = "observed", Func<Coefficient, string>? parameterOf = null)
    {
        var expected = Answer.GetProperty("coefficients").EnumerateArray().ToList();
        differences.Same("number of coefficients", $"{expected.Count}", $"{result.Coefficients.Count}");
        foreach (var one in expected)
        {
            var (parameter, term) = (one.GetProperty("parameter").GetString()!.Replace("share", "alpha", StringComparison.Ordinal), one.GetProperty("term").GetString()!);
            var found = result.Coefficients.Where(c => c.Term == term && (parameterOf is null || parameterOf(c) == parameter)).ToList();
            if (found.Count != 1)
            {
                differences.Same($"{parameter} {term}", "one line", $"{found.Count} of {string.Join(", ", result.Coefficients.Select(c => $"{c.Outcome} {c.Term}"))}");
                continue;
            }
            var error = one.GetProperty(kind).GetDouble();
            differences.Compare($"{parameter} {term}", one.GetProperty("estimate").GetDouble(), found[0].Estimate, Estimates, 0.1 * error);
            differences.Compare($"{parameter} {term} standard error", error, found[0].StandardError, Estimates);
        }
        differences.Compare("log-likelihood", Answer.GetProperty("log_likelihood").GetDouble(), result.LogLikelihood, Likelihood);
        differences.Same("converged", "True", $"{result.Converged}");
    }

    public override string ToString() => Name;
}
