namespace FisherFlow.Models;

/// <summary>What one observation says: its score and information at θ. A model knows no information structure and no column name.</summary>
/// <remarks>Stateless and safe to share between threads; scratch memory comes with each call.</remarks>
public interface IModel
{
    /// <summary>Number of parameters <c>d</c> under these sizes.</summary>
    int Dimension(in ModelShape shape);

    /// <summary>The parameter that carries a design column for an outcome, or −1 when there is none.</summary>
    /// <remarks>Models with one predictor ignore the outcome (0). An ordinal model's cut points are <c>(outcome j, column −1)</c>, j = 0 … outcomes − 2.</remarks>
    int Parameter(in ModelShape shape, int outcome, int column);

    /// <summary>Whether the response can occur under the model; asked at the door, not in the loop.</summary>
    bool Supports(double response);

    /// <summary>Whether the log-likelihood is quadratic in θ, so that evidence never depends on where it was computed.</summary>
    bool IsQuadratic { get; }

    /// <summary>Whether outcomes are ordered: cut points stand in for the intercept.</summary>
    bool IsOrdinal { get; }

    /// <summary>Whether the model carries an auxiliary parameter (the negative binomial's log θ) that is estimated jointly.</summary>
    bool HasAuxiliary { get; }

    /// <summary>A θ <c>[d]</c> at which every observation has finite score and information, given what the responses add up to.</summary>
    void Start(in ModelShape shape, in ResponseSums responses, Span<double> theta);

    /// <summary>Adds what rows of a block say about the response alone.</summary>
    void Summarise(Block block, int start, int count, ref ResponseSums sums);

    /// <summary>Describes rows <paramref name="start"/> … of a block as weighted design rows at θ, and adds their sums.</summary>
    /// <remarks>
    /// <paramref name="theta"/> is <c>[d]</c> under <paramref name="shape"/>, which may be larger than the block's own (levels met later).
    /// <paramref name="leverages"/> is empty, or <c>xᵢᵀI⁻¹xᵢ [count]</c>: then the scores carry Firth's correction.
    /// Allocates nothing once the workspace has grown. Scores, weights and sums are finite whatever θ is.
    /// </remarks>
    WorkingRows Work(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary,
        ReadOnlySpan<double> leverages, ref FitSums sums, Workspace workspace);

    /// <summary>The deviance of the model with an intercept alone, from sums; null when sums do not determine it (offsets, an auxiliary parameter).</summary>
    double? NullDeviance(in ResponseSums responses);

    /// <summary>The log-likelihood as R's <c>logLik</c> gives it; null for quasi-likelihoods and families without a density (Tweedie).</summary>
    double? LogLikelihood(in ResponseSums responses, double deviance, double auxiliary);

    /// <summary>Whether the dispersion is a parameter of the family (gaussian, gamma, …) that AIC counts and standard errors scale with.</summary>
    bool EstimatesDispersion { get; }
}
