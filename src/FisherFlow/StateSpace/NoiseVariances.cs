namespace FisherFlow.StateSpace;

/// <summary>Noise variances by maximum likelihood: the prediction errors' log-likelihood, maximised over the logarithms of a few variances.</summary>
/// <param name="Variances">The estimates <c>[k]</c>; one that has run off to nothing is 0.</param>
/// <param name="LogLikelihood">The maximum.</param>
/// <param name="Evaluations">Runs of the filter that it took.</param>
/// <remarks>
/// By Nelder and Mead's simplex from several starts, as the likelihood is flat where a variance is 0 and can have two maxima. Cost: some hundred runs of a filter. Source: Schweppe (1965) for the likelihood; Nelder &amp; Mead (1965).
/// </remarks>
public sealed record NoiseVariances(double[] Variances, double LogLikelihood, int Evaluations)
{
    const double Nothing = -23;   // e⁻²³ = 10⁻¹⁰ of the scale: no drift that a series could show

    /// <summary>Estimates variances.</summary>
    /// <param name="count">How many.</param>
    /// <param name="scale">A variance of the right order, such as the series' own; positive.</param>
    /// <param name="logLikelihood">The log-likelihood at variances <c>[k]</c>.</param>
    public static NoiseVariances Estimate(int count, double scale, Func<double[], double> logLikelihood)
    {
        ArgumentNullException.ThrowIfNull(logLikelihood);
        if (!(scale > 0 && double.IsFinite(scale))) { throw new ArgumentOutOfRangeException(nameof(scale), scale, "the scale of a variance is positive and finite"); }
        var evaluations = 0;
        double Loss(double[] logs)
        {
            evaluations++;
            var value = logLikelihood(Scaled(logs, scale));
            return double.IsFinite(value) ? -value : double.PositiveInfinity;
        }
        double[]? best = null;
        var least = double.PositiveInfinity;
        foreach (var start in Starts(count))
        {
            var (point, value) = Simplex.Minimise(Loss, start, step: 1.5, tolerance: 1e-10, most: 400 * count);
            if (value < least) { (best, least) = (point, value); }
        }
        return best is null
            ? throw new ArgumentException("the likelihood is not finite anywhere it was tried; the series may be constant or too short", nameof(logLikelihood))
            : new(Scaled(best, scale), -least, evaluations);
    }

    /// <summary>Estimates the variances of a series' model: all but the last are its process noise's, the last its observations'.</summary>
    /// <param name="series">y <c>[n]</c>; a value that is not a number is missing.</param>
    /// <param name="count">How many variances.</param>
    /// <param name="create">The model with those variances, <c>[k]</c>.</param>
    public static NoiseVariances Estimate(double[] series, int count, Func<double[], LinearGaussianModel> create)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(create);
        var seen = series.Where(value => !double.IsNaN(value)).ToList();
        if (seen.Count < count + 2) { throw new ArgumentException($"{seen.Count} observations cannot tell {count} variances apart", nameof(series)); }
        var mean = seen.Average();
        var scale = Math.Max(1e-300, seen.Average(value => (value - mean) * (value - mean)));
        return Estimate(count, scale, variances =>
        {
            variances[^1] = Math.Max(variances[^1], scale * Math.Exp(Nothing));   // an observation always has noise
            var filter = new InformationFilter(create(variances));
            filter.Run(series);
            return filter.LogLikelihood;
        });
    }

    static IEnumerable<double[]> Starts(int count)
    {
        yield return Enumerable.Repeat(-1.0, count).ToArray();
        for (var small = 0; small < count; small++) { yield return [.. Enumerable.Range(0, count).Select(i => i == small ? -5.0 : -0.5)]; }
    }

    static double[] Scaled(double[] logs, double scale) => Array.ConvertAll(logs, log => log < Nothing ? 0 : scale * Math.Exp(Math.Min(log, 10)));
}
