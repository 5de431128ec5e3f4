using FisherFlow.Models;

namespace FisherFlow.Data;

/// <summary>Gathers how well predictions hold, over at least the last half of a stream of unknown length.</summary>
/// <remarks>
/// Probabilities: the expected calibration error over 15 bins of equal width, ties together and one in the last bin; of several outcomes that of the likeliest. Other
/// responses: the share inside the central 90 % of the plug-in distribution, with the dispersion so far. Source: Guo et al. (2017).
/// </remarks>
sealed class Calibration(IModel model, Family family)
{
    const int Bins = 15;
    const double Tail = 0.05;

    Window _now = new();
    Window _before = new();
    double _pearson;
    double _rows;

    /// <summary>Adds a row that was predicted and then seen.</summary>
    /// <param name="block">The block.</param>
    /// <param name="row">The row.</param>
    /// <param name="means">Its predicted means <c>[Means]</c>.</param>
    public void Add(Block block, int row, ReadOnlySpan<double> means)
    {
        var (response, weight) = (block.Response[row], block.Weight[row]);
        if (weight == 0) { return; }
        if (means.Length > 1)
        {
            var top = 0;
            for (var m = 1; m < means.Length; m++) { top = means[m] > means[top] ? m : top; }
            AddProbability(means[top], response == top ? 1 : 0, weight);
        }
        else if (family == Family.Binomial) { AddProbability(means[0], response, weight); }
        else if (model.HasPredictiveDistribution) { AddInterval(response, means[0], weight); }
    }

    /// <summary>Adds the Pearson statistic of rows, from which the dispersion of the rows to come is taken.</summary>
    public void AddPearson(double pearson, int rows)
    {
        if (!double.IsFinite(pearson)) { return; }
        _pearson += pearson;
        _rows += rows;
    }

    /// <summary>Begins another window; only the last two count.</summary>
    public void Turn() => (_before, _now) = (_now, new());

    /// <summary>The result, or null when nothing could be judged.</summary>
    public CalibrationResult? Result()
    {
        var all = new Window();
        foreach (var window in (Window[])[_before, _now])
        {
            for (var b = 0; b < Bins; b++)
            {
                all.Weight[b] += window.Weight[b];
                all.Predicted[b] += window.Predicted[b];
                all.Observed[b] += window.Observed[b];
            }
            (all.Inside, all.Judged) = (all.Inside + window.Inside, all.Judged + window.Judged);
        }
        if (all.Judged > 0) { return new("coverage", all.Inside / all.Judged, []); }
        var total = all.Weight.Sum();
        if (!(total > 0)) { return null; }
        var bins = Enumerable.Range(0, Bins).Where(b => all.Weight[b] > 0)
            .Select(b => new CalibrationBin(all.Predicted[b] / all.Weight[b], all.Observed[b] / all.Weight[b], all.Weight[b] / total)).ToList();
        return new("ece", bins.Sum(b => b.Weight * Math.Abs(b.Predicted - b.Observed)), bins);
    }

    void AddProbability(double probability, double observed, double weight)
    {
        if (!(probability is >= 0 and <= 1)) { return; }
        var bin = Math.Min(Bins - 1, (int)(probability * Bins));
        _now.Weight[bin] += weight;
        _now.Predicted[bin] += weight * probability;
        _now.Observed[bin] += weight * observed;
    }

    void AddInterval(double response, double mean, double weight)
    {
        var dispersion = model.EstimatesDispersion ? _pearson / _rows : 1;
        if (!double.IsFinite(mean) || !(dispersion > 0)) { return; }
        var isCount = family == Family.Poisson;
        var upTo = model.Cumulative(response, mean, dispersion / weight, 0, 1);
        var below = isCount ? response >= 1 ? model.Cumulative(response - 1, mean, dispersion / weight, 0, 1) : 0 : family == Family.Tweedie && response == 0 ? 0 : upTo;
        if (!double.IsFinite(upTo) || !double.IsFinite(below)) { return; }
        _now.Judged++;
        if (upTo > Tail && below < 1 - Tail) { _now.Inside++; }
    }

    sealed class Window
    {
        public double[] Weight { get; } = new double[Bins];

        public double[] Predicted { get; } = new double[Bins];

        public double[] Observed { get; } = new double[Bins];

        public double Inside { get; set; }

        public double Judged { get; set; }
    }
}
