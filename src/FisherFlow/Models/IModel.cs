namespace FisherFlow.Models;

/// <summary>What one observation says: its score and information at θ. A model knows no information structure and no column name.</summary>
/// <remarks>Stateless and safe to share between threads; scratch memory comes with each call.</remarks>
public interface IModel : IPredictive
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

    /// <summary>Whether a unit of the linear predictor is a large move: weights then change by at most about a factor e, and every θ has means.</summary>
    bool HasUnitScale { get; }

    /// <summary>Whether outcomes are ordered: cut points stand in for the intercept.</summary>
    bool IsOrdinal { get; }

    /// <summary>Whether the model carries an auxiliary parameter (the negative binomial's log θ) that is estimated jointly.</summary>
    bool HasAuxiliary { get; }

    /// <summary>Writes the anchor about which <see cref="WorkAtStart"/> describes the first rows, given what the responses add up to.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="responses">Sums over the responses of the rows to come.</param>
    /// <param name="rows">The first rows themselves.</param>
    /// <param name="theta">The anchor <c>[d]</c>: zero, but for an ordinal model's cut points, which follow the outcomes' frequencies, and the parameters of a distribution, which start by moments.</param>
    void Start(in ModelShape shape, in ResponseSums responses, Block rows, Span<double> theta);

    /// <summary>Adds what rows of a block say about the response alone.</summary>
    void Summarise(Block block, int start, int count, ref ResponseSums sums);

    /// <summary>Describes rows <paramref name="start"/> … of a block as weighted design rows at θ, and adds their sums.</summary>
    /// <remarks>
    /// <paramref name="theta"/> is <c>[d]</c> under <paramref name="shape"/>, which may be larger than the block's own (levels met later).
    /// <paramref name="leverages"/> is empty, or <c>xᵢᵀI⁻¹xᵢ [count]</c>: then the scores carry Firth's correction.
    /// Allocates nothing once the workspace has grown. Scores and weights are finite whatever θ is; the deviance is +∞ where θ is outside the model's domain
    /// (a mean that the family cannot have, cut points out of order, an η that is not a number), so that a step can be halved.
    /// </remarks>
    WorkingRows Work(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary,
        ReadOnlySpan<double> leverages, ref FitSums sums, Workspace workspace);

    /// <summary>Describes rows before any θ is known, so that one least-squares solve from the anchor gives the first θ.</summary>
    /// <remarks>
    /// A GLM starts at fitted means near the responses, as R does (<c>mustart</c>), which are legal where θ = 0 need not be (inverse links):
    /// weights are those at the starting means and scores are <c>wᵢ(zᵢ − offsetᵢ − xᵢᵀθ)</c> with the working response <c>z = η + (y − μ)/μ'</c>. A response
    /// without a legal starting mean (0 under a gaussian log link) has weight 0. Other models give <see cref="Work"/> at the anchor.
    /// The sums are those at the starting means: they say nothing about θ and are not to be compared.
    /// </remarks>
    /// <param name="block">The rows.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="shape">The sizes under which parameters are laid out.</param>
    /// <param name="theta">The anchor of <see cref="Start"/>, <c>[d]</c>.</param>
    /// <param name="sums">Where the sums are added.</param>
    /// <param name="workspace">Scratch memory.</param>
    WorkingRows WorkAtStart(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, ref FitSums sums, Workspace workspace);

    /// <summary>The model whose <see cref="Work"/> weighs rows by that estimate of their information; scores, and <see cref="WorkAtStart"/>, stay as they are.</summary>
    /// <remarks>Observed weights may be negative. What a model has no estimate for it refuses; a model that says nothing of it has its own information only.</remarks>
    /// <param name="kind">The estimate.</param>
    /// <param name="samples">Outcomes sampled for a row, for <see cref="InformationKind.MonteCarlo"/>.</param>
    /// <param name="seed">Decides the samples, together with the row's number in the stream (<see cref="Block.FirstRow"/>).</param>
    /// <exception cref="NotSupportedException">The model has no such estimate; the message says which it has.</exception>
    IModel WithInformation(InformationKind kind, int samples = 1, ulong seed = 0) => kind == InformationKind.Expected
        ? this
        : throw new NotSupportedException($"this model's information is computed in one way only, and {kind} is another");

    /// <summary>The deviance of the intercept alone, or of no parameter at all; null when sums do not determine it (offsets) or the predictor 0 has no mean.</summary>
    /// <remarks>With an auxiliary parameter the sums hold what <see cref="LogLikelihood"/> asks for.</remarks>
    /// <param name="responses">Sums over the responses.</param>
    /// <param name="hasIntercept">Whether the null model has an intercept; without one its linear predictor is zero, as in R.</param>
    /// <param name="auxiliary">The auxiliary parameter.</param>
    double? NullDeviance(in ResponseSums responses, bool hasIntercept, double auxiliary);

    /// <summary>The log-likelihood as R's <c>logLik</c> gives it; null for quasi-likelihoods and families without a density (Tweedie).</summary>
    /// <remarks>
    /// With an auxiliary parameter, <see cref="ResponseSums.Saturated"/> and <see cref="ResponseSums.Carrier"/> depend on it: the estimator puts the last pass's
    /// <see cref="FitSums.Saturated"/> and <see cref="FitSums.Carrier"/> in their place before it hands the sums on.
    /// </remarks>
    double? LogLikelihood(in ResponseSums responses, double deviance, double auxiliary);

    /// <summary>Whether the dispersion is a parameter of the family (gaussian, gamma, …) or of the quasi-likelihood, which standard errors scale with.</summary>
    bool EstimatesDispersion { get; }
}
