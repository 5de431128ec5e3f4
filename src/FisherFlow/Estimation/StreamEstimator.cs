using System.Runtime.Intrinsics;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>The renewable estimator over one information structure: what it holds and how rows come in.</summary>
sealed partial class StreamEstimator<TEvidence> : Estimator, IBufferOwner where TEvidence : class, IEvidence<TEvidence>
{
    const int BufferBytes = 16 << 20;
    const int FewestBufferedRows = 1024;
    const int MostBufferedRows = 1 << 18;
    const int EventsPerColumn = 20;
    const int MostExtensions = 8;
    const int MostParameters = 12_000;   // 1.1 GiB a copy

    readonly Block _layout;
    readonly RowAccumulator<TEvidence> _accumulator;
    readonly bool _hasOffset;
    RowBuffer _buffer;
    Audit _audit;
    SandwichSums? _sandwich;
    StreamEstimator<SquareRootInformation>? _null;
    ResponseSums _responses = ResponseSums.Empty;
    FitSums _folded;
    double _foldedResidual;
    double _auxiliary;
    double _auxiliaryScore;
    double _auxiliaryInformation;
    double[] _largest;
    int _capacity;
    int _iterations;
    int _passes = 1;
    bool _unfinished;
    bool[] _separated = [];
    long _foldedRows;
    long _boundedRows;   // folded where their information was not positive: what stands for it is a bound
    Identification? _identification;
    Evaluation<TEvidence>? _spare;
    Block? _nullRows;

    internal StreamEstimator(IModel model, DesignSchema schema, EstimatorOptions options, Block layout, bool hasOffset, bool holdsAuxiliary = false)
        : base(model, schema, options)
    {
        (_layout, _hasOffset, MovesAuxiliary) = (layout, hasOffset, model.HasAuxiliary && !holdsAuxiliary);
        Shape = new(layout.DenseColumns, Math.Max(layout.DenseColumns, schema.Columns.Count), Math.Max(1, schema.Outcomes.Count));
        _accumulator = new(model, options.Threads);
        _buffer = new(layout);
        _audit = new(model, layout, options.AuditedRows);
        var dimension = model.Dimension(Shape);
        Evidence = TEvidence.Create(dimension);
        Anchor = new double[dimension];
        _largest = new double[layout.DenseColumns];
        _sandwich = options.Sandwich is Sandwich.None or Sandwich.Leverage ? null : new(options.Sandwich, dimension);
        _capacity = Capacity();
        _null = NeedsNullFit() ? NullEstimator() : null;
    }

    /// <inheritdoc/>
    public override string StructureName => typeof(TEvidence) == typeof(SquareRootInformation) ? "square-root" : "full";

    /// <inheritdoc/>
    public override ResponseSums Responses => _responses.Detached();

    /// <inheritdoc/>
    public override int BufferedRows => _buffer.Count;

    /// <inheritdoc/>
    public override long FoldedRows => _foldedRows;

    /// <summary>The sizes met so far.</summary>
    internal ModelShape Shape { get; private set; }

    /// <summary>Evidence of the folded rows about <see cref="Anchor"/>.</summary>
    internal TEvidence Evidence { get; private set; }

    /// <summary>θ₀ <c>[d]</c>.</summary>
    internal double[] Anchor { get; private set; }

    /// <summary>Whether the auxiliary parameter is estimated here, and not held at another fit's.</summary>
    bool MovesAuxiliary { get; }

    /// <inheritdoc/>
    public override void Observe(Block block)
    {
        Grow(block.Shape);
        Model.Summarise(block, 0, block.Count, ref _responses);
        NoteRanges(block);
        _null?.Observe(NullBlock(block));
        _buffer.Pour(block, this);
    }

    int IBufferOwner.Capacity => _capacity;

    void IBufferOwner.Fold() => Fold();

    /// <summary>The auxiliary parameter's folded score and information, re-expressed at ψ.</summary>
    internal (double Score, double Information) AuxiliaryAt(double auxiliary) =>
        (_auxiliaryScore - _auxiliaryInformation * (auxiliary - _auxiliary), _auxiliaryInformation);

    /// <inheritdoc/>
    public override Estimator Fork()
    {
        var fork = (StreamEstimator<TEvidence>)Create(Model, Schema, Options with { Structure = Structure }, _layout, _hasOffset);
        fork.Grow(Shape);
        Anchor.CopyTo(fork.Anchor, 0);
        fork._auxiliary = _auxiliary;
        return fork;
    }

    /// <inheritdoc/>
    public override double[,] FoldedInformation() => Evidence.ToDense();

    static Structure Structure => typeof(TEvidence) == typeof(SquareRootInformation) ? Structure.SquareRoot : Structure.Full;

    /// <summary>Whether information is measured by rows: its unit is the dispersion, or the scale of a distribution's parameter, and no event.</summary>
    bool CountsRows => Model.EstimatesDispersion || Model is DistributionalModel;

    Evaluation<TEvidence> NewEvaluation() =>
        new(Evidence.Dimension) { Deficit = MayBeIndefinite ? new(Evidence.Dimension) : null };

    bool MayBeIndefinite => Model is DistributionalModel { IsObserved: true };

    int Capacity()
    {
        if (Options.BufferRows > 0) { return Options.BufferRows; }
        var rows = Math.Clamp(BufferBytes / RowBuffer.BytesPerRow(_layout), FewestBufferedRows, MostBufferedRows);
        return Math.Max(rows, 4 * _layout.DenseColumns);
    }

    void Grow(in ModelShape shape)
    {
        var grown = new ModelShape(Shape.DenseColumns, Math.Max(Shape.Columns, shape.Columns), Math.Max(Shape.Outcomes, shape.Outcomes));
        if (grown == Shape) { return; }
        var map = ParameterLayout.Between(Model, Shape, grown);
        var dimension = Model.Dimension(grown);
        if (dimension > MostParameters)
        {
            throw new InvalidOperationException($"the model has grown to {dimension:N0} parameters, and the information of more than {MostParameters:N0} does not fit the memory of one machine; drop the column that is different in every row, cap levels with --max-levels, or spread them over slots: hash(column, 2^18)");
        }
        Evidence.Remap(map, dimension);
        Anchor = ParameterLayout.Move(Anchor, map, dimension);
        _sandwich = _sandwich?.Renamed(map, dimension, default);
        _separated = [];   // new rows speak for themselves
        Shape = grown;
    }

    void NoteRanges(Block block)
    {
        var (k, largest) = (block.DenseColumns, _largest);
        for (var i = 0; i < block.Count; i++)
        {
            var row = block.Dense.AsSpan(i * k, k);
            var j = 0;
            for (; j <= k - Vector256<double>.Count; j += Vector256<double>.Count)
            {
                Vector256.Max(Vector256.Create<double>(largest.AsSpan(j)), Vector256.Abs(Vector256.Create<double>(row[j..]))).CopyTo(largest, j);
            }
            for (; j < k; j++) { largest[j] = Math.Max(largest[j], Math.Abs(row[j])); }
        }
    }

    /// <summary>With an offset the null deviance is not a matter of sums; of several outcomes without an order it goes without.</summary>
    bool NeedsNullFit() => _hasOffset && Model is not DistributionalModel && (Model.IsOrdinal || Model.Predictors(new(1, 1, 2)) == 1);

    StreamEstimator<SquareRootInformation> NullEstimator()
    {
        var schema = new DesignSchema(Schema.HasIntercept && !Model.IsOrdinal ? [new(Term.Intercept, "", [])] : [], Schema.HasIntercept);
        if (Model.IsOrdinal) { schema.Outcomes.AddRange(Schema.Outcomes); }   // the cut points are its parameters
        var layout = new Block(0, schema.DenseColumns, 0, false, _layout.HasTrials, false);
        return new(Model, schema, new() { BufferRows = _capacity }, layout, hasOffset: false, holdsAuxiliary: true);
    }

    Block NullBlock(Block block)
    {
        var columns = Schema.HasIntercept && !Model.IsOrdinal ? 1 : 0;
        if (_nullRows is null || _nullRows.Capacity < block.Count)
        {
            _nullRows = new(Math.Max(block.Count, block.Capacity), columns, 0, false, block.HasTrials, false);
            Array.Fill(_nullRows.Dense, 1.0);
        }
        var rows = _nullRows;
        (rows.Count, rows.Outcomes) = (block.Count, block.Outcomes);
        Array.Copy(block.Response, rows.Response, block.Count);
        Array.Copy(block.Weight, rows.Weight, block.Count);
        Array.Copy(block.Offset, rows.Offset, block.Count);
        if (block.HasTrials) { Array.Copy(block.Trials, rows.Trials, block.Count); }
        return rows;
    }
}
