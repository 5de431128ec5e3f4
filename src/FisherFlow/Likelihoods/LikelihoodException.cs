namespace FisherFlow.Likelihoods;

/// <summary>A likelihood that cannot be maximised from where it was to start; the message says where it has no value, for which row, and what could be done.</summary>
/// <param name="message">The whole message.</param>
public sealed class LikelihoodException(string message) : Exception(message);
