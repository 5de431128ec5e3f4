namespace FisherFlow.Models;

/// <summary>The sizes that decide where a parameter lives: a design column, for one outcome.</summary>
/// <param name="DenseColumns">Dense design columns <c>k</c> (the intercept is one of them).</param>
/// <param name="Columns">All design columns: the dense ones, then one for every categorical level met so far.</param>
/// <param name="Outcomes">Levels of a categorical response; 1 for a numeric one.</param>
public readonly record struct ModelShape(int DenseColumns, int Columns, int Outcomes);
