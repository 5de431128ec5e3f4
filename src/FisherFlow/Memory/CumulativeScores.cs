using System.Collections.Concurrent;
using FisherFlow.Snapshots;

namespace FisherFlow.Memory;

/// <summary>How cumulative scores are judged.</summary>
public enum BridgeStatistic
{
    /// <summary>Nyblom's and Hansen's: the mean square, <c>Σ(Sₜ − (t/n)Sₙ)²/n²</c>; for slow drifts and changes about the middle.</summary>
    MeanSquare,
    /// <summary>The largest: <c>max|Sₜ − (t/n)Sₙ|/√n</c>; for single jumps.</summary>
    Supremum,
}

/// <summary>Tests window after window of values for constancy: cumulative values about the window's own mean, under the law of a Brownian bridge.</summary>
/// <remarks>
/// Windows of n values overlap by half, so that a change which one has at its edge the next has in its middle. Each is a test whose level follows from the average run length: for the mean square by the exact law of
/// n normal values, for the supremum by Kolmogorov's with the continuity correction <c>x + 0.5826/√n</c>. The alarm comes at the end of a window; the change point is where the cumulative values are farthest from the line.
/// Values: independent N(μ, 1), μ of any size. Memory: n values. Cost: <c>O(1)</c> a step.
/// Source: Nyblom (1989); Hansen (1992); Brown, Durbin &amp; Evans (1975); Siegmund (1985), § 10.2 for the correction.
/// </remarks>
public sealed class CumulativeScores : IChangeDetector
{
    const double Discreteness = 0.5826;   // −ζ(½)/√(2π): the mean by which a walk overshoots a line

    /// <summary>Neighbouring windows share half their values, so some alarms would come twice: the share of the others, which measured run lengths bear out.</summary>
    const double Fresh = 0.95;

    // Detectors come in dozens, one for each coefficient; a threshold is solved for once.
    static readonly ConcurrentDictionary<(BridgeStatistic Kind, int Length, double Level), double> _thresholds = [];

    readonly double[] _values;
    long _before;

    /// <summary>A detector with a given average number of steps between false alarms.</summary>
    /// <param name="averageRunLength">Average steps to a false alarm; at least 80.</param>
    /// <param name="statistic">How a window is judged.</param>
    /// <param name="window">Values a window, an even number from 10 to a quarter of the run length; 0 for a tenth of it, between 20 and 256.</param>
    public CumulativeScores(double averageRunLength, BridgeStatistic statistic = BridgeStatistic.MeanSquare, int window = 0)
    {
        AverageRunLength = DetectorNumbers.RequireRunLength(averageRunLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(averageRunLength, 80);
        var length = window == 0 ? 2 * (int)Math.Clamp(averageRunLength / 20, 10, 128) : window;
        if (length < 10 || length % 2 == 1 || length > averageRunLength / 4) { throw new ArgumentOutOfRangeException(nameof(window), length, $"a window has an even number of values, at least 10 and at most a quarter of the average run length ({averageRunLength})"); }
        Kind = statistic;
        _values = new double[length];
        var level = length / 2 / (averageRunLength - length / 2) / Fresh;
        Threshold = _thresholds.GetOrAdd((statistic, length, level), Solve);
    }

    /// <summary>How a window is judged.</summary>
    public BridgeStatistic Kind { get; }

    /// <summary>Values a window.</summary>
    public int Window => _values.Length;

    /// <inheritdoc/>
    public string Method => Kind == BridgeStatistic.MeanSquare ? "nyblom" : "bridge";

    /// <inheritdoc/>
    public double AverageRunLength { get; }

    /// <inheritdoc/>
    public long Count { get; private set; }

    /// <inheritdoc/>
    /// <remarks>That of the last full window.</remarks>
    public double Statistic { get; private set; }

    /// <inheritdoc/>
    public double Threshold { get; }

    /// <inheritdoc/>
    public bool IsAlarmed { get; private set; }

    /// <inheritdoc/>
    public long ChangePoint { get; private set; }

    /// <summary>The statistic of a series of unknown mean and variance, its p-value as the series grows long, and where the cumulative values are farthest from the line.</summary>
    /// <param name="values">The series <c>[n]</c>, n ≥ 3.</param>
    /// <param name="statistic">How it is judged.</param>
    public static (double Statistic, double PValue, int ChangePoint) Test(ReadOnlySpan<double> values, BridgeStatistic statistic)
    {
        if (values.Length < 3) { throw new ArgumentException($"{values.Length} values have no variance to compare with; 3 are needed", nameof(values)); }
        var mean = 0.0;
        foreach (var value in values) { mean += value / values.Length; }
        var squares = 0.0;
        foreach (var value in values) { squares += (value - mean) * (value - mean); }
        var deviation = Math.Sqrt(squares / (values.Length - 1));
        var (result, point) = Judge(values, statistic);
        var scaled = result / (statistic == BridgeStatistic.MeanSquare ? deviation * deviation : deviation);
        return (scaled, statistic == BridgeStatistic.MeanSquare ? BridgeLaw.IntegralTail(scaled, 1) : BridgeLaw.SupremumTail(scaled + Discreteness / Math.Sqrt(values.Length)), point);
    }

    /// <inheritdoc/>
    public bool Observe(double value)
    {
        DetectorNumbers.RequireFinite(value);
        if (IsAlarmed) { return true; }
        _values[Count++ - _before] = value;
        if (Count - _before < Window) { return false; }
        (Statistic, var point) = Judge(_values, Kind);
        ChangePoint = _before + point;
        _values.AsSpan(Window / 2).CopyTo(_values);
        _before += Window / 2;
        return IsAlarmed = Statistic >= Threshold;
    }

    /// <inheritdoc/>
    public void Reset() => (Count, _before, Statistic, ChangePoint, IsAlarmed) = (0, 0, 0, 0, false);

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Count);
        writer.Write(_before);
        writer.Write(Statistic);
        writer.Write(ChangePoint);
        writer.Write(IsAlarmed);
        writer.Write(_values.AsSpan(0, (int)(Count - _before)));
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader)
    {
        (Count, _before, Statistic, ChangePoint, IsAlarmed) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble(), reader.ReadInt64(), reader.ReadBoolean());
        reader.ReadDoubles().CopyTo(_values, 0);
    }

    static double Solve((BridgeStatistic Kind, int Length, double Level) window) => window.Kind == BridgeStatistic.MeanSquare
        ? BridgeLaw.SumQuantile(window.Level, window.Length)
        : BridgeLaw.SupremumQuantile(window.Level) - Discreteness / Math.Sqrt(window.Length);

    static (double Statistic, int Farthest) Judge(ReadOnlySpan<double> values, BridgeStatistic statistic)
    {
        var (n, total) = (values.Length, 0.0);
        foreach (var value in values) { total += value; }
        var (sum, squares, largest, farthest) = (0.0, 0.0, -1.0, 0);
        for (var t = 1; t < n; t++)
        {
            sum += values[t - 1];
            var bridge = sum - total * t / n;
            squares += bridge * bridge;
            if (Math.Abs(bridge) > largest) { (largest, farthest) = (Math.Abs(bridge), t); }
        }
        return (statistic == BridgeStatistic.MeanSquare ? squares / ((double)n * n) : largest / Math.Sqrt(n), farthest);
    }
}
