using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Data.States;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Data;

/// <summary>A regression on delimited data: fit it, go on with it, merge it, ask it; a formula, an encoder and an estimator that travel together.</summary>
/// <remarks>Threads: one caller at a time. Memory: bounded by the buffer and the square of the number of parameters, whatever the length of the stream.</remarks>
public sealed partial class Regression
{
    readonly DesignEncoder _encoder;
    readonly IModel _model;
    readonly Estimator _estimator;
    readonly List<SourceRecord> _sources = [];
    ChangeMonitor? _monitor;

    Regression(string formula, RegressionOptions options, DesignEncoder encoder, Estimator? estimator, string createdBy)
    {
        (Formula, Options, _encoder, CreatedBy) = (formula, options, encoder, createdBy);
        _model = ModelFactory.Create(options.Model, encoder.Schema, encoder.CreateBlock(0).Layout);
        _estimator = estimator ?? Estimator.Create(_model, encoder.Schema, options.Estimator, encoder.CreateBlock(0), encoder.HasOffset);
        _monitor = options.Detect is { } choice ? new(_model, encoder.Schema, choice, encoder.CreateBlock(0)) : null;
    }

    /// <summary>The model.</summary>
    public IModel Model => _model;

    /// <summary>The formula, as written.</summary>
    public string Formula { get; }

    /// <summary>What was asked for.</summary>
    public RegressionOptions Options { get; private set; }

    /// <summary>The names of the design columns.</summary>
    public DesignSchema Schema => _encoder.Schema;

    /// <summary>Rows that were rejected, by reason, with the first few in full.</summary>
    public RejectionLog Rejections { get; private set; } = new();

    /// <summary>What was read so far, in order.</summary>
    public IReadOnlyList<SourceRecord> Sources => _sources;

    /// <summary>Fingerprints of everything inside: a state refuses to learn or merge the same data twice.</summary>
    public IReadOnlyList<string> Lineage => [.. _sources.SelectMany(s => s.Fingerprints)];

    /// <summary>The version that wrote the state first.</summary>
    public string CreatedBy { get; }

    /// <summary>The estimator behind the regression.</summary>
    public Estimator Estimator => _estimator;

    /// <summary>Whether the last source was read to its end; an interrupted state can be resumed.</summary>
    public bool IsComplete => _sources.Count == 0 || _sources[^1].IsComplete;

    /// <summary>Fits a formula to a source.</summary>
    /// <param name="source">What to read.</param>
    /// <param name="formula">As in R: <c>y ~ x + g</c>.</param>
    /// <param name="options">Family, link, robust covariance and so on.</param>
    /// <param name="progress">Hears of the progress, or null.</param>
    /// <param name="cancel">Stops the fit; the last checkpoint stays.</param>
    /// <exception cref="FormulaException">The formula cannot be read.</exception>
    /// <exception cref="DataException">The data cannot be read, or do not fit the formula or the family.</exception>
    public static Regression Fit(DataSource source, string formula, RegressionOptions options, IProgress<FitProgress>? progress = null, CancellationToken cancel = default)
    {
        RequireRereadable(source, options);
        var parsed = Formulas.Formula.Parse(formula);
        options = options.For(parsed);
        var reader = source.Open();
        Regression regression;
        try
        {
            var encoder = DesignEncoder.Create(parsed, reader.Profile(), options.ToDesign());
            RequireFactors(encoder.Schema, options.References.Keys);
            regression = new(formula, options, encoder, null, Version.Producer);
            if (options.PriorState is { } prior) { regression.InformBy(prior, options.PriorDiscount); }
        }
        catch
        {
            reader.Dispose();
            throw;
        }
        regression.Learn(source, reader, 0, progress, cancel);
        regression.PolishIfAsked(source, progress, cancel);
        return regression;
    }

    /// <summary>Goes on with an interrupted fit from its last checkpoint, or starts it when there is none.</summary>
    /// <remarks>The answer is that of the uninterrupted fit, to the bit.</remarks>
    /// <exception cref="DataException">The checkpoint belongs to another formula, other options or another source.</exception>
    public static Regression Resume(DataSource source, string formula, RegressionOptions options, IProgress<FitProgress>? progress = null, CancellationToken cancel = default)
    {
        var path = options.StatePath ?? throw new ArgumentException("resuming needs a state file", nameof(options));
        if (!File.Exists(path)) { return Fit(source, formula, options, progress, cancel); }
        RequireRereadable(source, options);
        var regression = Load(path);
        regression.RequireSame(formula, options.For(Formulas.Formula.Parse(formula)));
        if (SourceHistory.TakeUnfinished(path, regression._sources, source) is { } last) { regression.Learn(source, source.Open(), last.Records, progress, cancel, last.Fingerprints); }
        regression.PolishIfAsked(source, progress, cancel);
        return regression;
    }

    /// <summary>Learns from another source where the last one ended.</summary>
    /// <exception cref="DataException">The source is already inside, or does not fit the model.</exception>
    public void Update(DataSource source, IProgress<FitProgress>? progress = null, CancellationToken cancel = default)
    {
        SourceHistory.RequireComplete(_sources);
        if (Options.Estimator.Firth || Options.Estimator.Sandwich == Sandwich.Leverage)
        {
            throw new DataException("a fit with Firth's penalty or HC3 errors needs all data at once; it cannot be updated");
        }
        Options = Options with { Exact = false };   // from here on it is one pass again
        Learn(source, source.Open(), 0, progress, cancel);
    }

    /// <summary>The table and everything around it.</summary>
    public FitResult Report(ReportOptions? options = null)
    {
        options ??= new() { Covariance = Options.Covariance };
        RequireCovariance(options.Covariance);
        var estimate = Estimate(options.References);
        var context = new FitContext
        {
            Formula = string.Join("; ", [Formula, .. Options.ParameterFormulas]),
            Method = Options.Exact ? "exact" : "one-pass",
            RowsRejected = Rejections.Count,
            Sandwich = Options.Estimator.Sandwich,
            ClusterColumn = Options.ClusterColumn,
            Firth = Options.Estimator.Firth,
            Detector = _monitor?.Choice.ToString(),
            Changes = _monitor?.Changes ?? [],
            Warnings = [.. Rejections.Describe(), .. _encoder.Warnings],
        };
        return Summary.Of(estimate, Schema, _model, Options.Model, context, options with { References = Merged(Options.References, options.References) });
    }

    void Learn(DataSource source, RecordReader reader, long skip, IProgress<FitProgress>? progress, CancellationToken cancel, IReadOnlyList<string>? begun = null)
    {
        using var blocks = new EncodedBlocks(reader, _encoder, _model, skip > 0 ? skip : Rows, skip, Options.Estimator.Threads);
        SourceHistory.RequireUnchanged(source, blocks.Passed, begun);
        var known = SourceHistory.Fingerprints(_sources);
        var position = new SourceRecord(source.Name, skip, [], IsComplete: false);
        _sources.Add(position);
        var watch = progress is null ? null : new PrequentialLoss(_estimator, progress, reader.TotalBytes);
        var checkpoint = skip + Options.CheckpointRows;
        while (blocks.Next(cancel) is { } block)
        {
            SourceHistory.RequireNew(source, block.Fingerprints, known);
            watch?.Before(block);
            Observe(block.Rows);
            watch?.After(block, Rows);
            Rejections.Merge(block.Rejections);
            _sources[^1] = position = position with { Records = block.Records, Fingerprints = block.Fingerprints };
            if (Options.CheckpointRows > 0 && block.Records >= checkpoint)
            {
                Save(Options.StatePath!);
                checkpoint = block.Records + Options.CheckpointRows;
            }
        }
        SourceHistory.RequireNew(source, reader.Fingerprints, known);
        _sources[^1] = position with { Records = reader.Records, Fingerprints = [.. reader.Fingerprints], IsComplete = true };
        if (Rows == 0) { throw SourceHistory.NoRows(source, Rejections); }
    }

    /// <summary>Takes another state's estimate for a prior; coefficients are matched by name.</summary>
    void InformBy(string path, double? discount)
    {
        var source = Load(path);
        if (source.Options.Model != Options.Model) { throw new DataException($"{path} holds a model of another kind ({Describe(source.Options.Model)}, not {Describe(Options.Model)}); as a prior it says nothing of these coefficients"); }
        var identification = source.Identify();
        foreach (var (factor, level) in source.Options.References.Concat(Options.References))
        {
            if (Options.References.GetValueOrDefault(factor) != source.Options.References.GetValueOrDefault(factor)) { throw new DataException($"{path} was fitted with another reference level of '{factor}' than this fit asks for ({level} in one of them); coefficients would not mean the same"); }
        }
        try
        {
            _estimator.Inform(TransferredPrior.From(source.Solve(identification), source.Schema, source._model, identification, discount));
        }
        catch (ArgumentException unusable)
        {
            throw new DataException($"{path} is no prior: {unusable.Message}", unusable);
        }
    }

    void Observe(Block block)
    {
        try
        {
            _monitor?.Observe(block);   // before anybody has learned from it
            _estimator.Observe(block);
        }
        catch (InvalidOperationException tooMuch)
        {
            throw new DataException(tooMuch.Message, tooMuch);
        }
    }

    Estimate Solve(Identification identification)
    {
        try
        {
            return _estimator.Solve(identification);
        }
        catch (InvalidOperationException tooMuch)
        {
            throw new DataException(tooMuch.Message, tooMuch);
        }
    }

    void PolishIfAsked(DataSource source, IProgress<FitProgress>? progress, CancellationToken cancel)
    {
        if (!Options.Exact) { return; }
        var total = source.TotalBytes();
        Action<int, EncodedBlock>? tell = progress is null ? null : (pass, block) => progress.Report(new(Rows, block.BytesRead, total, pass, null, null));
        using var again = new RereadSource(source, _encoder, _model, Rows, Options.Estimator.Threads, tell, cancel);
        try
        {
            _estimator.Polish(again, Identify());
        }
        catch (InvalidOperationException tooMuch)
        {
            throw new DataException(tooMuch.Message, tooMuch);
        }
    }

    long Rows => _estimator.Responses.Observations + _estimator.Responses.ZeroWeights;

    void RequireSame(string formula, RegressionOptions options)
    {
        if (formula != Formula) { throw new DataException($"the state was begun with the formula '{Formula}', not '{formula}'"); }
        var (mine, theirs) = (new StateWriter(), new StateWriter());
        Options.Save(mine);
        options.Save(theirs);
        mine.Write(Options.Detect?.ToString());
        theirs.Write(options.Detect?.ToString());
        if (!mine.Written.SequenceEqual(theirs.Written))
        {
            throw new DataException($"{options.StatePath} was begun with other options{Options.FirstDifference(options)}; resume it with the same ones, or begin anew without --resume");
        }
        Options = options;
    }

    /// <summary>Levels are known at the end of the stream, but factors at its beginning.</summary>
    static void RequireFactors(DesignSchema schema, IEnumerable<string> named)
    {
        var factors = schema.Terms.SelectMany(term => term.Factors).Distinct().ToList();
        if (named.FirstOrDefault(name => name.Length > 0 && !factors.Contains(name)) is not { } unknown) { return; }
        throw new ArgumentException($"there is no categorical factor '{unknown}'; the model has: {(factors.Count == 0 ? "none" : string.Join(", ", factors))}");
    }

    void RequireCovariance(CovarianceKind kind)
    {
        var (needed, name) = kind switch
        {
            CovarianceKind.HC0 or CovarianceKind.HC1 => (Sandwich.Rows, "--robust hc1"),
            CovarianceKind.HC3 => (Sandwich.Leverage, "--robust hc3 --passes exact"),
            CovarianceKind.Cluster => (Sandwich.Clusters, "--robust cluster:COLUMN"),
            _ => (Sandwich.None, ""),
        };
        if (needed != Sandwich.None && needed != Options.Estimator.Sandwich) { throw new DataException($"the state holds no score products for {kind} errors; fit with {name}"); }
    }

    static void RequireRereadable(DataSource source, RegressionOptions options)
    {
        if (options.Exact && !source.CanReread) { throw new NotSupportedException("an exact fit reads the data several times, and standard input can be read only once; save it to a file, or use --passes one"); }
        if (!options.Exact && options.Estimator.Sandwich == Sandwich.Leverage) { throw new NotSupportedException("HC3 needs every row's leverage under the final fit, so it needs --passes exact"); }
        if (!options.Exact && options.Estimator.Firth) { throw new NotSupportedException("Firth's penalty needs every row's leverage at every step, so it needs --passes exact"); }
    }

    static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> first, IReadOnlyDictionary<string, string>? second)
    {
        var merged = new Dictionary<string, string>(first);
        foreach (var (factor, level) in second ?? new Dictionary<string, string>()) { merged[factor] = level; }
        return merged;
    }
}
