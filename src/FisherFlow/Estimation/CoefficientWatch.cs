using FisherFlow.Memory;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>What one coefficient's scores have added up to since its detector's last step, and the detector.</summary>
/// <remarks>A step is taken when the scores are many enough for their sum to be normal: about <see cref="Enough"/> events, or effective rows.</remarks>
sealed class CoefficientWatch
{
    /// <summary>1 over the excess kurtosis that a standardised sum of scores may have.</summary>
    public const double Enough = 20;

    double _score, _variance, _information, _fourth;
    long _start;

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
            Detector = choice.Create(Math.Max(DetectorChoice.FewestSteps, choice.AverageRunLength * coefficients / length));
        }
        var value = _score / Math.Sqrt(_variance);
        (_score, _variance, _information, _fourth) = (0, 0, 0, 0);
        return Detector.Observe(choice.Kind == DetectorKind.Adwin ? StandardNormal.Lower(value) : value);
    }

    /// <summary>The estimated first row after the change: steps are taken to be equally long.</summary>
    public long ChangeRow(long seen) => Detector is null ? seen : _start + (long)Math.Round((seen - _start) * (double)Detector.ChangePoint / Detector.Count) + 1;

    /// <summary>Writes all there is.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write([_score, _variance, _information, _fourth, _pastInformation, _pastFourth, Detector?.AverageRunLength ?? 0]);
        writer.Write(_start);
        Detector?.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static CoefficientWatch Load(StateReader reader, DetectorChoice choice)
    {
        var n = reader.ReadDoubles();
        var watch = new CoefficientWatch { _score = n[0], _variance = n[1], _information = n[2], _fourth = n[3], _pastInformation = n[4], _pastFourth = n[5], _start = reader.ReadInt64() };
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
