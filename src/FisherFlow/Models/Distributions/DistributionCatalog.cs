using System.Globalization;

namespace FisherFlow.Models.Distributions;

/// <summary>The distributions that have a name on the command line and in states: one line each.</summary>
public static class DistributionCatalog
{
    const string Dirichlet = "dirichlet";

    static readonly (string Name, string Constants, Func<double[], DistributionalModel?> Create)[] _entries =
    [
        Entry(default(LocationScale<StandardNormal>)), Entry(default(LogLocationScale<StandardNormal>)),
        ("student-t", "(DEGREES)", c => c.Length == 0 ? new DistributionalModel<StudentT>(new()) : c is [> 0 and < double.PositiveInfinity] ? new DistributionalModel<StudentT>(new(c[0])) : null),
        Entry(default(LocationScale<Cauchy>)), Entry(default(LocationScale<Laplace>)), Entry(default(LocationScale<Logistic>)), Entry(default(LocationScale<Gumbel>)),
        Entry(default(LocationScale<SmallestExtreme>)), Entry(default(ScaleShape<SmallestExtreme>)), Entry(default(ScaleShape<Logistic>)),
        Entry(default(GammaShape)), Entry(default(Exponential)), Entry(default(Beta)), Entry(default(Geometric)), Entry(default(VonMises)),
        Entry(default(ZeroInflated<PoissonCounts>)), Entry(default(ZeroInflated<NegativeBinomialCounts>)),
        Entry(default(Hurdle<PoissonCounts>)), Entry(default(Hurdle<NegativeBinomialCounts>)),
        (Dirichlet, "(COMPONENTS), two to five", c => c is [2 or 3 or 4 or 5] ? new DistributionalModel<Distributions.Dirichlet>(new((int)c[0])) : null),
        ("truncated-normal", "(LOWER, UPPER), -inf and inf for none", c => c is [] ? new DistributionalModel<Truncated<StandardNormal>>(new()) : c is [var lower, var upper] && lower < upper ? new DistributionalModel<Truncated<StandardNormal>>(new(lower, upper)) : null),
    ];

    const string MixtureForm = $"{NormalMixture.Prefix}(COMPONENTS), two to nine";

    /// <summary>All names, in the order of the list.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _entries.Select(entry => entry.Name)];

    /// <summary>Names of those whose responses may be censored.</summary>
    public static IEnumerable<string> Censored => _entries.Where(entry => entry.Create([]) is { TakesCensored: true }).Select(entry => entry.Name);

    /// <summary>Whether a name leaves it to the response how many components it has: <c>dirichlet</c>.</summary>
    public static bool IsUnsized(string name) => string.Equals(name, Dirichlet, StringComparison.OrdinalIgnoreCase);

    /// <summary>A distribution's name, with the number of components where it leaves that open: <c>dirichlet(3)</c>.</summary>
    public static string Sized(string name, int components) => IsUnsized(name) ? string.Create(CultureInfo.InvariantCulture, $"{Dirichlet}({components})") : name;

    /// <summary>The model of a distribution: <c>normal</c>, or with constants <c>student-t(5)</c>.</summary>
    /// <exception cref="ArgumentException">There is none of that name, or its constants are not legal; the message says what is.</exception>
    public static DistributionalModel Create(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var open = name.IndexOf('(', StringComparison.Ordinal);
        var bare = (open < 0 ? name : name[..open]).Trim();
        if (bare == NormalMixture.Prefix) { return Mixture(Constants(name, open, MixtureForm)) ?? throw new ArgumentException($"'{name}' is not a legal family; legal is {MixtureForm}", nameof(name)); }
        var entry = Array.Find(_entries, entry => string.Equals(entry.Name, bare, StringComparison.OrdinalIgnoreCase));
        if (entry.Name is null) { throw new ArgumentException($"there is no family '{name}'; the families are: {string.Join(", ", ModelNames.Families)}", nameof(name)); }
        return entry.Create(Constants(name, open, entry.Name + entry.Constants))
            ?? throw new ArgumentException($"'{name}' is not a legal family; legal is {entry.Name}{entry.Constants}", nameof(name));
    }

    static NormalMixture? Mixture(double[] constants) => constants is [>= 2 and <= NormalMixture.MostComponents and var components] && double.IsInteger(components) ? new((int)components) : null;

    /// <summary>A distribution without constants, under its own name.</summary>
    static (string Name, string Constants, Func<double[], DistributionalModel?> Create) Entry<TDistribution>(TDistribution distribution) where TDistribution : struct, IDistribution =>
        (distribution.Name, "", constants => constants.Length == 0 ? new DistributionalModel<TDistribution>(distribution) : null);

    static double[] Constants(string name, int open, string legal)
    {
        if (open < 0) { return []; }
        var inner = name.TrimEnd();
        var constants = new List<double>();
        foreach (var text in inner[(open + 1)..].TrimEnd(')').Split(','))
        {
            if (!inner.EndsWith(')') || !TryNumber(text.Trim(), out var value)) { throw new ArgumentException($"'{name}' is not a legal family; legal is {legal}", nameof(name)); }
            constants.Add(value);
        }
        return [.. constants];
    }

    static bool TryNumber(string text, out double value)
    {
        value = text switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => 0 };
        return value != 0 || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
