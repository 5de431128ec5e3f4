namespace FisherFlow.Data.Formulas;

/// <summary>What a formula treats as one: a column, a transformation of columns, a factor made by C(), or two columns of one factor made by pair().</summary>
/// <param name="Name">As R writes it, without the reference level.</param>
/// <param name="Expression">What it is computed from; the argument of C() for a factor.</param>
/// <param name="IsFactor">Whether C() asks for levels whatever the column holds.</param>
/// <param name="Position">Where it first stands in the formula.</param>
sealed record Variable(string Name, Node Expression, bool IsFactor, int Position)
{
    /// <summary>The reference level that C(…, ref = "…") asks for.</summary>
    public string? Reference { get; set; }

    /// <summary>The other column of pair(first, second), whose levels count against the first; null for everything else.</summary>
    public Node? Second { get; init; }

    /// <summary>Where the reference level stands.</summary>
    public int ReferencePosition { get; init; }

    /// <summary>Slots that hash() spreads texts over; 0 for everything else.</summary>
    public int Slots { get; init; }

    /// <summary>The columns whose texts hash() takes.</summary>
    public IReadOnlyList<NameNode> HashedColumns { get; init; } = [];
}

/// <summary>The right side of a formula, multiplied out.</summary>
/// <param name="Variables">In the order of the formula.</param>
/// <param name="Terms">Terms as ascending numbers of variables, in R's order: by degree, then as written.</param>
/// <param name="Offsets">Arguments of offset().</param>
/// <param name="HasIntercept">Whether there is an intercept.</param>
/// <param name="InterceptPosition">Where the formula speaks of the intercept, or −1.</param>
sealed record FormulaTerms(IReadOnlyList<Variable> Variables, IReadOnlyList<int[]> Terms, IReadOnlyList<Node> Offsets, bool HasIntercept, int InterceptPosition);
