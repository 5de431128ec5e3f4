using FisherFlow.Snapshots;

namespace FisherFlow.Data.States;

/// <summary>What a state file holds.</summary>
/// <param name="FormatVersion">The version of the format it is written in.</param>
/// <param name="Producer">What wrote it, such as "FisherFlow 0.1.0".</param>
/// <param name="Payload">Its content, to be read in the order in which it was written.</param>
public sealed record StateContents(int FormatVersion, string Producer, StateReader Payload);
