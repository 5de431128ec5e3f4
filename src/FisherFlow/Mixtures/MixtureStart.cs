namespace FisherFlow.Mixtures;

/// <summary>The maximum likelihood of rows in memory, from several starts.</summary>
/// <remarks>
/// The starts split the rows by their residuals from one line for all, by their responses, by the size of the residuals (scales that differ) and by residuals times a random predictor (lines that cross), or draw
/// lines through a few random rows. They climb for some rounds on a few thousand of the rows; of the likeliest a third goes on, and again; the likeliest of all whose scales are above their least is followed on
/// all rows, for 1000 rounds at most, or as many as read ten million rows, a hundred at least: whether that was enough is told. Likelihoods have many maxima: the likeliest of the starts is not always the greatest of all.
/// </remarks>
static class MixtureStart
{
    const int Rows = 4000;
    const int Sizes = 3;                 // starts by size: of residuals, of responses, of residuals whatever their sign
    const int FirstRounds = 25;          // of every start: short runs choose, a long one ends (Biernacki, Celeux & Govaert 2003)
    const int Survivors = 3;             // one in so many goes on, twice as far
    const int MostRounds = 1000;         // of the last run, and fewer where there are more than ten thousand rows
    const int FewestRounds = 100;
    const int RowsRead = 10_000_000;
    const double Tolerance = 1e-9;       // of the log-likelihood, relative: a start is better by more
    const double VarianceShare = 1e-4;   // of the residual variance: below it a component is a spike
    const double LeastShare = 1e-4;      // of that, where the component has many rows: sums of squares have no digits for less
    const int ManyRows = 10;             // of them for each of its parameters

    /// <summary>Climbs to the likeliest parameters found; the ascent holds them and the evidence there.</summary>
    /// <param name="model">The mixture.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="options">Random starts.</param>
    /// <param name="guess">One more start <c>[d]</c>; empty for none.</param>
    public static MixtureAscent Fit(MixtureModel model, MixtureRows rows, OnlineMixtureOptions options, ReadOnlySpan<double> guess = default)
    {
        var line = Line(model.Columns, rows);
        var (leastVariance, theta) = (VarianceShare * Math.Exp(2 * line[model.Columns]), line);
        if (model.Components > 1)
        {
            var some = rows.Thinned(Rows);
            var start = Likeliest(model, some, [.. Starts(model, some, options, line, leastVariance), .. guess.IsEmpty ? Array.Empty<double[]>() : [guess.ToArray()]], leastVariance);
            (theta, leastVariance) = (start.Theta, start.LeastVariance);
            MixtureLabels.Sort(model, rows, theta);
        }
        return new MixtureAscent(model, theta, leastVariance, isNear: rows.Count <= Rows).Run(rows, Math.Clamp(RowsRead / Math.Max(1, rows.Count), FewestRounds, MostRounds));
    }

    /// <summary>Whether a component has closed in on so few responses that its scale is held up from outside.</summary>
    public static bool HasSpike(MixtureModel model, ReadOnlySpan<double> theta, double leastVariance)
    {
        for (var k = 0; k < model.Components; k++)
        {
            if (IsSpike(model, theta, leastVariance, k)) { return true; }
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

    static IEnumerable<double[]> Starts(MixtureModel model, MixtureRows rows, OnlineMixtureOptions options, double[] line, double leastVariance)
    {
        var n = rows.Count;
        var (residuals, responses) = (new double[n], new double[n]);
        for (var i = 0; i < n; i++) { (residuals[i], responses[i]) = (rows[i].Response - rows[i].Dot(line.AsSpan(0, model.Columns)), rows[i].Response); }
        var state = (ulong)(uint)options.Seed;
        for (var start = 0; start < Sizes + options.Starts; start++)
        {
            var theta = Divided(model, rows, leastVariance, start switch
            {
                0 => ByRank(residuals, model.Components),
                1 => ByRank(responses, model.Components),
                2 => ByRank(Array.ConvertAll(residuals, Math.Abs), model.Components),
                _ when start % 2 == 1 => ByRank(Keys(rows, residuals, Direction(model.Columns, ref state)), model.Components),
                _ => AtRandom(n, model, ref state),
            });
            if (start >= Sizes && start % 2 == 0)
            {
                for (var k = 0; k < model.Components; k++) { theta[model.Scale(k)] = line[model.Columns]; }
            }
            yield return theta;
        }
    }

    /// <summary>Climbs from all starts for a few rounds, from the likeliest of them for more, and again; those whose scales are above their least come first.</summary>
    static MixtureAscent Likeliest(MixtureModel model, MixtureRows rows, double[][] starts, double leastVariance)
    {
        MixtureAscent[] ascents = Array.ConvertAll(starts, theta => new MixtureAscent(model, theta, leastVariance, isNear: false));
        for (var rounds = FirstRounds; ; rounds *= 2)
        {
            foreach (var ascent in ascents) { Climb(model, rows, ascent, rounds); }
            if (ascents.Length <= Survivors) { break; }
            ascents = [.. ascents.OrderBy(ascent => HasSpike(model, ascent.Theta, ascent.LeastVariance)).ThenByDescending(ascent => ascent.LogLikelihood).Take((ascents.Length + Survivors - 1) / Survivors)];
        }
        var best = ascents[0];
        foreach (var ascent in ascents.AsSpan(1))
        {
            var (spikes, had) = (HasSpike(model, ascent.Theta, ascent.LeastVariance), HasSpike(model, best.Theta, best.LeastVariance));
            if (spikes == had ? ascent.LogLikelihood > best.LogLikelihood + Tolerance * Math.Abs(best.LogLikelihood) : had) { best = ascent; }
        }
        return best;
    }

    /// <summary>Climbs so far; a component of many rows that has come down to the least variance is no spike yet, and may go on.</summary>
    static void Climb(MixtureModel model, MixtureRows rows, MixtureAscent ascent, int rounds)
    {
        if (ascent.IsConverged) { return; }
        ascent.Run(rows, rounds);
        var labelled = ascent.Evidence.Labelled;
        if (ascent.IsLowered || !HasSpike(model, ascent.Theta, ascent.LeastVariance)) { return; }
        for (var k = 0; k < model.Components; k++)
        {
            if (IsSpike(model, ascent.Theta, ascent.LeastVariance, k) && labelled.Share(k) * rows.Count < ManyRows * model.Stride) { return; }
        }
        ascent.Lower(LeastShare);
        ascent.Run(rows, rounds);
    }

    static bool IsSpike(MixtureModel model, ReadOnlySpan<double> theta, double leastVariance, int component) => 2 * theta[model.Scale(component)] <= Math.Log(leastVariance) + 1e-6;

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

    /// <summary>As few rows for every component as determine a line, and a few more; the others are nobody's, −1.</summary>
    static int[] AtRandom(int n, MixtureModel model, ref ulong state)
    {
        var component = new int[n];
        Array.Fill(component, -1);
        for (var i = 0; i < model.Components * Math.Min(model.Columns + 1, n / model.Components); i++) { component[(int)(Next(ref state) % (ulong)n)] = i % model.Components; }
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

    /// <summary>The parameters where components are given to rows.</summary>
    static double[] Divided(MixtureModel model, MixtureRows rows, double leastVariance, int[] component)
    {
        var (theta, statistics, shares) = (new double[model.Dimension], new MixtureStatistics(model), new double[model.Components]);
        for (var i = 0; i < component.Length; i++)
        {
            if (component[i] < 0) { continue; }
            Array.Clear(shares);
            shares[component[i]] = 1;
            statistics.Add(shares, rows[i], 1);
        }
        statistics.Maximise(theta, leastVariance);
        return theta;
    }
}
