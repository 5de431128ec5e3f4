namespace FisherFlow.Information;

/// <summary>A quadratic about an anchor θ₀: information <c>I</c> and score <c>s</c>, so that <c>ℓ(θ₀ + δ) ≈ c + sᵀδ − ½ δᵀIδ</c>.</summary>
/// <remarks>The anchor itself belongs to the estimator. A structure chooses how <c>s</c> is kept (as itself, or as <c>Qᵀz</c> beside <c>R</c>).</remarks>
/// <typeparam name="TSelf">The structure itself.</typeparam>
public interface IEvidence<TSelf> : IInformation<TSelf> where TSelf : class, IEvidence<TSelf>
{
    /// <summary>No evidence about <paramref name="dimension"/> parameters.</summary>
    static abstract TSelf Create(int dimension);

    /// <summary>Adds weighted rows: <c>I += Σ wᵢ xᵢxᵢᵀ</c>, <c>s += Σ rᵢ xᵢ</c>, and <c>Σ rᵢ²/wᵢ</c> to the residual sum.</summary>
    /// <remarks>Shape: weights and scores <c>[n]</c>, weights ≥ 0; a row of weight zero adds nothing. Cost: <c>O(n·k²)</c> for k non-zeros a row (dense structures densify).</remarks>
    /// <param name="rows">The design rows <c>aᵢ</c>, <c>n</c> of them.</param>
    /// <param name="weights">Weights <c>[n]</c>, at least 0.</param>
    /// <param name="scores">Score factors <c>[n]</c>.</param>
    void Add(in DesignRows rows, ReadOnlySpan<double> weights, ReadOnlySpan<double> scores);

    /// <summary>Copies the score at the anchor.</summary>
    /// <param name="score">Receives <c>s [d]</c>.</param>
    void CopyScore(Span<double> score);

    /// <summary><c>Σ w(z − xᵀδ)²</c> at <c>δ = 0</c>, that is <c>Σ r²/w</c> moved along with the anchor.</summary>
    double ResidualSum { get; }

    /// <summary>Moves the anchor by δ: <c>s ← s − Iδ</c>, and the residual sum with it.</summary>
    /// <param name="delta">The move <c>[d]</c>.</param>
    void Shift(ReadOnlySpan<double> delta);

    /// <summary>Factors <c>I + Λ</c> on the parameters of <paramref name="order"/>, in that order, dropping each that depends on those before it.</summary>
    /// <remarks>
    /// A parameter is aliased when what the earlier ones leave of its column has a norm below <paramref name="tolerance"/> of the column's own.
    /// The step maximises <c>sᵀδ − ½δᵀIδ − ½(δ − m)ᵀΛ(δ − m)</c> over the kept parameters. The structure is unchanged.
    /// </remarks>
    /// <param name="order">Indices of the parameters that may move, <c>[k]</c>.</param>
    /// <param name="priorPrecision">Λ's diagonal <c>[d]</c>, or empty for none.</param>
    /// <param name="priorShift"><c>m</c>: the prior's mean less the anchor, <c>[d]</c>, or empty for zero.</param>
    /// <param name="tolerance">Relative norm below which a column is aliased; null for the structure's own.</param>
    Factor Factorise(ReadOnlySpan<int> order, ReadOnlySpan<double> priorPrecision, ReadOnlySpan<double> priorShift, double? tolerance = null);

    /// <summary>Forgets everything; dimension stays.</summary>
    void Clear();

    /// <summary>The Gram matrix and score of the same evidence, with its own storage.</summary>
    FullInformation ToFull();
}
