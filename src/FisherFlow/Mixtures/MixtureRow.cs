namespace FisherFlow.Mixtures;

/// <summary>An observation: the predictors that are not zero, the response and its weight.</summary>
/// <param name="columns">Their columns <c>[m]</c>.</param>
/// <param name="values">Their values <c>[m]</c>.</param>
/// <param name="response">The response.</param>
/// <param name="weight">The prior weight: so many rows.</param>
readonly ref struct MixtureRow(ReadOnlySpan<int> columns, ReadOnlySpan<double> values, double response, double weight)
{
    public ReadOnlySpan<int> Columns { get; } = columns;

    public ReadOnlySpan<double> Values { get; } = values;

    public double Response { get; } = response;

    public double Weight { get; } = weight;

    /// <summary><c>xᵀβ</c> for coefficients <c>[p]</c>.</summary>
    public double Dot(ReadOnlySpan<double> coefficients)
    {
        var sum = 0.0;
        for (var i = 0; i < Columns.Length; i++) { sum += Values[i] * coefficients[Columns[i]]; }
        return sum;
    }
}
