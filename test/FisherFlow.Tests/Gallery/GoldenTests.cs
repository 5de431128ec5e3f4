using FisherFlow.Differentiation;
using FisherFlow.Models.Distributions;
using FisherFlow.Models.Families;
using FisherFlow.Models.Links;

namespace FisherFlow.Tests.Gallery;

/// <summary>The golden Fisher matrices (CK-06): written-out numbers against the closed forms of the gallery and against quadrature of its densities.</summary>
/// <remarks>Where the textbook's parameters are not the gallery's, the matrix is carried over by the Jacobian: <c>I_φ = JᵀI_θJ</c>, <c>J = ∂θ/∂φ</c>.</remarks>
public sealed class GoldenTests
{
    const double Tolerance = 1e-6;
    const double Euler = 0.57721566490153286;

    static readonly double _extreme = Math.PI * Math.PI / 6 + (1 - Euler) * (1 - Euler);

    /// <summary>Name, distribution, parameters of the gallery, textbook parameters in those of the gallery (rows: gallery, columns: textbook), matrix.</summary>
    public static TheoryData<string> Names => [.. Table().Select(row => row.Name)];

    static IEnumerable<(string Name, IDistribution Distribution, double[] At, double[]? Jacobian, double[] Golden)> Table()
    {
        yield return ("normal (mean, sd)", new LocationScale<StandardNormal>(), [0.3, 1.5], null, [1 / 2.25, 0, 0, 2 / 2.25]);
        yield return ("normal (mean, variance)", new LocationScale<StandardNormal>(), [0.3, 1.5], [1, 0, 0, 1 / 3.0], [1 / 2.25, 0, 0, 1 / (2 * 2.25 * 2.25)]);
        yield return ("lognormal (meanlog, sdlog)", new LogLocationScale<StandardNormal>(), [0.3, 0.5], null, [4, 0, 0, 8]);
        yield return ("gamma (shape 2, rate 3)", new GammaShape(), [2 / 3.0, 2], [1 / 3.0, -2 / 9.0, 1, 0], [0.644934, -0.333333, -0.333333, 0.222222]);
        yield return ("beta (2, 3)", new Beta(), [0.4, 5], [3 / 25.0, -2 / 25.0, 1, 1], [0.423611, -0.221323, -0.221323, 0.173611]);
        yield return ("weibull (shape 2, scale 1)", new ScaleShape<SmallestExtreme>(), [1, 2], [0, 1, 1, 0], [0.455920, -0.422784, -0.422784, 4]);
        yield return ("gumbel (0, 1)", new LocationScale<Gumbel>(), [0, 1], null, [1, -0.422784, -0.422784, 1.823681]);
        yield return ("gumbel (2, 0.5)", new LocationScale<Gumbel>(), [2, 0.5], null, [4, -4 * (1 - Euler), -4 * (1 - Euler), 4 * _extreme]);
        yield return ("logistic (0, 2)", new LocationScale<Logistic>(), [0, 2], null, [1 / 12.0, 0, 0, (3 + Math.PI * Math.PI) / 36]);
        yield return ("student t, 5 degrees of freedom", new StudentT(5), [0, 1], null, [0.75, 0, 0, 1.25]);
        yield return ("cauchy (0, 3)", new LocationScale<Cauchy>(), [0, 3], null, [1 / 18.0, 0, 0, 1 / 18.0]);
        yield return ("laplace (0, 0.5)", new LocationScale<Laplace>(), [0, 0.5], null, [4, 0, 0, 4]);
        yield return ("von mises (1, 2)", new VonMises(), [1, 2], null, [1.395549, 0, 0, 0.164223]);
        yield return ("geometric (0.3)", new Geometric(), [0.3], null, [1 / (0.09 * 0.7)]);
        yield return ("exponential, rate 2", new Exponential(), [0.5], [-0.25], [0.25]);
    }

    [Theory, MemberData(nameof(Names))]
    public void Closed_forms_and_quadrature_of_the_density_give_the_golden_matrix(string name)
    {
        var (_, distribution, at, jacobian, golden) = Table().Single(row => row.Name == name);
        var k = at.Length;
        var closed = new double[k * k];
        Assert.True(distribution.TryExpectedInformation(new(0.5), at, closed));
        var carried = Carry(closed, jacobian, k);
        for (var i = 0; i < golden.Length; i++) { Assert.Equal(golden[i], carried[i], Tolerance * Math.Max(1, Math.Abs(golden[i]))); }

        var c = GalleryCase.All.First(one => one.Distribution.GetType() == distribution.GetType()) with { Distribution = distribution, Parameters = at };
        var line = c.Line.Corner is null ? c.Line : c.Line with { Corner = at[0] };
        Real[] reals = [.. at.Select(v => (Real)v)];
        var summed = line.Expect(y => Math.Exp(distribution.LogDensity<Real>(y, reals).Value), (in y) => c.IsSmooth
            ? Array.ConvertAll(Derivatives.Of(distribution, y, at).Hessian, h => -h)
            : Derivatives.Of(distribution, y, at).Outer());
        carried = Carry(summed, jacobian, k);
        for (var i = 0; i < golden.Length; i++) { Assert.Equal(golden[i], carried[i], Tolerance * Math.Max(1, Math.Abs(golden[i]))); }
    }

    /// <summary>diag(ψ′(αᵢ)) − ψ′(Σα)11ᵀ at (2, 3, 1.5), its digits from the recurrence ψ′(x + 1) = ψ′(x) − 1/x² and ψ′(1) = π²/6, ψ′(½) = π²/2.</summary>
    [Fact]
    public void The_dirichlet_matrix_is_its_trigammas()
    {
        var sixth = Math.PI * Math.PI / 6;
        var half = 3 * sixth;
        var total = half - 4 * (1 + 1 / 9.0 + 1 / 25.0 + 1 / 49.0 + 1 / 81.0 + 1 / 121.0);
        double[] diagonal = [sixth - 1, sixth - 1.25, half - 4];
        var information = GalleryCase.All.Single(c => c.Distribution is Dirichlet).Information()!;
        for (var i = 0; i < 9; i++) { Assert.Equal((i % 4 == 0 ? diagonal[i / 4] : 0) - total, information[i], 1e-12); }
    }

    /// <summary>Families of one mean: minus the mean second derivative of the log-density by jets, turned from η to the mean.</summary>
    [Fact]
    public void Families_of_one_mean_have_their_golden_information()
    {
        Check(new Binomial(), new LogitLink(), 0.3, 1 / (0.3 * 0.7), Enumerable.Range(0, 2).Select(y => (double)y));
        Check(new Poisson(), new LogLink(), 4, 1 / 4.0, Enumerable.Range(0, 200).Select(y => (double)y));
        Check(new NegativeBinomial(5), new LogLink(), 4, 0.138889, Enumerable.Range(0, 600).Select(y => (double)y));

        static void Check<TFamily, TLink>(TFamily family, TLink link, double mean, double golden, IEnumerable<double> counts)
            where TFamily : struct, IFamily<TFamily> where TLink : struct, ILink
        {
            var (low, high) = (-30.0, 30.0);
            while (high - low > 1e-14)
            {
                var middle = 0.5 * (low + high);
                if (link.Mean<Real>(middle).Value < mean) { low = middle; } else { high = middle; }
            }
            var (information, slope) = (0.0, link.Mean(Jet.Variable(low)).First);
            foreach (var y in counts)
            {
                var at = family.LogDensity(link, Jet.Variable(low), y, 1);
                if (at.Value > -700) { information -= Math.Exp(at.Value) * at.Second; }
            }
            Assert.Equal(golden, information / (slope * slope), 1e-6);
        }
    }

    /// <summary>CK-24: the Cauchy information is ½, though the observed one, <c>2(1 − u²)/(1 + u²)²</c>, lies between −¼ and 2 and is negative every other time.</summary>
    [Fact]
    public void A_single_cauchy_response_has_negative_observed_information_half_of_the_time()
    {
        var cauchy = new LocationScale<Cauchy>();
        var (least, most, negative) = (0.0, 0.0, 0);
        const int Points = 100_001;
        for (var i = 1; i < Points; i++)
        {
            var y = cauchy.Quantile((double)i / Points, [0, 1]);
            var observed = -Derivatives.Of(cauchy, new(y), [0, 1]).Hessian[0];
            Assert.Equal(2 * (1 - y * y) / ((1 + y * y) * (1 + y * y)), observed, 1e-12);
            (least, most) = (Math.Min(least, observed), Math.Max(most, observed));
            negative += observed < 0 ? 1 : 0;
        }
        Assert.Equal(-0.25, least, 1e-6);
        Assert.Equal(2, most, 1e-6);
        Assert.Equal(0.5, (double)negative / (Points - 1), 1e-4);
    }

    static double[] Carry(double[] information, double[]? jacobian, int k)
    {
        if (jacobian is null) { return information; }
        var carried = new double[k * k];
        for (var a = 0; a < k; a++)
        {
            for (var b = 0; b < k; b++)
            {
                for (var i = 0; i < k; i++)
                {
                    for (var j = 0; j < k; j++) { carried[a * k + b] += jacobian[i * k + a] * information[i * k + j] * jacobian[j * k + b]; }
                }
            }
        }
        return carried;
    }
}
