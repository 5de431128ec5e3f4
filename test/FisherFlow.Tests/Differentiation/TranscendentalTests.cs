using FisherFlow.Differentiation;

namespace FisherFlow.Tests.Differentiation;

/// <summary>Values of R 4.2.2 by the expression in each test.</summary>
public sealed class TranscendentalTests
{
    [Theory]   // pnorm(x, log.p = TRUE)
    [InlineData(-0.3, -0.96210281816885079), InlineData(-5, -15.064998393988725), InlineData(-19.9, -201.9171677073326), InlineData(-20.1, -205.92711840194823)]
    [InlineData(-40, -804.6084420137538), InlineData(-300, -45006.62273211866), InlineData(2, -0.023012909328963493), InlineData(9, -1.1285884059538408e-19)]
    public void Log_of_the_normal_distribution(double x, double expected) => Close(expected, Transcendental.LogNormalCdf(x));

    [Theory]   // digamma(z) - log(z); R itself loses digits to the difference from 1000 on, where the series gives −1/(2z) − 1/(12z²)
    [InlineData(0.1, -8.1211698474170309), InlineData(3, -0.17582795356964231), InlineData(15.9, -0.031776039050412042), InlineData(16.1, -0.031377266475794308)]
    [InlineData(1e3, -0.00050008333332500004), InlineData(1e8, -5.0000000083333333e-9)]
    public void Digamma_less_its_logarithm(double z, double expected) => Close(expected, Transcendental.DigammaLessLog(z), 1e-12);

    [Theory]   // trigamma(x)
    [InlineData(1e-3, 1000001.6425331959), InlineData(0.1, 101.43329915079275), InlineData(3, 0.39493406684822635)]
    [InlineData(15.9, 0.064912281599060109), InlineData(16.1, 0.064080645042418574), InlineData(1e3, 0.0010005001666666335)]
    public void Trigamma(double x, double expected)
    {
        Close(expected, Transcendental.Trigamma(x));
        Assert.Equal(expected - 1 / x, Transcendental.TrigammaLessInverse(x), 1e-14 * expected);
    }

    [Fact]
    public void Small_arguments_keep_their_digits()
    {
        Assert.Equal(1e-20, Transcendental.Log1P(1e-20));
        Assert.Equal(1e-20, Transcendental.ExpM1(1e-20));
        Close(9.9999995000000333e-8, Transcendental.Log1P(1e-7));
        Close(1.0000000500000017e-7, Transcendental.ExpM1(1e-7));
        Close(Math.Log(1e-20), Transcendental.LogOneMinusExp(-1e-20));
        Close(-Math.Exp(-50), Transcendental.LogOneMinusExp(-50));
        Assert.Equal(double.PositiveInfinity, Transcendental.Log1P(double.PositiveInfinity));
        Assert.Equal(-1, Transcendental.ExpM1(-1e300));
    }

    [Theory, InlineData(0.4), InlineData(3.0), InlineData(17.0), InlineData(90.0)]
    public void Series_and_definition_of_the_gamma_function_meet(double z)
    {
        double Gamma(double x) => MathNet.Numerics.SpecialFunctions.GammaLn(x);
        Assert.Equal(Gamma(z) - z * Math.Log(z) + z, Transcendental.LogGammaLessXLogX(z), 1e-12);
        Assert.Equal(Gamma(z + 5) - Gamma(z) - 5 * Math.Log(z), Transcendental.LogGammaRise(z, 5), 1e-12);
        // Γ(z + 5)/Γ(z)/z⁵ is a product of five factors
        Assert.Equal(Enumerable.Range(0, 5).Sum(k => Math.Log(1 + k / z)), Transcendental.LogGammaRise(z, 5), 1e-12);
    }

    [Theory, InlineData(1e-8, 3), InlineData(0.7, 0), InlineData(0.7, 12), InlineData(2.0, 40), InlineData(5.0, 2.5), InlineData(30.0, 7)]
    public void Differences_of_the_gamma_function_agree_with_its_derivatives(double z, double y)
    {
        var (rise, digamma, trigamma) = new FisherFlow.Models.Families.GammaDifferences(z).At(y);
        Assert.Equal(Transcendental.LogGammaRise(z, y), rise, 1e-12 * (1 + Math.Abs(rise)));
        var expected = Transcendental.DigammaLessLog(z + y) - Transcendental.DigammaLessLog(z);
        Assert.Equal(expected, digamma, 1e-12 * (1 + Math.Abs(expected)));
        expected = Transcendental.TrigammaLessInverse(z) - Transcendental.TrigammaLessInverse(z + y);
        Assert.Equal(expected, trigamma, 1e-12 * (1 + Math.Abs(expected)));
    }

    static void Close(double expected, double actual, double relative = 2e-14) => Assert.Equal(expected, actual, relative * Math.Abs(expected));
}
