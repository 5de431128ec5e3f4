using FisherFlow.Estimation;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Likelihoods;

/// <summary>How long rows count: windows that let rows go, and an adaptive memory that lets go of everything where a parameter has changed.</summary>
public sealed partial class LikelihoodEstimator
{
    const int AdaptiveRows = 1024;
    const long MostWindowBytes = 1L << 30;
    const int More = 256;   // no patience is as long: what follows it in a state is this room's

    readonly ChangeWatch? _watch;
    readonly List<CoefficientChange> _changes = [];
    double[]? _restart;   // where the search begins after a change
    long _forgotten;      // rows that count no more
    bool _isCounted = true;

    bool IsWindow => Options.Memory.Kind == MemoryKind.Window;

    /// <summary>Sums over the rows that count.</summary>
    LikelihoodSums Sums
    {
        get
        {
            if (!_isCounted) { (_sums, _isCounted) = (SumsOf(_buffer), true); }
            return _sums;
        }
    }

    static void RequireMemory(LikelihoodModel model, MemoryRule memory)
    {
        var bytes = memory.Rows * 8 * (model.Columns.Count + 1);
        if (memory.Kind == MemoryKind.Window && bytes > MostWindowBytes)
        {
            throw new ArgumentException($"a window keeps its rows, and {memory.Rows:N0} rows of {model.Columns.Count} numbers take {bytes / (1 << 30):F1} GiB; at most 1 is taken: exponential:HALF_LIFE forgets in any memory");
        }
    }

    /// <summary>Makes room for more rows: those that wait are folded, or the oldest leave the window.</summary>
    void MakeRoom(int wanted)
    {
        if (!IsWindow)
        {
            Fold();
            return;
        }
        var gone = Math.Min(_buffer.Count, wanted);
        _buffer.Drop(gone);
        (_forgotten, _isCounted) = (_forgotten + gone, false);
    }

    LikelihoodSums SumsOf(RowStore rows)
    {
        var sums = default(LikelihoodSums);
        var width = Model.Columns.Count;
        for (var i = 0; i < rows.Count; i++) { sums.Add(rows.Weights[i], Model.IsLeastSquares ? rows.Rows[(i + 1) * width - 1] : 0, Options.Retention); }
        return sums;
    }

    /// <summary>Looks at the buffer before it is folded; where a coordinate has changed, everything before is forgotten.</summary>
    void Adapt()
    {
        if (_watch is null || _folded is null) { return; }
        var target = new Target(Model, _buffer, null, null, Options);
        if (target.Linearise(_folded.Anchor) is not { } at || (at.ToEvidence() ?? Products(at.Phi)) is not { } evidence) { return; }
        var past = _folded.Evidence.Factorise(GaussNewton.Order(Model.Space.Free), default, default);
        var degrees = FoldedRows - past.Rank;
        var dispersion = Model.IsLeastSquares && degrees > 0 && _folded.Value < 0 ? -2 * _folded.Value / degrees : 1;
        var found = _watch.Test(at.Score, evidence.Factorise([.. past.Kept], default, default), past, dispersion, Rows - _buffer.Count + 1);
        if (found is not { } change) { return; }
        _changes.Add(new(change.Parameter, change.Since, Rows));
        _watch.Reset();
        _forgotten = Rows - _buffer.Count;
        (_restart, _folded, _informed, _sums) = (_folded.Anchor, null, null, SumsOf(_buffer));

        Information.SquareRootInformation? Products(double[] phi) => new Target(Model, _buffer, null, null, Options, InformationKind.Empirical).Linearise(phi)?.ToEvidence();
    }

    bool IsMore => Options.Memory.Kind is MemoryKind.Adaptive or MemoryKind.Window or MemoryKind.RandomWalk || _informed is not null;

    void SaveMore(StateWriter writer)
    {
        if (!IsMore) { return; }
        writer.Write(_forgotten);
        writer.Write(_informed ?? []);
        writer.Write(_outcomesDisagree);
        writer.Write(_restart ?? []);
        writer.Write(_changes.Count);
        foreach (var change in _changes)
        {
            writer.Write(change.Parameter);
            writer.Write(change.Since);
            writer.Write(change.Found);
        }
        _watch?.Save(writer);
        if (Walks) { writer.Write([_drift, _logDeterminant]); }
    }

    void LoadMore(StateReader reader)
    {
        _forgotten = reader.ReadInt64();
        _informed = reader.ReadDoubles() is { Length: > 0 } informed ? informed : null;
        _outcomesDisagree = reader.ReadBoolean();
        _restart = reader.ReadDoubles() is { Length: > 0 } anchor ? anchor : null;
        for (var left = reader.ReadInt32(); left > 0; left--) { _changes.Add(new(reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64())); }
        _watch?.Restore(reader);
        if (Walks && reader.ReadDoubles() is [var drift, var logDeterminant]) { (_drift, _logDeterminant) = (drift, logDeterminant); }
    }
}
