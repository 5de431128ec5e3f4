namespace FisherFlow.Likelihoods;

/// <summary>A parameter of a likelihood with its name and the values that it may take.</summary>
/// <remarks>
/// Estimation runs in free coordinates φ, to which a constraint maps one to one: <c>θ = log⁻¹(φ)</c> for positive ones, and so on. What is reported is θ, with errors by the
/// delta method and limits that stay inside the constraint. A vector (shares, ordered numbers, correlations) takes several places in θ. Immutable.
/// </remarks>
public sealed class Parameter
{
    Parameter(IReadOnlyList<string> names, Constraint constraint)
    {
        foreach (var name in names) { ArgumentException.ThrowIfNullOrWhiteSpace(name, nameof(names)); }
        (Names, Constraint) = (names, constraint);
    }

    /// <summary>The names of its components: one, or as many as a vector has.</summary>
    public IReadOnlyList<string> Names { get; }

    internal Constraint Constraint { get; }

    /// <summary>Any real number.</summary>
    /// <param name="name">Its name.</param>
    public static Parameter Free(string name) => new([name], new ScalarConstraint(double.NegativeInfinity, double.PositiveInfinity));

    /// <summary>A number above zero.</summary>
    /// <param name="name">Its name.</param>
    public static Parameter Positive(string name) => Between(name, 0, double.PositiveInfinity);

    /// <summary>A number between zero and one.</summary>
    /// <param name="name">Its name.</param>
    public static Parameter Unit(string name) => Between(name, 0, 1);

    /// <summary>A number between two bounds, of which either may be infinite.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="low">The lower bound, never reached.</param>
    /// <param name="high">The upper bound, never reached.</param>
    /// <exception cref="ArgumentException">The bounds are not in order, or leave nothing between them.</exception>
    public static Parameter Between(string name, double low, double high)
    {
        if (!(low < high)) { throw new ArgumentException($"the parameter {name} cannot lie between {low} and {high}: the lower bound comes first and is smaller"); }
        return new([name], new ScalarConstraint(low, high));
    }

    /// <summary>Shares that are positive and sum to one, <c>name1 … nameK</c>.</summary>
    /// <param name="name">The name that their numbers follow.</param>
    /// <param name="parts">How many, at least 2.</param>
    public static Parameter Simplex(string name, int parts) => Simplex(Numbered(name, parts));

    /// <summary>Shares that are positive and sum to one.</summary>
    /// <param name="names">Their names, at least 2.</param>
    public static Parameter Simplex(IReadOnlyList<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(names.Count, 2, nameof(names));
        return new(names, new VectorConstraint<SimplexMap>(names.Count - 1, names.Count));
    }

    /// <summary>Numbers in increasing order, <c>name1 &lt; … &lt; nameK</c>.</summary>
    /// <param name="name">The name that their numbers follow.</param>
    /// <param name="count">How many, at least 2.</param>
    public static Parameter Ordered(string name, int count) => Ordered(Numbered(name, count));

    /// <summary>Numbers in increasing order.</summary>
    /// <param name="names">Their names, at least 2.</param>
    public static Parameter Ordered(IReadOnlyList<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(names.Count, 2, nameof(names));
        return new(names, new VectorConstraint<OrderedMap>(names.Count, names.Count));
    }

    /// <summary>The correlations of K variables below the diagonal, row by row: <c>name21, name31, name32, …</c>; the matrix is positive definite.</summary>
    /// <param name="name">The name that their indices follow.</param>
    /// <param name="variables">K, from 2 to 9.</param>
    public static Parameter Correlation(string name, int variables)
    {
        if (variables is < 2 or > 9) { throw new ArgumentOutOfRangeException(nameof(variables), variables, "from 2 to 9 variables"); }
        List<string> names = [];
        for (var i = 2; i <= variables; i++)
        {
            for (var j = 1; j < i; j++) { names.Add($"{name}{i}{j}"); }
        }
        return new(names, new VectorConstraint<CorrelationMap>(names.Count, names.Count));
    }

    static string[] Numbered(string name, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        return [.. Enumerable.Range(1, count).Select(i => $"{name}{i}")];
    }
}
