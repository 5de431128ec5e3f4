namespace FisherFlow.Data;

/// <summary>States that cannot be merged; the message names what is unlike.</summary>
/// <param name="message">What is unlike.</param>
public sealed class MergeException(string message) : Exception(message);
