using FisherFlow.Differentiation;
using MathNet.Numerics.Integration;

namespace FisherFlow.Models.Distributions;

/// <summary>Von Mises' distribution of directions in radians, <c>f(y) = e^(κ cos(y − μ))/(2πI₀(κ))</c>.</summary>
/// <remarks>
/// The location lies in (−π, π), its predictor on the line by <c>μ = −π + 2π/(1 + e^(−η))</c>: zero points along the axis. Directions may be any angle; those that differ by 2π are the same.
/// Source: Mardia &amp; Jupp (2000), <i>Directional Statistics</i>, §3.5.4 and §5.3.
/// </remarks>
public readonly struct VonMises : IDistribution
{
    static readonly DistributionParameter[] _parameters = [new("location", new(-Math.PI, Math.PI)), new("concentration", Interval.Positive)];

    /// <inheritdoc/>
    public string Name => "von-mises";

    /// <inheritdoc/>
    public string Support => "an angle in radians";

    /// <inheritdoc/>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public ReadOnlySpan<DistributionParameter> Parameters => _parameters;

    /// <inheritdoc/>
    public bool Supports(in Outcome outcome) => Math.Abs(outcome.Value) <= 1000 * Math.PI && outcome.Status == Censoring.None;

    /// <inheritdoc/>
    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T> =>
        parameters[1] * T.Cos(outcome.Value - parameters[0]) - Math.Log(2 * Math.PI) - T.LogBesselI0(parameters[1]);

    /// <summary><c>diag(κA, A′)</c> with <c>A = I₁/I₀</c>, <c>A′ = 1 − A² − A/κ</c>.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information)
    {
        var bessel = Elementary.LogBesselI0(parameters[1]);
        (information[0], information[1], information[2], information[3]) = (parameters[1] * bessel.First, 0, 0, bessel.Second);
        return true;
    }

    /// <summary>The mean direction, and κ by the approximation of Fisher (1993), §4.5.5.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public void Start(in OutcomeSample sample, Span<double> parameters)
    {
        var (cos, sin) = (sample.MeanOf(Math.Cos), sample.MeanOf(Math.Sin));
        var length = Math.Min(0.99, Math.Sqrt(cos * cos + sin * sin));
        parameters[0] = Math.Clamp(Math.Atan2(sin, cos), -3.1, 3.1);
        parameters[1] = Math.Max(0.1, length < 0.53 ? length * (2 + length * length) : length < 0.85 ? -0.4 + 1.39 * length + 0.43 / (1 - length) : 1 / (2 * (1 - length)));
    }

    /// <summary>The mean direction.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => parameters[0];

    /// <summary><c>P(−π &lt; Y ≤ y)</c>, by quadrature.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public double Cumulative(double value, ReadOnlySpan<double> parameters)
    {
        if (value <= -Math.PI) { return 0; }
        if (value >= Math.PI) { return 1; }
        var (location, concentration) = (parameters[0], parameters[1]);
        var bessel = Elementary.LogBesselI0(concentration).Value;
        var pieces = 4 + (int)Math.Min(200, Math.Sqrt(concentration));
        var (sum, width) = (0.0, (value + Math.PI) / pieces);
        for (var i = 0; i < pieces; i++)
        {
            sum += GaussLegendreRule.Integrate(y => Math.Exp(concentration * Math.Cos(y - location) - bessel), -Math.PI + i * width, -Math.PI + (i + 1) * width, 32);
        }
        return Math.Clamp(sum / (2 * Math.PI), 0, 1);
    }

    /// <summary>By bisection.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public double Quantile(double probability, ReadOnlySpan<double> parameters)
    {
        var (below, above) = (-Math.PI, Math.PI);
        while (above - below > 1e-12)
        {
            var middle = 0.5 * (below + above);
            if (Cumulative(middle, parameters) < probability) { below = middle; }
            else { above = middle; }
        }
        return above;
    }
}
