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
    double[] _candidates = [];
    bool[] _dropped = [];

    /// <summary>Rows kept.</summary>
    public int Count => _priorities.Count;

    /// <summary>Rows drawn from.</summary>
    public long Seen { get; private set; }

    /// <summary>Where the draws begin; set from the data before the first, so that shards draw apart.</summary>
    public long Seed { get; set; }

    /// <summary>τ; 0 while nothing was dropped.</summary>
    public double Threshold { get; private set; }

    /// <summary>Rows that are kept at most.</summary>
    public int Most { get; set; } = most;

    /// <summary>Whether it is time to <see cref="Thin"/>.</summary>
    public bool IsFull => Count >= Most + Most / 3;

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
    public ReadOnlySpan<bool> Thin() => Raise(Count);

    /// <summary>Looks at rows before they are drawn: where they would fill the sample, τ becomes at once what it is after the last of them, and those kept rows are marked that must give way.</summary>
    /// <remarks>Then only rows that stay are let in. Whoever draws these rows next, in this order, gets the same priorities.</remarks>
    /// <param name="importances">Of the rows to come, <c>[n]</c>.</param>
    public ReadOnlySpan<bool> Foresee(ReadOnlySpan<double> importances)
    {
        var count = Count;
        Reserve(count + importances.Length);
        for (var i = 0; i < importances.Length; i++)
        {
            var priority = importances[i] / Uniform(Seed + Seen + i);
            if (priority > Threshold) { _candidates[count++] = priority; }
        }
        return count < Most + Most / 3 ? Marks(Count) : Raise(count);
    }

    /// <summary>Rows of so many bytes that 12 MiB hold, within reason.</summary>
    public static int RowsOf(int bytes, int most)
    {
        const int Bytes = 12 << 20, Fewest = 256;
        return Math.Clamp(Bytes / bytes, Fewest, most);
    }

    /// <summary>Importance and priority of every row, <c>[2n]</c>.</summary>
    public double[] Keys()
    {
        var keys = new double[2 * Count];
        for (var i = 0; i < Count; i++) { (keys[2 * i], keys[2 * i + 1]) = (_importances[i], _priorities[i]); }
        return keys;
    }

    /// <summary>Keeps rows by what <see cref="Keys"/> said of them, <c>[2n]</c>.</summary>
    public void Add(ReadOnlySpan<double> keys)
    {
        for (var i = 0; i + 1 < keys.Length; i += 2) { Add(keys[i], keys[i + 1]); }
    }

    /// <summary>Forgets what is kept, but not that it was seen.</summary>
    public void Clear()
    {
        _importances.Clear();
        _priorities.Clear();
    }

    /// <summary>Goes on with what another sample has counted.</summary>
    public void Restore(long seen, long seed, double threshold) => (Seen, Seed, Threshold) = (seen, seed, threshold);

    /// <summary>A seed from numbers as they come.</summary>
    public static long Mix(long seed, double value) => unchecked((long)BitOperations.RotateLeft((ulong)(seed ^ BitConverter.DoubleToInt64Bits(value)) * 0x9E3779B97F4A7C15, 29));

    /// <summary>Raises τ to the largest priority that does not fit among so many candidates: the kept rows', and behind them others'.</summary>
    ReadOnlySpan<bool> Raise(int count)
    {
        Reserve(count);
        _priorities.CopyTo(_candidates);
        Threshold = Math.Max(Threshold, Largest(_candidates.AsSpan(0, count), Most));
        return Keep();
    }

    void Reserve(int count)
    {
        if (_candidates.Length < count) { Array.Resize(ref _candidates, count + count / 4); }
    }

    /// <summary>The number that <paramref name="rank"/> others exceed or equal, by Hoare's partition; the numbers change places.</summary>
    static double Largest(Span<double> numbers, int rank)
    {
        var (low, high) = (0, numbers.Length - 1);
        while (low < high)
        {
            var pivot = numbers[(low + high) >>> 1];
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (numbers[i] > pivot) { i++; }
                while (numbers[j] < pivot) { j--; }
                if (i > j) { continue; }
                (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
                i++;
                j--;
            }
            if (rank <= j) { high = j; }
            else if (rank >= i) { low = i; }
            else { break; }
        }
        return numbers[rank];
    }

    ReadOnlySpan<bool> Keep()
    {
        var dropped = Marks(Count);
        var kept = 0;
        for (var i = 0; i < dropped.Length; i++)
        {
            dropped[i] = !(_priorities[i] > Threshold);
            if (dropped[i]) { continue; }
            (_importances[kept], _priorities[kept]) = (_importances[i], _priorities[i]);
            kept++;
        }
        _importances.RemoveRange(kept, dropped.Length - kept);
        _priorities.RemoveRange(kept, dropped.Length - kept);
        return dropped;
    }

    /// <summary>Marks for so many rows, none of them set.</summary>
    Span<bool> Marks(int count)
    {
        if (_dropped.Length < count) { _dropped = new bool[count + count / 2]; }
        var marks = _dropped.AsSpan(0, count);
        marks.Clear();
        return marks;
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
