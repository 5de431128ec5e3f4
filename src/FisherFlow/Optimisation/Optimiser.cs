using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Optimisation;

/// <summary>The trajectory regime: θ on its way to an optimum, and the information gathered on the way as a metric.</summary>
/// <remarks>
/// Its information depends on the path and on an explicit damping, so its inverse is no covariance: an optimiser has no standard errors, no intervals and no
/// tests, by type. <see cref="Filter{TInformation}"/> is its counterpart in the converged regime. Scores are gradients of the log-likelihood: θ climbs them.
/// Who has the gradient of a loss passes its negative. Threads: one caller at a time. Allocates: nothing per step once warm.
/// </remarks>
public abstract class Optimiser
{
    private protected Optimiser()
    {
    }

    /// <summary>The axes of the method, in words.</summary>
    public abstract string Description { get; }

    /// <summary>Number of parameters <c>d</c>.</summary>
    public int Dimension => Theta.Length;

    /// <summary>Where the next score is wanted, <c>[d]</c>: the iterate, or where Nesterov's momentum leads from it.</summary>
    public abstract ReadOnlySpan<double> Theta { get; }

    /// <summary>The answer so far, <c>[d]</c>.</summary>
    public abstract ReadOnlySpan<double> Iterate { get; }

    /// <summary>Steps taken, among them those that could not move.</summary>
    public abstract long Steps { get; }

    /// <summary>Batches refused because their score was not finite; they changed nothing else.</summary>
    public abstract long Refusals { get; }

    /// <summary>The damping of the next step that is not computed from the information: λ as the Levenberg-Marquardt ratio has it now.</summary>
    public abstract double AdaptiveDamping { get; }

    /// <summary>One step along a score computed elsewhere.</summary>
    /// <param name="score">The gradient of the log-likelihood at <see cref="Theta"/>, <c>[d]</c>: a sum over the batch where information is summed, else a mean.</param>
    /// <exception cref="ArgumentException">The score has another length.</exception>
    /// <exception cref="InvalidOperationException">The method computes its information from a model.</exception>
    public StepReport Step(ReadOnlySpan<double> score) => Step(score, 1);

    /// <summary>One step along the scores of several observations.</summary>
    /// <param name="scores">One gradient a row, <c>[n, d]</c>.</param>
    /// <param name="count">n.</param>
    /// <exception cref="ArgumentException">The scores have another shape.</exception>
    /// <exception cref="InvalidOperationException">The method computes its information from a model.</exception>
    public abstract StepReport Step(ReadOnlySpan<double> scores, int count);

    /// <summary>One step on rows of a block under a model.</summary>
    /// <param name="model">The model; one with an auxiliary parameter is refused.</param>
    /// <param name="block">The rows.</param>
    /// <param name="start">The first row of the batch.</param>
    /// <param name="count">Its rows.</param>
    /// <param name="shape">The sizes under which θ is laid out.</param>
    /// <exception cref="ArgumentException">θ has another length than the model needs under this shape.</exception>
    public abstract StepReport Step(IModel model, Block block, int start, int count, in ModelShape shape);

    /// <summary>One step on a whole block under a model.</summary>
    public StepReport Step(IModel model, Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return Step(model, block, 0, block.Count, block.Shape);
    }

    /// <summary>Gathers a batch's information and leaves θ alone: a start from a first batch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="block">The rows.</param>
    /// <param name="start">The first row of the batch.</param>
    /// <param name="count">Its rows.</param>
    /// <param name="shape">The sizes under which θ is laid out.</param>
    public abstract void Prepare(IModel model, Block block, int start, int count, in ModelShape shape);

    /// <summary>Renames and grows the parameters: old parameter i becomes <paramref name="map"/>[i]; new ones start at zero, with the prior's information.</summary>
    /// <param name="map">New index of each old parameter, <c>[d]</c>.</param>
    /// <param name="dimension">New number of parameters.</param>
    public abstract void Remap(ReadOnlySpan<int> map, int dimension);

    /// <summary>Puts θ somewhere else; memory of the path stays.</summary>
    /// <param name="theta">The new place <c>[d]</c>.</param>
    public abstract void MoveTo(ReadOnlySpan<double> theta);

    /// <summary>Writes the state, bit for bit.</summary>
    public abstract void Save(StateWriter writer);
}
