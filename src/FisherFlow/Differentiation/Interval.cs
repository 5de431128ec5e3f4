namespace FisherFlow.Differentiation;

/// <summary>An open interval of the real line and the customary map of a free number η onto it.</summary>
/// <remarks>
/// The whole line: <c>θ = η</c>. Bounded below by a: <c>θ = a + e^η</c>. Above by b: <c>θ = b − e^(−η)</c>. On both sides: <c>θ = a + (b − a)/(1 + e^(−η))</c>.
/// All increase in η, so order and limits carry over.
/// </remarks>
/// <param name="Lower">The lower end, −∞ for none.</param>
/// <param name="Upper">The upper end, +∞ for none.</param>
public readonly record struct Interval(double Lower, double Upper)
{
    /// <summary>log 10¹²⁰: beyond it a free number is held, so that what is made of it stays finite.</summary>
    const double Limit = 276.3102111592855;

    /// <summary>The whole line; η is the number itself.</summary>
    public static Interval Line => new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Positive numbers; η is their logarithm.</summary>
    public static Interval Positive => new(0, double.PositiveInfinity);

    /// <summary>Between 0 and 1; η is the logit.</summary>
    public static Interval Unit => new(0, 1);

    /// <summary>Numbers above a bound; η is the logarithm of the excess.</summary>
    public static Interval Above(double lower) => new(lower, double.PositiveInfinity);

    /// <summary>How the free number is called: <c>identity</c>, <c>log</c>, <c>logit</c>, or with the bounds where they are not the customary ones: <c>log(θ - 2)</c>.</summary>
    public string Link => (double.IsFinite(Lower), double.IsFinite(Upper)) switch
    {
        (false, false) => "identity",
        (true, false) => Lower == 0 ? "log" : FormattableString.Invariant($"log(θ - {Lower})"),
        (false, true) => FormattableString.Invariant($"-log({Upper} - θ)"),
        _ => this == Unit ? "logit" : FormattableString.Invariant($"logit({Lower}, {Upper})"),
    };

    /// <summary>Whether a number is inside; false for what is not a number.</summary>
    public bool Contains(double value) => value > Lower && value < Upper;

    /// <summary>θ with its first two derivatives in η, which is held within what arithmetic bears.</summary>
    public Expansion At(double eta)
    {
        var (below, above) = (double.IsFinite(Lower), double.IsFinite(Upper));
        if (!below && !above) { return new(eta, 1, 0); }
        if (below && above)
        {
            var (at, width) = (Elementary.Logistic(-Math.Abs(eta)), Upper - Lower);
            return eta < 0   // from the nearer end, so that no bound is reached by rounding before it must be
                ? new(Lower + width * at.Value, width * at.First, width * at.Second)
                : new(Upper - width * at.Value, width * at.First, -width * at.Second);
        }
        var e = Math.Exp(Math.Clamp(below ? eta : -eta, -Limit, Limit));
        return below ? new(Lower + e, e, e) : new(Upper - e, e, -e);
    }

    /// <summary>θ from η over any scalar.</summary>
    public T Constrain<T>(T free) where T : struct, IScalar<T>
    {
        var at = At(free.Value);
        return T.Chain(free, at.Value, at.First, at.Second);
    }

    /// <summary>η from θ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">θ is not inside.</exception>
    public double Unconstrain(double value)
    {
        if (!Contains(value)) { throw new ArgumentOutOfRangeException(nameof(value), value, FormattableString.Invariant($"it must lie between {Lower} and {Upper}")); }
        return (double.IsFinite(Lower), double.IsFinite(Upper)) switch
        {
            (false, false) => value,
            (true, false) => Math.Log(value - Lower),
            (false, true) => -Math.Log(Upper - value),
            _ => Math.Log((value - Lower) / (Upper - value)),
        };
    }
}
