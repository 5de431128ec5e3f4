using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>Merging with another state, and crossing a process boundary.</summary>
sealed partial class StructuredEstimator<TInformation>
{
    /// <inheritdoc/>
    /// <remarks>
    /// <c>θ ← θ₁ + (I₁ + I₂)⁻¹(s₁ + s₂ + I₂(θ₂ − θ₁))</c> within the structure: an information-weighted mean. Under a fading memory both streams end now. Windows do not merge: the rows of two streams have no common order.
    /// </remarks>
    public override void Merge(Estimator other, ReadOnlySpan<int> columns, ReadOnlySpan<int> outcomes, ReadOnlySpan<int> clusters)
    {
        if (other is not StructuredEstimator<TInformation> from || from.Options.Ridge != Options.Ridge || from.Options.Memory != Options.Memory || from.Options.Information != Options.Information
            || from.Options.Epsilon != Options.Epsilon)
        {
            throw new ArgumentException("only states of the same structure, memory, estimate and prior can be merged", nameof(other));
        }
        if (Options.Memory.Kind is not (MemoryKind.Stationary or MemoryKind.Exponential))
        {
            throw new ArgumentException($"states with {Options.Memory} memory cannot be merged: which rows of two streams are the last is not defined", nameof(other));
        }
        Grow(new(Shape.DenseColumns, Schema.Columns.Count, Math.Max(1, Schema.Outcomes.Count)));
        var map = ParameterLayout.Between(Model, from.Shape, Shape, columns, outcomes);
        _seen += from._seen;
        if (from._state.Rows > 0) { MergeFolded(from._state, map); }
        var responses = from._responses;
        responses.RemapOutcomes(outcomes);
        _responses.Add(responses);
        var rows = from._buffer.Copy();
        rows.Rename(columns, outcomes, clusters, Shape);
        _buffer.Pour(rows.Rows, this);
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        writer.Write(StructureName);
        writer.Write(Shape.Columns);
        writer.Write(Shape.Outcomes);
        _state.Save(writer);
        writer.Write(_capacity);
        _responses.Save(writer);
        _buffer.Save(writer);
        _window?.Save(writer);
        writer.Write(_seen);
        writer.Write(_transfer is not null);
        _transfer?.Save(writer);
        if (_watch is null) { return; }
        _watch.Save(writer);
        writer.Write(_changes.Count);
        foreach (var change in _changes)
        {
            writer.Write(change.Parameter);
            writer.Write(change.Since);
            writer.Write(change.Found);
        }
    }

    private protected override void Restore(StateReader reader)
    {
        var structure = reader.ReadText();
        if (structure != StructureName) { throw new InvalidDataException($"the state keeps its information as '{structure}', not '{StructureName}'"); }
        Shape = new(_layout.DenseColumns, reader.ReadInt32(), reader.ReadInt32());
        _state = StructuredState<TInformation>.Load(reader, Model.Dimension(Shape));
        _capacity = reader.ReadInt32();
        _responses = ResponseSums.Load(reader);
        _buffer = RowBuffer.Load(reader, _layout);
        _window?.Restore(reader, Shape);
        _seen = reader.ReadInt64();
        _transfer = reader.ReadBoolean() ? TransferredPrior.Load(reader) : null;
        if (_watch is null) { return; }
        _watch.Restore(reader);
        for (var left = reader.ReadInt32(); left > 0; left--) { _changes.Add(new(reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64())); }
    }

    void MergeFolded(StructuredState<TInformation> theirs, int[] map)
    {
        var other = theirs.Copy();
        var d = _state.Theta.Length;
        other.Remap(Model, Schema, map, Shape);
        if (_state.Rows == 0)
        {
            var waiting = _state.NotFinite;
            _state = other;
            _state.NotFinite += waiting;
            return;
        }
        var (delta, product, right) = (new double[d], new double[d], new double[d]);
        TensorPrimitives.Subtract(other.Theta, _state.Theta, delta);
        other.Information.Multiply(delta, right);
        // seen from here: D₂(θ) = D₂(θ₂) + ‖θ₁ − θ₂‖² + 2s₂ᵀ(θ₂ − θ₁), and a score of s₂ + I₂(θ₂ − θ₁)
        var change = TensorPrimitives.Dot<double>(delta, right);
        if (other.Score.Length > 0)
        {
            change += 2 * TensorPrimitives.Dot<double>(other.Score, delta);
            TensorPrimitives.Add(right, other.Score, right);
            TensorPrimitives.Add(right, _state.Score, right);
        }
        var information = _state.Information;
        information += other.Information;
        if (_state.Squared is { } squared) { squared += other.Squared!; }
        var moved = Step(information, right, delta);
        information.Multiply(delta, product);
        change += TensorPrimitives.Dot<double>(delta, product) - 2 * TensorPrimitives.Dot<double>(delta, right);
        if (moved) { TensorPrimitives.Add(_state.Theta, delta, _state.Theta); }
        if (_state.Score.Length > 0) { TensorPrimitives.Subtract(right, product, _state.Score); }
        var sums = _state.Sums;
        sums.Add(other.Sums);
        sums.Deviance += change;
        sums.Pearson += change;
        _state.Sums = sums;
        _state.AuxiliaryScore += other.AuxiliaryScore - other.AuxiliaryInformation * (_state.Auxiliary - other.Auxiliary);
        _state.AuxiliaryInformation += other.AuxiliaryInformation;
        _state.Mass += other.Mass;
        _state.Weight += other.Weight;
        _state.SquaredWeight += other.SquaredWeight;
        _state.Rows += other.Rows;
        _state.Iterations += other.Iterations;
        _state.Fallbacks += other.Fallbacks;
        _state.NotFinite += other.NotFinite;
        _state.Converged &= other.Converged;
    }

    /// <summary>Solves <c>I·step = right</c> in the structure, by conjugate gradients where some parameters have no evidence or are dependent.</summary>
    bool Step(TInformation information, double[] right, double[] step)
    {
        Array.Clear(step);
        var batch = new ProximalBatch(Model);
        var problem = new ProximalProblem(Shape, new StructurePart<TInformation>(information)) { Tolerance = 1e-12, MaxIterations = 3, Constant = -1 };
        var solution = batch.Solve(problem, RowBuffer.CreateLike(_layout, 0), 0, step, right, _state.Auxiliary);
        return solution.IsUsable;
    }
}
