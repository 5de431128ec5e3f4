using FisherFlow.Memory;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>What one coefficient's scores have added up to since its detector's last step, and the detector.</summary>
/// <remarks>A step is taken when the scores are many enough for their sum to be normal: about <see cref="Enough"/> events, or effective rows.</remarks>
sealed class CoefficientWatch
{
    /// <summary>1 over the excess kurtosis that a standardised sum of scores may have.</summary>
    public const double Enough = 20;

    /// <summary>Steps that a change is looked for in.</summary>
    const int Remembered = 128;

    readonly Queue<(double Value, long Before)> _steps = [];

    double _score, _variance, _information, _fourth;
    long _start, _previous;

    /// <summary>Σ of information and of fourth cumulants behind θ, by which it is known well enough to predict.</summary>
    double _pastInformation, _pastFourth;

    /// <summary>The detector, from the first step on.</summary>
    public IChangeDetector? Detector { get; private set; }

    /// <summary>Whether θ knows enough of the coefficient that a surprise means something.</summary>
    public bool IsMature => _pastInformation * _pastInformation >= Enough * _pastFourth && _pastFourth > 0;

    /// <summary>What θ was fitted to.</summary>
    public void Begin(double information, double fourth, long row) => (_pastInformation, _pastFourth, _start) = (information, fourth, row);

    /// <summary>Takes a batch's score with its variance, and the batch's information with its fourth cumulant; steps the detector when they are enough.</summary>
    /// <param name="batch">The batch's numbers for this coefficient.</param>
    /// <param name="rows">Rows in the batch.</param>
    /// <param name="seen">Rows seen, the batch included.</param>
    /// <param name="choice">What detector, for all coefficients together.</param>
    /// <param name="coefficients">How many there are.</param>
    /// <returns>Whether a change is found.</returns>
    public bool Add((double Score, double Variance, double Information, double Fourth) batch, long rows, long seen, DetectorChoice choice, int coefficients)
    {
        if (!IsMature)
        {
            _start = seen;
            Learn(batch.Information, batch.Fourth);
            return false;
        }
        _score += batch.Score;
        _variance += batch.Variance;
        _information += batch.Information;
        _fourth += batch.Fourth;
        Learn(batch.Information, batch.Fourth);
        if (!(_variance > 0 && _information * _information >= Enough * _fourth)) { return false; }
        if (Detector is null)
        {
            var length = Math.Max(rows, seen - _start);   // rows a step, by the first one
            _previous = _start;
            Detector = choice.Create(Math.Max(DetectorChoice.FewestSteps, choice.AverageRunLength * coefficients / length));
        }
        var value = _score / Math.Sqrt(_variance);
        (_score, _variance, _information, _fourth) = (0, 0, 0, 0);
        if (_steps.Count == Remembered) { _steps.Dequeue(); }
        _steps.Enqueue((value, _previous));
        _previous = seen;
        return Detector.Observe(choice.Kind == DetectorKind.Adwin ? StandardNormal.Lower(value) : value);
    }

    /// <summary>The first row after the change: of all places among the last steps the likeliest for values that were N(0, 1) before it and have another mean after, where <c>(Σ values after)²/their number</c> is largest.</summary>
    public long ChangeRow()
    {
        var (sum, count, largest, row) = (0.0, 0, double.NegativeInfinity, _start + 1);
        foreach (var (value, before) in _steps.Reverse())
        {
            sum += value;
            count++;
            if (sum * sum / count > largest) { (largest, row) = (sum * sum / count, before + 1); }
        }
        return row;
    }

    /// <summary>Writes all there is.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write([_score, _variance, _information, _fourth, _pastInformation, _pastFourth, Detector?.AverageRunLength ?? 0]);
        writer.Write(_start);
        writer.Write(_previous);
        writer.Write([.. _steps.Select(step => step.Value)]);
        writer.Write([.. _steps.Select(step => (double)step.Before)]);
        Detector?.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static CoefficientWatch Load(StateReader reader, DetectorChoice choice)
    {
        var n = reader.ReadDoubles();
        var watch = new CoefficientWatch { _score = n[0], _variance = n[1], _information = n[2], _fourth = n[3], _pastInformation = n[4], _pastFourth = n[5], _start = reader.ReadInt64(), _previous = reader.ReadInt64() };
        foreach (var (value, before) in reader.ReadDoubles().Zip(reader.ReadDoubles())) { watch._steps.Enqueue((value, (long)before)); }
        if (n[6] > 0)
        {
            watch.Detector = choice.Create(n[6]);
            watch.Detector.Restore(reader);
        }
        return watch;
    }

    void Learn(double information, double fourth)
    {
        _pastInformation += information;
        _pastFourth += fourth;
    }
}
