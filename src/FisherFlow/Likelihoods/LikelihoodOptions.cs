using FisherFlow.Estimation;

namespace FisherFlow.Likelihoods;

/// <summary>How the parameters of a likelihood are looked for, and how long rows are remembered.</summary>
public sealed record LikelihoodOptions
{
    /// <summary>Starting values θ in the user's scale, NaN where none is given; or null.</summary>
    /// <value>Null: random starts only.</value>
    public IReadOnlyList<double>? Start { get; init; }

    /// <summary>How many starts are followed to their end, of many more that are tried; the given one is the first.</summary>
    /// <value>0: one when all starting values are given, 20 otherwise.</value>
    public int Starts { get; init; }

    /// <summary>The seed of random starts and of sampled outcomes.</summary>
    /// <value>1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>Rows that are kept and solved for together before they are folded; while all fit, the answer is the exact one.</summary>
    /// <value>0: as many as fit 16 MiB.</value>
    public int BufferRows { get; init; }

    /// <summary>How long rows count: for ever, fading by a half-life, the last ones only, until a change is found, or as parameters that walk at random make them.</summary>
    /// <remarks>A walk: <c>φₜ₊₁ = φₜ + N(0, Q)</c> a row, every free coordinate alike; of least squares in units of the variance.</remarks>
    /// <value>Stationary: for ever.</value>
    public MemoryRule Memory { get; init; }

    /// <summary>Which information intervals are computed from; null for the kind that is usual: of a density the observed one, of least squares Gauss and Newton's, which is the expected one.</summary>
    /// <remarks>Searches always climb by the usual kind. Monte Carlo of a density, and the expected one, need outcomes: <see cref="ISampledLikelihood"/>.</remarks>
    /// <value>Null.</value>
    public InformationRule? Information { get; init; }

    /// <summary>Whether score products are summed, for standard errors that hold when the model is wrong.</summary>
    /// <value>False; always true when rows are forgotten.</value>
    public bool Sandwich { get; init; }

    /// <summary>Steps of a search before it is given up; over many rows it is sooner, at a hundred million evaluations of rows or 200 steps.</summary>
    /// <value>10,000: curved valleys are long, and a step over few rows costs microseconds.</value>
    public int MostSteps { get; init; } = 10_000;

    /// <summary>Threads that rows are evaluated by; answers do not depend on it, to the bit.</summary>
    /// <value>1.</value>
    public int Threads { get; init; } = 1;

    /// <summary>Checks what does not depend on the likelihood.</summary>
    /// <exception cref="ArgumentException">Two options do not go together, or a memory is none that likelihoods of one's own have.</exception>
    public void Check()
    {
        if (!Memory.Drifts) { return; }
        if (Memory.Kind == MemoryKind.LocalTrend)
        {
            throw new ArgumentException($"{Memory} gives coefficients slopes that drift, and parameters of a likelihood of one's own have none: they walk by random-walk:Q, or forget by exponential:HALF_LIFE, window:ROWS or adaptive");
        }
        if (Sandwich || Information is not null)
        {
            throw new ArgumentException($"parameters that drift ({Memory}) have the covariance of their filter: leave robust errors and the estimate of the information out");
        }
    }

    /// <summary>Folded rows that are kept for the audit; 0 for as many as fit 12 MiB.</summary>
    internal int AuditRows { get; init; }

    internal int StepsOver(long rows) => (int)Math.Min(MostSteps, Math.Max(200, 100_000_000 / Math.Max(1, rows)));

    internal bool KeepsProducts => Sandwich || Retention < 1;

    /// <summary>What a row still weighs when the next one comes, λ; 1 forgets nothing.</summary>
    internal double Retention => Memory.Retention;

    /// <summary>Whether rows have an order that counts, so that states do not merge and an exact fit does not exist.</summary>
    internal bool Forgets => Memory.Kind != MemoryKind.Stationary;
}
