namespace FisherFlow.Models.Families;

/// <summary>Quantiles from a cumulative distribution alone, by bracketing and bisection.</summary>
/// <remarks>Cost: about 60 evaluations of the distribution; allocates nothing.</remarks>
static class QuantileSearch
{
    /// <summary>The smallest multiple of the step with <c>P(Y ≤ y) ≥ p</c>.</summary>
    public static double Lattice<TFamily>(TFamily family, double probability, double mean, double dispersion, double trials, double step, double last)
        where TFamily : struct, IFamily<TFamily>
    {
        if (family.Cumulative(0, mean, dispersion, trials) >= probability) { return 0; }
        var (below, above) = (0.0, Math.Min(last, Math.Max(1, Math.Ceiling(2 * mean / step))));
        while (above < last && family.Cumulative(above * step, mean, dispersion, trials) < probability) { (below, above) = (above, Math.Min(last, 2 * above)); }
        while (above - below > 1)
        {
            var middle = Math.Floor(below + (above - below) / 2);
            if (middle <= below || middle >= above) { break; }   // counts so large that a step is below their precision
            if (family.Cumulative(middle * step, mean, dispersion, trials) < probability) { below = middle; }
            else { above = middle; }
        }
        return above * step;
    }

    /// <summary>The positive y with <c>P(Y ≤ y) = p</c>, zero where the distribution has that much mass at zero.</summary>
    public static double Positive<TFamily>(TFamily family, double probability, double mean, double dispersion, double trials)
        where TFamily : struct, IFamily<TFamily>
    {
        if (family.Cumulative(0, mean, dispersion, trials) >= probability) { return 0; }
        var (below, above) = (mean, mean);
        while (below > double.Epsilon && family.Cumulative(below, mean, dispersion, trials) > probability) { (below, above) = (below / 8, below); }
        while (above < double.MaxValue / 8 && family.Cumulative(above, mean, dispersion, trials) < probability) { (below, above) = (above, above * 8); }
        while (above - below > 4e-16 * above)
        {
            var middle = below + (above - below) / 2;
            if (middle <= below || middle >= above) { break; }
            if (family.Cumulative(middle, mean, dispersion, trials) < probability) { below = middle; }
            else { above = middle; }
        }
        return above;
    }
}
