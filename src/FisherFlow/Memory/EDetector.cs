using FisherFlow.Snapshots;

namespace FisherFlow.Memory;

/// <summary>The e-detector of Shiryaev and Roberts: <c>Mₜ = (Mₜ₋₁ + 1)·eₜ</c>, alarm at <c>M ≥ ARL</c>.</summary>
/// <remarks>
/// An e-value is evidence against "nothing has changed": not negative, with mean at most 1 given the past while that is true. Then <c>Mₜ − t</c> cannot grow on average, so the average run length is at least the
/// one asked for, with no table and no distribution. From a value the e-value is the likelihood ratio of a shift of ±δ, <c>e = exp(−δ²/2)·cosh(δx)</c>: at most 1 on average for N(0, 1) and for everything sub-Gaussian.
/// The change point maximises the product of the e-values after it. Cost: <c>O(1)</c>. Source: Shin, Ramdas &amp; Rinaldo (2023), e-detectors; Roberts (1966).
/// </remarks>
public sealed class EDetector : IChangeDetector
{
    double _logSince;
    long _start;

    /// <summary>A detector with at least a given average number of steps between false alarms.</summary>
    /// <param name="averageRunLength">The fewest steps to a false alarm on average, 1/α.</param>
    /// <param name="shift">δ, the size of the shift to look for, in standard deviations.</param>
    public EDetector(double averageRunLength, double shift = 1)
    {
        AverageRunLength = DetectorNumbers.RequireRunLength(averageRunLength);
        Shift = DetectorNumbers.RequireShift(shift);
    }

    /// <inheritdoc/>
    public string Method => "e-detector";

    /// <inheritdoc/>
    public double AverageRunLength { get; }

    /// <summary>δ, the size of the shift to look for.</summary>
    public double Shift { get; }

    /// <inheritdoc/>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public double Statistic { get; private set; }

    /// <inheritdoc/>
    public double Threshold => AverageRunLength;

    /// <inheritdoc/>
    public bool IsAlarmed { get; private set; }

    /// <inheritdoc/>
    public long ChangePoint => _start;

    /// <inheritdoc/>
    public bool Observe(double value)
    {
        var reach = Shift * Math.Abs(DetectorNumbers.RequireFinite(value));
        return Add(reach - Shift * Shift / 2 + Math.Log((1 + Math.Exp(-2 * reach)) / 2));   // the logarithm of cosh without overflow
    }

    /// <summary>Takes one step with evidence of the caller's own.</summary>
    /// <param name="evidence">An e-value: not negative, with mean at most 1 given the past while nothing changes.</param>
    /// <returns>Whether a change is found.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The evidence is negative or not finite.</exception>
    public bool ObserveEvidence(double evidence) => evidence >= 0 && double.IsFinite(evidence)
        ? Add(Math.Log(evidence))
        : throw new ArgumentOutOfRangeException(nameof(evidence), evidence, "an e-value is finite and not negative");

    /// <inheritdoc/>
    public void Reset() => (_logSince, _start, Count, Statistic, IsAlarmed) = (0, 0, 0, 0, false);

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(_logSince);
        writer.Write(_start);
        writer.Write(Count);
        writer.Write(Statistic);
        writer.Write(IsAlarmed);
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader) =>
        (_logSince, _start, Count, Statistic, IsAlarmed) = (reader.ReadDouble(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble(), reader.ReadBoolean());

    bool Add(double log)
    {
        if (IsAlarmed) { return true; }
        if (_logSince <= 0) { (_logSince, _start) = (0, Count); }
        _logSince += log;
        Statistic = Math.Min(double.MaxValue, (Statistic + 1) * Math.Exp(log));
        Count++;
        return IsAlarmed = Statistic >= Threshold;
    }
}
