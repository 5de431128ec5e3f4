namespace FisherFlow.Estimation;

/// <summary>Which sums of score products are kept for robust covariances.</summary>
public enum Sandwich
{
    /// <summary>None: model-based covariance only.</summary>
    None,
    /// <summary><c>Σ sᵢsᵢᵀ</c> over rows: HC0 and HC1.</summary>
    Rows,
    /// <summary><c>Σ sᵢsᵢᵀ/(1 − hᵢ)²</c>: HC3, exact fits only.</summary>
    Leverage,
    /// <summary><c>Σ s_g s_gᵀ</c> over clusters: CR1.</summary>
    Clusters,
}

/// <summary>The shape in which information is kept.</summary>
public enum Structure
{
    /// <summary>Square root for dense designs of moderate width, full otherwise.</summary>
    Auto,
    /// <summary>The Gram matrix.</summary>
    Full,
    /// <summary>A triangular factor, updated by orthogonal reflections.</summary>
    SquareRoot,
}

/// <summary>How an estimator works; every default is written here once.</summary>
public sealed record EstimatorOptions
{
    /// <summary>The shape in which information is kept.</summary>
    /// <value><see cref="Structure.Auto"/>.</value>
    public Structure Structure { get; init; } = Structure.Auto;

    /// <summary>Which score products are summed.</summary>
    /// <value><see cref="Sandwich.None"/>.</value>
    public Sandwich Sandwich { get; init; } = Sandwich.None;

    /// <summary>Prior precision λ of every free parameter but the intercept and cut points: a N(0, 1/λ) prior.</summary>
    /// <value>0: none.</value>
    public double Ridge { get; init; }

    /// <summary>Whether the score is corrected for first-order bias (Firth 1993; for the logit link the penalty ½ log det I); binomial, exact fits only.</summary>
    /// <value>false.</value>
    public bool Firth { get; init; }

    /// <summary>Rows held back unfolded at most, so that they can be solved for together; the memory of the stream.</summary>
    /// <value>0: as many as fit 16 MiB, and 262 144 at most.</value>
    public int BufferRows { get; init; }

    /// <summary>Information a level must have gathered before its rows are folded; about the number of events.</summary>
    /// <value>200.</value>
    public double Maturity { get; init; } = 200;

    /// <summary>Worker threads; the bits of the answer depend on it only by rounding.</summary>
    /// <value>1.</value>
    public int Threads { get; init; } = 1;
}
