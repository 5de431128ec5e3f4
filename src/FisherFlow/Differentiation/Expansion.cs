namespace FisherFlow.Differentiation;

/// <summary>A function at a point with its first two derivatives.</summary>
/// <param name="Value">f.</param>
/// <param name="First">f′.</param>
/// <param name="Second">f″.</param>
public readonly record struct Expansion(double Value, double First, double Second);
