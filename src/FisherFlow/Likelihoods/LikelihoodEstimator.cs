using FisherFlow.Information;
using FisherFlow.Snapshots;

namespace FisherFlow.Likelihoods;

/// <summary>Maximum likelihood for a likelihood of one's own, in one pass: rows wait in a bounded buffer, are solved for together with the quadratic of those before, and leave their own.</summary>
/// <remarks>
/// State: φ, information and score of folded rows about φ, their log-likelihood, score products if asked for, sums, and the buffer. While all rows fit the buffer the answer is the maximum
/// itself; beyond it, each full buffer is solved proximally, <c>min −ℓ_B(φ) + ½‖φ − φₙ‖²_I</c>, and folded. <b>Merge</b>: buffered rows exactly, folded ones to first order.
/// <b>Cost</b>: about ten evaluations a row with second derivatives. <b>Allocates</b> nothing for a row once the buffer has grown. <b>Threads</b>: one at a time; <see cref="Fork"/> for others.
/// <b>Source</b>: Luo and Song (2020), renewable estimation; Levenberg and Marquardt for each solve.
/// </remarks>
public sealed partial class LikelihoodEstimator
{
    const int BufferBytes = 16 << 20;
    const int MostPatience = 8;      // buffers' worth of rows that a first solution is waited for
    const int WithSample = -2;       // a first number that is no patience: a sample of folded rows comes before it
    const int RowsToTry = 1000;      // rows that random starts are compared on

    RowStore _buffer;
    Folded? _folded;
    LikelihoodSums _sums;
    LikelihoodEstimate? _estimate;
    int _patience = 1;
    int _passes = 1;
    int _steps;

    /// <summary>An estimator that has seen nothing.</summary>
    /// <param name="model">The likelihood.</param>
    /// <param name="options">Starts, buffer, forgetting, information.</param>
    /// <exception cref="ArgumentException">A starting value is not allowed, the memory cannot be had, or the information needs outcomes that the likelihood cannot draw.</exception>
    public LikelihoodEstimator(LikelihoodModel model, LikelihoodOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        RequireMemory(model, options.Memory);
        RequireKnowable(model, options);
        (Model, Options, _drift) = (model, options, options.Memory.Drift);
        _watch = options.Memory.Kind == Estimation.MemoryKind.Adaptive ? new() : null;
        _ = new Starts(model.Space, options).Candidates().FirstOrDefault();   // an illegal start is told now
        (_buffer, _sample) = (new(model.Columns.Count), NewSample());
    }

    /// <summary>The likelihood.</summary>
    public LikelihoodModel Model { get; }

    /// <summary>How it is maximised.</summary>
    public LikelihoodOptions Options { get; }

    /// <summary>Rows of positive weight that count: all so far, or those that a window or an adaptive memory has not let go.</summary>
    public long Observations => Sums.Observations;

    /// <summary>All rows so far.</summary>
    public long Rows => _forgotten + (IsWindow ? _buffer.Count : _sums.Observations + _sums.ZeroWeights);

    /// <summary>Rows in the buffer.</summary>
    public int BufferedRows => _buffer.Count;

    /// <summary>Rows that have left it and count.</summary>
    public long FoldedRows => Rows - _forgotten - _buffer.Count;

    /// <summary>Rows that the buffer holds before they are solved for and folded; the rows of a window.</summary>
    public int Capacity => IsWindow ? (int)Options.Memory.Rows : Walks ? WalkCapacity : Options.BufferRows > 0 ? Options.BufferRows : _watch is not null ? AdaptiveRows : Math.Max(256, BufferBytes / (8 * (Model.Columns.Count + 1)));

    /// <summary>Learns from rows.</summary>
    /// <param name="rows">Rows <c>[n, columns]</c>, row by row.</param>
    /// <param name="weights">Weights <c>[n]</c>, at least 0; empty for one each.</param>
    /// <exception cref="ArgumentException">The rows are not whole, or a weight is negative.</exception>
    /// <exception cref="LikelihoodException">A full buffer has no likelihood where its solution must start.</exception>
    public void Observe(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights = default)
    {
        var width = Model.Columns.Count;
        var count = rows.Length / width;
        if (count * width != rows.Length || (!weights.IsEmpty && weights.Length != count)) { throw new ArgumentException($"{rows.Length} numbers and {weights.Length} weights are not whole rows of {width}"); }
        foreach (var weight in weights)
        {
            if (!(weight >= 0 && double.IsFinite(weight))) { throw new ArgumentException($"a weight is {weight}; it must be finite and at least 0"); }
        }
        (_estimate, _isPolished) = (null, _isPolished && count == 0);
        for (var start = 0; start < count;)
        {
            var room = Math.Min(count - start, Capacity * _patience - _buffer.Count);
            if (room <= 0)
            {
                MakeRoom(count - start);
                continue;
            }
            for (var i = start; i < start + room; i++) { _sums.Add(weights.IsEmpty ? 1 : weights[i], Model.IsLeastSquares ? rows[(i + 1) * width - 1] : 0, Options.Retention); }
            _buffer.Append(rows.Slice(start * width, room * width), weights.IsEmpty ? default : weights.Slice(start, room), room);
            _isCounted &= !IsWindow;
            start += room;
        }
    }

    /// <summary>The estimate from everything seen; the state stays as it is.</summary>
    /// <exception cref="LikelihoodException">Nothing was seen, or no start has a likelihood.</exception>
    public LikelihoodEstimate Solve()
    {
        if (_estimate is not null) { return _estimate; }
        if (Observations == 0) { throw new LikelihoodException("no row of positive weight was seen: nothing can be estimated"); }
        if (Walks) { return _estimate = Walked(); }
        var target = NewTarget();
        var solution = Maximise(target);
        return _estimate = Informed(Audited(Assess(solution, target), target), target);
    }

    /// <summary>A worker's copy at today's estimate with no evidence of its own, so that merging counts everything once.</summary>
    public LikelihoodEstimator Fork() => new(Model.Fork(), _folded is null ? Options : Options with { Start = Natural(_folded.Anchor), Starts = 1 });

    /// <summary>Adds what another estimator of the same likelihood has seen.</summary>
    /// <remarks>
    /// Rows that are still in memory merge exactly: they are solved for together. Folded rows are moved to this anchor, <c>s ← s₁ + s₂ + I₂(φ₂ − φ₁)</c>, which is exact to first order; both
    /// samples make one, and the audit closes what it can of the gap.
    /// </remarks>
    /// <param name="other">The other one, which stays as it is.</param>
    /// <exception cref="ArgumentException">The likelihoods differ.</exception>
    public void Merge(LikelihoodEstimator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Model.Name != Model.Name || other.Model.Space.ToString() != Model.Space.ToString()) { throw new ArgumentException($"'{other.Model.Name}' and '{Model.Name}' are different likelihoods and cannot be merged"); }
        if (Options.Forgets || other.Options.Forgets) { throw new ArgumentException("streams that forget have an order, so their states cannot be merged"); }
        (_estimate, _isPolished) = (null, false);
        if (Options.Information != other.Options.Information) { throw new ArgumentException($"states whose information is estimated differently ({Options.Information?.ToString() ?? "as usual"} and {other.Options.Information?.ToString() ?? "as usual"}) cannot be merged"); }
        _sums += other._sums;
        if (other._informed is { } theirs) { _informed = _informed is { } mine ? [.. mine.Zip(theirs, (a, b) => a + b)] : theirs; }
        _outcomesDisagree |= other._outcomesDisagree;
        _folded = Folded.Sum(_folded, other._folded);
        _sample.Merge(other._sample);
        _buffer.Append(other._buffer.Rows, other._buffer.Weights, other._buffer.Count);
        while (_buffer.Count > Capacity * _patience) { Fold(); }
    }

    /// <summary>Reads all rows again until the likelihood is maximal; what was folded is replaced by the evidence at the maximum.</summary>
    /// <param name="source">The rows that were observed, all of them and no others.</param>
    /// <exception cref="InvalidOperationException">Rows were forgotten, so that their sum is not the likelihood.</exception>
    public LikelihoodEstimate Polish(IRowSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (Options.Forgets) { throw new InvalidOperationException("an exact fit weighs all rows alike; it cannot be had of a stream that forgets"); }
        var estimate = Solve();
        if (_folded is null) { return estimate; }
        var target = new Target(Model, null, source, null, Options);
        var search = new Search(target, Options.StepsOver(Rows));
        var solution = search.Climb(estimate.Phi, Search.Manners[0]) ?? throw NoValue(target, estimate.Phi);
        if (solution.ToEvidence() is { } evidence)
        {
            _folded = new(solution.Phi, evidence, solution.Value, solution.Products);
            (_informed, _outcomesDisagree) = (null, false);
            Inform(target, solution, 1);
            Sample(solution.Phi, evidence, null);
            _sample.Reanchor(solution.Phi);
            _buffer.Clear();
            _isPolished = true;
        }
        (_passes, _steps) = (1 + target.Passes, _steps + search.Steps);
        return _estimate = Informed(Assess(new(solution, search.Ended, 0, estimate.Starts, estimate.StartsAgreeing), target), target);
    }

    Target NewTarget() => new(Model, _buffer, null, _folded?.Faded(Math.Pow(Options.Retention, _buffer.Count)), Options, firstRow: Rows - _buffer.Count);

    /// <summary>Solves for the buffer and keeps its quadratic in the place of its rows.</summary>
    void Fold()
    {
        if (Walks)
        {
            FoldWalk();
            return;
        }
        Adapt();
        var target = NewTarget();
        var solution = Maximise(target);
        var estimate = Assess(solution, target);
        if (_folded is null && !estimate.Converged && _patience < MostPatience)
        {
            _patience *= 2;   // a first anchor that is no maximum would be carried along for ever
            return;
        }
        var at = solution.At;
        var usual = at.ToEvidence();
        var evidence = usual ?? Empirical(at);
        Inform(target, at, Math.Pow(Options.Retention, _buffer.Count));
        _folded = new(at.Phi, evidence, at.Value, at.Products);
        Sample(at.Phi, evidence, usual is null ? Models.InformationKind.Empirical : null);
        _steps += solution.Steps;
        _patience = 1;
        _buffer.Clear();
    }

    /// <summary>Products of scores in the place of an information that is not positive.</summary>
    SquareRootInformation Empirical(Linearisation at)
    {
        var target = new Target(Model, _buffer, null, _folded, Options, Models.InformationKind.Empirical);
        return target.Linearise(at.Phi)?.ToEvidence() ?? throw NoValue(target, at.Phi);
    }

    /// <summary>The best of the searches from the starts, or the search from where the last fold ended; one that ends at no maximum is tried in other manners.</summary>
    Solution Maximise(Target target)
    {
        var search = new Search(target, Options.StepsOver(_buffer.Count));
        var candidates = (_folded?.Anchor ?? _restart) is { } anchor ? [anchor] : Ranked(new(Model.Space, Options));
        Solution? best = null;
        foreach (var manner in Search.Manners)
        {
            var found = Climb(search, candidates, manner);
            if (best is null || (found is not null && found.At.Value > best.At.Value + best.At.Noise)) { best = found; }
            if (best is null) { break; }
            if (Assess(best, target).Converged) { return best; }
        }
        return best ?? throw NoValue(target, candidates.Count > 0 ? candidates[0] : new double[Model.Space.Free]);
    }

    /// <summary>The best end of the climbs from several starts, and how many of them ended as high; null when no start has a value.</summary>
    static Solution? Climb(Search search, List<double[]> starts, Search.Manner manner)
    {
        Solution? best = null;
        List<double> reached = [];
        foreach (var phi in starts)
        {
            if (search.Climb(phi, manner) is not { } at) { continue; }
            reached.Add(at.Value);
            if (best is null || at.Value > best.At.Value + at.Noise) { best = new(at, search.Ended, search.Steps, 0, 0); }
        }
        return best is null ? null : best with { Starts = reached.Count, StartsAgreeing = reached.Count(v => v > best.At.Value - 1e-6 * (1 + Math.Abs(best.At.Value))) };
    }

    /// <summary>The given start, then the most promising of the random ones.</summary>
    List<double[]> Ranked(Starts starts)
    {
        if (starts.IsGiven && starts.Count == 1) { return [.. starts.Candidates()]; }
        var sample = new RowStore(Model.Columns.Count);
        var width = Model.Columns.Count;
        var stride = Math.Max(1, _buffer.Count / RowsToTry);
        for (var i = 0; i < _buffer.Count; i += stride) { sample.Append(_buffer.Rows.Slice(i * width, width), _buffer.Weights.Slice(i, 1), 1); }
        var trial = new Target(Model, sample, null, null, Options with { Memory = default });
        var tried = starts.Candidates().Select((phi, index) => (Phi: phi, Value: starts.IsGiven && index == 0 ? double.PositiveInfinity : trial.Value(phi), Index: index)).ToList();
        if (tried.TrueForAll(c => !double.IsFinite(c.Value)) && !starts.IsGiven) { throw NoValue(trial, tried[0].Phi, tried.Count); }
        return [.. tried.Where(c => !double.IsNegativeInfinity(c.Value) && !double.IsNaN(c.Value)).OrderByDescending(c => c.Value).ThenBy(c => c.Index).Take(starts.Count).Select(c => c.Phi)];
    }

    LikelihoodException NoValue(Target target, ReadOnlySpan<double> phi, int tried = 0)
    {
        _ = target.Value(phi);
        var what = Model.IsLeastSquares ? "mean" : "log-density";
        var at = string.Join(", ", Model.Space.Names.Zip(Natural(phi), (name, value) => $"{name} = {value:G6}"));
        var row = target.FailedRow is { } failed ? $" for the row {string.Join(", ", Model.Columns.Zip(failed, (name, value) => $"{name} = {value:G6}"))}" : "";
        return new(tried > 0
            ? $"the {what} has no finite value at any of {tried} random starts; at {at}, say, it has none{row}. Give starting values"
            : $"the {what} is not a finite number at the start {at}{row}. Give other starting values, or check the row");
    }

    double[] Natural(ReadOnlySpan<double> phi)
    {
        var theta = new double[Model.Space.Natural];
        Model.Space.ToNatural(phi, theta);
        return theta;
    }

    /// <summary>Writes the state, bit for bit; model and options are the reader's to know.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (FoldedRows > 0)
        {
            writer.Write(WithSample);
            writer.Write(_isPolished);
            _sample.Save(writer);
        }
        writer.Write(_patience + (IsMore ? More : 0));
        SaveMore(writer);
        writer.Write(_passes);
        writer.Write(_steps);
        Sums.Save(writer, Options.Retention < 1);
        writer.Write(_folded is not null);
        _folded?.Save(writer);
        _buffer.Save(writer);
    }

    /// <summary>Reads a state.</summary>
    /// <param name="reader">What <see cref="Save"/> wrote.</param>
    /// <param name="model">The same likelihood.</param>
    /// <param name="options">The same options.</param>
    /// <exception cref="InvalidDataException">The state does not fit the likelihood.</exception>
    public static LikelihoodEstimator Load(StateReader reader, LikelihoodModel model, LikelihoodOptions options)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var estimator = new LikelihoodEstimator(model, options);
        var first = reader.ReadInt32();
        var hasSample = first == WithSample;
        if (hasSample)
        {
            estimator._isPolished = reader.ReadBoolean();
            estimator._sample.Restore(reader);
            first = reader.ReadInt32();
        }
        estimator._patience = first % More;
        if (first >= More) { estimator.LoadMore(reader); }
        (estimator._passes, estimator._steps, estimator._sums) = (reader.ReadInt32(), reader.ReadInt32(), LikelihoodSums.Load(reader, options.Retention < 1));
        if (reader.ReadBoolean()) { estimator._folded = Folded.Load(reader); }
        if (estimator._folded is { } folded && folded.Anchor.Length != model.Space.Free) { throw new InvalidDataException($"a state of {folded.Anchor.Length} coordinates does not fit a likelihood of {model.Space.Free}"); }
        estimator._buffer = RowStore.Load(reader, model.Columns.Count);
        if (!hasSample) { estimator._isPolished = estimator._passes > 1 && estimator._buffer.Count == 0; }
        return estimator;
    }

    /// <summary>Where a search came to, and how.</summary>
    sealed record Solution(Linearisation At, bool Ended, int Steps, int Starts, int StartsAgreeing);
}
