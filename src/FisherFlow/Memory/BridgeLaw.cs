using System.Numerics;

namespace FisherFlow.Memory;

/// <summary>Laws of a Brownian bridge: what cumulative scores about their own mean look like while nothing changes.</summary>
static class BridgeLaw
{
    const double Negligible = 1e-12;

    /// <summary><c>P(sup|B| ≥ x) = 2Σ(−1)ᵏ⁻¹exp(−2k²x²)</c> (Kolmogorov).</summary>
    public static double SupremumTail(double x)
    {
        if (x < 0.2) { return 1; }
        var sum = 0.0;
        for (var k = 1; k <= 100; k++)
        {
            var term = Math.Exp(-2.0 * k * k * x * x);
            sum += k % 2 == 1 ? term : -term;
            if (term < 1e-17 * Math.Abs(sum)) { break; }
        }
        return Math.Clamp(2 * sum, 0, 1);
    }

    /// <summary>The x at which <see cref="SupremumTail"/> is a probability.</summary>
    public static double SupremumQuantile(double probability) => Invert(SupremumTail, probability, 5);

    /// <summary><c>P(∫‖B‖² ≥ x)</c> for a bridge of <paramref name="dimension"/> independent components: the law of Nyblom's and Hansen's statistic.</summary>
    /// <remarks>
    /// <c>∫B² = Σ χ²ₖ/(πk)²</c>, so the characteristic function is <c>φ(t) = (z/sin z)^{d/2}</c>, <c>z = √(2it)</c>, whose logarithm is continuous as
    /// <c>log(sin z/z) = log(i/2) − iz + log(1 − e^{2iz}) − log z</c>. Inverted at the midpoints of steps of 2π/(12 + d) (Davies 1973): the error is the probability beyond x + 12 + d.
    /// </remarks>
    public static double IntegralTail(double x, int dimension) =>
        Tail(x, 12 + dimension, t => dimension / 2.0 * LogBridge(t));

    /// <summary>The x at which <see cref="IntegralTail"/> is a probability.</summary>
    public static double IntegralQuantile(double probability, int dimension) => Invert(x => IntegralTail(x, dimension), probability, 10 + dimension);

    /// <summary>The same for one bridge seen at <paramref name="steps"/> points: the sum of <c>(Sₜ − (t/n)Sₙ)²/n²</c> for n independent N(0, 1) values, exactly.</summary>
    /// <remarks>The inverse covariance of the bridge at n points is the matrix of second differences, whose characteristic polynomial is <c>sin(nω)/sin ω</c>, <c>ω = 2asin(√(2it)/2n)</c>.</remarks>
    public static double SumTail(double x, int steps) => Tail(x, 13, t => LogBridge(t, steps) / 2);

    /// <summary>The x at which <see cref="SumTail"/> is a probability.</summary>
    public static double SumQuantile(double probability, int steps) => Invert(x => SumTail(x, steps), probability, 10);

    /// <summary>Inverts a characteristic function; the step is 2π/span.</summary>
    static double Tail(double x, double span, Func<double, Complex> logCharacteristic)
    {
        if (x <= 0) { return 1; }
        var sum = 0.0;
        for (var k = 0; ; k++)
        {
            var t = (k + 0.5) * 2 * Math.PI / span;
            var log = logCharacteristic(t);
            var size = Math.Exp(log.Real) / (Math.PI * (k + 0.5));
            sum += size * Math.Sin(log.Imaginary - t * x);
            if (size < Negligible) { break; }
        }
        return Math.Clamp(0.5 + sum, 0, 1);
    }

    /// <summary>The logarithm of <c>z/sin z</c> at <c>z = √t(1 + i)</c>.</summary>
    static Complex LogBridge(double t)
    {
        var z = new Complex(Math.Sqrt(t), Math.Sqrt(t));
        return Complex.Log(z) - LogSine(z);
    }

    /// <summary>The logarithm of <c>n·sin ω/sin nω</c>.</summary>
    static Complex LogBridge(double t, int steps)
    {
        var omega = 2 * Complex.Asin(new Complex(Math.Sqrt(t), Math.Sqrt(t)) / (2 * steps));
        return Math.Log(steps) + LogSine(omega) - LogSine(steps * omega);
    }

    /// <summary>The logarithm of a sine in the upper half plane, continuous along it.</summary>
    static Complex LogSine(Complex z)
    {
        var i = Complex.ImaginaryOne;
        return new Complex(-Math.Log(2), Math.PI / 2) - i * z + Complex.Log(1 - Complex.Exp(2 * i * z));
    }

    /// <summary>Bisects until the secant of the logarithm, along which tails are nearly straight, takes over.</summary>
    static double Invert(Func<double, double> tail, double probability, double largest)
    {
        var (low, high, wanted) = (0.0, largest, Math.Log(probability));
        var (x, previous, before) = (largest / 8, 0.0, 0.0);
        for (var step = 0; step < 60; step++)
        {
            var value = Math.Log(Math.Max(1e-300, tail(x))) - wanted;
            if (Math.Abs(value) < 1e-9) { break; }
            if (value > 0) { low = x; } else { high = x; }
            var next = x - value * (x - previous) / (value - before);
            (previous, before) = (x, value);
            x = next > low && next < high ? next : (low + high) / 2;
        }
        return x;
    }
}
