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
    readonly RowSums _sums = new(model, kind ?? (model.IsLeastSquares ? InformationKind.Expected : InformationKind.Observed), options.KeepsProducts);
    readonly double[] _weights = rows is null ? [] : Aged(rows.Weights, options.Retention);

    public LikelihoodModel Model => model;

    public bool IsReread => source is not null;

    /// <summary>Readings of the source so far.</summary>
    public int Passes { get; private set; }

    /// <summary>The first row at which the last evaluation failed, as the model sees it, or null.</summary>
    public double[]? FailedRow { get; private set; }

    public double Value(ReadOnlySpan<double> phi) => TryAdd(phi, withDerivatives: false) ? _sums.Value + (folded?.At(phi).Value ?? 0) : double.NegativeInfinity;

    public Linearisation? Linearise(ReadOnlySpan<double> phi) => TryAdd(phi, withDerivatives: true) ? _sums.ToLinearisation(folded) : null;

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
        FailedRow = null;
        foreach (var x in phi)
        {
            if (!double.IsFinite(x)) { return false; }
        }
        _sums.Begin(phi, withDerivatives);
        foreach (var x in _sums.Theta)
        {
            if (!double.IsFinite(x)) { return false; }
        }
        if (rows is not null && !TryAdd(rows.Rows, _weights)) { return false; }
        if (source is null) { return true; }
        source.Rewind();
        Passes++;
        while (source.TryRead(out var block, out var weights))
        {
            if (!TryAdd(block, weights)) { return false; }
        }
        return true;
    }

    bool TryAdd(ReadOnlySpan<double> block, ReadOnlySpan<double> weights)
    {
        var failed = _sums.Add(block, weights);
        if (failed >= 0) { FailedRow = block.Slice(failed * model.Columns.Count, model.Columns.Count).ToArray(); }
        return failed < 0;
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
