using System.Numerics.Tensors;
using FisherFlow.Numerics;
using FisherFlow.Snapshots;

namespace FisherFlow.Mixtures;

/// <summary>A mixture of linear regressions with normal errors, learned in one pass by online EM: <c>S ← (1 − γₙ)S + γₙ E[s | xₙ, yₙ]</c>, <c>θ = M(S)</c>.</summary>
/// <remarks>
/// The first rows are held and fitted by EM from several starts; then every row is seen once, with <c>γₙ = n^(−step)</c>. The running (Polyak) average of θ is where each row's score and
/// observed information are taken; what is reported is one Newton step on their sums, which is what brings the average from half a standard error to the maximum likelihood estimate.
/// A mixture of one component less runs beside it: more components must predict better, or their standard errors are refused. With one column that is one, this is a mixture of
/// normal distributions. Cost: <c>O(Kp³ + Kd²)</c> a row. Memory: <c>O(Kp² + d²)</c> and the first rows. Threads: one writer.
/// Source: Cappé &amp; Moulines (2009), algorithm 1 and §2.3; averaging by Polyak &amp; Juditsky (1992), with weights that grow so that the beginning is forgotten (Shamir &amp; Zhang 2013);
/// the comparison of predictions by Dawid (1984).
/// </remarks>
public sealed class OnlineMixture
{
    const double Forgetting = 3;   // the average gives row n a weight of about n³

    readonly OnlineMixtureOptions _options;
    readonly MixtureModel _model;
    readonly MixtureStatistics _statistics;
    readonly List<double> _held = [];   // rows (x, y) until there are enough to start from
    readonly double[] _theta;
    readonly double[] _average;
    readonly double[] _weights;
    readonly double[] _shares;
    readonly double[] _work;
    readonly double[] _information;   // I and b of MixtureModel.AddEvidence, each row at the average of its time
    readonly double[] _linear;
    readonly OnlineMixture? _rival;   // one component less
    double _leastVariance;
    double _logLikelihood;

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
        _model = new(components, columns);
        _statistics = new(_model);
        var d = _model.Dimension;
        (_theta, _average, _linear, _work) = (new double[d], new double[d], new double[d], new double[2 * d + d * d]);
        (_weights, _shares) = (new double[components], new double[components]);
        _information = new double[d * d];
    }

    /// <summary>Rows observed.</summary>
    public long Count { get; private set; }

    /// <summary>Number of components K.</summary>
    public int Components => _model.Components;

    /// <summary>Number of predictors p.</summary>
    public int Columns => _model.Columns;

    /// <summary>Folds in one observation.</summary>
    /// <param name="x">Predictors <c>[p]</c>.</param>
    /// <param name="y">The response.</param>
    /// <exception cref="ArgumentException">There are not p predictors, or a number is not finite; nothing was changed.</exception>
    public void Observe(ReadOnlySpan<double> x, double y)
    {
        if (x.Length != Columns) { throw new ArgumentException($"{x.Length} predictors where the mixture has {Columns}", nameof(x)); }
        if (!double.IsFinite(TensorPrimitives.Sum(x) + y)) { throw new ArgumentException("an observation is not a finite number", nameof(y)); }
        _rival?.Observe(x, y);
        Count++;
        if (Count <= _options.StartRows)
        {
            _held.AddRange(x);
            _held.Add(y);
            if (Count == _options.StartRows) { Begin(); }
            return;
        }
        _logLikelihood += AddEvidence(x, y);   // before the row is learned from: a prediction
        var step = Math.Pow(Count, -_options.Step);
        Expect(_theta, x, y);
        _statistics.Fade(1 - step);
        _statistics.Add(_shares, x, y, step);
        _statistics.Maximise(_theta, _leastVariance);
        var pace = (Forgetting + 1) / (Forgetting + (Count - _options.StartRows) + 1);
        for (var i = 0; i < _theta.Length; i++) { _average[i] += pace * (_theta[i] - _average[i]); }
    }

    /// <summary>Folds in another mixture of other rows: statistics and averages by rows, components matched by their lines.</summary>
    /// <remarks>First order: the other's statistics were expected at its own parameters. A mixture that still holds its rows is observed row by row.</remarks>
    /// <exception cref="ArgumentException">Components, columns or options differ; nothing was changed.</exception>
    public void Merge(OnlineMixture other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Components != Components || other.Columns != Columns || other._options != _options)
        {
            throw new ArgumentException("the mixtures differ in components, columns or options", nameof(other));
        }
        if (other._held.Count > 0)
        {
            foreach (var row in other._held.Chunk(Columns + 1)) { Observe(row.AsSpan(0, Columns), row[Columns]); }
            return;
        }
        if (other.Count == 0) { return; }
        if (_held.Count > 0 || Count == 0)
        {
            var rows = _held.ToArray();
            Copy(other);
            foreach (var row in rows.Chunk(Columns + 1)) { Observe(row.AsSpan(0, Columns), row[Columns]); }
            return;
        }
        var names = MixtureLabels.Match(_model, _average, other._average);
        var share = (double)other.Count / (Count + other.Count);
        var theirs = MixtureLabels.Rename(_model, other._average, names);
        for (var i = 0; i < _average.Length; i++) { _average[i] += share * (theirs[i] - _average[i]); }
        _statistics.Combine(1 - share, other._statistics, share, names);
        _statistics.Maximise(_theta, _leastVariance);
        TensorPrimitives.Add(_information, MixtureLabels.RenameInformation(_model, other._information, names), _information);
        TensorPrimitives.Add(_linear, MixtureLabels.Rename(_model, other._linear, names), _linear);
        _rival?.Merge(other._rival!);
        (Count, _logLikelihood) = (Count + other.Count, _logLikelihood + other._logLikelihood);
    }

    /// <summary>What is known: components, their standard errors where the data tell them apart, and the rank report.</summary>
    public MixtureReport Report()
    {
        if (_held.Count == 0 && Count > 0) { return MixtureReport.Of(_model, new(_average, _statistics, _information, _linear), Count, _logLikelihood, _logLikelihood - _rival!._logLikelihood); }
        if (Count < 4 * _model.Dimension) { throw new InvalidOperationException($"{Count} observations are too few for {_model.Dimension} parameters; {4 * _model.Dimension} are the least"); }
        var early = new OnlineMixture(Components, Columns, _options with { StartRows = (int)Count });
        foreach (var row in _held.Chunk(Columns + 1)) { early.Observe(row.AsSpan(0, Columns), row[Columns]); }
        return early.Report();
    }

    /// <summary>Writes everything, so that a mixture read back goes on to the same bits.</summary>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Components);
        writer.Write(Columns);
        _options.Save(writer);
        SaveState(writer);
    }

    void SaveState(StateWriter writer)
    {
        writer.Write(Count);
        writer.Write(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_held));
        _statistics.Save(writer);
        writer.Write(_theta.AsSpan());
        writer.Write(_average.AsSpan());
        writer.Write(_leastVariance);
        writer.Write(_logLikelihood);
        writer.Write(_information.AsSpan());
        writer.Write(_linear.AsSpan());
        _rival?.SaveState(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a state.</exception>
    public static OnlineMixture Load(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            var mixture = new OnlineMixture(reader.ReadInt32(), reader.ReadInt32(), OnlineMixtureOptions.Load(reader));
            mixture.LoadState(reader);
            return mixture;
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"the state is not one of a mixture: {e.Message}", e);
        }
    }

    void LoadState(StateReader reader)
    {
        Count = reader.ReadInt64();
        _held.AddRange(reader.ReadDoubles());
        _statistics.Load(reader);
        reader.ReadDoubles().CopyTo(_theta, 0);
        reader.ReadDoubles().CopyTo(_average, 0);
        (_leastVariance, _logLikelihood) = (reader.ReadDouble(), reader.ReadDouble());
        reader.ReadDoubles().CopyTo(_information, 0);
        reader.ReadDoubles().CopyTo(_linear, 0);
        _rival?.LoadState(reader);
    }

    /// <summary>Fits the held rows; statistics go on from there, and the rows give the first information.</summary>
    void Begin()
    {
        var rows = _held.ToArray();
        _leastVariance = MixtureStart.Fit(_model, rows, _options, _theta);
        _held.Clear();
        _held.TrimExcess();
        _theta.CopyTo(_average, 0);
        var likelihood = 0.0;
        foreach (var row in rows.Chunk(Columns + 1))
        {
            likelihood += AddEvidence(row.AsSpan(0, Columns), row[Columns]);
            _statistics.Add(_shares, row.AsSpan(0, Columns), row[Columns], 1.0 / _options.StartRows);
        }
        _logLikelihood = likelihood - 0.5 * (_model.Dimension - 1) * Math.Log(_options.StartRows);   // what they would have been predicted with (Schwarz 1978)
    }

    double AddEvidence(ReadOnlySpan<double> x, double y)
    {
        var density = Expect(_average, x, y);
        _model.AddEvidence(_average, _weights, _shares, x, y, _information, _linear, _work);
        return density;
    }

    double Expect(double[] theta, ReadOnlySpan<double> x, double y)
    {
        _model.Weights(theta, _weights);
        return _model.Expect(theta, _weights, x, y, _shares);
    }

    void Copy(OnlineMixture other)
    {
        Span<int> same = stackalloc int[Components];
        for (var k = 0; k < Components; k++) { same[k] = k; }
        _held.Clear();
        other._theta.CopyTo(_theta, 0);
        other._average.CopyTo(_average, 0);
        _statistics.Combine(0, other._statistics, 1, same);
        other._information.CopyTo(_information, 0);
        other._linear.CopyTo(_linear, 0);
        _rival?.Copy(other._rival!);
        (Count, _leastVariance, _logLikelihood) = (other.Count, other._leastVariance, other._logLikelihood);
    }
}
