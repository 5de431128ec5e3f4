namespace FisherFlow.StateSpace;

/// <summary>The state at one time given the whole series.</summary>
/// <param name="Mean">Its mean <c>[d]</c>.</param>
/// <param name="Covariance">Its covariance <c>[d, d]</c>.</param>
public sealed record SmoothedState(double[] Mean, double[,] Covariance);

/// <summary>Rauch, Tung and Striebel's smoother: <c>mₜ|ₙ = mₜ + J(mₜ₊₁|ₙ − Tmₜ)</c>, <c>J = PₜTᵀ(TPₜTᵀ + Q)⁻¹</c>, backwards from the last time.</summary>
/// <remarks>Memory and cost: <c>O(n·d²)</c> and <c>O(n·d³)</c>; all the series is held. Source: Rauch, Tung &amp; Striebel (1965).</remarks>
public static class Smoother
{
    /// <summary>Smooths a series, one observation a step; a value that is not a number is missing.</summary>
    /// <param name="model">The model, with a start that has a covariance.</param>
    /// <param name="series">y <c>[n]</c>.</param>
    /// <exception cref="ArgumentException">The start is diffuse, or a prediction has a singular covariance.</exception>
    public static SmoothedState[] Smooth(LinearGaussianModel model, ReadOnlySpan<double> series)
    {
        var filter = new CovarianceFilter(model);
        var (states, predictions) = (new SmoothedState[series.Length], new SmoothedState[series.Length]);
        for (var t = 0; t < series.Length; t++)
        {
            if (t > 0) { filter.Predict(); }
            predictions[t] = new(filter.Mean(), filter.Covariance());
            filter.Observe(series[t]);
            states[t] = new(filter.Mean(), filter.Covariance());
        }
        for (var t = series.Length - 2; t >= 0; t--)
        {
            var (here, next, later) = (states[t], predictions[t + 1], states[t + 1]);
            var inverse = Square.Inverse(next.Covariance) ?? throw new ArgumentException($"the covariance of the state predicted for time {t + 1} is singular; noise or a start without certainty is needed", nameof(model));
            var gain = Square.Product(Square.Product(here.Covariance, Square.Transpose(model.Transition)), inverse);
            var (mean, apart) = ((double[])here.Mean.Clone(), new double[model.Dimension]);
            for (var i = 0; i < apart.Length; i++) { apart[i] = later.Mean[i] - next.Mean[i]; }
            var shift = Square.Product(gain, apart);
            for (var i = 0; i < mean.Length; i++) { mean[i] += shift[i]; }
            states[t] = new(mean, Square.Sum(here.Covariance, Square.Congruence(gain, Square.Sum(later.Covariance, next.Covariance, -1))));
        }
        return states;
    }
}
