using FisherFlow.Snapshots;

namespace FisherFlow.Mixtures;

/// <summary>States, and the parts of a merge.</summary>
public sealed partial class OnlineMixture
{
    const int Layout = -3;

    /// <summary>Writes everything, so that a mixture read back goes on to the same bits.</summary>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Layout);
        writer.Write(Components);
        writer.Write(Columns);
        _options.Save(writer);
        SaveState(writer);
        _sample!.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a state.</exception>
    public static OnlineMixture Load(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var layout = reader.ReadInt32();
        if (layout != Layout) { throw new InvalidDataException($"the state is not one of a mixture, or of an earlier layout: it begins with {layout}, not {Layout}"); }
        try
        {
            var mixture = new OnlineMixture(reader.ReadInt32(), reader.ReadInt32(), OnlineMixtureOptions.Load(reader));
            mixture.LoadState(reader);
            mixture._sample!.Load(reader);
            return mixture;
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"the state is not one of a mixture: {e.Message}", e);
        }
    }

    void SaveState(StateWriter writer)
    {
        writer.Write(Count);
        writer.Write(LateColumns);
        writer.Write(Rounds);
        writer.Write(_climbed);
        writer.Write(_next);
        writer.Write(_grown);
        _held.Save(writer);
        if (IsStarted)
        {
            _statistics.Save(writer);
            _evidence.Save(writer);
            writer.Write(_theta.AsSpan());
            writer.Write(_average.AsSpan());
            writer.Write(_leastVariance);
            writer.Write(_logLikelihood);
            writer.Write(_isConverged);
        }
        _rival?.SaveState(writer);
    }

    void LoadState(StateReader reader)
    {
        (Count, LateColumns, Rounds, _climbed) = (reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64());
        (_next, _grown) = (reader.ReadInt64(), reader.ReadInt64());
        _held = MixtureRows.Load(reader);
        if (IsStarted)
        {
            _statistics.Load(reader);
            _evidence = MixtureEvidence.Load(reader, _model);
            reader.ReadDoubles().CopyTo(_theta, 0);
            reader.ReadDoubles().CopyTo(_average, 0);
            (_leastVariance, _logLikelihood, _isConverged) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean());
        }
        _rival?.LoadState(reader);
    }

    /// <summary>Becomes the other, whose columns have other numbers here.</summary>
    void Take(OnlineMixture other, ReadOnlySpan<int> columns)
    {
        Copy(other, columns);
        _sample?.Merge(other._sample!, new(other._model, _model, default, columns));
        _rival?.Take(other._rival!, columns);
    }

    /// <summary>Takes over everything but the sample and the rival.</summary>
    void Copy(OnlineMixture other, ReadOnlySpan<int> columns)
    {
        var map = new MixtureMap(other._model, _model, default, columns);
        (_statistics, _evidence) = (other._statistics.Moved(map), other._evidence.Moved(map));
        (_theta, _average) = (map.Vector(other._theta), map.Vector(other._average));
        (Count, Rounds, LateColumns, _climbed, _next, _grown) = (other.Count, other.Rounds, other.LateColumns, other._climbed, other._next, other._grown);
        (_leastVariance, _logLikelihood, _isConverged) = (other._leastVariance, other._logLikelihood, other._isConverged);
    }

    /// <summary>Joins another that has begun: sums add, averages and statistics count by rows.</summary>
    void Join(OnlineMixture other, ReadOnlySpan<int> columns)
    {
        var renamed = new MixtureMap(other._model, _model, default, columns);
        var names = MixtureLabels.Match(_model, _evidence.Labelled, _average, renamed.Vector(other._average));
        var map = new MixtureMap(other._model, _model, names, columns);
        var share = (double)other.Count / (Count + other.Count);
        _evidence.Add(other._evidence.Moved(map));
        _statistics.Combine(1 - share, other._statistics.Moved(map), share);
        _statistics.Maximise(_theta, _leastVariance);
        var theirs = map.Vector(other._average);
        for (var i = 0; i < _average.Length; i++) { _average[i] += share * (theirs[i] - _average[i]); }
        (Count, _logLikelihood, _climbed) = (Count + other.Count, _logLikelihood + other._logLikelihood, Joined);
        _leastVariance = Math.Min(_leastVariance, other._leastVariance);
        (Rounds, LateColumns, _isConverged) = (Rounds + other.Rounds, Math.Max(LateColumns, other.LateColumns), _isConverged && other._isConverged);
        _next = Count;
        _sample?.Merge(other._sample!, map);
        _rival?.Join(other._rival!, columns);
    }
}
