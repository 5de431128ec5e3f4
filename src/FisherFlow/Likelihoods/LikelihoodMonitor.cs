using FisherFlow.Estimation;
using FisherFlow.Information;
using FisherFlow.Memory;
using FisherFlow.Snapshots;

namespace FisherFlow.Likelihoods;

/// <summary>Watches a stream for parameters that change: every batch's scores are taken at the φ learned before it, standardised, and fed to one detector a coordinate.</summary>
/// <remarks>
/// It is an observer beside the estimator, whose answer it does not touch, and does for a likelihood of one's own what <see cref="ChangeMonitor"/> does for regressions. The variance of a density's
/// scores is estimated by their squares, that of least squares by Gauss and Newton's information and the variance of the residuals. Coordinates are φ, and go by the parameter that they move first.
/// Memory: the first rows, the information <c>[q, q]</c>, and a detector a coordinate. Cost: a gradient a row and <c>O(q³)</c> a batch. Threads: one caller at a time.
/// </remarks>
public sealed class LikelihoodMonitor
{
    readonly LikelihoodModel _model;
    readonly LikelihoodOptions _options;
    readonly ScoreWatch _watch;
    readonly RowGradients _point;
    readonly int[] _order;
    readonly double[] _scores = new double[RowSums.BlockRows];
    RowStore _waiting;   // for their batch, so that it is the same numbers however rows come
    long _rows;

    /// <summary>A monitor that has seen nothing.</summary>
    /// <param name="model">The likelihood; the monitor works with a fork.</param>
    /// <param name="options">Those of the fit: where the search for the first parameters starts.</param>
    /// <param name="choice">The detector, and the average number of rows between false alarms.</param>
    public LikelihoodMonitor(LikelihoodModel model, LikelihoodOptions options, DetectorChoice choice)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        (_model, _options, _watch) = (model.Fork(), options with { Memory = default, Information = null, Sandwich = false, BufferRows = int.MaxValue }, new(choice));
        (_point, _order, _waiting) = (new(_model), GaussNewton.Order(model.Space.Free), new(model.Columns.Count));
    }

    /// <summary>The detector asked for.</summary>
    public DetectorChoice Choice => _watch.Choice;

    /// <summary>The changes found so far, in the order in which they were.</summary>
    public IReadOnlyList<DetectedChange> Changes => _watch.Changes;

    /// <summary>Rows seen.</summary>
    public long Rows => _rows;

    int Wanted => _watch.IsStarted ? ScoreWatch.BatchRows : Math.Max(ScoreWatch.FewestRows, ScoreWatch.RowsAColumn * _order.Length);

    /// <summary>Watches rows that nobody has learned from yet.</summary>
    /// <param name="rows">Rows <c>[n, columns]</c>.</param>
    /// <param name="weights">Weights <c>[n]</c>, or empty for one each.</param>
    public void Observe(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights = default)
    {
        var width = _model.Columns.Count;
        var count = rows.Length / width;
        for (var start = 0; start < count;)
        {
            var n = Math.Min(Wanted - _waiting.Count, count - start);
            _waiting.Append(rows.Slice(start * width, n * width), weights.IsEmpty ? default : weights.Slice(start, n), n);
            _rows += n;
            start += n;
            if (_waiting.Count < Wanted) { continue; }
            if (_watch.IsStarted) { Judge(); } else { Start(); }
            _waiting.Clear();
        }
    }

    /// <summary>Writes the state, bit for bit.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Choice.ToString());
        writer.Write(_rows);
        _watch.SaveCounts(writer);
        _watch.SaveSums(writer, 0);
        _waiting.Save(writer);
        _watch.SaveWatches(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">Where it is.</param>
    /// <param name="model">The same likelihood.</param>
    /// <param name="options">The same options.</param>
    /// <exception cref="InvalidDataException">The state is not a monitor's.</exception>
    public static LikelihoodMonitor Load(StateReader reader, LikelihoodModel model, LikelihoodOptions options)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var text = reader.ReadText();
        var monitor = new LikelihoodMonitor(model, options, DetectorChoice.Parse(text) ?? throw new InvalidDataException($"there is no detector '{text}'")) { _rows = reader.ReadInt64() };
        monitor._watch.LoadCounts(reader);
        _ = monitor._watch.LoadSums(reader);
        monitor._waiting = RowStore.Load(reader, model.Columns.Count);
        monitor._watch.LoadWatches(reader);
        if (monitor._watch.IsStarted && monitor._watch.Theta.Length != model.Space.Free) { throw new InvalidDataException($"a monitor of {monitor._watch.Theta.Length} coordinates does not fit a likelihood of {model.Space.Free}"); }
        if (monitor._watch.IsStarted) { monitor._point.Begin(monitor._watch.Theta); }
        return monitor;
    }

    /// <summary>Fits the first rows, and measures what they know; where they have no maximum, more rows come first.</summary>
    void Start()
    {
        if (Fitted() is { } phi)
        {
            _watch.Begin(phi);
            _point.Begin(phi);
            if (Measure(_waiting.Rows, _waiting.Weights, _watch.Past) is { } squares)
            {
                _watch.Start(squares, _waiting.Count, _rows, _order);
                _point.Begin(_watch.Theta);
            }
            else { _watch.Restart(); }
        }
    }

    double[]? Fitted()
    {
        var estimator = new LikelihoodEstimator(_model, _options);
        estimator.Observe(_waiting.Rows, _waiting.Weights);
        try
        {
            return estimator.Solve() is { Converged: true } estimate ? (double[])estimate.Phi.Clone() : null;
        }
        catch (LikelihoodException)
        {
            return null;   // the fit itself says so, if more rows do not help
        }
    }

    /// <summary>Adds rows at φ to an information, with the squares of what they add, and returns their sum of squared residuals; null where φ has run off so far that they cannot be added up.</summary>
    double? Measure(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, FullInformation into)
    {
        var (width, q, squares) = (_model.Columns.Count, _order.Length, 0.0);
        for (var start = 0; start < weights.Length; start += RowSums.BlockRows)
        {
            var count = Math.Min(RowSums.BlockRows, weights.Length - start);
            var block = rows.Slice(start * width, count * width);
            var given = weights.Slice(start, count);
            var scores = _scores.AsSpan(0, count);
            var gradients = _point.Gradients(block, count);
            if (!(Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(gradients)) <= ScoreWatch.Largest)) { return null; }
            for (var i = 0; i < count; i++)
            {
                var residual = _model.IsLeastSquares ? block[(i + 1) * width - 1] - _point.Values[i] : 1;
                if (!double.IsFinite(_point.Values[i]) || !(Math.Abs(residual) <= ScoreWatch.Largest)) { return null; }
                scores[i] = given[i] * residual;
                squares += scores[i] * residual;
                for (var j = 0; j < q; j++)
                {
                    var part = given[i] * gradients[i * q + j] * gradients[i * q + j];
                    _watch.Fourth[j] += part * part;
                }
            }
            into.Add(new DesignRows(count, q, gradients, 0, default, default), given, scores);
        }
        return squares;
    }

    /// <summary>Compares the batch with what was learned before it, then learns from it.</summary>
    void Judge()
    {
        if (Measure(_waiting.Rows, _waiting.Weights, _watch.Batch) is not { } squares)
        {
            _watch.Restart();
            return;
        }
        (_watch.BatchPearson, _watch.Collected) = (squares, _waiting.Count);
        if (_watch.Judge(_order, _model.IsLeastSquares, _rows) is >= 0 and var coordinate) { _watch.Report(coordinate, _model.Space.NameOfFree(coordinate), null, _rows); }
        else { _point.Begin(_watch.Theta); }
    }
}
