namespace FisherFlow.Likelihoods;

/// <summary>A likelihood that can also draw outcomes, for information that is a mean over them: <c>E[s sᵀ]</c> under the model.</summary>
/// <remarks>Used as <c>LikelihoodModel.OfSampled&lt;Gumbel&gt;()</c>. Outcomes and density must belong together; where the scores of what is drawn do not average to zero, the report says so.</remarks>
public interface ISampledLikelihood : ILikelihood
{
    /// <summary>Puts an outcome <c>y ~ p(y | θ)</c> in the place of the row's own; the rest of the row stays.</summary>
    /// <param name="parameters">θ in the user's scale, <c>[p]</c>.</param>
    /// <param name="row">The observation, <c>[columns]</c>.</param>
    /// <param name="noise">Random numbers; the expected information takes one a row, and integrates over it.</param>
    static abstract void Sample(ReadOnlySpan<double> parameters, Span<double> row, ref OutcomeNoise noise);
}
