namespace FisherFlow.Estimation;

/// <summary>A change of a coefficient, found while its stream was read.</summary>
/// <param name="Term">The coefficient, by its name in tables; a level's own name even where it is the reference.</param>
/// <param name="Outcome">The outcome it belongs to, or null.</param>
/// <param name="Row">The first row after the change, estimated; rows that were used, counted from 1.</param>
/// <param name="FoundAt">The row after which it was found.</param>
/// <param name="Statistic">The detector's statistic then.</param>
/// <param name="Threshold">What it had reached.</param>
/// <param name="Method">The detector, by its name on the command line.</param>
public sealed record DetectedChange(string Term, string? Outcome, long Row, long FoundAt, double Statistic, double Threshold, string Method);
