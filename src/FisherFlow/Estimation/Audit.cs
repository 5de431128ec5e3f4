using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>A bounded systematic sample of folded rows, kept to ask later how far the quadratic that stands for them has drifted from the truth.</summary>
/// <remarks>
/// A row folded at θ_b contributes <c>(r_b − w_b(η − η_b))x</c> to the score of the quadratic at θ and <c>r(η)x</c> to the true score.
/// The sampled difference, scaled up, estimates the score that one pass has left over. Models with one linear predictor only.
/// Every <see cref="Stride"/>-th row is kept; when the sample is full every other one is dropped and the stride doubles.
/// </remarks>
sealed class Audit(Block layout)
{
    const int Largest = 8192;

    RowBuffer _rows = new(RowBuffer.CreateLike(layout, 0));
    readonly List<double> _eta = [];
    readonly List<double> _score = [];
    readonly List<double> _weight = [];
    long _seen;

    /// <summary>One row in how many is kept.</summary>
    public long Stride { get; private set; } = 1;

    /// <summary>Rows kept.</summary>
    public int Count => _rows.Count;

    /// <summary>Samples rows that are being folded at this θ.</summary>
    public void Fold(IModel model, Block block, int count, in ModelShape shape, double[] theta, double auxiliary, Workspace workspace)
    {
        for (var i = 0; i < count; i++)
        {
            if (_seen++ % Stride != 0) { continue; }
            var sums = default(FitSums);
            var working = model.Work(block, i, 1, shape, theta, auxiliary, default, ref sums, workspace);
            if (working.PerObservation != 1) { return; }
            _rows.Append(block, i, 1);
            _eta.Add(Predictor(block, i, theta));
            _score.Add(working.Scores[0]);
            _weight.Add(working.Weights[0]);
            if (Count >= Largest) { Thin(); }
        }
    }

    /// <summary>The estimated score left over at θ <c>[d]</c>: true score less the quadratic's, over all folded rows.</summary>
    public double[] Remainder(IModel model, in ModelShape shape, double[] theta, double auxiliary, Workspace workspace)
    {
        var remainder = new double[theta.Length];
        var block = _rows.Rows;
        for (var i = 0; i < Count; i++)
        {
            var sums = default(FitSums);
            var working = model.Work(block, i, 1, shape, theta, auxiliary, default, ref sums, workspace);
            var error = Stride * (working.Scores[0] - _score[i] + _weight[i] * (Predictor(block, i, theta) - _eta[i]));
            for (var j = 0; j < block.DenseColumns; j++) { remainder[j] += error * block.Dense[i * block.DenseColumns + j]; }
            for (var s = i * block.Slots; s < (i + 1) * block.Slots; s++)
            {
                if (block.Indices[s] >= 0) { remainder[block.Indices[s]] += block.HasValues ? error * block.Values[s] : error; }
            }
        }
        return remainder;
    }

    /// <summary>Takes over another sample, whose columns were renamed to these.</summary>
    public void Merge(Audit other, ReadOnlySpan<int> columns, ReadOnlySpan<int> outcomes, ReadOnlySpan<int> clusters, in ModelShape shape)
    {
        var rows = other.Copy();
        rows._rows.Rename(columns, outcomes, clusters, shape);
        while (rows.Stride < Stride) { rows.Thin(); }
        while (Stride < rows.Stride) { Thin(); }
        _rows.Append(rows._rows.Rows, 0, rows.Count);
        _eta.AddRange(rows._eta);
        _score.AddRange(rows._score);
        _weight.AddRange(rows._weight);
        _seen += rows._seen;
        while (Count >= Largest) { Thin(); }
    }

    /// <summary>A copy with its own storage.</summary>
    public Audit Copy()
    {
        var copy = new Audit(_rows.Rows) { _rows = _rows.Copy(), _seen = _seen, Stride = Stride };
        copy._eta.AddRange(_eta);
        copy._score.AddRange(_score);
        copy._weight.AddRange(_weight);
        return copy;
    }

    /// <summary>Writes the sample, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_seen);
        writer.Write(Stride);
        _rows.Save(writer);
        writer.Write([.. _eta]);
        writer.Write([.. _score]);
        writer.Write([.. _weight]);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static Audit Load(StateReader reader, Block layout)
    {
        var audit = new Audit(layout) { _seen = reader.ReadInt64(), Stride = reader.ReadInt64(), _rows = RowBuffer.Load(reader, layout) };
        audit._eta.AddRange(reader.ReadDoubles());
        audit._score.AddRange(reader.ReadDoubles());
        audit._weight.AddRange(reader.ReadDoubles());
        return audit;
    }

    void Thin()
    {
        var odd = new bool[Count];
        for (var i = 1; i < odd.Length; i += 2) { odd[i] = true; }
        _rows.MoveBack(odd);
        var kept = (Count + 1) / 2;
        _rows.Rows.Count = kept;
        KeepEven(_eta, kept);
        KeepEven(_score, kept);
        KeepEven(_weight, kept);
        Stride *= 2;
    }

    static void KeepEven(List<double> values, int kept)
    {
        for (var i = 0; i < kept; i++) { values[i] = values[2 * i]; }
        values.RemoveRange(kept, values.Count - kept);
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
}
