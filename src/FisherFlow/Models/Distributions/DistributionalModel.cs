using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>Distributional regression: every parameter of a distribution follows a linear predictor of its own, <c>θ_o = h_o(offset_o + xᵀβ_o)</c>.</summary>
/// <remarks>
/// The parameters play the part that outcomes play in a multinomial model: <see cref="ModelShape.Outcomes"/> counts them. Offsets belong to the first.
/// Source: Rigby &amp; Stasinopoulos (2005), generalised additive models for location, scale and shape.
/// </remarks>
public abstract class DistributionalModel : IModel
{
    private protected DistributionalModel()
    {
        // two implementations: one for any distribution, and mixtures, whose likelihood asks for an estimator of its own
    }

    /// <summary>The distribution, as the command line calls it.</summary>
    public abstract string Name { get; }

    /// <summary>The responses it may have, in words.</summary>
    public abstract string Support { get; }

    /// <summary>Whether responses are whole numbers.</summary>
    public abstract bool IsDiscrete { get; }

    /// <summary>The parameters <c>[K]</c>.</summary>
    public abstract ReadOnlySpan<DistributionParameter> Parameters { get; }

    /// <summary>Whether the observed information stands for the expected one: that has no closed form, or the tails are heavy, or responses are censored.</summary>
    public abstract bool IsObserved { get; }

    /// <summary>Whether responses may be censored.</summary>
    public abstract bool TakesCensored { get; }

    /// <summary>Components of a response, <c>cbind(a, b, c)</c>.</summary>
    public abstract int Components { get; }

    /// <summary>Parameters that the formula's right side speaks of, and an offset belongs to: the first, or the means of all components of a mixture.</summary>
    public virtual int Leading => 1;

    /// <summary>Whether the response can occur; asked at the door, not in the loop.</summary>
    public abstract bool Supports(in Outcome outcome);

    /// <summary>The same model for a design whose parts are used by some of the predictors only.</summary>
    /// <param name="design">Which predictor uses what.</param>
    /// <param name="layout">What responses have besides their value; where they may be censored, information is observed.</param>
    public abstract DistributionalModel With(PredictorDesign design, ResponseLayout layout = default);

    /// <summary>Whether a predictor uses what a slot holds.</summary>
    internal abstract bool Uses(int slot, int predictor);

    /// <summary>The same model with the corners of its log-density rounded off, and observed information; null where there are none.</summary>
    /// <param name="corner">Half the width of the rounding, in scales.</param>
    public abstract DistributionalModel? Rounded(double corner);

    /// <summary>Whether the log-density has corners, on which the estimate lies in general.</summary>
    public abstract bool HasCorners { get; }

    /// <summary>Log-density, score and information about the predictors of one observation.</summary>
    /// <param name="outcome">The response.</param>
    /// <param name="eta">Predictors <c>[K]</c>.</param>
    /// <param name="score"><c>∂ℓ/∂η [K]</c>.</param>
    /// <param name="information">Expected information <c>[K, K]</c> where it is wanted and has a closed form, the observed one otherwise.</param>
    /// <param name="isExpected">Whether the expected information is wanted, and on return whether it was had.</param>
    public abstract double Differentiate(in Outcome outcome, ReadOnlySpan<double> eta, Span<double> score, Span<double> information, ref bool isExpected);

    /// <summary><c>P(Y ≤ y)</c> at predictors <c>[K]</c>.</summary>
    public abstract double Cumulative(double response, ReadOnlySpan<double> eta);

    /// <summary>The smallest y with <c>P(Y ≤ y) ≥ probability</c> at predictors <c>[K]</c>.</summary>
    public abstract double Quantile(double probability, ReadOnlySpan<double> eta);

    /// <summary>Where means lie: the whole line, above zero, or between 0 and 1.</summary>
    public abstract Interval MeanRange { get; }

    /// <inheritdoc/>
    public bool IsQuadratic => false;

    /// <inheritdoc/>
    public bool HasUnitScale => false;

    /// <inheritdoc/>
    public bool IsOrdinal => false;

    /// <inheritdoc/>
    public bool HasAuxiliary => false;

    /// <inheritdoc/>
    public bool EstimatesDispersion => false;

    /// <inheritdoc/>
    public bool InvertsIntervals => false;

    /// <inheritdoc/>
    public bool HasPredictiveDistribution => true;

    /// <inheritdoc/>
    public int Predictors(in ModelShape shape) => Parameters.Length;

    /// <inheritdoc/>
    public int Means(in ModelShape shape) => 1;

    /// <inheritdoc/>
    public double PredictorOffset(Block block, int row) => block.Offset[row];

    /// <inheritdoc/>
    public double? NullDeviance(in ResponseSums responses, bool hasIntercept, double auxiliary) => null;

    /// <inheritdoc/>
    public double? LogLikelihood(in ResponseSums responses, double deviance, double auxiliary) => -0.5 * deviance;

    /// <inheritdoc/>
    public double Cumulative(double response, double mean, double dispersion, double auxiliary, double trials) =>
        throw new NotSupportedException("a mean does not determine this distribution; ask at its predictors");

    /// <inheritdoc/>
    public double Quantile(double probability, double mean, double dispersion, double auxiliary, double trials) =>
        throw new NotSupportedException("a mean does not determine this distribution; ask at its predictors");

    /// <inheritdoc/>
    public abstract int Dimension(in ModelShape shape);

    /// <inheritdoc/>
    public abstract int Parameter(in ModelShape shape, int outcome, int column);

    /// <inheritdoc/>
    public abstract bool Supports(double response);

    /// <inheritdoc/>
    public abstract void Start(in ModelShape shape, in ResponseSums responses, Block rows, Span<double> theta);

    /// <inheritdoc/>
    public void Summarise(Block block, int start, int count, ref ResponseSums sums)
    {
        var batch = ResponseSums.Empty;
        ResponseSummary.Add(block, start, count, ref batch);
        sums.Add(batch);
    }

    /// <inheritdoc/>
    public abstract WorkingRows Work(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, double auxiliary,
        ReadOnlySpan<double> leverages, ref FitSums sums, Workspace workspace);

    /// <inheritdoc/>
    public WorkingRows WorkAtStart(Block block, int start, int count, in ModelShape shape, ReadOnlySpan<double> theta, ref FitSums sums, Workspace workspace) =>
        Work(block, start, count, shape, theta, 0, default, ref sums, workspace);

    /// <inheritdoc/>
    public abstract IModel WithInformation(InformationKind kind, int samples = 1, ulong seed = 0);

    /// <inheritdoc/>
    public abstract void DescribePredictor(Block block, int row, in ModelShape shape, int predictor, Span<double> design);

    /// <inheritdoc/>
    public abstract void Predict(ReadOnlySpan<double> eta, Span<double> means, Span<double> jacobian);
}
