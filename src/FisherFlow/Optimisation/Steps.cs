using FisherFlow.Estimation;

namespace FisherFlow.Optimisation;

/// <summary>The usual step rules; momentum, trust radius and decay are added by <c>with</c>.</summary>
public static class Steps
{
    /// <summary><c>θ ← θ + η(I + δ)⁻¹s</c>; with the identity as information, plain gradient ascent.</summary>
    public static StepRule Natural(Schedule rate, DampingRule damping = default) => new() { Kind = StepKind.Natural, Rate = rate, Damping = damping };

    /// <summary>A natural step whose damping follows the ratio of gain and forecast; a step that loses is taken back.</summary>
    /// <param name="rate">η.</param>
    /// <param name="damping">The first λ, above 0.</param>
    public static StepRule LevenbergMarquardt(Schedule rate, double damping)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(damping);
        return new() { Kind = StepKind.Natural, Rate = rate, AdaptiveDamping = damping };
    }

    /// <summary><c>θ ← θ + ηs/(√I + ε)</c>.</summary>
    /// <remarks>Rescaling a parameter by c rescales this step by c², the natural one by c, as it must: the root loses covariance.</remarks>
    /// <param name="rate">η.</param>
    /// <param name="floor">ε, added after the root; diagonal and scalar structures only.</param>
    public static StepRule InverseRoot(Schedule rate, double floor = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(floor);
        return new() { Kind = StepKind.InverseRoot, Rate = rate, RootFloor = floor };
    }

    /// <summary><c>θ′ = argmax ℓ_B(θ) − ½‖θ − θₙ‖²_I/η</c>; with the full information, every step solved out and η = 1 this is the renewable estimator (Luo &amp; Song 2020).</summary>
    /// <param name="rate">η: 1 weighs old information as it is, <c>1/λ</c> by λ.</param>
    /// <param name="iterations">Newton steps at most, at least 1.</param>
    public static StepRule Proximal(Schedule rate, int iterations = 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        return new() { Kind = StepKind.Proximal, Rate = rate, Iterations = iterations };
    }

    /// <summary><c>∇ψ(θ′) = ∇ψ(θ) + ηs</c> (Nemirovski &amp; Yudin 1983).</summary>
    public static StepRule Mirror(IPotential potential, Schedule rate)
    {
        ArgumentNullException.ThrowIfNull(potential);
        return new() { Kind = StepKind.Mirror, Potential = potential, Rate = rate };
    }
}
