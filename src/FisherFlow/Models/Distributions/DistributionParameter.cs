using FisherFlow.Differentiation;

namespace FisherFlow.Models.Distributions;

/// <summary>A parameter of a distribution: its name and where it lives, which decides how it is tied to its linear predictor.</summary>
/// <param name="Name">As formulas and tables call it: <c>location</c>, <c>scale</c>, <c>shape</c>.</param>
/// <param name="Domain">Its values; the predictor is the free number behind them (the logarithm of a positive parameter).</param>
public readonly record struct DistributionParameter(string Name, Interval Domain);
