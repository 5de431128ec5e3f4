using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Memory;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>The evidence of the last rows, in blocks that leave together: a queue of quadratics about one anchor, merged without subtraction.</summary>
/// <remarks>
/// The window holds the last <c>W</c> rows whenever a block is full, and up to a block more in between. Memory: a structure for each of its <see cref="Blocks"/> blocks.
/// All quadratics are about the first θ that was learned, so that merging is adding.
/// </remarks>
/// <param name="model">The model.</param>
/// <param name="schema">The names of the design columns.</param>
/// <param name="rows">Rows of the window <c>W</c>.</param>
sealed class WindowedEvidence<TInformation>(IModel model, DesignSchema schema, long rows) where TInformation : class, IInformation<TInformation>
{
    /// <summary>Blocks of a full window.</summary>
    const int Blocks = 32;

    readonly Workspace _workspace = new();
    readonly Queue<long> _lengths = [];
    TwoStackQueue<Element>? _queue;
    double[] _anchor = [];
    double _auxiliary;
    ModelShape _shape;
    long _held;

    /// <summary>Rows of a block.</summary>
    public int BlockRows { get; } = (int)Math.Max(1, rows / Blocks);

    /// <summary>Sums over the responses in the window.</summary>
    public ResponseSums Responses => _queue is { Count: > 0 } ? _queue.Total.Responses : ResponseSums.Empty;

    /// <summary>Rows in the window.</summary>
    public long Held => _held;

    /// <summary>Lets the oldest blocks go until the next rows fit, and sets the state to what is left.</summary>
    public void MakeRoom(StructuredState<TInformation> state, int count, in ModelShape shape)
    {
        Follow(shape);
        if (_queue is null) { return; }
        var left = false;
        while (_lengths.Count > 0 && _held + count > rows)
        {
            _held -= _lengths.Dequeue();
            _queue.Drop();
            left = true;
        }
        if (left) { Describe(state); }
    }

    /// <summary>Takes in rows that the state has just folded, block by block, as they are seen from its θ.</summary>
    public void Take(StructuredState<TInformation> state, Block batch, int count, in ModelShape shape, EstimatorOptions options)
    {
        Follow(shape);
        if (_anchor.Length == 0) { (_anchor, _auxiliary) = ((double[])state.Theta.Clone(), state.Auxiliary); }
        _queue ??= new(Merge);
        var (estimate, isSigned) = (options.Informed(model), options.IsSigned(model));
        batch.FirstRow = state.Rows - count;
        for (var start = 0; start < count; start += BlockRows)
        {
            var n = Math.Min(BlockRows, count - start);
            var informed = isSigned || IsDefinite(estimate, state, batch, start, n, shape) ? estimate : model;
            var element = new Element(state.Information.CreateEmpty(), new double[state.Theta.Length], shape);
            Fill(element, informed, state, batch, start, n, shape);
            _queue.Push(element);
            _lengths.Enqueue(n);
            _held += n;
        }
        while (_held > rows && _lengths.Count > 1)
        {
            _held -= _lengths.Dequeue();   // a first buffer may be longer than the window
            _queue.Drop();
        }
        Describe(state);
    }

    /// <summary>A copy that shares the elements, which never change.</summary>
    public WindowedEvidence<TInformation> Copy()
    {
        var writer = new StateWriter();
        Save(writer);
        var copy = new WindowedEvidence<TInformation>(model, schema, rows);
        copy.Restore(new(writer.Written.ToArray()), _shape);
        return copy;
    }

    /// <summary>Writes the window, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_anchor);
        writer.Write(_auxiliary);
        writer.Write(_held);
        writer.Write(_lengths.Count);
        foreach (var length in _lengths) { writer.Write(length); }
        writer.Write(_queue is not null);
        _queue?.Save(writer, (w, element) => element.Save(w));
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Restore(StateReader reader, in ModelShape shape)
    {
        (_anchor, _auxiliary, _held, _shape) = (reader.ReadDoubles(), reader.ReadDouble(), reader.ReadInt64(), shape);
        for (var left = reader.ReadInt32(); left > 0; left--) { _lengths.Enqueue(reader.ReadInt64()); }
        if (!reader.ReadBoolean()) { return; }
        _queue = new(Merge);
        _queue.Restore(reader, Element.Load);
    }

    void Follow(in ModelShape shape)
    {
        if (_anchor.Length > 0 && shape != _shape) { _anchor = ParameterLayout.Move(_anchor, ParameterLayout.Between(model, _shape, shape), model.Dimension(shape)); }
        _shape = shape;
    }

    /// <summary>Whether no row of a block weighs less than nothing, so that any structure can hold it.</summary>
    bool IsDefinite(IModel estimate, StructuredState<TInformation> state, Block batch, int start, int count, in ModelShape shape)
    {
        var unused = default(FitSums);
        const int Chunk = 1024;
        for (var done = 0; done < count; done += Chunk)
        {
            var weights = estimate.Work(batch, start + done, Math.Min(Chunk, count - done), shape, state.Theta, state.Auxiliary, default, ref unused, _workspace).Weights;
            if (weights.Length > 0 && TensorPrimitives.Min(weights) < 0) { return false; }
        }
        return true;
    }

    void Fill(Element element, IModel informed, StructuredState<TInformation> state, Block batch, int start, int count, in ModelShape shape)
    {
        const int Chunk = 1024;
        var (sums, unused) = (default(FitSums), default(FitSums));
        for (var done = 0; done < count; done += Chunk)
        {
            var n = Math.Min(Chunk, count - done);
            var working = model.Work(batch, start + done, n, shape, state.Theta, state.Auxiliary, default, ref sums, _workspace);
            for (var i = 0; i < working.Rows.Count; i++) { AddScore(working, i, element.Score); }
            var weighed = informed.Work(batch, start + done, n, shape, state.Theta, state.Auxiliary, default, ref unused, _workspace);
            if (element.Information is FullInformation full) { full.Correct(weighed.Rows, weighed.Weights); }   // weights of any sign
            else { element.Information.Add(weighed.Rows, weighed.Weights); }
        }
        var responses = ResponseSums.Empty;
        model.Summarise(batch, start, count, ref responses);
        var (delta, product) = (new double[_anchor.Length], new double[_anchor.Length]);
        TensorPrimitives.Subtract(state.Theta, _anchor, delta);
        element.Information.Multiply(delta, product);
        // D(θ) = D(θ′) + ‖θ − θ′‖² − 2sᵀ(θ − θ′), seen from the common anchor.
        var change = TensorPrimitives.Dot<double>(delta, product) + 2 * TensorPrimitives.Dot<double>(element.Score, delta);
        TensorPrimitives.Add(element.Score, product, element.Score);
        sums.Deviance += change;
        sums.Pearson += change;
        (element.Sums, element.Responses, element.Rows) = (sums, responses, count);
        element.AuxiliaryScore = sums.AuxiliaryScore + sums.AuxiliaryInformation * (state.Auxiliary - _auxiliary);
    }

    static void AddScore(in WorkingRows working, int row, Span<double> score)
    {
        var r = working.Scores[row];
        var design = working.Rows;
        var dense = design.Dense.Slice(row * design.DenseColumns, design.DenseColumns);
        for (var j = 0; j < dense.Length; j++) { score[j] += r * dense[j]; }
        for (var s = row * design.Slots; s < (row + 1) * design.Slots; s++)
        {
            if (design.Indices[s] >= 0) { score[design.Indices[s]] += design.Values.IsEmpty ? r : r * design.Values[s]; }
        }
    }

    /// <summary>Sets the state to the window's total, seen from the state's θ.</summary>
    void Describe(StructuredState<TInformation> state)
    {
        if (_queue!.Count == 0)
        {
            state.Information = state.Information.CreateEmpty();
            (state.Sums, state.AuxiliaryScore, state.AuxiliaryInformation, state.Weight, state.SquaredWeight) = (default, 0, 0, 0, 0);
            Array.Clear(state.Score);
            return;
        }
        var total = _queue.Total.Under(model, schema, _shape);
        var (delta, product) = (new double[_anchor.Length], new double[_anchor.Length]);
        TensorPrimitives.Subtract(state.Theta, _anchor, delta);
        total.Information.Multiply(delta, product);
        var change = TensorPrimitives.Dot<double>(delta, product) - 2 * TensorPrimitives.Dot<double>(total.Score, delta);
        state.Information = total.Information.Copy();
        if (state.Score.Length > 0) { TensorPrimitives.Subtract(total.Score, product, state.Score); }
        var sums = total.Sums;
        sums.Deviance += change;
        sums.Pearson += change;
        state.Sums = sums;
        state.AuxiliaryInformation = sums.AuxiliaryInformation;
        state.AuxiliaryScore = total.AuxiliaryScore - sums.AuxiliaryInformation * (state.Auxiliary - _auxiliary);
        (state.Weight, state.SquaredWeight) = (total.Responses.Weight, total.Responses.SquaredWeight);
    }

    Element Merge(Element older, Element newer)
    {
        var (a, b) = (older.Under(model, schema, _shape), newer.Under(model, schema, _shape));
        var merged = new Element(a.Information.Copy(), (double[])a.Score.Clone(), _shape);
        var information = merged.Information;
        information += b.Information;
        TensorPrimitives.Add(merged.Score, b.Score, merged.Score);
        var (sums, responses) = (a.Sums, a.Responses);
        sums.Add(b.Sums);
        responses.Add(b.Responses);
        (merged.Sums, merged.Responses, merged.Rows, merged.AuxiliaryScore) = (sums, responses, a.Rows + b.Rows, a.AuxiliaryScore + b.AuxiliaryScore);
        return merged;
    }

    /// <summary>A block's quadratic about the common anchor.</summary>
    sealed class Element(TInformation information, double[] score, ModelShape shape)
    {
        public TInformation Information => information;

        public double[] Score => score;

        public FitSums Sums { get; set; }

        public ResponseSums Responses { get; set; }

        public double AuxiliaryScore { get; set; }

        public long Rows { get; set; }

        /// <summary>The element under today's sizes: itself if they have not grown.</summary>
        public Element Under(IModel model, DesignSchema schema, in ModelShape today)
        {
            if (shape == today) { return this; }
            var (map, dimension) = (ParameterLayout.Between(model, shape, today), model.Dimension(today));
            var grown = information.Copy();
            ParameterLayout.Remap(grown, model, schema, map, today);
            return new(grown, ParameterLayout.Move(score, map, dimension), today) { Sums = Sums, Responses = Responses, AuxiliaryScore = AuxiliaryScore, Rows = Rows };
        }

        public void Save(StateWriter writer)
        {
            writer.Write(shape.DenseColumns);
            writer.Write(shape.Columns);
            writer.Write(shape.Outcomes);
            information.Save(writer);
            writer.Write(score);
            foreach (var value in (ReadOnlySpan<double>)[Sums.Deviance, Sums.Pearson, Sums.AuxiliaryScore, Sums.AuxiliaryInformation, Sums.Saturated, Sums.Carrier, AuxiliaryScore]) { writer.Write(value); }
            Responses.Save(writer);
            writer.Write(Rows);
        }

        public static Element Load(StateReader reader)
        {
            var shape = new ModelShape(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            return new(TInformation.Load(reader), reader.ReadDoubles(), shape)
            {
                Sums = new()
                {
                    Deviance = reader.ReadDouble(),
                    Pearson = reader.ReadDouble(),
                    AuxiliaryScore = reader.ReadDouble(),
                    AuxiliaryInformation = reader.ReadDouble(),
                    Saturated = reader.ReadDouble(),
                    Carrier = reader.ReadDouble(),
                },
                AuxiliaryScore = reader.ReadDouble(),
                Responses = ResponseSums.Load(reader),
                Rows = reader.ReadInt64(),
            };
        }
    }
}
