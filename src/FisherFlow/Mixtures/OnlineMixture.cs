using System.Numerics.Tensors;
using FisherFlow.Snapshots;

namespace FisherFlow.Mixtures;

/// <summary>A mixture of linear regressions with normal errors, learned in one pass by online EM: <c>S ← (1 − γₙ)S + γₙ E[s | xₙ, yₙ]</c>, <c>θ = M(S)</c>.</summary>
/// <remarks>
/// The first rows are held and fitted by EM from several starts; then every row is seen once, with <c>γₙ = n^(−step)</c>. The running (Polyak) average of θ is where each row's score and
/// observed information are taken; one Newton step on their sums, which brings the average from half a standard error to the maximum likelihood estimate, moves it at every eighth more
/// rows. What is reported is the maximum of those sums, put right by a bounded sample of the rows (<see cref="MixtureSample"/>): the maximum likelihood estimate itself while that holds them all.
/// A mixture of one component less runs beside it: more components must predict better, or their standard errors are refused. With one column that is one, this is a mixture of
/// normal distributions. Rows should come in no particular order: what the average rests on are the later ones. Cost: <c>O(K²m²)</c> a row of m predictors that are not zero, and <c>O(Kp³)</c>
/// every p rows. Memory: <c>O(K²p²)</c> and the first rows. Threads: one writer.
/// Source: Cappé &amp; Moulines (2009), algorithm 1 and §2.3; averaging by Polyak &amp; Juditsky (1992), with weights that grow so that the beginning is forgotten (Shamir &amp; Zhang 2013);
/// the comparison of predictions by Dawid (1984).
/// </remarks>
public sealed partial class OnlineMixture
{
    const double Forgetting = 3;   // the average gives row n a weight of about n³
    const int MostParameters = 4000;
    const int PreviewRows = 1000;

    readonly OnlineMixtureOptions _options;
    readonly OnlineMixture? _rival;   // one component less
    readonly MixtureSample? _sample;  // of a rival none
    readonly double[] _shares;
    int[] _all;   // 0 … p − 1: the columns of a row without zeros
    MixtureModel _model;
    MixtureRows _held = new();   // until there are enough to start from
    MixtureStatistics _statistics;
    MixtureEvidence _evidence;
    double[] _theta;
    double[] _average;
    double _leastVariance;
    double _logLikelihood;
    long _grown;     // rows at which the last column came
    long _next;      // rows at which the average is next put where all evidence says
    long _climbed;   // rows of which the parameters were the maximum, or Joined
    bool _isConverged = true;

    /// <summary>An empty mixture.</summary>
    /// <param name="components">K, two at least.</param>
    /// <param name="columns">Predictors p, the intercept among them.</param>
    /// <param name="options">Step and start.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few components or columns, or an option is out of its range.</exception>
    public OnlineMixture(int components, int columns, OnlineMixtureOptions? options = null)
        : this(Math.Max(components, components < 2 ? throw new ArgumentOutOfRangeException(nameof(components), components, "a mixture has two components at least") : 2), columns, (options ?? new()).Checked(), isRival: false)
    {
    }

    OnlineMixture(int components, int columns, OnlineMixtureOptions options, bool isRival)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        _options = options;
        _rival = isRival ? null : new(components - 1, columns, options, isRival: true);
        _sample = isRival ? null : new(components, options.SampledRows);
        _model = new(components, columns);
        _all = [.. Enumerable.Range(0, columns)];
        (_statistics, _evidence) = (new(_model), new(_model));
        (_theta, _average, _shares) = (new double[_model.Dimension], new double[_model.Dimension], new double[components]);
    }

    /// <summary>Rows observed.</summary>
    public long Count { get; private set; }

    /// <summary>Number of components K.</summary>
    public int Components => _model.Components;

    /// <summary>Number of predictors p.</summary>
    public int Columns => _model.Columns;

    /// <summary>Rows that are held, none of which is forgotten yet.</summary>
    internal int HeldRows => _held.Count;

    /// <summary>Columns that came after the start.</summary>
    internal int LateColumns { get; private set; }

    /// <summary>Rounds of EM and Newton's steps so far.</summary>
    internal int Rounds { get; private set; }

    /// <summary>Whether rows are held, and there are too few of them to fit.</summary>
    internal bool HoldsTooFew => !IsStarted && Count < 4 * _model.Free(_all).Length;

    /// <summary>The layout of the parameters.</summary>
    internal MixtureModel Model => _model;

    /// <summary>What is folded.</summary>
    internal MixtureEvidence Evidence => _evidence;

    /// <summary>The mixture of one component less.</summary>
    internal OnlineMixture? Rival => _rival;

    bool IsStarted => Count > 0 && _held.Count == 0;

    /// <summary>Folds in one observation.</summary>
    /// <param name="x">Predictors <c>[p]</c>.</param>
    /// <param name="y">The response.</param>
    /// <exception cref="ArgumentException">There are not p predictors, or a number is not finite; nothing was changed.</exception>
    public void Observe(ReadOnlySpan<double> x, double y)
    {
        if (x.Length != Columns) { throw new ArgumentException($"{x.Length} predictors where the mixture has {Columns}", nameof(x)); }
        if (!double.IsFinite(TensorPrimitives.Sum(x) + y)) { throw new ArgumentException("an observation is not a finite number", nameof(y)); }
        Observe(new MixtureRow(_all, x, y, 1));
    }

    /// <summary>Folds in one observation, finite and of positive weight, whose columns are known.</summary>
    internal void Observe(in MixtureRow row)
    {
        if (IsStarted)
        {
            Learn(row);
            return;
        }
        _held.Add(row);
        Count++;
        if (Count >= _options.StartRows) { Begin(); }
    }

    /// <summary>Makes room for columns that come later in the stream; no row had them.</summary>
    /// <exception cref="InvalidOperationException">There are too many for the information of all coefficients.</exception>
    internal void Grow(int columns)
    {
        if (columns <= Columns) { return; }
        var model = new MixtureModel(Components, columns);
        if (model.Dimension > MostParameters) { throw new InvalidOperationException($"a mixture keeps the information of all its parameters together, and {Components} components of {columns} columns have {model.Dimension} of them; {MostParameters} are the most: fewer components, or --max-levels with fewer levels"); }
        if (IsStarted) { (LateColumns, _grown, _next) = (LateColumns + columns - Columns, Count, Math.Min(_next, Count + model.Dimension)); }
        var map = new MixtureMap(_model, model);
        (_statistics, _evidence) = (_statistics.Moved(map), _evidence.Moved(map));
        (_theta, _average, _model, _all) = (map.Vector(_theta), map.Vector(_average), model, [.. Enumerable.Range(0, columns)]);
        _rival?.Grow(columns);
    }

    /// <summary>Folds in another mixture of other rows: statistics and averages by rows, components matched by their lines.</summary>
    /// <remarks>Quadratics add, each about its own parameters, and the samples of rows that put them right. A mixture that still holds its rows is observed row by row.</remarks>
    /// <exception cref="ArgumentException">Components, columns or options differ; nothing was changed.</exception>
    public void Merge(OnlineMixture other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Components != Components || other.Columns != Columns || other._options != _options)
        {
            throw new ArgumentException("the mixtures differ in components, columns or options", nameof(other));
        }
        Merge(other, columns: default);
    }

    /// <summary>Folds in another mixture, whose columns have other numbers here, <c>[p]</c>; its options may be others.</summary>
    internal void Merge(OnlineMixture other, ReadOnlySpan<int> columns)
    {
        if (other.Count == 0) { return; }
        if (!other.IsStarted)
        {
            var rows = other._held.Copy(columns);
            for (var i = 0; i < rows.Count; i++) { Observe(rows[i]); }
            return;
        }
        if (!IsStarted)
        {
            var rows = _held;
            _held = new();
            Take(other, columns);
            for (var i = 0; i < rows.Count; i++) { Learn(rows[i]); }
            return;
        }
        Join(other, columns);
    }

    /// <summary>Today's parameters <c>[d]</c>, quickly: those of a thousand rows where all are held, and none where they are too few.</summary>
    internal double[] Preview()
    {
        if (IsStarted) { return _average; }
        var rows = _held.Thinned(PreviewRows);
        if (rows.Count >= 4 * _model.Dimension) { return MixtureStart.Fit(_model, rows, _options with { Starts = 1 }).Theta; }
        var unknown = new double[_model.Dimension];
        Array.Fill(unknown, double.NaN);
        return unknown;
    }

    /// <summary>Goes on from where an ascent over all rows has ended.</summary>
    internal void Adopt(MixtureAscent ascent)
    {
        (_theta, _average, _evidence) = ((double[])ascent.Theta.Clone(), (double[])ascent.Theta.Clone(), ascent.Evidence);
        _statistics = new(_model);
        _statistics.Combine(0, ascent.Evidence.Labelled, 1.0 / Count);
        var parameters = _model.Free(ascent.Evidence.Labelled.Kept(_all, out _)).Length;
        _logLikelihood = ascent.LogLikelihood - 0.5 * parameters * Math.Log(Count);   // what they would have been predicted with (Schwarz 1978)
        _next = Count + Math.Max(Count / 8, _model.Dimension);
        (_isConverged, _climbed, Rounds) = (ascent.IsConverged, Count, Rounds + ascent.Rounds);
        _sample?.Reanchor(_model, _theta);
    }

    /// <summary>Fits the held rows; statistics go on from there, and the rows give the first information.</summary>
    void Begin()
    {
        var rows = _held;
        _held = new();
        Begin(rows);
    }

    void Begin(MixtureRows rows, ReadOnlySpan<double> guess = default)
    {
        Count = rows.Count;
        var ascent = MixtureStart.Fit(_model, rows, _options, guess);
        _leastVariance = ascent.LeastVariance;
        Adopt(ascent);
        for (var i = 0; i < rows.Count; i++) { _sample?.Add(_model, _theta, rows[i], _evidence.Labelled); }
        _rival?.Begin(rows);
    }

    void Learn(in MixtureRow row)
    {
        _rival?.Learn(row);
        Count++;
        _logLikelihood += row.Weight * _evidence.Add(_average, row, _shares);   // before the row is learned from: a prediction
        _sample?.Add(_model, _average, row, _evidence.Labelled);
        var step = Math.Pow(Count, -_options.Step);
        _model.Share(_theta, row, _shares);
        _statistics.Fade(1 - step);
        _statistics.Add(_shares, row, step);
        if (Count % Columns == 0) { _statistics.Maximise(_theta, _leastVariance); }
        var pace = (Forgetting + 1) / (Forgetting + Count);
        for (var i = 0; i < _theta.Length; i++) { _average[i] += pace * (_theta[i] - _average[i]); }
        if (Count >= _next) { Refine(); }
    }

    /// <summary>Puts the average at the maximum of all evidence, which is closer to the truth than it is itself.</summary>
    void Refine()
    {
        if (_climbed == Joined && _sample is not null) { Reconcile(_sample); }
        if (_climbed != Count && _evidence.TryMaximum(out var best, out _)) { best.CopyTo(_average, 0); }
        _next = Count + Math.Max(Math.Min(Count / 8, (Count - _grown) / 2), _model.Dimension);
    }
}
