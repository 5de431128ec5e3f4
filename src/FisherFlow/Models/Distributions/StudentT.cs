using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>Student's t about a location, with degrees of freedom given or estimated: robust regression.</summary>
/// <remarks>Source: Lange, Little &amp; Taylor (1989), §2 and appendix B for the information.</remarks>
public readonly struct StudentT : IDistribution
{
    static readonly DistributionParameter[] _parameters = [new("location", Interval.Line), new("scale", Interval.Positive), new("df", Interval.Positive)];

    readonly double _given;

    /// <summary>Degrees of freedom are estimated.</summary>
    public StudentT()
    {
    }

    /// <summary>Degrees of freedom are given.</summary>
    /// <param name="degreesOfFreedom">ν &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">ν is not a positive number.</exception>
    public StudentT(double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 0 && double.IsFinite(degreesOfFreedom))) { throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "degrees of freedom are a positive number"); }
        _given = degreesOfFreedom;
    }

    /// <inheritdoc/>
    public string Name => _given > 0 ? FormattableString.Invariant($"student-t({_given})") : "student-t";

    /// <inheritdoc/>
    public string Support => "a number";

    /// <inheritdoc/>
    public bool IsDiscrete => false;

    /// <inheritdoc/>
    public bool PrefersObserved => true;

    /// <inheritdoc/>
    public ReadOnlySpan<DistributionParameter> Parameters => _parameters.AsSpan(0, _given > 0 ? 2 : 3);

    /// <inheritdoc/>
    public bool Supports(in Outcome outcome) => double.IsFinite(outcome.Value) && outcome.Status == Censoring.None;

    /// <inheritdoc/>
    public T LogDensity<T>(in Outcome outcome, ReadOnlySpan<T> parameters) where T : struct, IScalar<T>
    {
        var nu = parameters.Length > 2 ? parameters[2] : _given;
        var u = (outcome.Value - parameters[0]) / parameters[1];
        return T.LogGamma(0.5 * (nu + 1)) - T.LogGamma(0.5 * nu) - 0.5 * T.Log(Math.PI * nu) - T.Log(parameters[1]) - 0.5 * (nu + 1) * T.Log1P(T.Square(u) / nu);
    }

    /// <summary>
    /// <c>(ν + 1)/((ν + 3)σ²)</c> about the location, <c>2ν/((ν + 3)σ²)</c> about the scale, <c>−2/((ν + 1)(ν + 3)σ)</c> between scale and ν, and about ν
    /// <c>¼(ψ′(ν/2) − ψ′((ν + 1)/2)) − (ν + 5)/(2ν(ν + 1)(ν + 3))</c>.
    /// </summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public bool TryExpectedInformation(in Outcome outcome, ReadOnlySpan<double> parameters, Span<double> information)
    {
        var k = parameters.Length;
        var (scale, nu) = (parameters[1], k > 2 ? parameters[2] : _given);
        information.Clear();
        information[0] = (nu + 1) / ((nu + 3) * scale * scale);
        information[k + 1] = 2 * nu / ((nu + 3) * scale * scale);
        if (k > 2)
        {
            information[5] = information[7] = -2 / ((nu + 1) * (nu + 3) * scale);
            information[8] = 0.25 * (Transcendental.Trigamma(0.5 * nu) - Transcendental.Trigamma(0.5 * (nu + 1))) - (nu + 5) / (2 * nu * (nu + 1) * (nu + 3));
        }
        return true;
    }

    /// <inheritdoc/>
    public void Start(in OutcomeSample sample, Span<double> parameters)
    {
        (parameters[0], parameters[1]) = StandardPosition.Start<StandardNormal>(sample, y => y);
        if (parameters.Length > 2) { parameters[2] = 5; }
    }

    /// <summary>The location, which is the median.</summary>
    /// <remarks>Parameters <c>[K]</c>.</remarks>
    public T Mean<T>(ReadOnlySpan<T> parameters) where T : struct, IScalar<T> => parameters[0];

    /// <inheritdoc/>
    public double Cumulative(double value, ReadOnlySpan<double> parameters) =>
        MathNet.Numerics.Distributions.StudentT.CDF(parameters[0], parameters[1], parameters.Length > 2 ? parameters[2] : _given, value);

    /// <inheritdoc/>
    /// <remarks>For ν of 10⁵ and more by Cornish and Fisher's expansion to 1/ν², whose error is a rounding there; below by bisection, because tails outrun an iteration.</remarks>
    public double Quantile(double probability, ReadOnlySpan<double> parameters)
    {
        const double NearlyNormal = 1e5;
        var nu = parameters.Length > 2 ? parameters[2] : _given;
        var t = nu >= NearlyNormal ? Expanded(StandardNormal.Quantile(probability), nu)
            : Math.CopySign(Tail(Math.Min(probability, 1 - probability), nu), probability - 0.5);
        return parameters[0] + parameters[1] * t;
    }

    /// <summary>Abramowitz and Stegun (1964), 26.7.5.</summary>
    static double Expanded(double z, double nu) => z * (1 + (z * z + 1) / (4 * nu) + (5 * z * z * z * z + 16 * z * z + 3) / (96 * nu * nu));

    /// <summary>t with <c>P(T &gt; t) = p</c>, p at most ½, halving its exponent.</summary>
    static double Tail(double probability, double nu)
    {
        if (probability >= 0.5) { return 0; }
        var (low, high) = (-700.0, 350.0);   // of log t, whose square is a number
        for (var halving = 0; halving < 60; halving++)
        {
            var middle = 0.5 * (low + high);
            if (MathNet.Numerics.Distributions.StudentT.CDF(0, 1, nu, -Math.Exp(middle)) > probability) { low = middle; } else { high = middle; }
        }
        return Math.Exp(0.5 * (low + high));
    }
}
