namespace FisherFlow.Models;

/// <summary>Random numbers that are a function of where they are used: the same seed, row and sample give the same number on every machine, in any order.</summary>
/// <remarks>Source: the finaliser of SplitMix64, Steele, Lea &amp; Flood (2014), over a counter.</remarks>
static class CounterNoise
{
    const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>A uniform number, strictly between 0 and 1.</summary>
    public static double Uniform(ulong seed, long row, int sample) =>
        ((Mix(Mix(seed + Golden * (ulong)(row + 1)) + Golden * (ulong)(sample + 1)) >> 12) + 0.5) * (1.0 / (1UL << 52));

    static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
