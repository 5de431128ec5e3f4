using FisherFlow.Models;

namespace FisherFlow.Inference;

/// <summary>The distribution of a new response when its linear predictor is itself uncertain: the family mixed over <c>η ~ N(η̂, s²)</c>.</summary>
/// <remarks>
/// Values of η that the link cannot have are left out and the rest is rescaled. An estimated dispersion is plugged in.
/// Cost: two quantiles of the family and about ten rounds of 20 distribution functions a limit. One instance serves one thread.
/// </remarks>
sealed class PredictiveMixture(IModel model, bool discrete, double auxiliary)
{
    const double Negligible = 1e-12;

    readonly double[] _means = new double[GaussHermite.Nodes.Length];
    readonly double[] _weights = new double[GaussHermite.Nodes.Length];
    readonly double[] _mean = new double[1];
    readonly double[] _slope = new double[1];
    int _count;
    double _dispersion, _trials;

    /// <summary>Prepares the mixture of a row; false when no value of η is legal.</summary>
    public bool Prepare(double eta, double standardError, double dispersion, double trials)
    {
        (_dispersion, _trials, _count) = (dispersion, trials, 0);
        var nodes = GaussHermite.Nodes.Span;
        var weights = GaussHermite.Weights.Span;
        var total = 0.0;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (weights[i] < Negligible) { continue; }
            ReadOnlySpan<double> at = [eta + nodes[i] * standardError];
            model.Predict(at, _mean, _slope);
            if (!double.IsFinite(_mean[0]) || !model.Supports(_mean[0])) { continue; }
            (_means[_count], _weights[_count]) = (_mean[0], weights[i]);
            total += weights[i];
            _count++;
        }
        for (var i = 0; i < _count; i++) { _weights[i] /= total; }
        return _count > 0;
    }

    /// <summary><c>P(Y ≤ y)</c>.</summary>
    public double Cumulative(double y)
    {
        var sum = 0.0;
        for (var i = 0; i < _count; i++) { sum += _weights[i] * model.Cumulative(y, _means[i], _dispersion, auxiliary, _trials); }
        return sum;
    }

    /// <summary>The smallest y with <c>P(Y ≤ y) ≥ probability</c>, or null when it is not finite.</summary>
    public double? Quantile(double probability)
    {
        var means = _means.AsSpan(0, _count);
        var low = model.Quantile(probability, System.Numerics.Tensors.TensorPrimitives.Min<double>(means), _dispersion, auxiliary, _trials);
        var high = model.Quantile(probability, System.Numerics.Tensors.TensorPrimitives.Max<double>(means), _dispersion, auxiliary, _trials);
        if (!double.IsFinite(low) || !double.IsFinite(high)) { return null; }
        if (low == high) { return low; }
        return discrete ? Step(probability, low, high) : Root(probability, low, high);
    }

    /// <summary>Bisection over counts; the quantile lies in [low, high].</summary>
    double Step(double probability, double low, double high)
    {
        double below = Math.Round(low * _trials) - 1, above = Math.Round(high * _trials);
        while (above - below > 1)
        {
            var middle = Math.Floor(below + (above - below) / 2);
            if (middle <= below || middle >= above) { break; }   // counts beyond 2^53
            if (Cumulative(middle / _trials) >= probability) { above = middle; } else { below = middle; }
        }
        return above / _trials;
    }

    /// <summary>False position, halving the weight of a side that stays (Illinois), with a bisection whenever it stalls.</summary>
    double Root(double probability, double low, double high)
    {
        double atLow = Cumulative(low) - probability, atHigh = Cumulative(high) - probability;
        if (atLow >= 0) { return low; }   // an atom at the bottom, as Tweedie's at zero
        for (var i = 0; i < 200 && high - low > 1e-10 * (Math.Abs(low) + Math.Abs(high)); i++)
        {
            var middle = atHigh > atLow && i % 4 != 3 ? low - atLow * (high - low) / (atHigh - atLow) : 0.5 * (low + high);
            if (!(middle > low && middle < high)) { middle = 0.5 * (low + high); }
            var value = Cumulative(middle) - probability;
            if (value >= 0) { (high, atHigh, atLow) = (middle, value, atLow / 2); }
            else { (low, atLow, atHigh) = (middle, value, atHigh / 2); }
            if (Math.Abs(value) < 1e-13) { return middle; }
        }
        return high;
    }
}
