using FisherFlow.Inference;

namespace FisherFlow.Data;

/// <summary>Several methods on the same stream, side by side.</summary>
/// <param name="Formula">The formula.</param>
/// <param name="Family">The family's name.</param>
/// <param name="Link">The link's name.</param>
/// <param name="Rows">Rows learned.</param>
/// <param name="RowsRejected">Rows rejected.</param>
/// <param name="NullLoss">The mean loss of the best constant prediction, known afterwards; or null.</param>
/// <param name="BatchRows">Rows of a step, of methods that take steps.</param>
/// <param name="Contenders">The methods, in the order in which they were named.</param>
/// <param name="Warnings">What the reader should know.</param>
public sealed record ComparisonResult(
    string Formula, string Family, string Link, long Rows, long RowsRejected, double? NullLoss, int BatchRows, IReadOnlyList<ContenderResult> Contenders, IReadOnlyList<string> Warnings);

/// <summary>How a method did.</summary>
/// <param name="Name">Its name, as asked for.</param>
/// <param name="Method">Its axes.</param>
/// <param name="Regime">Whether its information is a covariance.</param>
/// <param name="Curve">Mean prequential loss at 1, 2, 4, 8 … rows and at the end.</param>
/// <param name="Loss">Mean prequential loss over all rows: each predicted before it was learned.</param>
/// <param name="LastLoss">The same over the last half at least.</param>
/// <param name="Calibration">How well its probabilities or intervals hold over the last half, or null.</param>
/// <param name="Seconds">Processor time of learning; without the predictions of the comparison.</param>
/// <param name="StateBytes">What it must keep to go on.</param>
public sealed record ContenderResult(
    string Name, string Method, Regime Regime, IReadOnlyList<LossPoint> Curve, double? Loss, double? LastLoss, CalibrationResult? Calibration, double Seconds, long StateBytes)
{
    /// <summary>Whether the predictions left the finite numbers, or ended worse than half again the best constant's.</summary>
    public bool HasDiverged { get; init; }
}

/// <summary>The mean loss up to a row.</summary>
/// <param name="Rows">Rows learned.</param>
/// <param name="Loss">Mean loss since the start; null when it is not finite.</param>
/// <param name="LossSinceLast">Mean loss since the last point; null when it is not finite.</param>
public sealed record LossPoint(long Rows, double? Loss, double? LossSinceLast);

/// <summary>How well predictions of a method hold.</summary>
/// <param name="Kind"><c>ece</c>: expected calibration error of probabilities, 15 bins; <c>coverage</c>: the share of responses inside their central 90 % interval.</param>
/// <param name="Value">The number: 0 is best for ece, 0.9 for coverage.</param>
/// <param name="Bins">The reliability diagram of ece; empty for coverage.</param>
public sealed record CalibrationResult(string Kind, double Value, IReadOnlyList<CalibrationBin> Bins);

/// <summary>Predictions of about the same probability.</summary>
/// <param name="Predicted">Their mean.</param>
/// <param name="Observed">How often it happened.</param>
/// <param name="Weight">Their share of all predictions.</param>
public sealed record CalibrationBin(double Predicted, double Observed, double Weight);
