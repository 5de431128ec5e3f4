using FisherFlow.Models.Distributions;

namespace FisherFlow.Inference;

/// <summary>A new response's distribution when its predictors are themselves uncertain: the distribution mixed over <c>η ~ N(η̂, V)</c>.</summary>
/// <remarks>
/// By the 2K points <c>η̂ ± √K·L e_j</c>, <c>V = LLᵀ</c>, which have that mean and covariance (cubature of degree three: Arasaratnam &amp; Haykin 2009).
/// Cost: two quantiles a point, and about ten rounds of 2K distribution functions a limit. Allocates nothing after construction. One instance serves one thread.
/// </remarks>
sealed class DistributionMixture(DistributionalModel model)
{
    readonly int _predictors = model.Parameters.Length;
    readonly double[] _points = new double[2 * model.Parameters.Length * model.Parameters.Length];

    /// <summary>Prepares the mixture of a row.</summary>
    /// <param name="eta">Predictors <c>[K]</c>.</param>
    /// <param name="covariance">Their covariance <c>[K, K]</c>.</param>
    public void Prepare(ReadOnlySpan<double> eta, ReadOnlySpan<double> covariance)
    {
        var k = _predictors;
        Span<double> lower = stackalloc double[k * k];
        lower.Clear();
        for (var j = 0; j < k; j++)
        {
            var pivot = covariance[j * k + j];
            for (var l = 0; l < j; l++) { pivot -= lower[j * k + l] * lower[j * k + l]; }
            if (!(pivot > 0)) { continue; }   // known exactly
            lower[j * k + j] = Math.Sqrt(pivot);
            for (var i = j + 1; i < k; i++)
            {
                var entry = covariance[i * k + j];
                for (var l = 0; l < j; l++) { entry -= lower[i * k + l] * lower[j * k + l]; }
                lower[i * k + j] = entry / lower[j * k + j];
            }
        }
        var radius = Math.Sqrt(k);
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < k; i++)
            {
                _points[2 * j * k + i] = eta[i] + radius * lower[i * k + j];
                _points[(2 * j + 1) * k + i] = eta[i] - radius * lower[i * k + j];
            }
        }
    }

    /// <summary>The smallest y with <c>P(Y ≤ y) ≥ probability</c>, or null when it is not finite.</summary>
    public double? Quantile(double probability)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var point = 0; point < 2 * _predictors; point++)
        {
            var quantile = model.Quantile(probability, Point(point));
            (low, high) = (Math.Min(low, quantile), Math.Max(high, quantile));
        }
        if (!double.IsFinite(low) || !double.IsFinite(high)) { return null; }
        if (model.IsDiscrete) { return Step(probability, Math.Round(low) - 1, Math.Round(high)); }
        for (var round = 0; round < 100 && high - low > 1e-12 * (Math.Abs(low) + Math.Abs(high)); round++)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) { break; }
            if (Cumulative(middle) < probability) { low = middle; } else { high = middle; }
        }
        return high;
    }

    double Step(double probability, double below, double above)
    {
        while (above - below > 1)
        {
            var middle = Math.Floor(below + (above - below) / 2);
            if (middle <= below || middle >= above) { break; }   // counts beyond 2^53
            if (Cumulative(middle) < probability) { below = middle; } else { above = middle; }
        }
        return above;
    }

    double Cumulative(double value)
    {
        var sum = 0.0;
        for (var point = 0; point < 2 * _predictors; point++) { sum += model.Cumulative(value, Point(point)); }
        return sum / (2 * _predictors);
    }

    ReadOnlySpan<double> Point(int point) => _points.AsSpan(point * _predictors, _predictors);
}
