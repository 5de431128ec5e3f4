using System.Text.Json;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;

namespace FisherFlow.Tests.Reference;

/// <summary>A fit of reference.json: what was asked, and what R answered.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Answer">The case as it stands in the file.</param>
sealed record ReferenceCase(string Name, JsonElement Answer)
{
    static readonly JsonElement _file = JsonDocument.Parse(File.ReadAllText(PathOf("reference.json"))).RootElement;

    /// <summary>All cases, in the order of the file.</summary>
    public static IReadOnlyList<ReferenceCase> All { get; } = [.. _file.GetProperty("cases").EnumerateArray().Select(Read)];

    /// <summary>Data that separate, and which coefficients are then infinite.</summary>
    public static IReadOnlyList<ReferenceCase> Separation { get; } = [.. _file.GetProperty("separation").EnumerateArray().Select(Read)];

    /// <summary>The formula.</summary>
    public string Formula => Text("formula")!;

    /// <summary>The covariance that the standard errors come from.</summary>
    public CovarianceKind Covariance => Text("covariance") switch
    {
        "hc0" => CovarianceKind.HC0,
        "hc1" => CovarianceKind.HC1,
        "hc3" => CovarianceKind.HC3,
        "cluster" => CovarianceKind.Cluster,
        _ => CovarianceKind.Model,
    };

    /// <summary>Whether the fit needs every row's leverage under the final fit, which one pass does not have.</summary>
    public bool NeedsLeverages => Covariance == CovarianceKind.HC3 || Flag("firth");

    /// <summary>The coefficients as R lists them.</summary>
    public IEnumerable<JsonElement> Coefficients => Answer.GetProperty("coefficients").EnumerateArray();

    /// <summary>The case of that name.</summary>
    public static ReferenceCase Of(string name) => All.Concat(Separation).Single(c => c.Name == name);

    /// <summary>A file of this folder, where the tests run.</summary>
    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Reference", file);

    /// <summary>Fits the case as the file says.</summary>
    public Regression Fit(bool exact) => Regression.Fit(DataSource.From([PathOf($"data/{Text("data")}.csv")]), Formula, Options(exact));

    /// <summary>What R answered under that key, if it is there and not null.</summary>
    public double? Number(string key) =>
        Answer.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>Whether the key is to be compared at all.</summary>
    public bool Has(string key) => Answer.TryGetProperty(key, out _);

    static ReferenceCase Read(JsonElement element) => new(element.GetProperty("name").GetString()!, element);

    string? Text(string key) => Answer.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    JsonElement? Option(string key) => Answer.TryGetProperty("options", out var options) && options.TryGetProperty(key, out var value) ? value : null;

    bool Flag(string key) => Option(key)?.GetBoolean() ?? false;

    RegressionOptions Options(bool exact)
    {
        var family = ModelNames.ParseFamily(Text("family")!);
        return new()
        {
            Model = new()
            {
                Family = family,
                Link = ModelNames.ParseLink(Text("link") ?? "default", family),
                Power = Option("power")?.GetDouble() ?? new ModelSpecification().Power,
                EstimateDispersion = Option("dispersion") is not null,
            },
            Estimator = new()
            {
                Ridge = Option("ridge")?.GetDouble() ?? 0,
                Firth = Flag("firth"),
                Sandwich = Covariance switch
                {
                    CovarianceKind.HC0 or CovarianceKind.HC1 => Sandwich.Rows,
                    CovarianceKind.HC3 => Sandwich.Leverage,
                    CovarianceKind.Cluster => Sandwich.Clusters,
                    _ => Sandwich.None,
                },
            },
            Exact = exact,
            WeightsColumn = Option("weights")?.GetString(),
            OffsetColumn = Option("offset")?.GetString(),
            ClusterColumn = Option("cluster")?.GetString(),
            OutcomeLevels = Option("levels") is { } levels ? [.. levels.EnumerateArray().Select(level => level.GetString()!)] : [],
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
