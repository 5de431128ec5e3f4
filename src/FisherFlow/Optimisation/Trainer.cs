using FisherFlow.Estimation;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Optimisation;

/// <summary>Trains a model on a stream of blocks: cut into batches, one step each, parameters growing as levels are met.</summary>
/// <remarks>Every row's loss is taken before a step learns from it, so that in a first pass the mean loss is an honest measure of prediction. Threads: one caller at a time.</remarks>
public sealed class Trainer
{
    readonly IModel _model;
    readonly Workspace _workspace = new();
    Optimiser? _optimiser;
    ModelShape _shape;

    /// <summary>A trainer that has seen nothing.</summary>
    /// <param name="model">The model.</param>
    /// <param name="method">The method.</param>
    /// <param name="batch">Rows of a step, at least 1.</param>
    /// <exception cref="ArgumentException">The model has an auxiliary parameter, or the axes do not go together.</exception>
    public Trainer(IModel model, Method method, int batch)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        if (model.HasAuxiliary) { throw new ArgumentException("the model estimates an auxiliary parameter beside θ (the negative binomial's), which steps along a score do not: fit it in one pass", nameof(model)); }
        method.Verify();
        (_model, Method, Batch) = (model, method, batch);
    }

    /// <summary>The method.</summary>
    public Method Method { get; }

    /// <summary>Rows of a step.</summary>
    public int Batch { get; }

    /// <summary>The sizes under which θ is laid out.</summary>
    public ModelShape Shape => _shape;

    /// <summary>The answer so far, <c>[d]</c>.</summary>
    public ReadOnlySpan<double> Theta => _optimiser is null ? default : _optimiser.Iterate;

    /// <summary>Steps taken.</summary>
    public long Steps => _optimiser?.Steps ?? 0;

    /// <summary>Batches that moved nothing: their likelihood was not finite, or their step would not have been.</summary>
    public long Failures { get; private set; }

    /// <summary>The sum of losses of rows before they were learned: half the deviance.</summary>
    public double Loss { get; private set; }

    /// <summary>Rows behind <see cref="Loss"/>.</summary>
    public long Rows { get; private set; }

    /// <summary>Sums over the responses of all rows learned, each once.</summary>
    public ResponseSums Responses { get; private set; } = ResponseSums.Empty;

    /// <summary>Learns the rows of a block, a batch at a time.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="again">Whether they were learned before, in an earlier pass: then the sums over responses have them already.</param>
    public void Learn(Block block, bool again = false)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (block.Count == 0) { return; }
        var responses = ResponseSums.Empty;
        _model.Summarise(block, 0, block.Count, ref responses);
        Follow(block, responses);
        if (!again)
        {
            var all = Responses;
            all.Add(responses);
            Responses = all;
        }
        for (var start = 0; start < block.Count; start += Batch)
        {
            var rows = Math.Min(Batch, block.Count - start);
            var report = _optimiser!.Step(_model, block, start, rows, _shape);
            if (report.Outcome is StepOutcome.NotFinite or StepOutcome.Overflow) { Failures++; }
            if (!double.IsFinite(report.Loss)) { continue; }
            Loss += report.Loss;
            Rows += rows;
        }
    }

    /// <summary>Half the deviance of a block at the answer so far, and nothing is learned; levels not met yet count as zero.</summary>
    public double Predict(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        var responses = ResponseSums.Empty;
        _model.Summarise(block, 0, block.Count, ref responses);
        Follow(block, responses);
        var sums = default(FitSums);
        _model.Work(block, 0, block.Count, _shape, Theta, 0, default, ref sums, _workspace);
        return 0.5 * sums.Deviance;
    }

    /// <summary>Writes the state, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var size in (ReadOnlySpan<int>)[_shape.DenseColumns, _shape.Columns, _shape.Outcomes]) { writer.Write(size); }
        writer.Write(Failures);
        writer.Write(Loss);
        writer.Write(Rows);
        Responses.Save(writer);
        writer.Write(_optimiser is not null);
        _optimiser?.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote into a trainer of the same model and method that has seen nothing.</summary>
    /// <exception cref="InvalidDataException">The state is of another method, or damaged.</exception>
    public void Load(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _shape = new(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        (Failures, Loss, Rows) = (reader.ReadInt64(), reader.ReadDouble(), reader.ReadInt64());
        Responses = ResponseSums.Load(reader);
        _optimiser = reader.ReadBoolean() ? Method.Load(reader) : null;
        if (_optimiser is not null && _optimiser.Dimension != _model.Dimension(_shape)) { throw new InvalidDataException($"the model has {_model.Dimension(_shape)} parameters and the state {_optimiser.Dimension}"); }
    }

    /// <summary>Starts, or makes room for levels met since.</summary>
    void Follow(Block block, in ResponseSums responses)
    {
        var shape = block.Shape;
        if (_optimiser is null)
        {
            var start = new double[_model.Dimension(shape)];
            _model.Start(shape, responses, block, start);
            (_optimiser, _shape) = (Method.Start(start), shape);
            return;
        }
        if (shape == _shape) { return; }
        var wider = new ModelShape(shape.DenseColumns, Math.Max(shape.Columns, _shape.Columns), Math.Max(shape.Outcomes, _shape.Outcomes));
        if (wider == _shape) { return; }
        _optimiser.Remap(ParameterLayout.Between(_model, _shape, wider), _model.Dimension(wider));
        _shape = wider;
    }
}
