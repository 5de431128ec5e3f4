using FisherFlow.Inference;

namespace FisherFlow.Likelihoods;

/// <summary>Values of a function of θ and a row at an estimate, with errors by the delta method and, of a least-squares mean, limits for the mean or a new observation.</summary>
/// <remarks>Limits of a mean are Wald limits by the normal quantile; those of a new observation add the noise and take Student's t. One instance serves one thread.</remarks>
public sealed class LikelihoodPredictor
{
    readonly LikelihoodModel _function;
    readonly LikelihoodCovariance _covariance;
    readonly PredictionOptions _options;
    readonly double[] _theta;
    readonly double _normal;
    readonly double _exact;

    /// <summary>Prepares predictions.</summary>
    /// <param name="estimate">The estimate.</param>
    /// <param name="model">The likelihood that was estimated.</param>
    /// <param name="function">What is predicted: the model itself when that is a mean, or another function of the same parameters.</param>
    /// <param name="options">Covariance, interval and level.</param>
    /// <exception cref="ArgumentException">A new observation is asked for of what is no mean, or errors that were not prepared.</exception>
    public LikelihoodPredictor(LikelihoodEstimate estimate, LikelihoodModel model, LikelihoodModel function, PredictionOptions options)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        Summary.RequireLevel(options.Level);
        if (options.Interval == PredictionInterval.Observation && !model.IsLeastSquares) { throw new ArgumentException("a log-density says what an observation is worth and not where the next will fall: limits for a new observation do not exist; --interval mean gives those of the expression"); }
        (_function, _covariance, _options, _theta) = (function, new(estimate, model, options.Covariance), options, estimate.Theta);
        _normal = NormalDistribution.Quantile(options.Level);
        var degrees = estimate.Sums.Observations - (estimate.Factor?.Rank ?? 0);
        _exact = degrees > 0 ? StudentDistribution.Quantile(options.Level, degrees) : _normal;
    }

    /// <summary>Predicts rows.</summary>
    /// <param name="rows">Rows of the function <c>[n, columns]</c>.</param>
    /// <param name="predictions">Receives the predictions <c>[n]</c>; empty where the function has no value.</param>
    public void Predict(ReadOnlySpan<double> rows, Span<Prediction> predictions)
    {
        var m = _theta.Length;
        double[] values = new double[predictions.Length], gradients = new double[predictions.Length * m];
        _function.Evaluate(_theta, rows, values, gradients);
        for (var i = 0; i < predictions.Length; i++)
        {
            predictions[i] = default;
            if (!double.IsFinite(values[i])) { continue; }
            var error = _covariance.Error(gradients.AsSpan(i * m, m));
            double? reach = _options.Interval switch
            {
                PredictionInterval.Mean => _normal * error,
                PredictionInterval.Observation when _covariance.Dispersion is { } noise => _exact * Math.Sqrt(error * error + noise ?? double.NaN),
                _ => null,
            };
            predictions[i] = new(values[i], error, Number.Finite(values[i] - reach), Number.Finite(values[i] + reach));
        }
    }
}
