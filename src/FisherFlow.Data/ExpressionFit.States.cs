using FisherFlow.Data.Sources;
using FisherFlow.Data.States;
using FisherFlow.Likelihoods;
using FisherFlow.Snapshots;

namespace FisherFlow.Data;

/// <summary>States: saving, loading, merging.</summary>
public sealed partial class ExpressionFit
{
    /// <summary>Stands where a regression's state names its producer, which never begins so: one kind of state is told from the other by it.</summary>
    const string Mark = "#expression";

    const int Layout = 1;

    const string ChangesSection = "changes";

    /// <summary>Writes the state to a file: to a temporary one first, flushed, then renamed over the old.</summary>
    /// <param name="path">Where to.</param>
    public void Save(string path)
    {
        var writer = new StateWriter();
        Write(writer);
        StateFile.Write(path, Version.Producer, writer.Written);
    }

    /// <summary>Whether a state file holds a fit of an expression, and not a regression.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">The file is missing, damaged, or written by a newer version.</exception>
    public static bool IsIn(string path)
    {
        try
        {
            return StateFile.Read(path).Payload.ReadOptionalText() == Mark;
        }
        catch (InvalidDataException)
        {
            return false;   // whoever reads it as what it claims to be says what is wrong
        }
    }

    /// <summary>Reads a state.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads that read and evaluate what is learned next; answers do not depend on it.</param>
    /// <exception cref="DataException">The file is missing, damaged, or written by a newer version.</exception>
    public static ExpressionFit Load(string path, int threads = 1)
    {
        try
        {
            return Read(StateFile.Read(path).Payload, threads);
        }
        catch (InvalidDataException damage)
        {
            throw new DataException($"{path} cannot be read as a state: {damage.Message}", damage);
        }
    }

    /// <summary>Adds states of the same expression, fitted to different data, as if one machine had seen it all.</summary>
    /// <remarks>Rows still in memory merge exactly, folded ones to first order; both audits make one, which closes what it can of the gap.</remarks>
    /// <param name="states">Two or more.</param>
    /// <exception cref="DataException">The expressions differ, or a state is already inside another.</exception>
    public static ExpressionFit Merge(IReadOnlyList<ExpressionFit> states)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentOutOfRangeException.ThrowIfZero(states.Count, nameof(states));
        var writer = new StateWriter();
        states[0].Write(writer);
        var merged = Read(new(writer.Written.ToArray()));   // a deep copy: the inputs stay as they are
        foreach (var state in states.Skip(1)) { merged.Absorb(state); }
        merged.Options = merged.Options with { Exact = false };
        return merged;
    }

    void Absorb(ExpressionFit other)
    {
        Require(Options.Title == other.Options.Title, "expression", Options.Title, other.Options.Title);
        Require(_plan.Parameters.ToString() == other._plan.Parameters.ToString(), "parameters", _plan.Parameters.ToString(), other._plan.Parameters.ToString());
        Require(Options.WeightsColumn == other.Options.WeightsColumn, "weights", Options.WeightsColumn ?? "none", other.Options.WeightsColumn ?? "none");
        Require(Options.Covariance == other.Options.Covariance, "robust covariance", Options.Covariance.ToString(), other.Options.Covariance.ToString());
        Require(Options.Likelihood.Memory == other.Options.Likelihood.Memory, "memory", $"{Options.Likelihood.Memory}", $"{other.Options.Likelihood.Memory}");
        Require(Options.Likelihood.Information == other.Options.Likelihood.Information, "estimate of the information", Options.Likelihood.Information?.ToString() ?? "as usual", other.Options.Likelihood.Information?.ToString() ?? "as usual");
        if (_monitor is not null || other._monitor is not null) { throw new DataException("states that watch for changes (--detect) cannot be merged: a change has a place in one stream, and merged data have no order; fit without --detect to merge"); }
        var mine = _sources.SelectMany(s => s.Fingerprints).ToHashSet();
        if (other._sources.Find(s => s.Fingerprints.Any(mine.Contains)) is { } twice) { throw new DataException($"{twice.Name} (fingerprint {twice.Fingerprints.First(mine.Contains)}) is inside both states; merging would count its rows twice"); }
        try
        {
            Answered(() =>
            {
                _estimator.Merge(other._estimator);
                return 0;
            });
        }
        catch (ArgumentException refusal)
        {
            throw new DataException(refusal.Message, refusal);
        }
        Rejections.Merge(other.Rejections);
        _sources.AddRange(other._sources);
    }

    static void Require(bool same, string what, string mine, string theirs)
    {
        if (!same) { throw new DataException($"states of unlike models cannot be merged: their {what} differs ({mine} and {theirs})"); }
    }

    void Write(StateWriter writer)
    {
        writer.Write(Mark);
        writer.Write(Layout);
        writer.Write(CreatedBy);
        Options.Save(writer);
        writer.Write(_plan.Used.Count);
        foreach (var (name, kind) in _plan.Used)
        {
            writer.Write(name);
            writer.Write((int)kind);
        }
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
        if (_monitor is null) { return; }
        writer.Write(ChangesSection);
        _monitor.Save(writer);
    }

    static ExpressionFit Read(StateReader reader, int threads = 1)
    {
        if (reader.ReadText() != Mark) { throw new InvalidDataException("it holds a regression, not a fit of an expression"); }
        var layout = reader.ReadInt32();
        if (layout != Layout) { throw new InvalidDataException($"its layout is {layout}; this program reads {Layout}"); }
        var (createdBy, options) = (reader.ReadText(), ExpressionOptions.Load(reader));
        options = options with { Likelihood = options.Likelihood with { Threads = threads } };
        List<ColumnProfile> columns = [];
        for (var i = reader.ReadInt32(); i > 0; i--) { columns.Add(new(reader.ReadText(), (ColumnKind)reader.ReadInt32(), [])); }
        var plan = new Expressions.ExpressionPlan(options, columns);
        var estimator = LikelihoodEstimator.Load(reader, plan.Model, options.ToLikelihood(plan.Parameters));
        var fit = new ExpressionFit(options, plan, estimator, createdBy) { Rejections = RejectionLog.Load(reader) };
        var sources = reader.ReadInt32();
        for (var i = 0; i < sources; i++) { fit._sources.Add(new(reader.ReadText(), reader.ReadInt64(), reader.ReadTexts(), reader.ReadBoolean())); }
        if (reader.Remaining == 0) { return fit; }
        var name = reader.ReadText();
        if (name != ChangesSection) { throw new InvalidDataException($"it holds a section '{name}', which this version does not know"); }
        fit._monitor = LikelihoodMonitor.Load(reader, plan.Model, options.ToLikelihood(plan.Parameters));
        return fit;
    }
}
