namespace FisherFlow.StateSpace;

/// <summary>Where the filter of a local level comes to rest, and the exponential forgetting that it is then.</summary>
/// <remarks>
/// With steps of variance q and observations of variance r: <c>P = (q + √(q² + 4qr))/2</c> before an observation, gain <c>K = P/(P + r)</c>, mean squared error <c>K·r</c> after it. The filter is then
/// <c>m ← m + K(y − m)</c>, a mean with forgetting <c>λ* = 1 − K</c>: the rate of decay and the drift are the same thing said twice. Source: Muth (1960); Harvey (1989), § 4.1.
/// </remarks>
/// <param name="Prediction">P.</param>
/// <param name="Gain">K.</param>
/// <param name="MeanSquaredError">K·r.</param>
public readonly record struct SteadyState(double Prediction, double Gain, double MeanSquaredError)
{
    /// <summary>λ*, the best share of old evidence to keep at each step.</summary>
    public double Retention => 1 - Gain;

    /// <summary>The steady state of a local level.</summary>
    /// <param name="q">Variance of a step, positive.</param>
    /// <param name="r">Variance of an observation, positive.</param>
    public static SteadyState OfLocalLevel(double q, double r)
    {
        if (!(q > 0 && r > 0)) { throw new ArgumentOutOfRangeException(nameof(q), q, $"both variances are positive; they are {q} and {r}"); }
        var prediction = (q + Math.Sqrt(q * q + 4 * q * r)) / 2;
        var gain = prediction / (prediction + r);
        return new(prediction, gain, gain * r);
    }

    /// <summary>The variance of a step that a retention λ is best for: <c>q = r(1 − λ)²/λ</c>.</summary>
    /// <param name="retention">λ, between 0 and 1.</param>
    /// <param name="r">Variance of an observation.</param>
    public static double DriftOf(double retention, double r = 1) => r * (1 - retention) * (1 - retention) / retention;

    /// <summary>The mean squared error after an observation of a mean with any retention λ: <c>(K²r + λ²q)/(1 − λ²)</c>, K = 1 − λ.</summary>
    /// <param name="retention">λ, between 0 and 1.</param>
    /// <param name="q">Variance of a step.</param>
    /// <param name="r">Variance of an observation.</param>
    public static double ErrorOf(double retention, double q, double r) =>
        ((1 - retention) * (1 - retention) * r + retention * retention * q) / (1 - retention * retention);
}
