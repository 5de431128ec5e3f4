using FisherFlow.Snapshots;

namespace FisherFlow.Memory;

/// <summary>Each value by itself: alarm when <c>|x| ≥ z</c> with <c>P(|Z| ≥ z) = 1/ARL</c>.</summary>
/// <remarks>
/// The quickest detector of changes that a single step shows; with a batch's standardised score as the value it is the batch score test of one coefficient. The average run length is exact for N(0, 1) values.
/// The change is put before the step that alarmed. Source: Shewhart (1931).
/// </remarks>
public sealed class ScoreChart : IChangeDetector
{
    /// <summary>A detector with a given average number of steps between false alarms.</summary>
    /// <param name="averageRunLength">Average steps to a false alarm.</param>
    public ScoreChart(double averageRunLength)
    {
        AverageRunLength = DetectorNumbers.RequireRunLength(averageRunLength);
        Threshold = StandardNormal.TwoSidedQuantile(1 / averageRunLength);
    }

    /// <inheritdoc/>
    public string Method => "score";

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
    public long ChangePoint => Math.Max(0, Count - 1);

    /// <inheritdoc/>
    public bool Observe(double value)
    {
        DetectorNumbers.RequireFinite(value);
        if (IsAlarmed) { return true; }
        Statistic = Math.Abs(value);
        Count++;
        return IsAlarmed = Statistic >= Threshold;
    }

    /// <inheritdoc/>
    public void Reset() => (Count, Statistic, IsAlarmed) = (0, 0, false);

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Count);
        writer.Write(Statistic);
        writer.Write(IsAlarmed);
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader) => (Count, Statistic, IsAlarmed) = (reader.ReadInt64(), reader.ReadDouble(), reader.ReadBoolean());
}
