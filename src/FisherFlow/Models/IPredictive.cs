namespace FisherFlow.Models;

/// <summary>What a fitted model says of a response not yet seen: its mean (or its outcomes' probabilities) and its distribution.</summary>
/// <remarks>
/// A row has <see cref="Predictors"/> linear predictors <c>η = offset + x_lᵀθ</c> and <see cref="Means"/> predicted means, functions of them.
/// With the covariance of η, the Jacobian gives that of the means (delta method); where <see cref="InvertsIntervals"/>, limits on η may be mapped instead.
/// </remarks>
public interface IPredictive
{
    /// <summary>Linear predictors a row has: 1, the outcomes (multinomial), or the cut points (ordinal).</summary>
    int Predictors(in ModelShape shape);

    /// <summary>Predicted means a row has: 1, or one probability an outcome.</summary>
    int Means(in ModelShape shape);

    /// <summary>The design of a row's predictor, <c>∂η_l/∂θ [d]</c>, dense; cleared first.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="row">Which row.</param>
    /// <param name="shape">The sizes under which parameters are laid out.</param>
    /// <param name="predictor">Which of the <see cref="Predictors"/>.</param>
    /// <param name="design">The derivative, <c>[d]</c>.</param>
    void DescribePredictor(Block block, int row, in ModelShape shape, int predictor, Span<double> design);

    /// <summary>The part of a predictor that no parameter carries: the row's offset, with the sign the predictor gives it.</summary>
    double PredictorOffset(Block block, int row);

    /// <summary>Means and their Jacobian at the predictors.</summary>
    /// <param name="eta">Linear predictors <c>[L]</c>.</param>
    /// <param name="means">Means <c>[M]</c>.</param>
    /// <param name="jacobian"><c>∂mean_m/∂η_l [M, L]</c>, row by row.</param>
    void Predict(ReadOnlySpan<double> eta, Span<double> means, Span<double> jacobian);

    /// <summary>Whether the mean is a monotone function of one predictor, so that limits on η map to limits on the mean.</summary>
    bool InvertsIntervals { get; }

    /// <summary>Whether a distribution is known for a new response; quasi-likelihoods and unordered outcomes have none.</summary>
    bool HasPredictiveDistribution { get; }

    /// <summary><c>P(Y ≤ y)</c> of a new response at a known mean.</summary>
    /// <param name="response">y, on the scale of the response (a proportion for binomial trials).</param>
    /// <param name="mean">The mean.</param>
    /// <param name="dispersion">φ over the prior weight.</param>
    /// <param name="auxiliary">The auxiliary parameter, as the model's <see cref="IModel.Work"/> takes it.</param>
    /// <param name="trials">Trials behind the response; 1 but for binomial.</param>
    double Cumulative(double response, double mean, double dispersion, double auxiliary, double trials);

    /// <summary>The smallest y with <c>P(Y ≤ y) ≥ probability</c>, at a known mean; parameters as in <see cref="Cumulative"/>.</summary>
    double Quantile(double probability, double mean, double dispersion, double auxiliary, double trials);
}
