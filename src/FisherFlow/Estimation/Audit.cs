using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>A bounded sample of folded rows, kept to ask later how far the quadratic that stands for them has drifted from the truth.</summary>
/// <remarks>
/// A row folded at θ_b contributes <c>(r_b − w_b(η − η_b))x</c> to the score of the quadratic at θ and <c>r(η)x</c> to the true score.
/// The sampled difference, scaled up, estimates the score that one pass has left over, and so the step that is missing to the maximum likelihood
/// estimate. Models with one linear predictor only.
/// Rows are drawn by priority <c>a/u</c>, with u uniform and a the row's leverage when it was folded, so that rare levels and early rows,
/// where quadratics err most, are seldom left out; a kept row counts <c>max(1, τ/a)</c> times, τ being the largest priority dropped.
/// Merge: two samples make one (Duffield, Lund &amp; Thorup 2007, priority sampling).
/// </remarks>
sealed class Audit(Block layout, int most = 0)
{
    const int Bytes = 12 << 20;
    const int MostRows = 1 << 17;
    const int FewestRows = 256;
    const int Numbers = 8;   // of each row at its fold: η, score factor, weight, deviance; importance a, priority a/u; saturated and carrier sums

    readonly int _most = most > 0 ? most : Math.Clamp(Bytes / (RowBuffer.BytesPerRow(layout) + Numbers * sizeof(double)), FewestRows, MostRows);
    RowBuffer _rows = new(RowBuffer.CreateLike(layout, 0));
    List<double> _folds = [];
    double _threshold;
    long _seed;
    long _seen;

    /// <summary>Rows kept.</summary>
    public int Count => _rows.Count;

    /// <summary>The rows kept.</summary>
    public Block Rows => _rows.Rows;

    /// <summary>Samples the first <paramref name="count"/> rows, which are being folded at this θ into an information with this diagonal <c>[d]</c>.</summary>
    public void Fold(IModel model, Block block, int count, in ModelShape shape, double[] theta, double auxiliary, double[] diagonal, Workspace workspace)
    {
        if (_seen == 0) { _seed = Seed(block, count); }
        var balance = Math.Max(1, (shape.Columns - shape.DenseColumns) / (double)Math.Max(1, shape.DenseColumns));
        for (var i = 0; i < count; i++)
        {
            var importance = Importance(block, i, diagonal, balance);
            var priority = importance / Uniform(_seed + _seen++);
            if (!(priority > _threshold)) { continue; }
            var sums = default(FitSums);
            var working = model.Work(block, i, 1, shape, theta, auxiliary, default, ref sums, workspace);
            if (working.PerObservation != 1) { return; }
            _rows.Append(block, i, 1);
            _folds.AddRange(Predictor(block, i, theta), working.Scores[0], InformationOf(working), sums.Deviance, importance, priority, sums.Saturated, sums.Carrier);
            if (Count >= _most + _most / 3) { Thin(); }
        }
    }

    /// <summary>A number from the data as they came, so that shards draw apart, and threads, whose rounding differs, do not.</summary>
    static long Seed(Block block, int count)
    {
        const int RowsLookedAt = 64;
        var seed = 0L;
        for (var i = 0; i < Math.Min(count, RowsLookedAt); i++)
        {
            Mix(block.Response[i]);
            foreach (var x in block.Dense.AsSpan(i * block.DenseColumns, block.DenseColumns)) { Mix(x); }
            foreach (var index in block.Indices.AsSpan(i * block.Slots, block.Slots)) { Mix(index); }
        }
        return seed;

        void Mix(double value) => seed = unchecked((long)BitOperations.RotateLeft((ulong)(seed ^ BitConverter.DoubleToInt64Bits(value)) * 0x9E3779B97F4A7C15, 29));
    }

    /// <summary>How many folded rows a kept one stands for.</summary>
    public double Scale(int row) => Math.Max(1, _threshold / _folds[row * Numbers + 4]);

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
            saturated += scale * (sums.Saturated - _folds[i * Numbers + 6]);
            carrier += scale * (sums.Carrier - _folds[i * Numbers + 7]);
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
        _seen += other._seen;
        _threshold = Math.Max(_threshold, other._threshold);
        Keep(_threshold);
        if (Count >= _most + _most / 3) { Thin(); }
    }

    /// <summary>Writes the sample, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_seen);
        writer.Write(_seed);
        writer.Write(_threshold);
        _rows.Save(writer);
        writer.Write([.. _folds]);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The numbers do not match the rows.</exception>
    public static Audit Load(StateReader reader, Block layout)
    {
        var audit = new Audit(layout) { _seen = reader.ReadInt64(), _seed = reader.ReadInt64(), _threshold = reader.ReadDouble(), _rows = RowBuffer.Load(reader, layout) };
        audit._folds.AddRange(reader.ReadDoubles());
        return audit._folds.Count == Numbers * audit.Count ? audit : throw new InvalidDataException("the audited rows do not match their folds");
    }

    static double InformationOf(in WorkingRows working) => working.Weights[0] - (working.Deficits.IsEmpty ? 0 : working.Deficits[0]);

    void Thin()
    {
        var rented = ArrayPool<double>.Shared.Rent(Count);
        var priorities = rented.AsSpan(0, Count);
        for (var i = 0; i < priorities.Length; i++) { priorities[i] = _folds[i * Numbers + 5]; }
        priorities.Sort();
        _threshold = Math.Max(_threshold, priorities[^(_most + 1)]);
        ArrayPool<double>.Shared.Return(rented);
        Keep(_threshold);
    }

    /// <summary>Drops what does not exceed the threshold.</summary>
    void Keep(double threshold)
    {
        var rented = ArrayPool<bool>.Shared.Rent(Count);
        var dropped = rented.AsSpan(0, Count);
        var kept = 0;
        for (var i = 0; i < dropped.Length; i++)
        {
            dropped[i] = !(_folds[i * Numbers + 5] > threshold);
            kept += dropped[i] ? 0 : 1;
        }
        if (kept < Count) { Drop(dropped, kept); }
        ArrayPool<bool>.Shared.Return(rented);
    }

    void Drop(ReadOnlySpan<bool> dropped, int kept)
    {
        var folds = CollectionsMarshal.AsSpan(_folds);
        for (int i = 0, to = 0; i < dropped.Length; i++)
        {
            if (dropped[i]) { continue; }
            folds.Slice(i * Numbers, Numbers).CopyTo(folds[to..]);
            to += Numbers;
        }
        _folds.RemoveRange(kept * Numbers, _folds.Count - kept * Numbers);
        _rows.MoveBack(dropped);
        _rows.Rows.Count = kept;
    }

    /// <summary>The row's leverage under the diagonal of the information, but for its weight: <c>Σ xⱼ²/Iⱼⱼ</c>; few dense columns weigh as much as many levels.</summary>
    static double Importance(Block block, int row, double[] diagonal, double balance)
    {
        var sum = 0.0;
        for (var j = 0; j < block.DenseColumns; j++)
        {
            var x = block.Dense[row * block.DenseColumns + j];
            sum += diagonal[j] > 0 ? balance * x * x / diagonal[j] : 0;
        }
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            if (block.Indices[s] < 0 || !(diagonal[block.Indices[s]] > 0)) { continue; }
            var x = block.HasValues ? block.Values[s] : 1;
            sum += x * x / diagonal[block.Indices[s]];
        }
        return sum;
    }

    /// <summary><c>xᵢᵀθ</c>, without the offset.</summary>
    static double Predictor(Block block, int row, double[] theta)
    {
        var eta = 0.0;
        for (var j = 0; j < block.DenseColumns; j++) { eta += block.Dense[row * block.DenseColumns + j] * theta[j]; }
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            if (block.Indices[s] >= 0) { eta += theta[block.Indices[s]] * (block.HasValues ? block.Values[s] : 1); }
        }
        return eta;
    }

    /// <summary>A number in (0, 1] from a counter (Steele, Lea &amp; Flood 2014, splitmix64).</summary>
    static double Uniform(long counter)
    {
        var z = unchecked((ulong)counter * 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (((z ^ (z >> 31)) >> 11) + 1) * (1.0 / (1UL << 53));
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
