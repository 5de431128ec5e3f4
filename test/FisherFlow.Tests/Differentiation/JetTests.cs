using FisherFlow.Differentiation;

namespace FisherFlow.Tests.Differentiation;

public sealed class JetTests
{
    /// <summary>Name, function over Jet, the same over Real, and points within its domain.</summary>
    static readonly (string Name, Func<Jet, Jet> Jet, Func<Real, Real> Real, double[] Points)[] _functions =
    [
        ("exp", Jet.Exp, Real.Exp, [-3, 0, 2]),
        ("log", Jet.Log, Real.Log, [0.2, 1, 30]),
        ("sqrt", Jet.Sqrt, Real.Sqrt, [0.2, 4]),
        ("power", x => Jet.Pow(x, 1.7), x => Real.Pow(x, 1.7), [0.4, 3]),
        ("square", x => Jet.Pow(x, 2), x => Real.Pow(x, 2), [-2, 0.5]),
        ("soft plus", Jet.SoftPlus, Real.SoftPlus, [-8, -0.3, 0, 5]),
        ("log(1 - exp)", Jet.LogOneMinusExp, Real.LogOneMinusExp, [-5, -0.7, -0.1]),
        ("log gamma", Jet.LogGamma, Real.LogGamma, [0.3, 2.5, 40]),
        ("arctangent", Jet.Atan, Real.Atan, [-4, 0.1, 2]),
        ("log normal distribution", Jet.LogNormalCdf, Real.LogNormalCdf, [-30, -20.5, -6, -0.4, 1.5]),
        ("quotient", x => (x * x - 3) / (x + 7), x => (x * x - 3) / (x + 7), [-2, 0.3, 5]),
        ("composition", x => Jet.Log(Jet.Exp(-x) * x + 2 - x / 9), x => Real.Log(Real.Exp(-x) * x + 2 - x / 9), [0.3, 2]),
    ];

    public static TheoryData<string> Names => [.. _functions.Select(function => function.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Derivatives_agree_with_differences(string name)
    {
        var (_, jet, real, points) = _functions.Single(function => function.Name == name);
        foreach (var x in points)
        {
            var actual = jet(Jet.Variable(x));
            var h = 1e-3 * Math.Max(Math.Abs(x), 0.1);
            Assert.Equal(real(x).Value, actual.Value, 1e-14 * (1 + Math.Abs(actual.Value)));
            // sixth-order differences: truncation h⁶ and rounding ε/h, ε/h²
            Assert.Equal(First(h), actual.First, 1e-9 * (1 + Math.Abs(actual.First) + Math.Abs(actual.Value)));
            Assert.Equal(Second(h), actual.Second, 1e-5 * (1 + Math.Abs(actual.Second)));

            double At(double step) => real(x + step).Value;
            double First(double s) => (45 * (At(s) - At(-s)) - 9 * (At(2 * s) - At(-2 * s)) + (At(3 * s) - At(-3 * s))) / (60 * s);
            double Second(double s) => (-490 * At(0) + 270 * (At(s) + At(-s)) - 27 * (At(2 * s) + At(-2 * s)) + 2 * (At(3 * s) + At(-3 * s))) / (180 * s * s);
        }
    }

    [Fact]
    public void Soft_plus_is_exact_in_both_tails()
    {
        Assert.Equal(new Jet(750, 1, 0), Jet.SoftPlus(Jet.Variable(750)));
        var low = Jet.SoftPlus(Jet.Variable(-700));
        Assert.Equal(1, low.Value / Math.Exp(-700), 1e-14);
        Assert.Equal(1, low.First / Math.Exp(-700), 1e-14);
        Assert.Equal(1, low.Second / Math.Exp(-700), 1e-14);
    }

    [Fact]
    public void The_normal_distribution_is_exact_far_into_its_tail()
    {
        var jet = Jet.LogNormalCdf(Jet.Variable(-1e6));
        Assert.Equal(1, jet.First / (1e6 + 1e-6), 1e-14);   // φ/Φ(−x) = x + 1/x − …
        Assert.Equal(-1, jet.Second, 1e-3);                  // by cancellation of 10¹² against itself: four digits are what is left
    }

    [Fact]
    public void A_constant_has_no_derivatives() => Assert.Equal(new Jet(3), (Jet)3.0);
}
