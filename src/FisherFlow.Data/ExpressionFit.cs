using FisherFlow.Data.Expressions;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Data.States;
using FisherFlow.Inference;
using FisherFlow.Likelihoods;
using FisherFlow.Snapshots;

namespace FisherFlow.Data;

/// <summary>A nonlinear regression or a whole log-density on delimited data, written as an expression: fit it, go on with it, merge it, ask it.</summary>
/// <remarks>Threads: one caller at a time. Memory: bounded by the buffer, whatever the length of the stream.</remarks>
public sealed partial class ExpressionFit
{
    readonly ExpressionPlan _plan;
    readonly LikelihoodEstimator _estimator;
    readonly List<SourceRecord> _sources = [];
    LikelihoodMonitor? _monitor;

    ExpressionFit(ExpressionOptions options, ExpressionPlan plan, LikelihoodEstimator? estimator, string createdBy)
    {
        (Options, _plan, CreatedBy) = (options, plan, createdBy);
        _estimator = estimator ?? new(plan.Model, options.ToLikelihood(plan.Parameters));
        _monitor = options.Detect is { } choice ? new(plan.Model, options.ToLikelihood(plan.Parameters), choice) : null;
    }

    /// <summary>What was asked for.</summary>
    public ExpressionOptions Options { get; private set; }

    /// <summary>The estimator behind the fit.</summary>
    public LikelihoodEstimator Estimator => _estimator;

    /// <summary>Rows that were rejected, by reason, with the first few in full.</summary>
    public RejectionLog Rejections { get; private set; } = new();

    /// <summary>What was read so far, in order.</summary>
    public IReadOnlyList<SourceRecord> Sources => _sources;

    /// <summary>The version that wrote the state first.</summary>
    public string CreatedBy { get; }

    /// <summary>Whether the last source was read to its end; an interrupted state can be resumed.</summary>
    public bool IsComplete => _sources.Count == 0 || _sources[^1].IsComplete;

    /// <summary>Fits an expression to a source.</summary>
    /// <param name="source">What to read.</param>
    /// <param name="options">The expression, its parameters, starts and so on.</param>
    /// <param name="progress">Hears of the progress, or null.</param>
    /// <param name="cancel">Stops the fit; the last checkpoint stays.</param>
    /// <exception cref="FormulaException">The expression or the parameters cannot be read, or name what does not exist.</exception>
    /// <exception cref="DataException">The data cannot be read, or the model has no value for them.</exception>
    public static ExpressionFit Fit(DataSource source, ExpressionOptions options, IProgress<FitProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        RequireRereadable(source, options);
        var reader = source.Open();
        ExpressionFit fit;
        try
        {
            fit = new(options, new(options, reader.Profile()), null, Version.Producer);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
        fit.Learn(source, reader, 0, progress, cancel);
        fit.PolishIfAsked(source, progress, cancel);
        return fit;
    }

    /// <summary>Goes on with an interrupted fit from its last checkpoint, or starts it when there is none; the answer is that of the uninterrupted fit, to the bit.</summary>
    /// <param name="source">What to read.</param>
    /// <param name="options">The same options.</param>
    /// <param name="progress">Hears of the progress, or null.</param>
    /// <param name="cancel">Stops the fit; the last checkpoint stays.</param>
    /// <exception cref="DataException">The checkpoint belongs to other options or another source.</exception>
    public static ExpressionFit Resume(DataSource source, ExpressionOptions options, IProgress<FitProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var path = options.StatePath ?? throw new ArgumentException("resuming needs a state file", nameof(options));
        if (!File.Exists(path)) { return Fit(source, options, progress, cancel); }
        RequireRereadable(source, options);
        var fit = Load(path, options.Likelihood.Threads);
        fit.RequireSame(options);
        if (SourceHistory.TakeUnfinished(path, fit._sources, source) is { } last) { fit.Learn(source, source.Open(), last.Records, progress, cancel, last.Fingerprints); }
        fit.PolishIfAsked(source, progress, cancel);
        return fit;
    }

    /// <summary>Learns from another source where the last one ended.</summary>
    /// <param name="source">What to read.</param>
    /// <param name="progress">Hears of the progress, or null.</param>
    /// <param name="cancel">Stops between blocks.</param>
    /// <exception cref="DataException">The source is already inside, or does not fit the model.</exception>
    public void Update(DataSource source, IProgress<FitProgress>? progress = null, CancellationToken cancel = default)
    {
        SourceHistory.RequireComplete(_sources);
        Options = Options with { Exact = false };   // from here on it is one pass again
        Learn(source, source.Open(), 0, progress, cancel);
    }

    /// <summary>The estimate from all that was learnt.</summary>
    /// <exception cref="DataException">The likelihood has no value where the search starts.</exception>
    public LikelihoodEstimate Estimate() => Answered(_estimator.Solve);

    /// <summary>The table and everything around it.</summary>
    /// <param name="options">Covariance and level; null for those of the fit.</param>
    public FitResult Report(ReportOptions? options = null)
    {
        options ??= new() { Covariance = Options.Covariance };
        var context = new FitContext { Formula = Options.Title, Method = Options.Exact ? "exact" : "one-pass", RowsRejected = Rejections.Count, Detector = _monitor?.Choice.ToString(), Changes = _monitor?.Changes ?? [], Warnings = Rejections.Describe() };
        return LikelihoodSummary.Of(Estimate(), _plan.Model, context, options);
    }

    void Learn(DataSource source, RecordReader reader, long skip, IProgress<FitProgress>? progress, CancellationToken cancel, IReadOnlyList<string>? begun = null)
    {
        using var rows = new ExpressionRows(reader, _plan, _estimator, Options.RejectInvalid, skip);
        SourceHistory.RequireUnchanged(source, reader.Fingerprints, begun);
        var known = SourceHistory.Fingerprints(_sources);
        var position = new SourceRecord(source.Name, skip, [], IsComplete: false);
        _sources.Add(position);
        var checkpoint = skip + Options.CheckpointRows;
        while (rows.Read(cancel) is { } block)
        {
            SourceHistory.RequireNew(source, block.Fingerprints, known);
            Answered(() =>
            {
                _monitor?.Observe(block.Rows, block.Weights);   // before anybody has learned from them
                _estimator.Observe(block.Rows, block.Weights);
                return 0;
            });
            Rejections.Merge(block.Rejections);
            _sources[^1] = position = position with { Records = block.Records, Fingerprints = [.. block.Fingerprints] };
            progress?.Report(new(_estimator.Rows, block.BytesRead, reader.TotalBytes, 1, null, null));
            if (Options.CheckpointRows > 0 && block.Records >= checkpoint)
            {
                Save(Options.StatePath!);
                checkpoint = block.Records + Options.CheckpointRows;
            }
        }
        SourceHistory.RequireNew(source, reader.Fingerprints, known);
        _sources[^1] = position with { Records = reader.Records, Fingerprints = [.. reader.Fingerprints], IsComplete = true };
        if (_estimator.Rows == 0) { throw SourceHistory.NoRows(source, Rejections); }
    }

    void PolishIfAsked(DataSource source, IProgress<FitProgress>? progress, CancellationToken cancel)
    {
        if (!Options.Exact) { return; }
        var total = source.TotalBytes();
        Action<int, long>? tell = progress is null ? null : (pass, bytes) => progress.Report(new(_estimator.Rows, bytes, total, pass, null, null));
        using var again = new RereadRows(source, _plan, _estimator, Options.RejectInvalid, _estimator.Rows, tell, cancel);
        Answered(() => _estimator.Polish(again));
    }

    /// <summary>Says what a likelihood refuses as what data refuse.</summary>
    static T Answered<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (LikelihoodException refusal)
        {
            throw new DataException(refusal.Message, refusal);
        }
    }

    void RequireSame(ExpressionOptions options)
    {
        var (mine, theirs) = (new StateWriter(), new StateWriter());
        Options.Save(mine);
        options.Save(theirs);
        if (!mine.Written.SequenceEqual(theirs.Written)) { throw new DataException($"{options.StatePath} was begun with another expression, other parameters or other options; resume it with the same ones, or begin anew without --resume"); }
        Options = options;
    }

    static void RequireRereadable(DataSource source, ExpressionOptions options)
    {
        if (options.Exact && !source.CanReread) { throw new NotSupportedException("an exact fit reads the data several times, and standard input can be read only once; save it to a file, or use --passes one"); }
        if (options.Exact && options.Likelihood.Memory != default) { throw new ArgumentException("an exact fit weighs all rows alike; it does not go with forgetting"); }
    }
}
