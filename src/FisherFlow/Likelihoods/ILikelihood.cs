using FisherFlow.Differentiation;

namespace FisherFlow.Likelihoods;

/// <summary>A likelihood of one's own: the log-density of an observation <c>ℓ(θ; row)</c>, written once over the number type, from which every derivative follows.</summary>
/// <remarks>A type with no instances: <c>readonly struct Gumbel : ILikelihood { … }</c>, used as <c>LikelihoodModel.Of&lt;Gumbel&gt;()</c>. Parameters come in the user's own scale; constraints are
/// kept by transforms that the density never sees. The function is the same whenever it is called with the same row: what it does is recorded and repeated for other θ, unless it asks for a value that depends on θ.</remarks>
public interface ILikelihood
{
    /// <summary>The parameters θ, in the order in which the density takes them.</summary>
    static abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The names of the numbers that make an observation, in the order in which the density takes them.</summary>
    static abstract IReadOnlyList<string> Columns { get; }

    /// <summary><c>log p(row | θ)</c>, constants included if the log-likelihood is to be comparable; NaN where the observation is impossible.</summary>
    /// <typeparam name="T">The number.</typeparam>
    /// <param name="parameters">θ in the user's scale, <c>[p]</c>.</param>
    /// <param name="row">The observation, <c>[columns]</c>.</param>
    static abstract T LogDensity<T>(ReadOnlySpan<T> parameters, ReadOnlySpan<double> row) where T : struct, IScalar<T>;
}

/// <summary>A nonlinear regression of one's own: the mean <c>f(θ, x)</c> of a response with independent gaussian noise of unknown variance.</summary>
/// <remarks>Estimated by least squares; information is Gauss and Newton's, <c>Σ w ∇f ∇fᵀ/σ²</c>, as NIST certifies and R's nls reports it.</remarks>
public interface INonlinearModel
{
    /// <summary>The parameters θ, in the order in which the mean takes them.</summary>
    static abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The names of the predictors, in the order in which the mean takes them; a row of data holds them and, behind them, the response.</summary>
    static abstract IReadOnlyList<string> Predictors { get; }

    /// <summary><c>f(θ, x)</c>.</summary>
    /// <typeparam name="T">The number.</typeparam>
    /// <param name="parameters">θ in the user's scale, <c>[p]</c>.</param>
    /// <param name="predictors">The predictors, <c>[columns]</c>.</param>
    static abstract T Mean<T>(ReadOnlySpan<T> parameters, ReadOnlySpan<double> predictors) where T : struct, IScalar<T>;
}
