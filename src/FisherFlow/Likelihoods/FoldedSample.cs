using System.Numerics.Tensors;
using FisherFlow.Models;
using FisherFlow.Numerics;
using FisherFlow.Snapshots;

namespace FisherFlow.Likelihoods;

/// <summary>A bounded sample of folded rows, each with the anchor of its fold, kept to ask later how far the quadratic that stands for them has drifted from their likelihood.</summary>
/// <remarks>
/// Rows are drawn by <see cref="PrioritySample">priority</see>; the importance is half the row's leverage when it was folded and half its share of all weight, so that early rows, where quadratics
/// err most, are seldom left out, and no row stands for very many. What a kept row had added to the quadratic is computed again at its anchor. <b>Merge</b>: two samples make one.
/// </remarks>
/// <param name="model">The likelihood.</param>
/// <param name="most">Rows that are kept; 0 for as many as fit 12 MiB.</param>
sealed class FoldedSample(LikelihoodModel model, int most)
{
    const int MostRows = 1 << 17;
    const int NumbersBesides = 3;   // weight, importance and priority of each row
    const int SeedRows = 64;

    readonly PrioritySample _sample = new(most > 0 ? most : PrioritySample.RowsOf(sizeof(double) * (model.Columns.Count + NumbersBesides), MostRows));
    readonly List<Fold> _folds = [];
    RowStore _rows = new(model.Columns.Count);

    /// <summary>Rows kept.</summary>
    public int Count => _rows.Count;

    /// <summary>Rows that were folded and sampled from.</summary>
    public long Seen => _sample.Seen;

    /// <summary>The rows kept.</summary>
    public RowStore Rows => _rows;

    /// <summary>The folds that rows are kept of, in their order.</summary>
    public IReadOnlyList<Fold> Folds => _folds;

    /// <summary>Of least squares, what the quadratics of all folded rows leave out of the exact second derivatives; null of densities, and while nothing was folded.</summary>
    public QuadraticSum? Curvature { get; private set; }

    /// <summary>How many folded rows a kept one stands for.</summary>
    public double Scale(int row) => _sample.Scale(row);

    /// <summary>Samples rows that are being folded about an anchor.</summary>
    /// <param name="anchor">φ <c>[q]</c>.</param>
    /// <param name="kind">The information that the fold takes of them; null for the usual kind, of least squares with the exact second derivatives beside it.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="diagonal">The diagonal <c>[q]</c> of the information once they are folded.</param>
    /// <param name="weight">The weight of all rows so far.</param>
    /// <param name="threads">Threads that look at the rows.</param>
    public void Add(double[] anchor, InformationKind? kind, RowStore rows, ReadOnlySpan<double> diagonal, double weight, int threads)
    {
        if (_sample.Seen == 0) { _sample.Seed = Seed(rows); }
        if (model.IsLeastSquares && kind is null) { (Curvature ??= new(anchor)).Add(anchor, 0, default, ResidualCurvature.Of(model, anchor, rows, threads), -1); }
        var (importances, width) = (Importances(anchor, rows, diagonal, weight, threads), model.Columns.Count);
        for (var i = 0; i < importances.Length; i++)
        {
            if (!_sample.TryDraw(importances[i], out var priority)) { continue; }
            _sample.Add(importances[i], priority);
            _rows.Append(rows.Rows.Slice(i * width, width), rows.Weights.Slice(i, 1), 1);
            var isBegun = _folds.Count > 0 && ReferenceEquals(_folds[^1].Anchor, anchor);
            if (isBegun) { _folds[^1] = _folds[^1] with { Count = _folds[^1].Count + 1 }; } else { _folds.Add(new(anchor, kind, 1)); }
            if (_sample.IsFull) { Drop(_sample.Thin()); }
        }
    }

    /// <summary><c>w (Σ gⱼ²/Iⱼⱼ + q/W)</c> of every row.</summary>
    double[] Importances(double[] anchor, RowStore rows, ReadOnlySpan<double> diagonal, double weight, int threads)
    {
        var (q, width) = (anchor.Length, model.Columns.Count);
        var (units, importances) = (new double[q], new double[rows.Count]);
        for (var j = 0; j < q; j++) { units[j] = diagonal[j] > 0 ? 1 / diagonal[j] : 0; }
        var models = model.ForLanes(Lanes.Of(rows.Count));
        Lanes.For(rows.Count, threads, (lane, from, all) =>
        {
            var point = new RowGradients(models[lane]);
            point.Begin(anchor);
            for (var start = from; start < from + all; start += RowSums.BlockRows)
            {
                var count = Math.Min(RowSums.BlockRows, from + all - start);
                var gradients = point.Gradients(rows.Rows.Slice(start * width, count * width), count);
                for (var i = 0; i < count; i++)
                {
                    var importance = q / weight;
                    for (var j = 0; j < q; j++) { importance += gradients[i * q + j] * gradients[i * q + j] * units[j]; }
                    importances[start + i] = importance * rows.Weights[start + i];
                }
            }
        });
        return importances;
    }

    /// <summary>Takes over another sample of the same likelihood.</summary>
    public void Merge(FoldedSample other)
    {
        _rows.Append(other._rows.Rows, other._rows.Weights, other.Count);
        _folds.AddRange(other._folds);
        if (other.Curvature is { } theirs)
        {
            Curvature ??= new(new double[model.Space.Free]);
            Curvature.Add(theirs);
        }
        Drop(_sample.Merge(other._sample));
    }

    /// <summary>All rows are folded about another anchor now, of least squares by Gauss and Newton's information and nothing else.</summary>
    public void Reanchor(double[] anchor)
    {
        Curvature = null;
        _folds.Clear();
        InformationKind? kind = model.IsLeastSquares ? InformationKind.Expected : null;
        if (Count > 0) { _folds.Add(new(anchor, kind, Count)); }
    }

    /// <summary>The rows with weights by which they stand for all.</summary>
    public RowStore ScaledUp(int from, int count)
    {
        var (store, weights, width) = (new RowStore(model.Columns.Count), new double[count], model.Columns.Count);
        for (var i = 0; i < count; i++) { weights[i] = _rows.Weights[from + i] * Scale(from + i); }
        store.Append(_rows.Rows.Slice(from * width, count * width), weights, count);
        return store;
    }

    /// <summary>Writes the sample, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_sample.Seen);
        writer.Write(_sample.Seed);
        writer.Write(_sample.Threshold);
        _rows.Save(writer);
        writer.Write(_sample.Keys());
        writer.Write(_folds.Count);
        foreach (var fold in _folds)
        {
            writer.Write(fold.Anchor);
            writer.Write(fold.Kind is { } kind ? (int)kind : -1);
            writer.Write(fold.Count);
        }
        writer.Write(Curvature is not null);
        Curvature?.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The parts do not fit together.</exception>
    public void Restore(StateReader reader)
    {
        _sample.Restore(reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble());
        _rows = RowStore.Load(reader, model.Columns.Count);
        var keys = reader.ReadDoubles();
        _sample.Add(keys);
        var rows = 0L;
        for (var i = reader.ReadInt32(); i > 0; i--)
        {
            var fold = new Fold(reader.ReadDoubles(), reader.ReadInt32() is var kind and >= 0 ? (InformationKind)kind : null, reader.ReadInt32());
            if (fold.Anchor.Length != model.Space.Free || fold.Count < 1) { throw new InvalidDataException($"a fold of {fold.Count} sampled rows has an anchor of {fold.Anchor.Length} coordinates, not {model.Space.Free}"); }
            _folds.Add(fold);
            rows += fold.Count;
        }
        if (reader.ReadBoolean()) { Curvature = QuadraticSum.Load(reader, model.Space.Free); }
        if (rows != Count || keys.Length != 2L * Count) { throw new InvalidDataException($"{Count} sampled rows do not match their {rows} folds and {keys.Length} keys"); }
    }

    /// <summary>A number from the data as they came, so that shards draw apart.</summary>
    static long Seed(RowStore rows)
    {
        var seed = 0L;
        if (rows.Count == 0) { return seed; }
        foreach (var x in rows.Rows[..(Math.Min(rows.Count, SeedRows) * (rows.Rows.Length / rows.Count))]) { seed = PrioritySample.Mix(seed, x); }
        return seed;
    }

    void Drop(ReadOnlySpan<bool> dropped)
    {
        if (_sample.Count == dropped.Length) { return; }
        _rows.Drop(dropped);
        var (at, kept) = (0, 0);
        for (var i = 0; i < _folds.Count; i++)
        {
            var fold = _folds[i];
            var count = fold.Count - dropped.Slice(at, fold.Count).Count(true);
            at += fold.Count;
            if (count > 0) { _folds[kept++] = fold with { Count = count }; }
        }
        _folds.RemoveRange(kept, _folds.Count - kept);
    }

    /// <summary>Rows that were folded together.</summary>
    /// <param name="Anchor">About what, φ <c>[q]</c>.</param>
    /// <param name="Kind">The information that was taken of them; null for the usual kind, of least squares with the exact second derivatives beside it.</param>
    /// <param name="Count">How many of them are kept.</param>
    public readonly record struct Fold(double[] Anchor, InformationKind? Kind, int Count);
}
