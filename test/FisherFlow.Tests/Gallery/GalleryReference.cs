using System.Text.Json;
using FisherFlow.Inference;
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

    /// <summary>An option of the case, or null.</summary>
    public JsonElement? Option(string name) => Answer.TryGetProperty("options", out var options) && options.TryGetProperty(name, out var value) ? value : null;

    /// <summary>Estimates, standard errors of the kind asked for, and the log-likelihood.</summary>
    public void Compare(FitResult result, Differences differences, string kind = "observed", Func<Coefficient, string>? parameterOf = null)
    {
        var expected = Answer.GetProperty("coefficients").EnumerateArray().ToList();
        differences.Same("number of coefficients", $"{expected.Count}", $"{result.Coefficients.Count}");
        foreach (var one in expected)
        {
            var (parameter, term) = (one.GetProperty("parameter").GetString()!, one.GetProperty("term").GetString()!);
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
