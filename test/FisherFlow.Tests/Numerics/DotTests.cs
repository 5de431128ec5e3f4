using FisherFlow.Numerics;

namespace FisherFlow.Tests.Numerics;

public sealed class DotTests
{
    /// <summary>The order the kernel promises, written with single numbers.</summary>
    static double Scalar(double[] x, double[] y)
    {
        var lanes = new double[16];
        var whole = x.Length / 16 * 16;
        for (var i = 0; i < whole; i++) { lanes[i % 16] += x[i] * y[i]; }
        var quads = new double[4];
        for (var i = 0; i < 4; i++) { quads[i] = (lanes[i] + lanes[8 + i]) + (lanes[4 + i] + lanes[12 + i]); }
        var tail = 0.0;
        for (var i = whole; i < x.Length; i++) { tail += x[i] * y[i]; }
        return ((quads[0] + quads[2]) + (quads[1] + quads[3])) + tail;
    }

    [Fact]
    public void Its_bits_are_those_of_the_order_it_promises()
    {
        var random = new Random(41);
        for (var n = 0; n < 130; n++)
        {
            double[] x = Oracle.Matrix(random, 1, n, n), y = Oracle.Matrix(random, 1, n, n);
            Assert.Equal(BitConverter.DoubleToInt64Bits(Scalar(x, y)), BitConverter.DoubleToInt64Bits(Dot.Product(x, y)));
        }
    }

    [Fact]
    public void Axpy_rounds_each_product_before_it_adds()
    {
        var random = new Random(42);
        for (var n = 0; n < 70; n++)
        {
            double[] x = Oracle.Matrix(random, 1, n, n), y = Oracle.Matrix(random, 1, n, n), expected = [.. y.Select((v, i) => v + 0.37 * x[i])];
            Dot.Axpy(0.37, x, y);
            Assert.Equal(expected, y);
        }
    }

    [Fact]
    public void Unequal_lengths_are_refused()
    {
        Assert.Contains("3", Assert.Throws<ArgumentException>(() => Dot.Product(new double[3], new double[2])).Message);
        Assert.Contains("2", Assert.Throws<ArgumentException>(() => Dot.Axpy(1, new double[3], new double[2])).Message);
    }
}
