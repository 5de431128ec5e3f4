using System.Globalization;
using FisherFlow.Estimation;

namespace FisherFlow.Optimisation;

/// <summary>What turns information and score into movement.</summary>
public enum StepKind
{
    /// <summary><c>θ ← θ + η(I + δ)⁻¹s</c>.</summary>
    Natural,

    /// <summary><c>θ ← θ + η(I^½ + ε)⁻¹s</c>: not covariant, Adam's and RMSprop's.</summary>
    InverseRoot,

    /// <summary><c>θ′ = argmax ℓ_B(θ) − ½‖θ − θₙ‖²_(I + δ)/η</c>, iterated.</summary>
    Proximal,

    /// <summary><c>∇ψ(θ′) = ∇ψ(θ) + ηs</c>.</summary>
    Mirror,
}

/// <summary>The step axis; <see cref="Steps"/> makes the usual ones, and <c>with</c> changes a part.</summary>
public sealed record StepRule
{
    /// <summary>Natural, inverse root, proximal or mirror.</summary>
    public StepKind Kind { get; init; }

    /// <summary>The learning rate η of each step.</summary>
    /// <value>Constant 1.</value>
    public Schedule Rate { get; init; } = 1;

    /// <summary>What a step remembers of those before it.</summary>
    /// <value>None.</value>
    public Momentum Momentum { get; init; }

    /// <summary>What is added to the information while it is solved.</summary>
    /// <value>Nothing.</value>
    public DampingRule Damping { get; init; }

    /// <summary>The first λ of a damping that grows when a step gains less than its quadratic foretold and shrinks when it gains as much (Levenberg 1944; Marquardt 1963); 0 for none.</summary>
    /// <value>0.</value>
    public double AdaptiveDamping { get; init; }

    /// <summary>ε, added to the root of a diagonal after it is taken: Adam's, which is no damping of the information.</summary>
    /// <value>0.</value>
    public double RootFloor { get; init; }

    /// <summary>The largest predicted Kullback-Leibler divergence of a step, <c>½η²dᵀId</c> in nats; a longer step is shortened to it.</summary>
    /// <value>+∞.</value>
    public double TrustRadius { get; init; } = double.PositiveInfinity;

    /// <summary>Weight decay apart from the score, <c>θ ← (1 − ηw)θ</c>; AdamW's (Loshchilov &amp; Hutter 2019).</summary>
    /// <value>0.</value>
    public double Decay { get; init; }

    /// <summary>The mirror of a mirror step.</summary>
    public IPotential? Potential { get; init; }

    /// <summary>Newton steps of a proximal step at most; 1 is the extended Kalman filter's.</summary>
    /// <value>1.</value>
    public int Iterations { get; init; } = 1;

    /// <summary>The rule in words, for reports and as the identity that a snapshot checks.</summary>
    public override string ToString()
    {
        var parts = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{Name(Kind)} {Rate}") };
        if (Potential is not null) { parts.Add(Potential.Name); }
        if (Kind == StepKind.Proximal) { parts.Add(string.Create(CultureInfo.InvariantCulture, $"iterations {Iterations}")); }
        if (Momentum.Kind != MomentumKind.None) { parts.Add($"momentum {Momentum}"); }
        if (Damping.Kind != DampingKind.None) { parts.Add($"damping {Damping}"); }
        if (AdaptiveDamping > 0) { parts.Add(string.Create(CultureInfo.InvariantCulture, $"adaptive damping from {AdaptiveDamping}")); }
        if (RootFloor > 0) { parts.Add(string.Create(CultureInfo.InvariantCulture, $"floor {RootFloor}")); }
        if (double.IsFinite(TrustRadius)) { parts.Add(string.Create(CultureInfo.InvariantCulture, $"trust {TrustRadius}")); }
        if (Decay > 0) { parts.Add(string.Create(CultureInfo.InvariantCulture, $"decay {Decay}")); }
        return string.Join(", ", parts);
    }

    static string Name(StepKind kind) => kind switch
    {
        StepKind.Natural => "natural",
        StepKind.InverseRoot => "inverse-root",
        StepKind.Proximal => "proximal",
        _ => "mirror",
    };
}
