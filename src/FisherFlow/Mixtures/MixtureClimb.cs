namespace FisherFlow.Mixtures;

/// <summary>Where the way up from the maximum of many quadratics has ended.</summary>
/// <param name="Evidence">The evidence about the likelihood's maximum; the quadratics as they are where none was found.</param>
/// <param name="IsConverged">Whether one was found.</param>
/// <param name="Moved">How far it is from the quadratics' own maximum, in squared standard errors.</param>
readonly record struct MixtureClimb(MixtureEvidence Evidence, bool IsConverged, double Moved);
