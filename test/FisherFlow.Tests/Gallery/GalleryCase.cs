using FisherFlow.Models.Distributions;

namespace FisherFlow.Tests.Gallery;

/// <summary>A distribution at a point: what the tests of densities go over.</summary>
/// <param name="Distribution">The distribution.</param>
/// <param name="Parameters">Where it is looked at.</param>
/// <param name="Line">How quadrature covers the support: the whole line, above zero, between two limits.</param>
sealed record GalleryCase(IDistribution Distribution, double[] Parameters, Support Line)
{
    public static IReadOnlyList<GalleryCase> All { get; } =
    [
        new(new LocationScale<StandardNormal>(), [0.3, 1.4], Support.Line),
        new(new LogLocationScale<StandardNormal>(), [0.3, 0.8], Support.Positive),
        new(new LocationScale<Logistic>(), [-0.4, 1.3], Support.Line),
        new(new LocationScale<Gumbel>(), [0.5, 0.7], Support.Line),
        new(new LocationScale<SmallestExtreme>(), [0.5, 0.7], Support.Line),
        new(new LocationScale<Cauchy>(), [0.2, 1.5], Support.Line),
        new(new LocationScale<Laplace>(), [0.2, 1.5], Support.Line with { Corner = 0.2 }),
        new(new StudentT(), [0.2, 1.5, 5], Support.Line),
        new(new StudentT(4), [0.2, 1.5], Support.Line),
        new(new ScaleShape<SmallestExtreme>(), [1.5, 2], Support.Positive),
        new(new ScaleShape<Logistic>(), [1.5, 2.5], Support.Positive),
        new(new Exponential(), [1.7], Support.Positive),
        new(new GammaShape(), [0.7, 2], Support.Positive),
        new(new Beta(), [0.4, 5], Support.Unit),
        new(new Dirichlet(3), [2, 3, 1.5], Support.Simplex),
        new(new VonMises(), [0.5, 2], Support.Circle),
        new(new Truncated<StandardNormal>(), [0.5, 1.2], Support.Positive),
        new(new Truncated<StandardNormal>(-1, 2), [0.5, 1.2], new(-1, 2)),
        new(new Geometric(), [0.3], Support.Counts),
        new(new ZeroInflated<PoissonCounts>(), [2.5, 0.3], Support.Counts),
        new(new ZeroInflated<NegativeBinomialCounts>(), [2.5, 1.5, 0.3], Support.Counts),
        new(new Hurdle<PoissonCounts>(), [2.5, 0.3], Support.Counts),
        new(new Hurdle<NegativeBinomialCounts>(), [2.5, 1.5, 0.3], Support.Counts),
    ];

    public static TheoryData<string> Names => [.. All.Select(c => c.ToString())];

    public static TheoryData<string> Scalars => [.. All.Where(c => c.Line != Support.Simplex).Select(c => c.ToString())];

    public static GalleryCase Of(string name) => All.Single(c => c.ToString() == name);

    /// <summary>Whether second derivatives of the density are its information: not where there is a corner.</summary>
    public bool IsSmooth => Distribution is not LocationScale<Laplace>;

    /// <summary>The closed form of the expected information, or null.</summary>
    public double[]? Information(double[]? at = null)
    {
        var information = new double[Parameters.Length * Parameters.Length];
        return Distribution.TryExpectedInformation(new(Line == Support.Simplex ? 0.2 : 0.5) { Others = Line == Support.Simplex ? [0.3, 0.5] : [] }, at ?? Parameters, information) ? information : null;
    }

    public override string ToString() => $"{Distribution.Name} at {string.Join(", ", Parameters.Select(p => p.ToString(System.Globalization.CultureInfo.InvariantCulture)))}";
}
