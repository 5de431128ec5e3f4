using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Memory;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>Watches a stream for coefficients that change: every batch's scores are taken at the θ learned before it, standardised, and fed to one detector a coefficient.</summary>
/// <remarks>
/// It is an observer beside the estimator, whose answer it does not touch: its own θ is fitted to the first rows and then takes one scored step a batch,
/// <c>θ ← θ + (I + I_B)⁻¹s_B</c>. A coefficient's value is <c>s_j/√(φ(I_B + I_B I⁻¹ I_B)_jj)</c>, independent N(0, 1) from batch to batch while nothing changes. It is large in the direction of a change: if one coefficient alone
/// has changed, its own value is on average the largest of all, so among several alarms in a batch the most extreme is named. The average run length is shared by all coefficients, so that false alarms of any of them are at least so many rows apart on average.
/// After a change the monitor begins anew with the rows that follow; the rows it needs for its first fit are not watched.
/// Memory: the first rows, the information <c>[d, d]</c>, and one detector a coefficient. Cost: <c>O(d³)</c> a batch. Threads: one caller at a time.
/// </remarks>
public sealed class ChangeMonitor
{
    const int MostParameters = 2000;

    readonly IModel _model;
    readonly DesignSchema _schema;
    readonly Block _layout;
    readonly Workspace _workspace = new();
    readonly ScoreWatch _watch;
    RowBuffer _first;
    ModelShape _shape;
    double _auxiliary;
    long _rows;

    /// <summary>A monitor that has seen nothing.</summary>
    /// <param name="model">The model of the fit.</param>
    /// <param name="schema">The names of the design columns, shared with whoever grows them.</param>
    /// <param name="choice">The detector, and the average number of rows between false alarms.</param>
    /// <param name="layout">A block of the layout that will be observed.</param>
    /// <exception cref="NotSupportedException">The design has hashed columns.</exception>
    public ChangeMonitor(IModel model, DesignSchema schema, DetectorChoice choice, Block layout)
    {
        if (schema.HasHashed) { throw new NotSupportedException("changes are watched for with the full information of all coefficients, which hashed columns do not have: leave --detect out, or the hashed columns"); }
        (_model, _schema, _watch, _layout) = (model, schema, new(choice), RowBuffer.CreateLike(layout, 0));
        (_layout.Columns, _layout.Outcomes) = (layout.DenseColumns, 1);   // whatever the schema holds by now: a resumed monitor is the same as one that never stopped
        _first = new(_layout);
    }

    /// <summary>The detector asked for.</summary>
    public DetectorChoice Choice => _watch.Choice;

    /// <summary>The changes found so far, in the order in which they were.</summary>
    public IReadOnlyList<DetectedChange> Changes => _watch.Changes;

    /// <summary>Rows seen.</summary>
    public long Rows => _rows;

    /// <summary>Watches a block that nobody has learned from yet.</summary>
    /// <exception cref="InvalidOperationException">The model has grown too large to be watched.</exception>
    public void Observe(Block block)
    {
        for (var start = 0; start < block.Count;)
        {
            var wanted = _watch.IsStarted ? ScoreWatch.BatchRows - _watch.Collected : StartRows(block) - _first.Count;
            var rows = Math.Clamp(wanted, 1, block.Count - start);
            _rows += rows;
            if (_watch.IsStarted) { Collect(block, start, rows); } else { _first.Append(block, start, rows); }
            start += rows;
            if (!_watch.IsStarted && _first.Count >= StartRows(block)) { Start(); }
            if (_watch.Collected == ScoreWatch.BatchRows) { Judge(); }
        }
    }

    /// <summary>Writes the state, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(Choice.ToString());
        writer.Write(_rows);
        _watch.SaveCounts(writer);
        writer.Write([_shape.Columns, _shape.Outcomes]);
        _watch.SaveSums(writer, _auxiliary);
        _first.Save(writer);
        _watch.SaveWatches(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The state is not a monitor's.</exception>
    public static ChangeMonitor Load(StateReader reader, IModel model, DesignSchema schema, Block layout)
    {
        var text = reader.ReadText();
        var monitor = new ChangeMonitor(model, schema, DetectorChoice.Parse(text) ?? throw new InvalidDataException($"there is no detector '{text}'"), layout);
        monitor._rows = reader.ReadInt64();
        monitor._watch.LoadCounts(reader);
        if (reader.ReadInt32s() is [var columns, var outcomes]) { monitor._shape = new(layout.DenseColumns, columns, outcomes); }
        monitor._auxiliary = monitor._watch.LoadSums(reader);
        monitor._first = RowBuffer.Load(reader, monitor._layout);
        monitor._watch.LoadWatches(reader);
        return monitor;
    }

    static int StartRows(Block block) => Math.Max(ScoreWatch.FewestRows, ScoreWatch.RowsAColumn * block.Columns * Math.Max(1, block.Outcomes - 1));

    /// <summary>Fits the first rows, and measures what they know.</summary>
    void Start()
    {
        var rows = _first.Rows;
        var estimator = Estimator.Create(_model, _schema, new() { BufferRows = 2 * rows.Count }, _layout, hasOffset: false);
        estimator.Observe(rows);
        _ = estimator.Preview(out var ahead);   // the schema may have grown beyond these rows already, on the reader's thread
        var estimate = estimator.Solve(new(_schema, _model, shape: ahead));
        _shape = new(rows.DenseColumns, Math.Max(rows.DenseColumns, rows.Columns), Math.Max(1, rows.Outcomes));
        var d = _model.Dimension(_shape);
        RequireSize(d);
        _auxiliary = estimate.Auxiliary is { } auxiliary ? Math.Log(auxiliary) : 0;
        _watch.Begin([.. ParameterLayout.Between(_model, _shape, ahead).Select(parameter => estimate.Theta[parameter])]);
        if (Measure(rows, 0, rows.Count, _watch.Past) is not { } pearson)
        {
            Restart();
            return;
        }
        _watch.Start(pearson, rows.Count, _rows, Order());
        _first = new(_layout);
    }

    void Collect(Block block, int start, int rows)
    {
        Grow(block.Shape);
        if (Measure(block, start, rows, _watch.Batch) is not { } pearson)
        {
            Restart();
            return;
        }
        _watch.BatchPearson += pearson;
        _watch.Collected += rows;
    }

    int[] Order() => new Identification(_schema, _model, shape: _shape).Order();

    /// <summary>Begins anew with the rows to come.</summary>
    void Restart()
    {
        _watch.Restart();
        _first = new(_layout);
    }

    /// <summary>Adds rows at θ to an information, with their fourth cumulants, and returns their Pearson's χ²; null where θ has run off so far that they cannot be added up.</summary>
    double? Measure(Block block, int start, int rows, FullInformation into)
    {
        var sums = default(FitSums);
        var working = _model.Work(block, start, rows, _shape, _watch.Theta, _auxiliary, default, ref sums, _workspace);
        if (!(Math.Abs(TensorPrimitives.MaxMagnitude(working.Weights)) <= ScoreWatch.Largest && Math.Abs(TensorPrimitives.MaxMagnitude(working.Scores)) <= ScoreWatch.Largest && double.IsFinite(sums.Pearson))) { return null; }
        into.Add(working.Rows, working.Weights, working.Scores);
        AddFourth(working);
        return sums.Pearson;
    }

    /// <summary>Fourth cumulants of the scores: those of counts where a row's information is its variance, and a normal law's effective rows otherwise.</summary>
    void AddFourth(in WorkingRows working)
    {
        var rows = working.Rows;
        var fourth = _watch.Fourth;
        for (var i = 0; i < rows.Count; i++)
        {
            var weight = _model.EstimatesDispersion ? working.Weights[i] * working.Weights[i] : working.Weights[i];
            for (var j = 0; j < rows.DenseColumns; j++)
            {
                var square = rows.Dense[i * rows.DenseColumns + j] * rows.Dense[i * rows.DenseColumns + j];
                fourth[j] += weight * square * square;
            }
            for (var s = i * rows.Slots; s < (i + 1) * rows.Slots; s++)
            {
                if (rows.Indices[s] < 0) { continue; }
                var square = rows.Values.IsEmpty ? 1 : rows.Values[s] * rows.Values[s];
                fourth[rows.Indices[s]] += weight * square * square;
            }
        }
    }

    /// <summary>Compares the batch with what was learned before it, then learns from it.</summary>
    void Judge()
    {
        if (_watch.Judge(Order(), _model.EstimatesDispersion, _rows) is not (>= 0 and var parameter)) { return; }
        var (term, outcome) = Name(parameter);
        _watch.Report(parameter, term, outcome, _rows);
        _first = new(_layout);
    }

    (string Term, string? Outcome) Name(int parameter)
    {
        for (var o = 0; o < _shape.Outcomes; o++)
        {
            for (var c = -1; c < _shape.Columns; c++)
            {
                if (_model.Parameter(_shape, o, c) != parameter) { continue; }
                return c < 0 ? ($"{_schema.Outcomes[o]}|{_schema.Outcomes[o + 1]}", null) : (_schema.Name(c), _shape.Outcomes > 1 && !_model.IsOrdinal ? _schema.Outcomes[o] : null);
            }
        }
        throw new InvalidOperationException($"parameter {parameter} belongs to no column");
    }

    void Grow(in ModelShape shape)
    {
        var grown = new ModelShape(_shape.DenseColumns, Math.Max(_shape.Columns, shape.Columns), Math.Max(_shape.Outcomes, shape.Outcomes));
        if (grown == _shape) { return; }
        var (map, d) = (ParameterLayout.Between(_model, _shape, grown), _model.Dimension(grown));
        RequireSize(d);
        _watch.Remap(map, d);
        _shape = grown;
    }

    static void RequireSize(int parameters)
    {
        if (parameters > MostParameters) { throw new InvalidOperationException($"the model has {parameters:N0} parameters, and changes can be watched for in {MostParameters:N0} at most; leave --detect out, or cap levels with --max-levels"); }
    }
}
