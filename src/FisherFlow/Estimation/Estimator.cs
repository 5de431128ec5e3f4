using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>The renewable estimator: one pass, bounded memory, and at any time the estimate with its information.</summary>
/// <remarks>
/// What is known of folded rows is a quadratic (information, score) about an anchor; rows not folded yet wait in a bounded buffer and are
/// solved for together with it: <c>θ = argmax ℓ_buffer(θ) − ½‖θ − θ₀‖²_I + s₀ᵀ(θ − θ₀)</c>. While all rows fit the buffer the answer is the
/// maximum likelihood estimate itself. Source: Luo &amp; Song (2020), renewable estimation; Schifano et al. (2016), online updating.
/// Threads: one caller at a time.
/// </remarks>
public abstract class Estimator
{
    private protected Estimator(IModel model, DesignSchema schema, EstimatorOptions options)
    {
        Model = model;
        Schema = schema;
        Options = options;
    }

    /// <summary>The model.</summary>
    public IModel Model { get; }

    /// <summary>The names of the design columns; it may grow between blocks.</summary>
    public DesignSchema Schema { get; }

    /// <summary>How the estimator works.</summary>
    public EstimatorOptions Options { get; }

    /// <summary>The name of the information structure in use.</summary>
    public abstract string StructureName { get; }

    /// <summary>Sums over all responses seen.</summary>
    public abstract ResponseSums Responses { get; }

    /// <summary>Rows in the buffer, not folded yet.</summary>
    public abstract int BufferedRows { get; }

    /// <summary>Rows folded into the evidence.</summary>
    public abstract long FoldedRows { get; }

    /// <summary>Learns from the rows of a block, which is copied where it must be kept.</summary>
    public abstract void Observe(Block block);

    /// <summary>Solves for everything seen, in the coordinates of a table; the state does not change.</summary>
    public abstract Estimate Solve(Identification identification);

    /// <summary>A quick solution for watching: θ <c>[d]</c> good to a tenth of a standard error; the state does not change.</summary>
    /// <param name="shape">The sizes under which θ is laid out.</param>
    public abstract double[] Preview(out ModelShape shape);

    /// <summary>Half the deviance of a block at θ <c>[d]</c>: the loss of predicting it.</summary>
    /// <param name="block">The rows; levels that θ does not know count as 0.</param>
    /// <param name="theta">θ <c>[d]</c>, from <see cref="Preview"/>.</param>
    /// <param name="shape">The sizes under which θ is laid out.</param>
    public abstract double Loss(Block block, double[] theta, in ModelShape shape);

    /// <summary>Replaces one-pass evidence by Fisher scoring to convergence over a stream that can be read again.</summary>
    /// <exception cref="NotSupportedException">The stream cannot be read twice.</exception>
    public abstract Estimate Polish(IBlockSource source, Identification identification);

    /// <summary>Takes over the evidence of another estimator of the same model.</summary>
    /// <remarks>Merge: exact for quadratic models and for rows still buffered; folded rows are re-expressed, <c>s ← s₁ + s₂ + I₂(θ₂ − θ₁)</c>.</remarks>
    /// <param name="other">The other; it is not changed.</param>
    /// <param name="columns">Its design columns' numbers here, <c>[columns]</c>.</param>
    /// <param name="outcomes">Its outcomes' numbers here, <c>[outcomes]</c>; empty for a numeric response.</param>
    /// <param name="clusters">Its clusters' numbers here, <c>[clusters]</c>; empty without clusters.</param>
    public abstract void Merge(Estimator other, ReadOnlySpan<int> columns, ReadOnlySpan<int> outcomes, ReadOnlySpan<int> clusters);

    /// <summary>Gives the estimator a prior from another state; it counts where an estimate is solved for, and is stored beside the data's information, not in it.</summary>
    /// <exception cref="NotSupportedException">The estimator weighs no information against another.</exception>
    public virtual void Inform(TransferredPrior prior) => throw new NotSupportedException("this estimator takes no prior from another state; the options must ask for one");

    /// <summary>A worker's estimator: today's θ, zero information, so that a prior is counted once however many merge.</summary>
    public abstract Estimator Fork();

    /// <summary>Writes the state, bit for bit.</summary>
    public abstract void Save(StateWriter writer);

    /// <summary>Prints the information about the parameters <c>[d, d]</c> that is folded so far.</summary>
    public abstract double[,] FoldedInformation();

    /// <summary>An estimator that has seen nothing.</summary>
    /// <param name="model">The model.</param>
    /// <param name="schema">The names of the design columns, shared with whoever grows them.</param>
    /// <param name="options">How to work.</param>
    /// <param name="layout">A block of the layout that will be observed.</param>
    /// <param name="hasOffset">Whether rows carry an offset: the null deviance then needs a fit of its own.</param>
    public static Estimator Create(IModel model, DesignSchema schema, EstimatorOptions options, Block layout, bool hasOffset)
    {
        var empty = RowBuffer.CreateLike(layout, 0);
        if (model is NormalMixture mixture) { return new MixtureEstimator(mixture, schema, options, empty); }
        if (options.Memory.Drifts) { return new DriftingEstimator(model, schema, options, empty); }
        if (options.Information.Kind == InformationKind.Observed && model is DistributionalModel { IsObserved: true }) { options = options with { Information = default }; }   // it has no other
        if (options.IsStructured || schema.HasHashed) { return CreateStructured(model, schema, options, empty, hasOffset); }
        var isIndefinite = model is DistributionalModel { IsObserved: true };
        if (isIndefinite && options.Structure == Structure.SquareRoot)
        {
            throw new ArgumentException($"the information of {((DistributionalModel)model).Name} responses may be indefinite on the way, and a square root holds positive ones only; leave the structure at full");
        }
        return !isIndefinite && Choose(options.Structure, layout) == Structure.SquareRoot
            ? new StreamEstimator<SquareRootInformation>(model, schema, options, empty, hasOffset)
            : new StreamEstimator<FullInformation>(model, schema, options, empty, hasOffset);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static Estimator Load(StateReader reader, IModel model, DesignSchema schema, EstimatorOptions options, Block layout, bool hasOffset)
    {
        var estimator = Create(model, schema, options, layout, hasOffset);
        estimator.Restore(reader);
        return estimator;
    }

    private protected abstract void Restore(StateReader reader);

    /// <summary>An estimator over another structure, memory, estimate or damping than the stationary full information.</summary>
    static Estimator CreateStructured(IModel model, DesignSchema schema, EstimatorOptions options, Block layout, bool hasOffset)
    {
        if (options.Sandwich != Sandwich.None || options.Firth)
        {
            throw new NotSupportedException("robust errors and Firth's penalty go with the full information of all rows: leave them out, or leave structure, memory, estimate, damping and hashed columns at their defaults");
        }
        var isSigned = options.IsSigned(model);
        if (isSigned && options.Structure is not (Structure.Auto or Structure.Full))
        {
            throw new NotSupportedException($"the observed information of {((DistributionalModel)model).Name} responses may be indefinite on the way, which a full matrix bears and nothing else: leave the structure at full, or take the products of scores for information (--estimate empirical)");
        }
        if (schema.HasHashed && model is DistributionalModel)
        {
            throw new NotSupportedException("hashed columns go with generalised linear, multinomial and ordinal models; a distribution with a formula for each parameter lists all its coefficients");
        }
        if (options.Memory.Kind == MemoryKind.Adaptive && (options.Structure > Structure.SquareRoot || schema.HasHashed))
        {
            throw new NotSupportedException("an adaptive memory tests every coefficient under the full information: --structure full or square-root, without hashed columns");
        }
        var structure = isSigned ? Structure.Full : options.Structure == Structure.Auto && schema.HasHashed ? Structure.Diagonal : Choose(options.Structure, layout);
        return structure switch
        {
            Structure.Diagonal => Of(shape => new DiagonalInformation(model.Dimension(shape))),
            Structure.LowRank => Of(shape => new LowRankInformation(model.Dimension(shape), options.Rank)),
            Structure.Scalar => Of(shape => new ScalarInformation(model.Dimension(shape))),
            Structure.Block when schema.HasHashed => throw new NotSupportedException("a block of all columns of a hashed term is a full matrix of them: --structure diagonal or low-rank:R keeps less"),
            Structure.Block => Of(shape => new BlockDiagonalInformation(ParameterLayout.Groups(model, schema, shape))),
            Structure.Sparse => Of(shape => new SparseInformation(model.Dimension(shape))),
            Structure.SquareRoot => Of(shape => SquareRootInformation.Create(model.Dimension(shape))),
            _ => Of(shape => FullInformation.Create(model.Dimension(shape))),
        };

        StructuredEstimator<TInformation> Of<TInformation>(Func<ModelShape, TInformation> create) where TInformation : class, IInformation<TInformation> =>
            new(model, schema, options, layout, hasOffset, create);
    }

    /// <summary>Square root for dense designs of moderate width, where accuracy is free; the Gram matrix where rows are sparse or wide.</summary>
    static Structure Choose(Structure asked, Block layout) => asked switch
    {
        Structure.Auto => layout.Slots == 0 && layout.DenseColumns <= WidestSquareRoot ? Structure.SquareRoot : Structure.Full,
        _ => asked,
    };

    const int WidestSquareRoot = 256;
}
