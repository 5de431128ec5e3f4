using System.Globalization;

namespace FisherFlow.Optimisation;

/// <summary>What a step remembers of the steps before it.</summary>
public enum MomentumKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>An average of scores, corrected for its start: <c>m ← βm + (1 − β)s</c>, used as <c>m/(1 − βᵗ)</c>; Adam's.</summary>
    Scores,

    /// <summary>The last velocity: <c>v ← μv + I⁻¹s</c>, <c>θ ← θ + ηv</c>.</summary>
    HeavyBall,

    /// <summary>The last move, and the score is taken where it leads: <c>θ′ = y + ηI⁻¹s(y)</c>, <c>y′ = θ′ + μ(θ′ − θ)</c>.</summary>
    Nesterov,
}

/// <summary>What a step remembers of the steps before it, and how much of it.</summary>
/// <param name="Kind">What is remembered.</param>
/// <param name="Share">The share <c>μ</c> or <c>β</c> kept at each step, 0 to 1.</param>
public readonly record struct Momentum(MomentumKind Kind, double Share)
{
    /// <summary>No memory of earlier steps.</summary>
    public static Momentum None => default;

    /// <summary>An average of scores, corrected for its start; Adam's first moment (Kingma &amp; Ba 2015).</summary>
    public static Momentum OfScores(double share) => new(MomentumKind.Scores, Checked(share));

    /// <summary>Polyak's heavy ball: the founding paper's equation (100).</summary>
    /// <remarks>
    /// Accelerates quadratics only. On a strongly convex function that is not one it may circle for ever, whatever its tuning (Lessard, Recht &amp; Packard 2016;
    /// Goujaud, Taylor &amp; Dieuleveut 2023), and with the exact metric it is slower than none: prefer <see cref="Nesterov"/>.
    /// </remarks>
    public static Momentum HeavyBall(double share) => new(MomentumKind.HeavyBall, Checked(share));

    /// <summary>Nesterov's look-ahead in the metric: accelerates every strongly convex function to <c>1 − 1/√κ</c> a step (Nesterov 2018, §2.2).</summary>
    /// <remarks>The score belongs where <see cref="Optimiser.Theta"/> is; the answer is <see cref="Optimiser.Iterate"/>. For condition κ, μ = (√κ − 1)/(√κ + 1).</remarks>
    public static Momentum Nesterov(double share) => new(MomentumKind.Nesterov, Checked(share));

    static double Checked(double share) => share is >= 0 and < 1 ? share : throw new ArgumentOutOfRangeException(nameof(share), share, "momentum keeps a share of at least 0 and below 1");

    /// <inheritdoc/>
    public override string ToString() => Kind == MomentumKind.None ? "none" : string.Create(CultureInfo.InvariantCulture, $"{Kind switch
    {
        MomentumKind.Scores => "scores",
        MomentumKind.HeavyBall => "heavy-ball",
        _ => "nesterov",
    }} {Share}");
}
