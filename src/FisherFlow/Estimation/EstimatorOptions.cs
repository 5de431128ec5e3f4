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
    /// <summary>The diagonal: parameters are treated as uncorrelated.</summary>
    Diagonal,
    /// <summary>A dense block for each term of the formula, and nothing between them.</summary>
    Block,
    /// <summary>A diagonal and a few directions.</summary>
    LowRank,
    /// <summary>The entries that rows touch, and their sparse factor.</summary>
    Sparse,
    /// <summary>One number for all parameters.</summary>
    Scalar,
}

/// <summary>How an estimator works; every default is written here once.</summary>
public sealed record EstimatorOptions
{
    /// <summary>The shape in which information is kept.</summary>
    /// <value><see cref="Structure.Auto"/>.</value>
    public Structure Structure { get; init; } = Structure.Auto;

    /// <summary>Directions that <see cref="Structure.LowRank"/> keeps.</summary>
    /// <value>20.</value>
    public int Rank { get; init; } = 20;

    /// <summary>How long evidence counts.</summary>
    /// <value>For ever.</value>
    public MemoryRule Memory { get; init; }

    /// <summary>How information is estimated.</summary>
    /// <value>Expected.</value>
    public InformationRule Information { get; init; }

    /// <summary>Decides the outcomes that <see cref="Models.InformationKind.MonteCarlo"/> samples.</summary>
    /// <value>0.</value>
    public ulong Seed { get; init; }

    /// <summary>What is added to the information wherever it is solved.</summary>
    /// <value>Nothing.</value>
    public DampingRule Damping { get; init; }

    /// <summary>Uninformative starting information ε of every parameter, the intercept included: a N(0, 1/ε) prior.</summary>
    /// <value>0: none.</value>
    public double Epsilon { get; init; }

    /// <summary>Whether <see cref="Estimator.Inform"/> will bring a prior from another state.</summary>
    /// <value>false.</value>
    public bool IsInformed { get; init; }

    /// <summary>Whether these options ask for more than <see cref="StreamEstimator{TEvidence}"/>: another structure, a memory, an estimate or a damping.</summary>
    internal bool IsStructured => Structure > Structure.SquareRoot || Memory.Kind != MemoryKind.Stationary || Information.Kind != Models.InformationKind.Expected
        || Damping.Kind != DampingKind.None || Epsilon > 0 || IsInformed;

    /// <summary>Whether rows' observed information is added with its sign: the model has no other, and asks for no estimate of it.</summary>
    internal bool IsSigned(Models.IModel model) => Information.Kind == Models.InformationKind.Expected && model is Models.Distributions.DistributionalModel { IsObserved: true, HasCorners: false };

    /// <summary>The model whose rows weigh what these options estimate their information to be.</summary>
    internal Models.IModel Informed(Models.IModel model) =>
        model.WithInformation(IsSigned(model) ? Models.InformationKind.Observed : Information.Kind, Information.Samples, Seed);

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

    /// <summary>Folded rows that the audit keeps.</summary>
    /// <value>0: as many as fit 12 MiB.</value>
    internal int AuditedRows { get; init; }

    /// <summary>Information a level must have gathered before its rows are folded; about the number of events.</summary>
    /// <value>200.</value>
    public double Maturity { get; init; } = 200;

    /// <summary>Worker threads; the bits of the answer depend on it only by rounding.</summary>
    /// <value>1.</value>
    public int Threads { get; init; } = 1;
}
