using System.Numerics;

namespace FisherFlow.Numerics;

/// <summary>Which rows of a stream a bounded sample keeps: those of the largest priority <c>a/u</c>, u uniform on (0, 1], a the row's importance.</summary>
/// <remarks>
/// A kept row counts <c>max(1, τ/a)</c> times, τ being the largest priority dropped: sums over all rows are estimated without bias. The rows themselves are their owner's, in the order of the keys here.
/// <b>Merge</b>: two samples make one. <b>Source</b>: Duffield, Lund &amp; Thorup (2007), priority sampling.
/// </remarks>
/// <param name="most">Rows that are kept; a third more are let in before the least are dropped.</param>
sealed class PrioritySample(int most)
{
    readonly List<double> _importances = [];
    readonly List<double> _priorities = [];
    double[] _sorted = [];
    bool[] _dropped = [];

    /// <summary>Rows kept.</summary>
    public int Count => _priorities.Count;

    /// <summary>Rows drawn from.</summary>
    public long Seen { get; private set; }

    /// <summary>Where the draws begin; set from the data before the first, so that shards draw apart.</summary>
    public long Seed { get; set; }

    /// <summary>τ; 0 while nothing was dropped.</summary>
    public double Threshold { get; private set; }

    /// <summary>Whether it is time to <see cref="Thin"/>.</summary>
    public bool IsFull => Count >= most + most / 3;

    /// <summary>Draws the next row's priority; false when the row is not kept.</summary>
    public bool TryDraw(double importance, out double priority)
    {
        priority = importance / Uniform(Seed + Seen++);
        return priority > Threshold;
    }

    /// <summary>Keeps a row.</summary>
    public void Add(double importance, double priority)
    {
        _importances.Add(importance);
        _priorities.Add(priority);
    }

    /// <summary>How many rows a kept one stands for.</summary>
    public double Scale(int row) => Math.Max(1, Threshold / _importances[row]);

    public double Importance(int row) => _importances[row];

    public double Priority(int row) => _priorities[row];

    /// <summary>Adds another sample's keys behind these, and marks what must be dropped.</summary>
    public ReadOnlySpan<bool> Merge(PrioritySample other)
    {
        if (Seen == 0) { Seed = other.Seed; }
        _importances.AddRange(other._importances);
        _priorities.AddRange(other._priorities);
        Seen += other.Seen;
        Threshold = Math.Max(Threshold, other.Threshold);
        return IsFull ? Thin() : Keep();
    }

    /// <summary>Keeps the rows of the largest priorities, and marks the others for their owner to drop.</summary>
    public ReadOnlySpan<bool> Thin()
    {
        if (_sorted.Length < Count) { _sorted = new double[Count + Count / 2]; }
        _priorities.CopyTo(_sorted);
        var sorted = _sorted.AsSpan(0, Count);
        sorted.Sort();
        Threshold = Math.Max(Threshold, sorted[^(most + 1)]);
        return Keep();
    }

    /// <summary>Goes on with what another sample has counted.</summary>
    public void Restore(long seen, long seed, double threshold) => (Seen, Seed, Threshold) = (seen, seed, threshold);

    /// <summary>A seed from numbers as they come.</summary>
    public static long Mix(long seed, double value) => unchecked((long)BitOperations.RotateLeft((ulong)(seed ^ BitConverter.DoubleToInt64Bits(value)) * 0x9E3779B97F4A7C15, 29));

    ReadOnlySpan<bool> Keep()
    {
        var count = Count;
        if (_dropped.Length < count) { _dropped = new bool[count + count / 2]; }
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            _dropped[i] = !(_priorities[i] > Threshold);
            if (_dropped[i]) { continue; }
            (_importances[kept], _priorities[kept]) = (_importances[i], _priorities[i]);
            kept++;
        }
        _importances.RemoveRange(kept, count - kept);
        _priorities.RemoveRange(kept, count - kept);
        return _dropped.AsSpan(0, count);
    }

    /// <summary>A number in (0, 1] from a counter (Steele, Lea &amp; Flood 2014, splitmix64).</summary>
    static double Uniform(long counter)
    {
        var z = unchecked((ulong)counter * 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (((z ^ (z >> 31)) >> 11) + 1) * (1.0 / (1UL << 53));
    }
}
