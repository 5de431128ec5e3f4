using FisherFlow.Differentiation;

namespace FisherFlow.Tests.Differentiation;

public sealed class JetTests
{
    public static TheoryData<string> Names => [.. ScalarFunctions.All.Select(function => function.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Derivatives_agree_with_differences(string name)
    {
        var function = ScalarFunctions.All.Single(function => function.Name == name);
        foreach (var x in function.Points)
        {
            var actual = function.At(Jet.Variable(x));
            var h = 1e-3 * Math.Max(Math.Abs(x), 0.1);
            Assert.Equal(At(0), actual.Value, 1e-14 * (1 + Math.Abs(actual.Value)));
            // sixth-order differences: truncation h⁶ and rounding ε/h, ε/h²
            Assert.Equal(First(h), actual.First, 1e-9 * (1 + Math.Abs(actual.First) + Math.Abs(actual.Value)));
            Assert.Equal(Second(h), actual.Second, 1e-5 * (1 + Math.Abs(actual.Second)));

            double At(double step) => function.At((Real)(x + step)).Value;
            double First(double s) => (45 * (At(s) - At(-s)) - 9 * (At(2 * s) - At(-2 * s)) + (At(3 * s) - At(-3 * s))) / (60 * s);
            double Second(double s) => (-490 * At(0) + 270 * (At(s) + At(-s)) - 27 * (At(2 * s) + At(-2 * s)) + 2 * (At(3 * s) + At(-3 * s))) / (180 * s * s);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void The_second_derivative_is_the_derivative_of_the_first(string name)
    {
        var function = ScalarFunctions.All.Single(function => function.Name == name);
        foreach (var x in function.Points)
        {
            var actual = function.At(Jet.Variable(x));
            var h = 1e-3 * Math.Max(Math.Abs(x), 0.1);
            double First(double step) => function.At(Jet.Variable(x + step)).First;
            var expected = (45 * (First(h) - First(-h)) - 9 * (First(2 * h) - First(-2 * h)) + (First(3 * h) - First(-3 * h))) / (60 * h);
            Assert.Equal(expected, actual.Second, 1e-9 * (1 + Math.Abs(actual.Second) + Math.Abs(actual.First) / h * 1e-3));
        }
    }

    [Fact]
    public void Soft_plus_is_exact_in_both_tails()
    {
        Assert.Equal(new Jet(750, 1, 0), SoftPlus(Jet.Variable(750)));
        var low = SoftPlus(Jet.Variable(-700));
        Assert.Equal(1, low.Value / Math.Exp(-700), 1e-14);
        Assert.Equal(1, low.First / Math.Exp(-700), 1e-14);
        Assert.Equal(1, low.Second / Math.Exp(-700), 1e-14);

        static T SoftPlus<T>(T x) where T : struct, IScalar<T> => T.SoftPlus(x);
    }

    [Fact]
    public void The_normal_distribution_is_exact_far_into_its_tail()
    {
        var jet = LogNormalCdf(Jet.Variable(-1e6));
        Assert.Equal(1, jet.First / (1e6 + 1e-6), 1e-14);     // φ/Φ(−x) = x + 1/x − …
        Assert.Equal(-1 + 1e-12, jet.Second, 1e-14);          // −1 + 1/x² − …

        static T LogNormalCdf<T>(T x) where T : struct, IScalar<T> => T.LogNormalCdf(x);
    }

    [Fact]
    public void A_constant_has_no_derivatives() => Assert.Equal(new Jet(3), (Jet)3.0);

    [Fact]
    public void Comparisons_look_at_values_only()
    {
        Assert.True(Less(new Jet(1, 5, 7), new Jet(2, -1, 0)));
        Assert.False(Less(new Jet(2, 5, 7), new Jet(2, -1, 0)));

        static bool Less<T>(T x, T y) where T : struct, IScalar<T> => x < y;
    }
}
