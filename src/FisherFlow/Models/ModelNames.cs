using FisherFlow.Models.Distributions;

namespace FisherFlow.Models;

/// <summary>Families and links by the names that the command line and reports use.</summary>
public static class ModelNames
{
    static readonly (Family Family, string Name, Link[] Links)[] _families =
    [
        (Family.Gaussian, "gaussian", [Link.Identity, Link.Log, Link.Inverse]),
        (Family.Binomial, "binomial", [Link.Logit, Link.Probit, Link.ComplementaryLogLog, Link.Cauchit, Link.Log]),
        (Family.Poisson, "poisson", [Link.Log, Link.Identity, Link.Sqrt]),
        (Family.Gamma, "gamma", [Link.Inverse, Link.Log, Link.Identity]),
        (Family.InverseGaussian, "inverse-gaussian", [Link.InverseSquare, Link.Log, Link.Inverse]),
        (Family.NegativeBinomial, "negative-binomial", [Link.Log]),
        (Family.Tweedie, "tweedie", [Link.Log, Link.Identity, Link.Inverse]),
        (Family.Multinomial, "multinomial", [Link.Logit]),
        (Family.Ordinal, "ordinal", [Link.Logit, Link.Probit, Link.ComplementaryLogLog]),
        (Family.Distributional, "distributional", [Link.Default]),
    ];

    static readonly (Link Link, string Name)[] _links =
    [
        (Link.Default, "default"), (Link.Identity, "identity"), (Link.Log, "log"), (Link.Inverse, "inverse"), (Link.InverseSquare, "1/mu^2"),
        (Link.Sqrt, "sqrt"), (Link.Logit, "logit"), (Link.Probit, "probit"), (Link.ComplementaryLogLog, "cloglog"), (Link.Cauchit, "cauchit"),
    ];

    /// <summary>All families, by name: those of a mean or of outcomes, then the distributions of the catalog.</summary>
    public static IReadOnlyList<string> Families { get; } =
        [.. _families.Where(entry => entry.Family != Family.Distributional).Select(entry => entry.Name), .. DistributionCatalog.Names];

    /// <summary>A specification's family, or its distribution: <c>inverse-gaussian</c>, <c>student-t(5)</c>.</summary>
    public static string Name(ModelSpecification specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return specification.Family == Family.Distributional ? specification.Distribution : Name(specification.Family);
    }

    /// <summary>A specification's link; of a distribution one a parameter: <c>identity, log</c>.</summary>
    public static string LinkName(ModelSpecification specification) => specification.Family == Family.Distributional
        ? string.Join(", ", DistributionCatalog.Create(specification.Distribution).Parameters.ToArray().Select(parameter => parameter.Domain.Link))
        : Name(Resolve(specification));

    /// <summary>The specification of a family or a distribution by name: <c>poisson</c>, <c>normal</c>, <c>student-t(5)</c>; <c>dirichlet</c> has as many components as the response.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists all.</exception>
    public static ModelSpecification Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Array.Exists(_families, entry => entry.Family != Family.Distributional && string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase))
            ? new() { Family = ParseFamily(name) }
            : new() { Family = Family.Distributional, Distribution = DistributionCatalog.IsUnsized(name) ? name.ToLowerInvariant() : DistributionCatalog.Create(name).Name };
    }

    /// <summary>The legal links of a family; the first is its customary one.</summary>
    public static IReadOnlyList<Link> Links(Family family) => Entry(family).Links;

    /// <summary>A family's name: <c>inverse-gaussian</c>.</summary>
    public static string Name(Family family) => Entry(family).Name;

    /// <summary>A link's name: <c>1/mu^2</c>, <c>cloglog</c>.</summary>
    public static string Name(Link link) => Array.Find(_links, entry => entry.Link == link).Name
        ?? throw new ArgumentOutOfRangeException(nameof(link), link, "no such link");

    /// <summary>The family of that name, in any case.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists all.</exception>
    public static Family ParseFamily(string name)
    {
        var entry = Array.Find(_families, entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase));
        return entry.Name is null
            ? throw new ArgumentException($"there is no family '{name}'; the families are: {string.Join(", ", Families)}", nameof(name))
            : entry.Family;
    }

    /// <summary>The link of that name (or <c>default</c>), in any case.</summary>
    /// <exception cref="ArgumentException">The family has no such link; the message lists those it has.</exception>
    public static Link ParseLink(string name, Family family)
    {
        var entry = Array.Find(_links, entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase));
        if (entry.Name is null || (entry.Link != Link.Default && !Links(family).Contains(entry.Link))) { throw Illegal(name, family); }
        return entry.Link;
    }

    /// <summary>The link that a specification means, its family's customary one resolved.</summary>
    /// <exception cref="ArgumentException">The family has no such link; the message lists those it has.</exception>
    public static Link Resolve(ModelSpecification specification)
    {
        var links = Links(specification.Family);
        if (specification.Link == Link.Default) { return links[0]; }
        return links.Contains(specification.Link) ? specification.Link : throw Illegal(Name(specification.Link), specification.Family);
    }

    static ArgumentException Illegal(string link, Family family) =>
        new($"the {Name(family)} family has no link '{link}'; its links are: {string.Join(", ", Links(family).Select(Name))}");

    static (Family Family, string Name, Link[] Links) Entry(Family family)
    {
        var entry = Array.Find(_families, entry => entry.Family == family);
        return entry.Name is null ? throw new ArgumentOutOfRangeException(nameof(family), family, "no such family") : entry;
    }
}
