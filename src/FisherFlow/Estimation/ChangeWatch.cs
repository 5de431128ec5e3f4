using FisherFlow.Information;
using FisherFlow.Memory;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>Watches every coefficient for a change: each batch's own estimate of it is held against what is known, and the differences are summed up.</summary>
/// <remarks>
/// <c>zⱼ = δⱼ/√(φ(I_B⁻¹ + I⁻¹)ⱼⱼ)</c> with the batch's step <c>δ = I_B⁻¹s_B(θ)</c> is N(0, 1) while nothing changes; Page's cumulative sum of it looks for shifts of one standard error of a batch. The
/// detectors share <see cref="BatchesToFalseAlarm"/> batches between false alarms of any of them. Source: Page (1954); Wald (1943) for the difference of two estimates.
/// </remarks>
sealed class ChangeWatch
{
    /// <summary>Batches to a false alarm of any coefficient, on average.</summary>
    public const double BatchesToFalseAlarm = 1000;

    readonly Dictionary<int, PageCusum> _detectors = [];
    readonly List<long> _starts = [];   // first row of every batch since the last reset

    /// <summary>Tests a batch; the parameter that has changed and the first row since, or null.</summary>
    /// <param name="score">The batch's score at θ, <c>[d]</c>.</param>
    /// <param name="batch">Factor of the batch's information there.</param>
    /// <param name="past">Factor of what is known.</param>
    /// <param name="dispersion">φ.</param>
    /// <param name="firstRow">Number of the batch's first row in the stream.</param>
    public (int Parameter, long Since)? Test(double[] score, Factor batch, Factor past, double dispersion, long firstRow)
    {
        _starts.Add(firstRow);
        var step = new double[score.Length];
        batch.Solve(score, step);
        var (own, known) = (Variances(batch), Variances(past));
        (int, long)? found = null;
        var largest = 0.0;
        foreach (var parameter in batch.Kept)
        {
            if (!known.TryGetValue(parameter, out var before)) { continue; }
            var z = step[parameter] / Math.Sqrt(dispersion * (own[parameter] + before));
            if (!double.IsFinite(z)) { continue; }
            if (!_detectors.TryGetValue(parameter, out var detector)) { _detectors[parameter] = detector = new(Math.Min(1e12, BatchesToFalseAlarm * past.Rank)); }
            if (!detector.Observe(z) || !(detector.Statistic / detector.Threshold > largest)) { continue; }
            largest = detector.Statistic / detector.Threshold;
            var steps = (int)Math.Clamp(_starts.Count - detector.Count + detector.ChangePoint, 0, _starts.Count - 1);
            found = (parameter, _starts[steps]);
        }
        return found;
    }

    /// <summary>Forgets all.</summary>
    public void Reset()
    {
        _detectors.Clear();
        _starts.Clear();
    }

    /// <summary>Renames the parameters.</summary>
    public void Remap(ReadOnlySpan<int> map)
    {
        var old = _detectors.ToArray();
        _detectors.Clear();
        foreach (var (parameter, detector) in old) { _detectors[map[parameter]] = detector; }
    }

    /// <summary>Writes the detectors, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_starts.Count);
        foreach (var start in _starts) { writer.Write(start); }
        writer.Write(_detectors.Count);
        foreach (var (parameter, detector) in _detectors)
        {
            writer.Write(parameter);
            writer.Write(detector.AverageRunLength);
            detector.Save(writer);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Restore(StateReader reader)
    {
        for (var left = reader.ReadInt32(); left > 0; left--) { _starts.Add(reader.ReadInt64()); }
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var parameter = reader.ReadInt32();
            var detector = new PageCusum(reader.ReadDouble());
            detector.Restore(reader);
            _detectors[parameter] = detector;
        }
    }

    static Dictionary<int, double> Variances(Factor factor)
    {
        var variances = new double[factor.Rank];
        factor.InverseDiagonal(variances);
        return factor.Kept.Select((parameter, i) => (parameter, variances[i])).ToDictionary(pair => pair.parameter, pair => pair.Item2);
    }
}
