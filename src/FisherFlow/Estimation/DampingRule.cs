namespace FisherFlow.Estimation;

/// <summary>What decides the damping δ of <c>(I + δ·1)</c>.</summary>
public enum DampingKind
{
    /// <summary>δ = 0.</summary>
    None,
    /// <summary>δ is given.</summary>
    Tikhonov,
    /// <summary>δ is a share of the mean eigenvalue, <c>ε·tr(I)/d</c>.</summary>
    Relative,
    /// <summary>δ gives the information a condition number κ at most.</summary>
    Condition,
}

/// <summary>A damping as users write it: <c>none</c>, <c>tikhonov:λ</c>, <c>relative:ε</c>, <c>condition:κ</c>.</summary>
/// <remarks>
/// Damping is never stored in the information: it is added where the information is solved, and is reported as the prior that it is, N(0, 1/δ) for every coefficient.
/// An absolute δ means something else in every unit of the columns; the other two follow the information (Tikhonov 1963; Levenberg 1944).
/// </remarks>
/// <param name="Kind">What decides δ.</param>
/// <param name="Value">λ, ε or κ.</param>
public readonly record struct DampingRule(DampingKind Kind, double Value = 0)
{
    /// <summary>What can be written, for messages.</summary>
    public const string Legal = "none, tikhonov:LAMBDA (above 0, added to the information), relative:EPSILON (above 0, times its mean eigenvalue) or condition:KAPPA (above 1, the largest condition number)";

    /// <summary>δ for an information with these eigenvalues: <c>λ</c>, <c>ε·tr/d</c>, or <c>max(0, (λmax − κλmin)/(κ − 1))</c>, after which <c>(λmax + δ)/(λmin + δ) = κ</c>.</summary>
    /// <param name="largest">Its largest eigenvalue.</param>
    /// <param name="smallest">Its smallest eigenvalue.</param>
    /// <param name="mean">Its mean eigenvalue, <c>tr(I)/d</c>.</param>
    public double For(double largest, double smallest, double mean) => Kind switch
    {
        DampingKind.Tikhonov => Value,
        DampingKind.Relative => Value * mean,
        DampingKind.Condition => Math.Max(0, (largest - Value * Math.Max(0, smallest)) / (Value - 1)),
        _ => 0,
    };

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out DampingRule rule)
    {
        rule = default;
        var (name, number) = RuleText.Split(text);
        if (name == "none") { return number is null; }
        var value = RuleText.Number(number);
        rule = name switch
        {
            "tikhonov" when value > 0 => new(DampingKind.Tikhonov, value),
            "relative" when value > 0 => new(DampingKind.Relative, value),
            "condition" when value > 1 => new(DampingKind.Condition, value),
            _ => default,
        };
        return rule.Kind != DampingKind.None;
    }

    /// <summary>The damping as users write it.</summary>
    public override string ToString() => Kind switch
    {
        DampingKind.Tikhonov => RuleText.Write("tikhonov", Value),
        DampingKind.Relative => RuleText.Write("relative", Value),
        DampingKind.Condition => RuleText.Write("condition", Value),
        _ => "none",
    };
}
