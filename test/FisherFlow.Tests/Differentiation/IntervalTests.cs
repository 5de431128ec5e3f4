using FisherFlow.Differentiation;

namespace FisherFlow.Tests.Differentiation;

public sealed class IntervalTests
{
    const double Infinity = double.PositiveInfinity;

    public static TheoryData<string, double, double> Intervals => new()
    {
        { "identity", -Infinity, Infinity }, { "log", 0, Infinity }, { "logit", 0, 1 }, { "log(θ - 2)", 2, Infinity }, { "-log(3 - θ)", -Infinity, 3 }, { "logit(-1, 1)", -1, 1 },
    };

    [Theory, MemberData(nameof(Intervals))]
    public void An_interval_names_its_link(string link, double lower, double upper) => Assert.Equal(link, new Interval(lower, upper).Link);

    [Theory, MemberData(nameof(Intervals))]
    public void Free_numbers_come_back_and_derivatives_agree_with_differences(string link, double lower, double upper)
    {
        var interval = new Interval(lower, upper);
        foreach (var eta in new[] { -3.0, -0.2, 0, 0.4, 2.5 })
        {
            const double h = 1e-3;
            var at = interval.At(eta);
            Assert.True(interval.Contains(at.Value), link);
            Assert.True(at.First > 0, link);
            Assert.Equal(eta, interval.Unconstrain(at.Value), 1e-13);
            Assert.Equal(Difference(step => interval.At(eta + step).Value, h), at.First, 1e-11 * (1 + at.First));
            Assert.Equal(Difference(step => interval.At(eta + step).First, h), at.Second, 1e-11 * (1 + at.First));
            Assert.Equal(new Jet(at.Value, at.First, at.Second), interval.Constrain(Jet.Variable(eta)));
        }
    }

    [Fact]
    public void Far_out_a_number_stays_inside_and_is_finite()
    {
        Assert.True(double.IsFinite(Interval.Positive.At(1e9).Value));
        Assert.True(Interval.Positive.At(-1e9).Value > 0);
        Assert.InRange(1 - Interval.Unit.At(700).Value, 0, 1e-300);
        Assert.True(Interval.Unit.At(-700).Value > 0);
    }

    [Fact]
    public void What_is_not_inside_is_told() =>
        Assert.Contains("between 0 and 1", Assert.Throws<ArgumentOutOfRangeException>(() => Interval.Unit.Unconstrain(1)).Message, StringComparison.Ordinal);

    static double Difference(Func<double, double> f, double h) => (45 * (f(h) - f(-h)) - 9 * (f(2 * h) - f(-2 * h)) + (f(3 * h) - f(-3 * h))) / (60 * h);
}
