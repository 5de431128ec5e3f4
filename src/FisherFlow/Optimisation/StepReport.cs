namespace FisherFlow.Optimisation;

/// <summary>What became of a step.</summary>
public enum StepOutcome
{
    /// <summary>θ moved.</summary>
    Moved,

    /// <summary>The score, or the likelihood at θ, was not finite: nothing changed but the count of refusals.</summary>
    NotFinite,

    /// <summary>The information could not be solved: it holds the batch, and θ stayed.</summary>
    Singular,

    /// <summary>The step would have left the finite numbers: θ stayed.</summary>
    Overflow,

    /// <summary>The likelihood fell where the quadratic foretold a rise (Levenberg-Marquardt): θ stayed, and the damping grew.</summary>
    Rejected,
}

/// <summary>A step, as it went.</summary>
/// <param name="Outcome">Whether θ moved, and if not why.</param>
/// <param name="Rate">η, after the trust region.</param>
/// <param name="Damping">What was added to the diagonal.</param>
/// <param name="Divergence">The Kullback-Leibler divergence that the information foretells of the step, <c>½Δ'IΔ</c>; an average's is per observation.</param>
/// <param name="Loss">Minus the batch's log-likelihood at θ before the step, up to terms without θ (half the deviance); NaN for scores from elsewhere.</param>
/// <param name="FailedPivot">The parameter at which the information could not be solved, or null.</param>
public readonly record struct StepReport(StepOutcome Outcome, double Rate = 0, double Damping = 0, double Divergence = 0, double Loss = double.NaN, int? FailedPivot = null)
{
    /// <summary>Whether θ moved.</summary>
    public bool HasMoved => Outcome == StepOutcome.Moved;
}
