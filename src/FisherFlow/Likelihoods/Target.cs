using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Likelihoods;

/// <summary>What is maximised: the log-likelihood of rows (in memory, or read again and again) and the quadratic of those that were folded.</summary>
/// <param name="model">The likelihood.</param>
/// <param name="rows">Rows in memory, or null.</param>
/// <param name="source">Rows that are read again, or null.</param>
/// <param name="folded">The quadratic of earlier rows, or null.</param>
/// <param name="options">The kind of information, score products, retention, seed.</param>
/// <param name="firstRow">The number of the first row in the stream, from 0.</param>
sealed class Target(LikelihoodModel model, RowStore? rows, IRowSource? source, Folded? folded, LikelihoodOptions options, long firstRow = 0)
{
    readonly RowSums _usual = new(model, Usual(model), options.KeepsProducts, (ulong)options.Seed);
    RowSums _sums = null!;   // those of the evaluation under way
    readonly double[] _weights = rows is null ? [] : Aged(rows.Weights, options.Retention);

    public LikelihoodModel Model => model;

    /// <summary>Whether rows are read again for every evaluation.</summary>
    public bool IsReread => source is not null;

    /// <summary>Readings of the source so far.</summary>
    public int Passes { get; private set; }

    /// <summary>The first row at which the last evaluation failed, as the model sees it, or null.</summary>
    public double[]? FailedRow { get; private set; }

    /// <summary>The value at φ; −∞ where a row has none.</summary>
    public double Value(ReadOnlySpan<double> phi) => TryAdd(_usual, phi, withDerivatives: false) ? _sums.Value + (folded?.At(phi).Value ?? 0) : double.NegativeInfinity;

    /// <summary>The quadratic about φ; null where a row has no value.</summary>
    public Linearisation? Linearise(ReadOnlySpan<double> phi) => TryAdd(_usual, phi, withDerivatives: true) ? _sums.ToLinearisation(folded) : null;

    /// <summary>The quadratic about where a search ended, with a kind of information that need not be the one it climbed by.</summary>
    /// <param name="at">The end of the search.</param>
    /// <param name="rule">The kind of information.</param>
    /// <param name="dispersion">Of least squares the variance of a response of unit weight.</param>
    public Linearisation Informed(Linearisation at, InformationRule rule, double dispersion) =>
        rule == Usual(model) ? at : TryAdd(new(model, rule, options.KeepsProducts, (ulong)options.Seed), at.Phi, withDerivatives: true, dispersion) ? _sums.ToLinearisation(folded) : at;

    /// <summary>The information that searches climb by: of least squares Gauss and Newton's, of densities the observed one.</summary>
    public static InformationRule Usual(LikelihoodModel model) => new(model.IsLeastSquares ? InformationKind.Expected : InformationKind.Observed);

    bool TryAdd(RowSums sums, ReadOnlySpan<double> phi, bool withDerivatives, double dispersion = 1)
    {
        FailedRow = null;
        (_sums, sums.NextRow) = (sums, firstRow);
        foreach (var x in phi)
        {
            if (!double.IsFinite(x)) { return false; }
        }
        sums.Begin(phi, withDerivatives, dispersion);
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
