namespace FisherFlow.Mixtures;

/// <summary>The maximum likelihood of rows in memory, from several starts.</summary>
/// <remarks>
/// The starts split the rows by their residuals from one line for all, by their responses, by residuals times a random predictor (lines that cross), and at random, and climb on a few thousand
/// of the rows; the likeliest whose scales are all above their least is followed to the end on all of them. Likelihoods have many maxima: the likeliest of the starts is not always the greatest of all.
/// </remarks>
static class MixtureStart
{
    const int Rows = 4000;
    const int Sizes = 2;                 // starts by size: of residuals, of responses
    const int Rounds = 150;              // of a start: short runs choose, a long one ends (Biernacki, Celeux & Govaert 2003)
    const double Tolerance = 1e-9;       // of the log-likelihood, relative: a start is better by more
    const double VarianceShare = 1e-4;    // of the residual variance: below it a component is a spike

    /// <summary>Climbs to the likeliest parameters found; the ascent holds them and the evidence there.</summary>
    /// <param name="model">The mixture.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="options">Random starts.</param>
    /// <param name="leastVariance">The least variance that a component may have.</param>
    public static MixtureAscent Fit(MixtureModel model, MixtureRows rows, OnlineMixtureOptions options, out double leastVariance)
    {
        var line = Line(model.Columns, rows);
        leastVariance = VarianceShare * Math.Exp(2 * line[model.Columns]);
        var theta = new double[model.Dimension];
        if (model.Components == 1) { line.CopyTo(theta, 0); }
        else
        {
            Choose(model, rows.Thinned(Rows), options, line, leastVariance, theta);
            MixtureLabels.Sort(model, rows, theta);
        }
        return new MixtureAscent(model, theta, leastVariance, isNear: rows.Count <= Rows).Run(rows);
    }

    /// <summary>Whether a component has closed in on so few responses that its scale is held up from outside.</summary>
    public static bool HasSpike(MixtureModel model, ReadOnlySpan<double> theta, double leastVariance)
    {
        for (var k = 0; k < model.Components; k++)
        {
            if (2 * theta[model.Scale(k)] <= Math.Log(leastVariance) + 1e-6) { return true; }
        }
        return false;
    }

    /// <summary>One line for all rows: <c>β, log σ, log π [p + 2]</c>.</summary>
    static double[] Line(int columns, MixtureRows rows)
    {
        var pooled = new MixtureModel(1, columns);
        var (line, statistics) = (new double[pooled.Dimension], new MixtureStatistics(pooled));
        for (var i = 0; i < rows.Count; i++) { statistics.Add([1], rows[i], 1); }
        statistics.Maximise(line, double.Epsilon);
        var (sum, weight) = (0.0, 0.0);
        for (var i = 0; i < rows.Count; i++)
        {
            var residual = rows[i].Response - rows[i].Dot(line);
            sum += rows[i].Weight * residual * residual;   // y² − β'x'y of large responses is all rounding
            weight += rows[i].Weight;
        }
        line[columns] = 0.5 * Math.Log(Math.Max(sum / weight, double.Epsilon));
        return line;
    }

    static void Choose(MixtureModel model, MixtureRows rows, OnlineMixtureOptions options, double[] line, double leastVariance, double[] theta)
    {
        var n = rows.Count;
        var residuals = new double[n];
        for (var i = 0; i < n; i++) { residuals[i] = rows[i].Response - rows[i].Dot(line.AsSpan(0, model.Columns)); }
        var state = (ulong)(uint)options.Seed;
        var (best, isSpike) = (double.NegativeInfinity, true);
        for (var start = 0; start < Sizes + options.Starts; start++)
        {
            var component = start switch
            {
                0 => ByRank(residuals, model.Components),
                1 => ByRank([.. Enumerable.Range(0, n).Select(i => rows[i].Response)], model.Components),
                _ when start % 2 == 0 => ByRank(Keys(rows, residuals, Direction(model.Columns, ref state)), model.Components),
                _ => AtRandom(n, model.Components, ref state),
            };
            var candidate = new double[model.Dimension];
            var likelihood = Climb(model, rows, component, leastVariance, candidate);
            var spikes = HasSpike(model, candidate, leastVariance);
            var isBetter = spikes == isSpike ? likelihood > best + Tolerance * Math.Abs(likelihood) : isSpike;
            if (!isBetter && start > 0) { continue; }
            (best, isSpike) = (likelihood, spikes);
            candidate.CopyTo(theta, 0);
        }
    }

    /// <summary>Residuals times what a direction <c>[p]</c> makes of the predictors.</summary>
    static double[] Keys(MixtureRows rows, double[] residuals, double[] direction)
    {
        var keys = new double[residuals.Length];
        for (var i = 0; i < keys.Length; i++) { keys[i] = rows[i].Dot(direction); }
        var mean = keys.Average();
        for (var i = 0; i < keys.Length; i++) { keys[i] = (keys[i] - mean) * residuals[i]; }
        return keys;
    }

    static int[] ByRank(double[] keys, int components)
    {
        var component = new int[keys.Length];
        foreach (var (rank, i) in Enumerable.Range(0, keys.Length).OrderBy(i => keys[i]).Index()) { component[i] = (int)((long)rank * components / keys.Length); }
        return component;
    }

    static int[] AtRandom(int n, int components, ref ulong state)
    {
        var component = new int[n];
        for (var i = 0; i < n; i++) { component[i] = (int)(Next(ref state) % (ulong)components); }
        return component;
    }

    static double[] Direction(int columns, ref ulong state)
    {
        var direction = new double[columns];
        for (var j = 0; j < columns; j++) { direction[j] = (Next(ref state) >> 11) * (1.0 / (1L << 52)) - 1; }
        return direction;
    }

    /// <summary>Steele, Lea &amp; Flood's SplitMix64 (2014): the same starts everywhere.</summary>
    static ulong Next(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Climbs from components given to rows, for so many rounds at most; returns the log-likelihood.</summary>
    static double Climb(MixtureModel model, MixtureRows rows, int[] component, double leastVariance, double[] theta)
    {
        var (statistics, shares) = (new MixtureStatistics(model), new double[model.Components]);
        for (var i = 0; i < component.Length; i++)
        {
            Array.Clear(shares);
            shares[component[i]] = 1;
            statistics.Add(shares, rows[i], 1);
        }
        statistics.Maximise(theta, leastVariance);
        return new MixtureAscent(model, theta, leastVariance, isNear: false) { MostRounds = Rounds }.Run(rows).LogLikelihood;
    }
}
