using FisherFlow.Models.Distributions;

namespace FisherFlow.Tests.Gallery;

/// <summary>A support and its expectations: sums for counts; double-exponential quadrature for the rest, which bears heavy tails and poles at the ends.</summary>
/// <param name="Lower">The lower end.</param>
/// <param name="Upper">The upper end.</param>
/// <param name="IsDiscrete">Whether it is counts.</param>
/// <param name="Components">Shares that sum to one; 1 for a number.</param>
/// <param name="Corner">Where the density on the line has a corner, at which the quadrature must then be split.</param>
sealed record Support(double Lower, double Upper, bool IsDiscrete = false, int Components = 1, double? Corner = null)
{
    const double Step = 1.0 / 64, Reach = 4.3;   // at the ends the weights are below 1e-30 of the largest

    public static Support Line { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    public static Support Positive { get; } = new(0, double.PositiveInfinity);

    public static Support Unit { get; } = new(0, 1);

    public static Support Circle { get; } = new(-Math.PI, Math.PI);

    public static Support Counts { get; } = new(0, double.PositiveInfinity, IsDiscrete: true);

    public static Support Simplex { get; } = new(0, 1, Components: 3);

    public delegate double[] Function(in Outcome outcome);

    /// <summary><c>E g(Y)</c> under the density; g may have several components.</summary>
    public double[] Expect(Func<Outcome, double> density, Function g)
    {
        double[]? sum = null;
        foreach (var (first, second, weight) in Nodes())
        {
            Outcome outcome = Components == 1 ? new(first) : new(first) { Others = new[] { second, 1 - first - second } };
            var mass = weight * density(outcome);
            if (!(mass > 0)) { continue; }   // beyond what a double holds
            var value = g(outcome);
            sum ??= new double[value.Length];
            for (var i = 0; i < sum.Length; i++) { sum[i] += mass * value[i]; }
        }
        return sum!;
    }

    IEnumerable<(double First, double Second, double Weight)> Nodes()
    {
        if (IsDiscrete)
        {
            for (var y = 0; y < 600; y++) { yield return (y, 0, 1); }
            yield break;
        }
        if (Corner is { } corner)
        {
            foreach (var (x, _, weight) in Positive.Nodes())
            {
                yield return (corner + x, 0, weight);
                yield return (corner - x, 0, weight);
            }
            yield break;
        }
        if (Components == 1)
        {
            for (var t = -Reach; t <= Reach; t += Step)
            {
                var (x, weight) = At(t);
                if (x > Lower && x < Upper) { yield return (x, 0, weight); }
            }
            yield break;
        }
        for (var t = -3.2; t <= 3.2; t += 1.0 / 24)   // first = s, second = r(1 − s)
        {
            var (s, outer) = At(t);
            for (var u = -3.2; u <= 3.2; u += 1.0 / 24)
            {
                var (r, inner) = At(u);
                var second = r * (1 - s);
                if (s > 0 && second > 0 && 1 - s - second > 0) { yield return (s, second, outer / Step / 24 * inner / Step / 24 * (1 - s)); }
            }
        }
    }

    /// <summary>The node of t and its weight: x = sinh(½π sinh t) on the line, e^(½π sinh t) above zero, the logistic function of π sinh t between limits.</summary>
    (double X, double Weight) At(double t)
    {
        var (inner, slope) = (0.5 * Math.PI * Math.Sinh(t), 0.5 * Math.PI * Math.Cosh(t) * Step);
        if (double.IsInfinity(Lower)) { return (Math.Sinh(inner), Math.Cosh(inner) * slope); }
        if (double.IsInfinity(Upper)) { return (Lower + Math.Exp(inner), Math.Exp(inner) * slope); }
        var share = 1 / (1 + Math.Exp(-2 * inner));
        return (Lower + (Upper - Lower) * share, (Upper - Lower) * share * (1 - share) * 2 * slope);
    }
}
