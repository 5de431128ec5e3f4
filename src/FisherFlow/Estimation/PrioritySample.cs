using System.Buffers;
using System.Runtime.InteropServices;

namespace FisherFlow.Estimation;

/// <summary>A priority sample: which of a stream of things are kept, and how many of them a kept one stands for.</summary>
/// <remarks>
/// A thing of importance a has priority <c>a/u</c>, u uniform on (0, 1]; those of the largest priorities are kept, and a kept one counts <c>max(1, τ/a)</c> times, τ being
/// the largest priority dropped. Sums over kept things, so scaled, are unbiased. What is kept lies in the owner's lists, in the order of this one's numbers. Merge: two samples make one.
/// Source: Duffield, Lund &amp; Thorup (2007).
/// </remarks>
sealed class PrioritySample
{
    readonly List<double> _importances = [];
    readonly List<double> _priorities = [];

    /// <summary>Drops what is marked, <c>[n]</c>, from the owner's lists; so many stay.</summary>
    public delegate void Dropping(ReadOnlySpan<bool> dropped, int kept);

    /// <summary>Things kept.</summary>
    public int Count => _priorities.Count;

    /// <summary>Things offered so far, kept or not.</summary>
    public long Seen { get; private set; }

    /// <summary>Where the draw starts; from the data, so that shards draw apart.</summary>
    public long Seed { get; set; }

    /// <summary>The largest priority dropped, τ.</summary>
    public double Threshold { get; private set; }

    /// <summary>Offers a thing; true when it is kept, and the owner must append it.</summary>
    public bool Offer(double importance)
    {
        var priority = importance / Uniform(Seed + Seen++);
        if (!(priority > Threshold)) { return false; }
        _importances.Add(importance);
        _priorities.Add(priority);
        return true;
    }

    /// <summary>How many things a kept one stands for.</summary>
    public double Scale(int place) => Math.Max(1, Threshold / _importances[place]);

    /// <summary>Once a third too many are kept, drops all but about <paramref name="most"/>.</summary>
    public void Thin(int most, Dropping drop)
    {
        if (Count < most + most / 3) { return; }
        var rented = ArrayPool<double>.Shared.Rent(Count);
        var priorities = rented.AsSpan(0, Count);
        CollectionsMarshal.AsSpan(_priorities).CopyTo(priorities);
        priorities.Sort();
        Threshold = Math.Max(Threshold, priorities[^(most + 1)]);
        ArrayPool<double>.Shared.Return(rented);
        Keep(drop);
    }

    /// <summary>Takes over another sample, which lies behind this one in the owner's lists.</summary>
    public void Merge(PrioritySample other, Dropping drop)
    {
        _importances.AddRange(other._importances);
        _priorities.AddRange(other._priorities);
        Seen += other.Seen;
        Threshold = Math.Max(Threshold, other.Threshold);
        Keep(drop);
    }

    /// <summary>Forgets what is kept, but not that it was seen.</summary>
    public void Clear()
    {
        _importances.Clear();
        _priorities.Clear();
    }

    /// <summary>Importance and priority of a kept thing.</summary>
    public (double Importance, double Priority) this[int place] => (_importances[place], _priorities[place]);

    /// <summary>Continues a sample from what was stored of it; the kept things follow by <see cref="Restore"/>.</summary>
    public static PrioritySample Continue(long seen, long seed, double threshold) => new() { Seen = seen, Seed = seed, Threshold = threshold };

    /// <summary>Puts back a kept thing.</summary>
    public void Restore(double importance, double priority)
    {
        _importances.Add(importance);
        _priorities.Add(priority);
    }

    /// <summary>Drops what does not exceed the threshold.</summary>
    void Keep(Dropping drop)
    {
        var rented = ArrayPool<bool>.Shared.Rent(Count);
        var dropped = rented.AsSpan(0, Count);
        var kept = 0;
        for (var i = 0; i < dropped.Length; i++)
        {
            dropped[i] = !(_priorities[i] > Threshold);
            if (dropped[i]) { continue; }
            (_importances[kept], _priorities[kept]) = (_importances[i], _priorities[i]);
            kept++;
        }
        if (kept < dropped.Length)
        {
            _importances.RemoveRange(kept, dropped.Length - kept);
            _priorities.RemoveRange(kept, dropped.Length - kept);
            drop(dropped, kept);
        }
        ArrayPool<bool>.Shared.Return(rented);
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
