namespace FisherFlow.Mixtures;

/// <summary>Batch EM on rows in memory, from several starts.</summary>
/// <remarks>Source: Dempster, Laird &amp; Rubin (1977). Log-likelihoods have many maxima: the likeliest of the starts is not always the greatest of all.</remarks>
static class MixtureStart
{
    const int Iterations = 1000;
    const double Tolerance = 1e-9;       // of the log-likelihood, relative
    const double VarianceShare = 1e-4;    // of the residual variance: below it a component is a spike

    /// <summary>Writes the likeliest parameters <c>[d]</c>; returns the least variance that a component may have.</summary>
    /// <param name="model">The mixture.</param>
    /// <param name="rows">Rows <c>(x, y)</c>, <c>[n, p + 1]</c>.</param>
    /// <param name="options">Random starts.</param>
    /// <param name="theta">Parameters <c>[d]</c>.</param>
    public static double Fit(MixtureModel model, double[] rows, OnlineMixtureOptions options, double[] theta)
    {
        var stride = model.Columns + 1;
        var n = rows.Length / stride;
        var pooled = new MixtureModel(1, model.Columns);
        var (line, statistics) = (new double[pooled.Dimension], new MixtureStatistics(pooled));
        for (var i = 0; i < n; i++) { statistics.Add([1], rows.AsSpan(i * stride, model.Columns), rows[i * stride + model.Columns], 1); }
        statistics.Maximise(line, double.Epsilon);
        var least = VarianceShare * Math.Exp(2 * line[model.Columns]);
        var residuals = new double[n];
        for (var i = 0; i < n; i++)
        {
            residuals[i] = rows[i * stride + model.Columns];
            for (var j = 0; j < model.Columns; j++) { residuals[i] -= rows[i * stride + j] * line[j]; }
        }
        if (model.Components == 1)
        {
            line.CopyTo(theta, 0);
            return least;
        }
        var order = Enumerable.Range(0, n).OrderBy(i => residuals[i]).ToArray();
        var state = (ulong)(uint)options.Seed;
        var best = double.NegativeInfinity;
        for (var start = 0; start <= options.Starts; start++)
        {
            // the first start splits the rows by the size of their residuals, the others at random
            var component = new int[n];
            for (var i = 0; i < n; i++) { component[start == 0 ? order[i] : i] = start == 0 ? (int)((long)i * model.Components / n) : (int)(Next(ref state) % (ulong)model.Components); }
            var candidate = new double[model.Dimension];
            var likelihood = Climb(model, rows, component, least, candidate);
            if (likelihood > best + Tolerance * Math.Abs(likelihood) || double.IsNegativeInfinity(best))
            {
                best = likelihood;
                candidate.CopyTo(theta, 0);
            }
        }
        MixtureLabels.Sort(model, theta);
        return least;
    }

    /// <summary>Steele, Lea &amp; Flood's SplitMix64 (2014): the same starts everywhere.</summary>
    static ulong Next(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>EM from components given to rows; returns the log-likelihood.</summary>
    static double Climb(MixtureModel model, double[] rows, int[] component, double least, double[] theta)
    {
        var (stride, p) = (model.Columns + 1, model.Columns);
        var statistics = new MixtureStatistics(model);
        var (weights, shares) = (new double[model.Components], new double[model.Components]);
        for (var i = 0; i < component.Length; i++)
        {
            Array.Clear(shares);
            shares[component[i]] = 1;
            statistics.Add(shares, rows.AsSpan(i * stride, p), rows[i * stride + p], 1);
        }
        statistics.Maximise(theta, least);
        var last = double.NegativeInfinity;
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            var likelihood = 0.0;
            statistics.Clear();
            model.Weights(theta, weights);
            for (var i = 0; i < component.Length; i++)
            {
                likelihood += model.Expect(theta, weights, rows.AsSpan(i * stride, p), rows[i * stride + p], shares);
                statistics.Add(shares, rows.AsSpan(i * stride, p), rows[i * stride + p], 1);
            }
            statistics.Maximise(theta, least);
            if (likelihood - last <= Tolerance * Math.Abs(likelihood)) { return likelihood; }
            last = likelihood;
        }
        return last;
    }
}
