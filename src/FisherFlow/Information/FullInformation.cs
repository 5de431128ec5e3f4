namespace FisherFlow.Information;

/// <summary>The Gram matrix <c>I = Σ w xxᵀ</c>.</summary>
public sealed class FullInformation
{
    readonly double[,] _entries;

    FullInformation(int dimension) => _entries = new double[dimension, dimension];

    /// <summary>No evidence about <paramref name="dimension"/> parameters.</summary>
    public static FullInformation Create(int dimension) => new(dimension);

    /// <summary><c>I ← I + w·aaᵀ</c>; <paramref name="a"/> is <c>[d]</c>.</summary>
    public void Add(ReadOnlySpan<double> a, double weight)
    {
        for (var i = 0; i < a.Length; i++)
        {
            for (var j = 0; j < a.Length; j++) { _entries[i, j] += weight * a[i] * a[j]; }
        }
    }

    /// <summary>A dense copy, <c>[d, d]</c>.</summary>
    public double[,] ToDense() => (double[,])_entries.Clone();
}
