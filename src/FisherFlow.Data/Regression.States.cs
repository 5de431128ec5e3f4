using FisherFlow.Data.Design;
using FisherFlow.Data.Sources;
using FisherFlow.Data.States;
using FisherFlow.Estimation;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Data;

/// <summary>States: saving, loading, merging.</summary>
public sealed partial class Regression
{
    const string ChangesSection = "changes";

    /// <summary>Writes the state to a file: to a temporary one first, flushed, then renamed over the old.</summary>
    public void Save(string path)
    {
        var writer = new StateWriter();
        Write(writer);
        StateFile.Write(path, Version.Producer, writer.Written);
    }

    /// <summary>Reads a state.</summary>
    /// <exception cref="DataException">The file is missing, damaged, or written by a newer version.</exception>
    public static Regression Load(string path)
    {
        try
        {
            return Read(StateFile.Read(path).Payload);
        }
        catch (InvalidDataException damage)
        {
            throw new DataException($"{path} cannot be read as a state: {damage.Message}", damage);
        }
    }

    /// <summary>Adds states of the same model, fitted to different data, as if one machine had seen it all.</summary>
    /// <remarks>Gaussian: equal to the whole up to rounding, any order, any split. Others: rows still buffered merge exactly, folded ones to first order.</remarks>
    /// <exception cref="DataException">The models differ, or a state is already inside another.</exception>
    public static Regression Merge(IReadOnlyList<Regression> states)
    {
        ArgumentOutOfRangeException.ThrowIfZero(states.Count);
        var writer = new StateWriter();
        states[0].Write(writer);
        var merged = Read(new(writer.Written.ToArray()));   // a deep copy: the inputs stay as they are
        foreach (var state in states.Skip(1)) { merged.Absorb(state); }
        return merged;
    }

    void Absorb(Regression other)
    {
        RequireMergeable(other);
        var union = _encoder.Absorb(other._encoder);
        _estimator.Merge(other._estimator, union.Columns, union.Outcomes, union.Clusters);
        Rejections.Merge(other.Rejections);
        _sources.AddRange(other._sources);
    }

    void RequireMergeable(Regression other)
    {
        foreach (var state in (Regression[])[this, other])
        {
            if (state.Options.Estimator.Firth || state.Options.Estimator.Sandwich == Sandwich.Leverage)
            {
                throw new DataException("fits with Firth's penalty or HC3 errors need all data at once; they cannot be merged");
            }
        }
        Require(Formula == other.Formula, "formula", Formula, other.Formula);
        Require(Options.ParameterFormulas.SequenceEqual(other.Options.ParameterFormulas), "formulas of parameters", string.Join("; ", Options.ParameterFormulas), string.Join("; ", other.Options.ParameterFormulas));
        Require(Options.Model == other.Options.Model, "model", Describe(Options.Model), Describe(other.Options.Model));
        Require(Options.Estimator.Sandwich == other.Options.Estimator.Sandwich, "robust covariance", Options.Estimator.Sandwich.ToString(), other.Options.Estimator.Sandwich.ToString());
        Require(Options.Estimator.Ridge == other.Options.Estimator.Ridge, "ridge", $"{Options.Estimator.Ridge}", $"{other.Options.Estimator.Ridge}");
        Require(Options.Estimator.Memory == other.Options.Estimator.Memory, "memory", $"{Options.Estimator.Memory}", $"{other.Options.Estimator.Memory}");
        Require(Options.Estimator.Information == other.Options.Estimator.Information, "estimate of the information", $"{Options.Estimator.Information}", $"{other.Options.Estimator.Information}");
        Require(Options.Estimator.Epsilon == other.Options.Estimator.Epsilon, "starting information", $"{Options.Estimator.Epsilon}", $"{other.Options.Estimator.Epsilon}");
        if (Options.Estimator.Memory.Kind is MemoryKind.Window or MemoryKind.Adaptive)
        {
            throw new DataException($"states with {Options.Estimator.Memory} memory cannot be merged: which rows of two streams are the last is not defined");
        }
        Require(Options.WeightsColumn == other.Options.WeightsColumn, "weights", Options.WeightsColumn ?? "none", other.Options.WeightsColumn ?? "none");
        Require(Options.OffsetColumn == other.Options.OffsetColumn, "offset", Options.OffsetColumn ?? "none", other.Options.OffsetColumn ?? "none");
        Require(Options.ClusterColumn == other.Options.ClusterColumn, "clusters", Options.ClusterColumn ?? "none", other.Options.ClusterColumn ?? "none");
        Require(_estimator.StructureName == other._estimator.StructureName, "structure", _estimator.StructureName, other._estimator.StructureName);
        if (Options.Estimator.Memory.Drifts || other.Options.Estimator.Memory.Drifts)
        {
            throw new DataException($"states with drifting coefficients ({Options.Estimator.Memory}) cannot be merged: each says what the coefficients are at the end of its own stream, and how far two streams have drifted apart depends on how their rows lie in time; feed both, in order of time, to one fit");
        }
        if (_monitor is not null || other._monitor is not null) { throw new DataException("states that watch for changes (--detect) cannot be merged: a change has a place in one stream, and merged data have no order; fit without --detect to merge"); }
        var shared = Lineage.Intersect(other.Lineage).ToList();
        if (shared.Count > 0)
        {
            var name = other._sources.First(s => s.Fingerprints.Contains(shared[0])).Name;
            throw new DataException($"{name} (fingerprint {shared[0]}) is inside both states; merging would count its rows twice");
        }
    }

    static void Require(bool same, string what, string mine, string theirs)
    {
        if (!same) { throw new DataException($"states of unlike models cannot be merged: their {what} differs ({mine} and {theirs})"); }
    }

    static string Describe(ModelSpecification model) =>
        $"{ModelNames.Name(model)}, link {ModelNames.LinkName(model)}{(model.Family == Family.Tweedie ? $", power {model.Power}" : "")}{(model.EstimateDispersion ? ", dispersion estimated" : "")}";

    void Write(StateWriter writer)
    {
        writer.Write(CreatedBy);
        writer.Write(Formula);
        Options.Save(writer);
        _encoder.Save(writer);
        _estimator.Save(writer);
        Rejections.Save(writer);
        writer.Write(_sources.Count);
        foreach (var source in _sources)
        {
            writer.Write(source.Name);
            writer.Write(source.Records);
            writer.Write(source.Fingerprints);
            writer.Write(source.IsComplete);
        }
        if (_monitor is not null)
        {
            writer.Write(ChangesSection);
            _monitor.Save(writer);
        }
    }

    static Regression Read(StateReader reader)
    {
        var createdBy = reader.ReadText();
        if (createdBy == Training.Marker) { throw new InvalidDataException(Training.NoRegression); }
        var (formula, options) = (reader.ReadText(), RegressionOptions.Load(reader));
        var encoder = DesignEncoder.Load(reader);
        var estimator = Estimator.Load(reader, ModelFactory.Create(options.Model, encoder.Schema, encoder.CreateBlock(0).Layout), encoder.Schema, options.Estimator, encoder.CreateBlock(0), encoder.HasOffset);
        var regression = new Regression(formula, options, encoder, estimator, createdBy) { Rejections = RejectionLog.Load(reader) };
        var sources = reader.ReadInt32();
        for (var i = 0; i < sources; i++)
        {
            regression._sources.Add(new(reader.ReadText(), reader.ReadInt64(), reader.ReadTexts(), reader.ReadBoolean()));
        }
        while (reader.Remaining > 0) { regression.ReadSection(reader); }
        return regression;
    }

    /// <summary>Reads what only states have that were asked for more than a fit.</summary>
    void ReadSection(StateReader reader)
    {
        var name = reader.ReadText();
        if (name != ChangesSection) { throw new InvalidDataException($"it holds a section '{name}', which this version does not know"); }
        _monitor = ChangeMonitor.Load(reader, _model, _encoder.Schema, _encoder.CreateBlock(0));
        Options = Options with { Detect = _monitor.Choice };
    }
}
