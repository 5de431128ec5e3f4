namespace FisherFlow.Likelihoods;

/// <summary>Where searches begin: at what the user gave, and at random points drawn from a fixed seed.</summary>
sealed class Starts(ParameterSet space, LikelihoodOptions options)
{
    const int TriesPerStart = 100;
    const int DefaultStarts = 20;

    /// <summary>Whether every starting value is given.</summary>
    public bool IsGiven => options.Start is { } start && !start.Any(double.IsNaN);

    /// <summary>How many searches are run.</summary>
    public int Count => options.Starts > 0 ? options.Starts : IsGiven ? 1 : DefaultStarts;

    /// <summary>Points to try: the given one first, then random ones; many more than are searched from.</summary>
    public IEnumerable<double[]> Candidates()
    {
        var given = Given();
        if (given is not null && IsGiven) { yield return given; }
        if (IsGiven && Count == 1) { yield break; }
        var state = unchecked((ulong)options.Seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D);
        for (var i = 0; i < TriesPerStart * Count; i++)
        {
            var phi = new double[space.Free];
            for (var j = 0; j < phi.Length; j++)
            {
                var known = given is null ? double.NaN : given[j];
                phi[j] = double.IsNaN(known) ? Anywhere(ref state, space.IsFreeCoordinate(j)) : IsGiven ? Near(ref state, known) : known;
            }
            yield return phi;
        }
    }

    /// <summary>The given values in free coordinates, NaN where there is none.</summary>
    double[]? Given()
    {
        if (options.Start is not { } start) { return null; }
        if (start.Count != space.Natural) { throw new ArgumentException($"{space.Natural} parameters need as many starting values, not {start.Count}"); }
        var phi = new double[space.Free];
        space.ToFreeWhereGiven([.. start], phi);
        return phi;
    }

    /// <summary>Any size of number for a parameter without bounds; a few units for the logarithm of one with.</summary>
    static double Anywhere(ref ulong state, bool isFree)
    {
        if (!isFree) { return 2 * Normal(ref state); }
        if (Uniform(ref state) < 0.5) { return Normal(ref state); }
        var size = Math.Pow(10, 8 * Uniform(ref state) - 4);
        return Uniform(ref state) < 0.5 ? -size : size;
    }

    static double Near(ref ulong state, double known) => known + Normal(ref state) * (known == 0 ? 1 : Math.Abs(known));

    static double Normal(ref ulong state) => Math.Sqrt(-2 * Math.Log(1 - Uniform(ref state))) * Math.Cos(2 * Math.PI * Uniform(ref state));

    /// <summary>A number in [0, 1). Source: Steele, Lea and Flood (2014), SplitMix64.</summary>
    static double Uniform(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
        }
    }
}
