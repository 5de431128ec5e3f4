namespace FisherFlow.Data;

/// <summary>The data, a file or a state cannot be used; the message says where, what was found and what would be legal, and is meant for people.</summary>
/// <param name="message">The whole message: it names the file, and where they apply the line, column and value.</param>
/// <param name="innerException">What caused it, if anything did.</param>
public sealed class DataException(string message, Exception? innerException = null) : Exception(message, innerException);
