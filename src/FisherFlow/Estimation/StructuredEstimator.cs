using FisherFlow.Differentiation;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Estimation;

/// <summary>The renewable estimator over any structure, memory and estimate of information; batches are solved without a matrix.</summary>
/// <remarks>
/// Rows wait in a bounded buffer. The first one is solved to convergence by itself (the guarded cold start, which grows while it does not identify the parameters); every later one proximally, against what is known. Nothing is decided by how
/// the stream is cut but what a structure's projections lose. Cost: <c>O(non-zeros)</c> a row and step, and the structure's own. Merge: the structure's; folded rows are re-expressed at this θ to first order.
/// One thread. Source: Luo &amp; Song (2020); the weights of a fading memory in both accumulators: docs/decisions/0011.
/// </remarks>
sealed partial class StructuredEstimator<TInformation> : Estimator, IBufferOwner where TInformation : class, IInformation<TInformation>
{
    const int BufferBytes = 16 << 20;
    const int FewestBufferedRows = 1024;
    const int MostBufferedRows = 1 << 18;
    const int EventsPerColumn = 20;
    const int MostExtensions = 8;
    const int MostDense = 12_000;   // parameters; beyond, d² numbers do not fit a machine

    readonly Block _layout;
    readonly bool _hasOffset;
    readonly Func<ModelShape, TInformation> _create;
    readonly BatchFolder<TInformation> _folder;
    readonly Workspace _workspace = new();
    StructuredState<TInformation> _state;
    WindowedEvidence<TInformation>? _window;
    RowBuffer _buffer;
    ResponseSums _responses = ResponseSums.Empty;
    TransferredPrior? _transfer;
    long _seen;
    int _capacity;

    internal StructuredEstimator(IModel model, DesignSchema schema, EstimatorOptions options, Block layout, bool hasOffset, Func<ModelShape, TInformation> create)
        : base(model, schema, options)
    {
        (_layout, _hasOffset, _create) = (layout, hasOffset, create);
        Shape = new(layout.DenseColumns, Math.Max(layout.DenseColumns, schema.Columns.Count), Math.Max(1, schema.Outcomes.Count));
        _folder = new(model, schema, options);
        _buffer = new(layout);
        _state = Empty();
        _window = options.Memory.Kind == MemoryKind.Window ? new(model, schema, (long)options.Memory.Rows) : null;
        _watch = options.Memory.Kind == MemoryKind.Adaptive ? new() : null;
        _capacity = Capacity();
    }

    /// <inheritdoc/>
    public override string StructureName => TInformation.Name;

    /// <inheritdoc/>
    public override ResponseSums Responses => _responses.Detached();

    /// <inheritdoc/>
    public override int BufferedRows => _buffer.Count;

    /// <inheritdoc/>
    public override long FoldedRows => _state.Rows;

    /// <summary>The sizes met so far.</summary>
    ModelShape Shape { get; set; }

    /// <inheritdoc/>
    public override void Observe(Block block)
    {
        Grow(block.Shape);
        for (var start = 0; start < block.Count;)
        {
            if (!IsFinite(block, start))
            {
                _state.NotFinite++;
                start++;
                continue;
            }
            var (most, rows) = (Math.Min(block.Count - start, Math.Max(1, _capacity - _buffer.Count)), 1);
            while (rows < most && IsFinite(block, start + rows)) { rows++; }
            Model.Summarise(block, start, rows, ref _responses);
            _buffer.Append(block, start, rows);
            _seen += rows;
            start += rows;
            if (_buffer.Count >= _capacity) { Fold(); }
        }
    }

    int IBufferOwner.Capacity => _capacity;

    void IBufferOwner.Fold() => Fold();

    /// <inheritdoc/>
    public override Estimator Fork()
    {
        var fork = new StructuredEstimator<TInformation>(Model, Schema, Options, _layout, _hasOffset, _create);
        fork.Grow(Shape);
        _state.Theta.CopyTo(fork._state.Theta, 0);
        fork._state.Auxiliary = _state.Auxiliary;
        return fork;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There are too many parameters for a matrix.</exception>
    public override double[,] FoldedInformation()
    {
        RequireDense(_state.Theta.Length);
        return _state.Information.ToDense();
    }

    /// <inheritdoc/>
    public override void Inform(TransferredPrior prior)
    {
        if (!IsExact) { throw new NotSupportedException($"another state's estimate is weighed against the full information, which the {TInformation.Name} structure does not keep"); }
        _transfer = prior;
    }

    /// <inheritdoc/>
    public override Estimate Polish(IBlockSource source, Identification identification) =>
        throw new NotSupportedException("an exact fit knows neither memory nor approximate structures: it is the maximum likelihood estimate of all rows under the full information");

    /// <summary>Folds what waits; while the first buffer does not identify the parameters, it grows instead.</summary>
    void Fold()
    {
        if (_state.Rows == 0 && _buffer.Count < MostExtensions * FirstCapacity() && !IsIdentifiedByBuffer())
        {
            _capacity = 2 * _buffer.Count;
            return;
        }
        Adapt();
        FoldInto(_state, _window, _buffer);
        _buffer.DropFirst(_buffer.Count);
        _capacity = Capacity();
    }

    /// <summary>Folds all rows of a buffer, whose contents are used up.</summary>
    ProximalSolution FoldInto(StructuredState<TInformation> state, WindowedEvidence<TInformation>? window, RowBuffer buffer)
    {
        window?.MakeRoom(state, buffer.Count, Shape);
        var count = buffer.Count;
        if (!_folder.TryFold(state, buffer.Rows, count, Shape, _responses, Damping(state), out var solution)) { state.NotFinite += count; }
        else { window?.Take(state, buffer.Rows, count, Shape, Options); }
        return solution;
    }

    /// <summary>Events enough for the dense columns; hashed ones have a prior, and levels come and go.</summary>
    bool IsIdentifiedByBuffer()
    {
        var (events, rows) = (0.0, _buffer.Rows);
        if (Options.IsSigned(Model)) { return KnowsEveryParameter(); }
        if (Model.EstimatesDispersion) { events = _buffer.Count; }
        else
        {
            var theta = new double[Model.Dimension(Shape)];
            Model.Start(Shape, _responses, rows, theta);
            var unused = default(FitSums);
            const int Chunk = 1024;
            for (var start = 0; start < _buffer.Count; start += Chunk)
            {
                var working = Model.WorkAtStart(rows, start, Math.Min(Chunk, _buffer.Count - start), Shape, theta, ref unused, _workspace);
                foreach (var weight in working.Weights) { events += weight; }
            }
        }
        return events >= EventsPerColumn * Shape.DenseColumns;
    }

    /// <summary>
    /// Observed information is that of the place where the first buffer ends: it must be a maximum, and say of every parameter that is positive or a share at least what one standard error in its
    /// logarithm or logit does. On fewer rows such a parameter runs to its bound, from where no later row would fetch it back.
    /// </summary>
    bool KnowsEveryParameter()
    {
        var (model, trial) = ((DistributionalModel)Model, Empty());
        if (!FoldInto(trial, null, _buffer.Copy()).Converged) { return false; }
        var diagonal = DiagonalOf(trial.Information);
        for (var o = 0; o < model.Parameters.Length; o++)
        {
            for (var c = 0; c < Shape.DenseColumns && model.Parameters[o].Domain != Interval.Line; c++)
            {
                if (Schema.IsIntercept(c) && Model.Parameter(Shape, o, c) is >= 0 and var constant && !(diagonal[constant] >= 1)) { return false; }
            }
        }
        return true;
    }

    StructuredState<TInformation> Empty()
    {
        var d = Model.Dimension(Shape);
        var isFading = Options.Memory.Kind == MemoryKind.Exponential;
        return new()
        {
            Theta = new double[d],
            Score = BatchFolder<TInformation>.IsSeparable ? [] : new double[d],
            Information = _create(Shape),
            Squared = isFading ? _create(Shape) : null,
        };
    }

    /// <summary>Where rows are forgotten no more of them are waited for than count together.</summary>
    int FirstCapacity() => Options.Memory.Kind == MemoryKind.Stationary ? Math.Max(Capacity(), RowBuffer.FewestAtFirst(_layout)) : Capacity();

    int Capacity()
    {
        if (Options.BufferRows > 0) { return Options.BufferRows; }
        if (_window is not null) { return _window.BlockRows; }
        var rows = Math.Clamp(BufferBytes / RowBuffer.BytesPerRow(_layout), FewestBufferedRows, MostBufferedRows);
        return Options.Memory.Kind switch
        {
            MemoryKind.Exponential => (int)Math.Clamp(Options.Memory.Rows / 4, 1, rows),
            MemoryKind.Adaptive => Math.Min(rows, FewestBufferedRows),
            _ => Math.Max(rows, 4 * _layout.DenseColumns),
        };
    }

    void Grow(in ModelShape shape)
    {
        var grown = new ModelShape(Shape.DenseColumns, Math.Max(Shape.Columns, shape.Columns), Math.Max(Shape.Outcomes, shape.Outcomes));
        if (grown == Shape) { return; }
        var dimension = Model.Dimension(grown);
        if (TInformation.Name is "full" or "square-root" && dimension > MostDense)
        {
            throw new InvalidOperationException($"the model has grown to {dimension:N0} parameters, and the {TInformation.Name} information of more than {MostDense:N0} does not fit the memory of one machine; --structure diagonal or low-rank:R keeps less");
        }
        var map = ParameterLayout.Between(Model, Shape, grown);
        _state.Remap(Model, Schema, map, grown);
        _watch?.Remap(map);
        for (var i = 0; i < _changes.Count; i++) { _changes[i] = _changes[i] with { Parameter = map[_changes[i].Parameter] }; }
        Shape = grown;
    }

    static void RequireDense(int dimension)
    {
        if (dimension > MostDense) { throw new InvalidOperationException($"a matrix of {dimension:N0} parameters does not fit the memory of one machine"); }
    }

    static bool IsFinite(Block block, int row)
    {
        var sum = block.Response[row] - block.Response[row] + (block.Weight[row] - block.Weight[row]) + (block.Offset[row] - block.Offset[row]);
        foreach (var x in block.Dense.AsSpan(row * block.DenseColumns, block.DenseColumns)) { sum += x - x; }
        if (block.HasValues)
        {
            for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
            {
                if (block.Indices[s] >= 0) { sum += block.Values[s] - block.Values[s]; }
            }
        }
        return sum == 0;   // x − x is 0 for a finite x and NaN for every other
    }
}
