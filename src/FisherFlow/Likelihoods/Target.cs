using FisherFlow.Models;

namespace FisherFlow.Likelihoods;

/// <summary>What a search climbs.</summary>
interface ITarget
{
    /// <summary>Whether rows are read again for every evaluation.</summary>
    bool IsReread { get; }

    /// <summary>The value at φ <c>[q]</c>; −∞ where a row has none.</summary>
    double Value(ReadOnlySpan<double> phi);

    /// <summary>The quadratic about φ <c>[q]</c>; null where a row has no value.</summary>
    Linearisation? Linearise(ReadOnlySpan<double> phi);
}

/// <summary>What is maximised: the log-likelihood of rows (in memory, or read again and again) and the quadratic of those that were folded.</summary>
/// <param name="model">The likelihood.</param>
/// <param name="rows">Rows in memory, or null.</param>
/// <param name="source">Rows that are read again, or null.</param>
/// <param name="folded">The quadratic of earlier rows, or null.</param>
/// <param name="options">Score products, retention.</param>
/// <param name="kind">The information that is climbed by; null for the usual kind: of least squares Gauss and Newton's, of densities the observed one.</param>
/// <param name="firstRow">The number of the first row in memory, from 0: random numbers go by it.</param>
sealed class Target(LikelihoodModel model, RowStore? rows, IRowSource? source, Folded? folded, LikelihoodOptions options, InformationKind? kind = null, long firstRow = 0) : ITarget
{
    readonly InformationKind _kind = kind ?? (model.IsLeastSquares ? InformationKind.Expected : InformationKind.Observed);
    readonly List<RowSums> _lanes = [];
    int _begun;   // lanes that have rows in them
    readonly double[] _weights = rows is null ? [] : Aged(rows.Weights, options.Retention);

    public LikelihoodModel Model => model;

    public bool IsReread => source is not null;

    /// <summary>Readings of the source so far.</summary>
    public int Passes { get; private set; }

    /// <summary>The first row at which the last evaluation failed, as the model sees it, or null.</summary>
    public double[]? FailedRow { get; private set; }

    public double Value(ReadOnlySpan<double> phi) => TryAdd(phi, withDerivatives: false) ? _lanes[0].Value + (folded?.At(phi).Value ?? 0) : double.NegativeInfinity;

    public Linearisation? Linearise(ReadOnlySpan<double> phi) => TryAdd(phi, withDerivatives: true) ? _lanes[0].ToLinearisation(folded) : null;

    /// <summary>Adds the rows, but for folded ones, to a sum of information.</summary>
    public void AddTo(InformationSums sums)
    {
        if (rows is not null) { sums.Add(rows.Rows, _weights, default, firstRow); }
        if (source is null) { return; }
        source.Rewind();
        Passes++;
        var next = 0L;
        for (; source.TryRead(out var block, out var weights); next += weights.Length) { sums.Add(block, weights, default, next); }
    }

    bool TryAdd(ReadOnlySpan<double> phi, bool withDerivatives)
    {
        (FailedRow, _begun) = (null, 0);
        foreach (var x in phi)
        {
            if (!double.IsFinite(x)) { return false; }
        }
        var point = phi.ToArray();
        Begin(1, point, withDerivatives);
        foreach (var x in _lanes[0].Theta)
        {
            if (!double.IsFinite(x)) { return false; }
        }
        if (rows is not null && !TryAdd(rows, _weights, point, withDerivatives)) { return false; }
        if (source is not null && !TryReread(point, withDerivatives)) { return false; }
        for (var lane = 1; lane < _begun; lane++) { _lanes[0].Add(_lanes[lane]); }
        return true;
    }

    bool TryReread(double[] phi, bool withDerivatives)
    {
        source!.Rewind();
        Passes++;
        var together = new RowStore(model.Columns.Count);
        while (source.TryRead(out var block, out var weights))
        {
            together.Append(block, weights, weights.Length);
            if (together.Count < Lanes.Most * Lanes.Rows) { continue; }
            if (!TryAdd(together, null, phi, withDerivatives)) { return false; }
            together.Clear();
        }
        return TryAdd(together, null, phi, withDerivatives);
    }

    bool TryAdd(RowStore store, double[]? aged, double[] phi, bool withDerivatives)
    {
        var width = model.Columns.Count;
        var failed = new int[Lanes.Of(store.Count)];
        Begin(failed.Length, phi, withDerivatives);
        Lanes.For(store.Count, options.Threads, (lane, from, count) =>
        {
            var weights = aged is null ? store.Weights.Slice(from, count) : aged.AsSpan(from, count);
            var first = _lanes[lane].Add(store.Rows.Slice(from * width, count * width), weights);
            failed[lane] = first < 0 ? -1 : from + first;
        });
        var lane = Array.FindIndex(failed, first => first >= 0);
        FailedRow = lane < 0 ? null : store.Rows.Slice(failed[lane] * width, width).ToArray();
        return lane < 0;
    }

    /// <summary>Makes lanes ready that have no rows yet.</summary>
    void Begin(int lanes, double[] phi, bool withDerivatives)
    {
        while (_lanes.Count < lanes) { _lanes.Add(new(_lanes.Count == 0 ? model : model.Fork(), _kind, options.KeepsProducts)); }
        for (; _begun < lanes; _begun++) { _lanes[_begun].Begin(phi, withDerivatives); }
    }

    /// <summary>The last row weighs one, each before it the retention's share of the next.</summary>
    static double[] Aged(ReadOnlySpan<double> weights, double retention)
    {
        var aged = weights.ToArray();
        var share = 1.0;
        for (var i = aged.Length - 1; i >= 0 && retention < 1; i--)
        {
            aged[i] *= share;
            share *= retention;
        }
        return aged;
    }
}
