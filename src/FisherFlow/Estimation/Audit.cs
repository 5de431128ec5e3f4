using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Numerics;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>A bounded sample of folded rows, kept to ask later how far the quadratic that stands for them has drifted from the truth.</summary>
/// <remarks>
/// A row folded at θ_b contributes <c>(r_b − w_b(η − η_b))x</c> to the score of the quadratic at θ and <c>r(η)x</c> to the true score.
/// The sampled difference, scaled up, estimates the score that one pass has left over, and so the step that is missing to the maximum likelihood
/// estimate. Models with one linear predictor only.
/// Rows are drawn by <see cref="PrioritySample">priority</see>, the importance being the row's leverage when it was folded, so that rare levels and early rows,
/// where quadratics err most, are seldom left out. Merge: two samples make one.
/// </remarks>
sealed class Audit(Block layout, int most = 0)
{
    const int Bytes = 12 << 20;
    const int MostRows = 1 << 17;
    const int FewestRows = 256;
    const int Numbers = 6;   // of each row at its fold: η, score factor, weight, deviance; saturated and carrier sums
    const int Saved = 8;     // with importance and priority behind the deviance

    readonly PrioritySample _sample = new(most > 0 ? most : Math.Clamp(Bytes / (RowBuffer.BytesPerRow(layout) + Saved * sizeof(double)), FewestRows, MostRows));
    readonly List<double> _folds = [];
    RowBuffer _rows = new(RowBuffer.CreateLike(layout, 0));

    /// <summary>Rows kept.</summary>
    public int Count => _rows.Count;

    /// <summary>The rows kept.</summary>
    public Block Rows => _rows.Rows;

    /// <summary>Samples the first <paramref name="count"/> rows, which are being folded at this θ into an information with this diagonal <c>[d]</c>.</summary>
    public void Fold(IModel model, Block block, int count, in ModelShape shape, double[] theta, double auxiliary, double[] diagonal, Workspace workspace)
    {
        if (_sample.Seen == 0) { _sample.Seed = Seed(block, count); }
        var rented = ArrayPool<double>.Shared.Rent(count);
        var importances = rented.AsSpan(0, count);
        Fill(importances, block, Inverse(diagonal, shape));
        Drop(_sample.Foresee(importances));
        for (var i = 0; i < count; i++)
        {
            if (!_sample.TryDraw(importances[i], out var priority)) { continue; }
            var sums = default(FitSums);
            var working = model.Work(block, i, 1, shape, theta, auxiliary, default, ref sums, workspace);
            if (working.PerObservation != 1) { break; }
            _rows.Append(block, i, 1);
            _folds.AddRange(Predictor(block, i, theta), working.Scores[0], InformationOf(working), sums.Deviance, sums.Saturated, sums.Carrier);
            _sample.Add(importances[i], priority);
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>A number from the data as they came, so that shards draw apart, and threads, whose rounding differs, do not.</summary>
    static long Seed(Block block, int count)
    {
        const int RowsLookedAt = 64;
        var seed = 0L;
        for (var i = 0; i < Math.Min(count, RowsLookedAt); i++)
        {
            seed = PrioritySample.Mix(seed, block.Response[i]);
            foreach (var x in block.Dense.AsSpan(i * block.DenseColumns, block.DenseColumns)) { seed = PrioritySample.Mix(seed, x); }
            foreach (var index in block.Indices.AsSpan(i * block.Slots, block.Slots)) { seed = PrioritySample.Mix(seed, index); }
        }
        return seed;
    }

    /// <summary>How many folded rows a kept one stands for.</summary>
    public double Scale(int row) => _sample.Scale(row);

    /// <summary>Compares truth and quadratic at θ <c>[d]</c> over all folded rows, by the sample scaled up.</summary>
    public Remainder Compare(IModel model, in ModelShape shape, double[] theta, double auxiliary, Workspace workspace)
    {
        var block = _rows.Rows;
        var (score, deviance, saturated, carrier) = (new double[theta.Length], 0.0, 0.0, 0.0);
        var (errors, weights) = (new double[Count], new double[Count]);
        for (var i = 0; i < Count; i++)
        {
            var sums = default(FitSums);
            var working = model.Work(block, i, 1, shape, theta, auxiliary, default, ref sums, workspace);
            var (r, w) = (_folds[i * Numbers + 1], _folds[i * Numbers + 2]);
            var move = Predictor(block, i, theta) - _folds[i * Numbers];
            var scale = Scale(i);
            errors[i] = scale * (working.Scores[0] - r + w * move);
            weights[i] = scale * (InformationOf(working) - w);
            deviance += scale * (sums.Deviance - _folds[i * Numbers + 3] + 2 * r * move - w * move * move);
            saturated += scale * (sums.Saturated - _folds[i * Numbers + 4]);
            carrier += scale * (sums.Carrier - _folds[i * Numbers + 5]);
            DesignVector.Add(block, i, errors[i], score);
        }
        return new(score, deviance, errors, weights) { Saturated = saturated, Carrier = carrier };
    }

    /// <summary>Takes over another sample, whose columns, outcomes and clusters get these numbers.</summary>
    public void Merge(Audit other, ReadOnlySpan<int> columns, ReadOnlySpan<int> outcomes, ReadOnlySpan<int> clusters, in ModelShape shape)
    {
        var rows = other._rows.Copy();
        rows.Rename(columns, outcomes, clusters, shape);
        _rows.Append(rows.Rows, 0, rows.Count);
        _folds.AddRange(other._folds);
        Drop(_sample.Merge(other._sample));
    }

    /// <summary>Writes the sample, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_sample.Seen);
        writer.Write(_sample.Seed);
        writer.Write(_sample.Threshold);
        _rows.Save(writer);
        var saved = new double[Saved * Count];
        for (var i = 0; i < Count; i++)
        {
            var fold = CollectionsMarshal.AsSpan(_folds).Slice(i * Numbers, Numbers);
            fold[..4].CopyTo(saved.AsSpan(i * Saved));
            (saved[i * Saved + 4], saved[i * Saved + 5]) = (_sample.Importance(i), _sample.Priority(i));
            fold[4..].CopyTo(saved.AsSpan(i * Saved + 6));
        }
        writer.Write(saved);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The numbers do not match the rows.</exception>
    public static Audit Load(StateReader reader, Block layout)
    {
        var audit = new Audit(layout);
        audit._sample.Restore(reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble());
        audit._rows = RowBuffer.Load(reader, layout);
        var saved = reader.ReadDoubles();
        if (saved.Length != Saved * audit.Count) { throw new InvalidDataException("the audited rows do not match their folds"); }
        for (var at = 0; at < saved.Length; at += Saved)
        {
            audit._folds.AddRange(saved.AsSpan(at, 4));
            audit._folds.AddRange(saved.AsSpan(at + 6, 2));
            audit._sample.Add(saved[at + 4], saved[at + 5]);
        }
        return audit;
    }

    static double InformationOf(in WorkingRows working) => working.Weights[0] - (working.Deficits.IsEmpty ? 0 : working.Deficits[0]);

    void Drop(ReadOnlySpan<bool> dropped)
    {
        if (_sample.Count == dropped.Length) { return; }
        var folds = CollectionsMarshal.AsSpan(_folds);
        for (int i = 0, to = 0; i < dropped.Length; i++)
        {
            if (dropped[i]) { continue; }
            folds.Slice(i * Numbers, Numbers).CopyTo(folds[to..]);
            to += Numbers;
        }
        _folds.RemoveRange(_sample.Count * Numbers, _folds.Count - _sample.Count * Numbers);
        _rows.MoveBack(dropped);
        _rows.Rows.Count = _sample.Count;
    }

    /// <summary>What a row's importance divides by, turned over: few dense columns weigh as much as many levels.</summary>
    static double[] Inverse(double[] diagonal, in ModelShape shape)
    {
        var balance = Math.Max(1, (shape.Columns - shape.DenseColumns) / (double)Math.Max(1, shape.DenseColumns));
        var inverse = new double[shape.Columns];
        for (var j = 0; j < inverse.Length; j++) { inverse[j] = diagonal[j] > 0 ? (j < shape.DenseColumns ? balance : 1) / diagonal[j] : 0; }
        return inverse;
    }

    /// <summary>The rows' leverages under the diagonal of the information, but for their weights: <c>Σ xⱼ²/Iⱼⱼ</c>, in four fixed lanes.</summary>
    static void Fill(Span<double> importances, Block block, double[] inverse)
    {
        var (k, lanes) = (block.DenseColumns, Vector256<double>.Count);
        for (var i = 0; i < importances.Length; i++)
        {
            var row = block.Dense.AsSpan(i * k, k);
            var (sums, j) = (Vector256<double>.Zero, 0);
            for (; j <= k - lanes; j += lanes)
            {
                var x = Vector256.Create<double>(row[j..]);
                sums += x * x * Vector256.Create<double>(inverse.AsSpan(j));
            }
            var sum = Vector256.Sum(sums);
            for (; j < k; j++) { sum += row[j] * row[j] * inverse[j]; }
            for (var s = i * block.Slots; s < (i + 1) * block.Slots; s++)
            {
                if (block.Indices[s] < 0) { continue; }
                var x = block.HasValues ? block.Values[s] : 1;
                sum += x * x * inverse[block.Indices[s]];
            }
            importances[i] = sum;
        }
    }

    /// <summary><c>xᵢᵀθ</c>, without the offset.</summary>
    static double Predictor(Block block, int row, double[] theta)
    {
        var eta = LinearPredictor.Dot(block.Dense.AsSpan(row * block.DenseColumns, block.DenseColumns), theta);
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            if (block.Indices[s] >= 0) { eta += theta[block.Indices[s]] * (block.HasValues ? block.Values[s] : 1); }
        }
        return eta;
    }
}

/// <summary>How far the quadratic of folded rows is from the truth at some θ, by a sample scaled up.</summary>
/// <param name="Score">True score less the quadratic's, <c>[d]</c>.</param>
/// <param name="Deviance">True deviance less the quadratic's.</param>
/// <param name="Errors">The scaled error of every sampled row's score factor, <c>[rows]</c>.</param>
/// <param name="Weights">The scaled error of every sampled row's information weight, <c>[rows]</c>.</param>
readonly record struct Remainder(double[] Score, double Deviance, double[] Errors, double[] Weights)
{
    /// <summary>True saturated kernel less that of the folds, whose auxiliary parameter was another.</summary>
    public double Saturated { get; init; }

    /// <summary>True carrier less that of the folds.</summary>
    public double Carrier { get; init; }
}
