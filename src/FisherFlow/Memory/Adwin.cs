using FisherFlow.Snapshots;

namespace FisherFlow.Memory;

/// <summary>ADWIN: the longest window of recent values in [0, 1] no cut of which separates two different means; an alarm is where an older part must go.</summary>
/// <remarks>
/// The window is kept as sums in exponential buckets, so every cut between buckets is tried at every step in <c>O(log n)</c>. A cut into parts with means apart by ε and <c>m = 1/(1/n₀ + 1/n₁)</c> has the evidence L that solves
/// Bernstein's inequality, <c>ε = √(2σ²L/m) + 2L/(3m)</c>; the window's statistic is the largest L. The published bound on L (a union over all cuts) makes false alarms many times rarer than asked for; here the threshold comes from a simulated table of average run lengths
/// for fair coins, the values of largest variance: within 10 % for those, and more steps, not fewer, for values of smaller variance. After an alarm <see cref="WindowLength"/> and <see cref="Mean"/> describe the part that was kept.
/// Source: Bifet &amp; Gavaldà (2007), ADWIN2 (five buckets of each size).
/// </remarks>
public sealed class Adwin : IChangeDetector
{
    const int BucketsOfASize = 5;
    const int Sizes = 48;

    // For fair coins, the threshold L of each average run length, from 2 000 streams of 20 000 coins (a test makes it again); between and beyond, linear in log ARL.
    static readonly (double RunLength, double Threshold)[] _calibration =
    [
        (91.5, 1.5), (148.4, 1.75), (229.3, 2), (342.4, 2.25), (507.1, 2.5), (1132.7, 3), (2292.5, 3.5), (4532.7, 4), (8879.5, 4.5), (17_671, 5), (35_837, 5.5), (50_285, 5.75),
    ];

    readonly Bucket[] _buckets = new Bucket[BucketsOfASize * Sizes + 1];   // oldest, and so largest, first
    int _count;

    /// <summary>A detector with a given average number of steps between false alarms.</summary>
    /// <param name="averageRunLength">Average steps to a false alarm for fair coins; at least 100.</param>
    public Adwin(double averageRunLength)
    {
        AverageRunLength = DetectorNumbers.RequireRunLength(averageRunLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(averageRunLength, 100);
        Threshold = Calibrated(averageRunLength);
    }

    /// <summary>A detector with a threshold of its own, for the calibration.</summary>
    internal static Adwin WithThreshold(double threshold) => new(threshold, double.NaN);

    Adwin(double threshold, double averageRunLength) => (Threshold, AverageRunLength) = (threshold, averageRunLength);

    /// <inheritdoc/>
    public string Method => "adwin";

    /// <inheritdoc/>
    public double AverageRunLength { get; }

    /// <inheritdoc/>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public double Statistic { get; private set; }

    /// <inheritdoc/>
    public double Threshold { get; }

    /// <inheritdoc/>
    public bool IsAlarmed { get; private set; }

    /// <inheritdoc/>
    public long ChangePoint { get; private set; }

    /// <summary>Values in the window: all since the reset, or those after the change that was found.</summary>
    public long WindowLength => Sum(IsAlarmed ? ChangePoint : 0).Length;

    /// <summary>Their mean.</summary>
    public double Mean => Sum(IsAlarmed ? ChangePoint : 0) is var window && window.Length > 0 ? window.Total / window.Length : 0;

    /// <inheritdoc/>
    public bool Observe(double value)
    {
        if (!(value is >= 0 and <= 1)) { throw new ArgumentOutOfRangeException(nameof(value), value, "ADWIN takes values between 0 and 1; scale them by their bounds"); }
        if (IsAlarmed) { return true; }
        _buckets[_count++] = new() { Length = 1, Total = value };
        Compress();
        Count++;
        Search();
        return IsAlarmed = Statistic >= Threshold;
    }

    /// <inheritdoc/>
    public void Reset() => (_count, Count, Statistic, ChangePoint, IsAlarmed) = (0, 0, 0, 0, false);

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Count);
        writer.Write(Statistic);
        writer.Write(ChangePoint);
        writer.Write(IsAlarmed);
        writer.Write(_count);
        foreach (var bucket in _buckets.AsSpan(0, _count)) { writer.Write([bucket.Length, bucket.Total, bucket.Squares]); }
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader)
    {
        (Count, Statistic, ChangePoint, IsAlarmed, _count) = (reader.ReadInt64(), reader.ReadDouble(), reader.ReadInt64(), reader.ReadBoolean(), reader.ReadInt32());
        for (var i = 0; i < _count; i++)
        {
            var numbers = reader.ReadDoubles();
            _buckets[i] = new() { Length = (long)numbers[0], Total = numbers[1], Squares = numbers[2] };
        }
    }

    /// <summary>Joins the two oldest of a size when there are too many of it, and so on upwards.</summary>
    void Compress()
    {
        var last = _count - 1;
        while (last >= BucketsOfASize && _buckets[last - BucketsOfASize].Length == _buckets[last].Length)
        {
            var oldest = last - BucketsOfASize;
            _buckets[oldest] = Bucket.Join(_buckets[oldest], _buckets[oldest + 1]);
            _buckets.AsSpan(oldest + 2, _count - oldest - 2).CopyTo(_buckets.AsSpan(oldest + 1));
            _count--;
            last = oldest;
        }
    }

    void Search()
    {
        var all = default(Bucket);
        for (var i = 0; i < _count; i++) { all = Bucket.Join(all, _buckets[i]); }
        var variance = all.Squares / all.Length;
        var (length, total) = (0L, 0.0);
        (Statistic, ChangePoint) = (0, 0);
        for (var i = 0; i < _count - 1; i++)
        {
            length += _buckets[i].Length;
            total += _buckets[i].Total;
            var rest = all.Length - length;
            var apart = Math.Abs(total / length - (all.Total - total) / rest);
            var evidence = Evidence(apart, variance, (double)length * rest / all.Length);
            if (evidence > Statistic) { (Statistic, ChangePoint) = (evidence, length); }
        }
    }

    /// <summary>The L at which Bernstein's bound is the distance of the means: a quadratic in √L.</summary>
    static double Evidence(double apart, double variance, double size)
    {
        var half = Math.Sqrt(2 * variance / size) / 2;
        var slope = 2 / (3 * size);
        var root = (Math.Sqrt(half * half + slope * apart) - half) / slope;
        return root * root;
    }

    (long Length, double Total) Sum(long from)
    {
        var (position, length, total) = (0L, 0L, 0.0);
        for (var i = 0; i < _count; i++)
        {
            if (position >= from) { (length, total) = (length + _buckets[i].Length, total + _buckets[i].Total); }
            position += _buckets[i].Length;
        }
        return (length, total);
    }

    static double Calibrated(double runLength)
    {
        var i = 1;
        while (i < _calibration.Length - 1 && _calibration[i].RunLength < runLength) { i++; }
        var (from, to) = (_calibration[i - 1], _calibration[i]);
        return from.Threshold + (to.Threshold - from.Threshold) * Math.Log(runLength / from.RunLength) / Math.Log(to.RunLength / from.RunLength);
    }

    /// <summary>Count, sum and squared deviations of neighbouring values.</summary>
    struct Bucket
    {
        public long Length;
        public double Total, Squares;

        public static Bucket Join(in Bucket a, in Bucket b)
        {
            if (a.Length == 0) { return b; }
            var apart = a.Total / a.Length - b.Total / b.Length;
            return new() { Length = a.Length + b.Length, Total = a.Total + b.Total, Squares = a.Squares + b.Squares + apart * apart * ((double)a.Length * b.Length / (a.Length + b.Length)) };
        }
    }
}
