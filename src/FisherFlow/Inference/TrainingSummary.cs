namespace FisherFlow.Inference;

/// <summary>How a result of the trajectory regime came about; it has estimates, and nothing that speaks of their errors.</summary>
/// <param name="Preset">The method's name.</param>
/// <param name="Method">Its axes: <c>(diagonal, average 0.999, batch-mean, inverse-root 0.01, …)</c>.</param>
/// <param name="BatchRows">Rows of a step.</param>
/// <param name="Epochs">Passes over the data.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Failures">Batches that moved nothing, because their likelihood or their step was not finite.</param>
/// <param name="Loss">Mean loss of a row before it was learned, over the first pass: half the deviance.</param>
/// <param name="LastLoss">The same over the last half of the first pass, or the last pass of several.</param>
/// <param name="NullLoss">The mean loss of the best constant prediction, or null where sums do not tell it.</param>
public sealed record TrainingSummary(string Preset, string Method, int BatchRows, int Epochs, long Steps, long Failures, double? Loss, double? LastLoss, double? NullLoss);
