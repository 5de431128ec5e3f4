using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>Merging with another state, and crossing a process boundary.</summary>
sealed partial class StreamEstimator<TEvidence>
{
    /// <inheritdoc/>
    public override void Merge(Estimator other, ReadOnlySpan<int> columns, ReadOnlySpan<int> outcomes, ReadOnlySpan<int> clusters)
    {
        if (other is not StreamEstimator<TEvidence> from || from.Options.Sandwich != Options.Sandwich || from.Options.Ridge != Options.Ridge)
        {
            throw new ArgumentException("only states of the same structure, robust covariance and ridge can be merged", nameof(other));
        }
        Grow(new(Shape.DenseColumns, Schema.Columns.Count, Math.Max(1, Schema.Outcomes.Count)));
        var map = ParameterLayout.Between(Model, from.Shape, Shape, columns, outcomes);
        if (from._foldedRows > 0) { MergeFolded(from, map); }
        if (_sandwich is not null) { _sandwich.Add(from._sandwich!.Renamed(map, Evidence.Dimension, clusters)); }
        var responses = from._responses;
        responses.RemapOutcomes(outcomes);
        _responses.Add(responses);
        for (var j = 0; j < _largest.Length; j++) { _largest[j] = Math.Max(_largest[j], from._largest[j]); }
        _audit.Merge(from._audit, columns, outcomes, clusters, Shape);
        _null?.Merge(from._null!, [0], outcomes, []);
        _iterations += from._iterations;
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
        writer.Write(Anchor);
        Evidence.Save(writer);
        foreach (var value in (ReadOnlySpan<double>)[_folded.Deviance, _folded.Pearson, _folded.AuxiliaryScore, _folded.AuxiliaryInformation,
            _folded.Saturated, _folded.Carrier, _foldedResidual, _auxiliary, _auxiliaryScore, _auxiliaryInformation]) { writer.Write(value); }
        writer.Write(_largest);
        writer.Write(_capacity);
        writer.Write(_iterations);
        writer.Write(_passes);
        writer.Write(_foldedRows);
        _responses.Save(writer);
        _buffer.Save(writer);
        _audit.Save(writer);
        writer.Write(_unfinished);
        writer.Write(_separated.Select(s => s ? 1 : 0).ToArray());
        writer.Write(_sandwich is not null);
        _sandwich?.Save(writer);
        _null?.Save(writer);
        if (MayBeIndefinite) { writer.Write(_boundedRows); }
    }

    private protected override void Restore(StateReader reader)
    {
        var structure = reader.ReadText();
        if (structure != StructureName) { throw new InvalidDataException($"the state keeps its information as '{structure}', not '{StructureName}'"); }
        Shape = new(_layout.DenseColumns, reader.ReadInt32(), reader.ReadInt32());
        Anchor = reader.ReadDoubles();
        Evidence = TEvidence.Load(reader);
        var dimension = Model.Dimension(Shape);
        if (Anchor.Length != dimension || Evidence.Dimension != dimension) { throw new InvalidDataException($"the state holds {Anchor.Length} parameters where {dimension} belong"); }
        _folded = new()
        {
            Deviance = reader.ReadDouble(),
            Pearson = reader.ReadDouble(),
            AuxiliaryScore = reader.ReadDouble(),
            AuxiliaryInformation = reader.ReadDouble(),
            Saturated = reader.ReadDouble(),
            Carrier = reader.ReadDouble(),
        };
        (_foldedResidual, _auxiliary) = (reader.ReadDouble(), reader.ReadDouble());
        (_auxiliaryScore, _auxiliaryInformation) = (reader.ReadDouble(), reader.ReadDouble());
        _largest = reader.ReadDoubles();
        (_capacity, _iterations, _passes) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        _foldedRows = reader.ReadInt64();
        _responses = ResponseSums.Load(reader);
        _buffer = RowBuffer.Load(reader, _layout);
        _audit = Audit.Load(reader, Model, _layout, Options.AuditedRows);
        _unfinished = reader.ReadBoolean();
        _separated = [.. reader.ReadInt32s().Select(s => s != 0)];
        _sandwich = reader.ReadBoolean() ? SandwichSums.Load(reader, Options.Sandwich) : null;
        _null?.Restore(reader);
        if (MayBeIndefinite) { _boundedRows = reader.ReadInt64(); }
    }

    void MergeFolded(StreamEstimator<TEvidence> from, int[] map)
    {
        var evidence = from.Evidence.Copy();
        evidence.Remap(map, Evidence.Dimension);
        var anchor = ParameterLayout.Move(from.Anchor, map, Evidence.Dimension);
        if (_foldedRows == 0)
        {
            Anchor = anchor;
            _auxiliary = from._auxiliary;
        }
        else
        {
            evidence.Shift(BatchObjective<TEvidence>.Difference(Anchor, anchor));
        }
        evidence += Evidence;
        Evidence = evidence;
        var (score, information) = from.AuxiliaryAt(_auxiliary);
        _auxiliaryScore += score;
        _auxiliaryInformation += information;
        _folded.Add(from._folded);
        _foldedResidual += from._foldedResidual;
        _foldedRows += from._foldedRows;
        _boundedRows += from._boundedRows;
    }
}
