using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>A bounded systematic sample of folded rows, kept to ask later how far the quadratic that stands for them has drifted from the truth.</summary>
/// <remarks>
/// A row folded at θ_b contributes <c>(r_b − w_b(η − η_b))x</c> to the score of the quadratic at θ and <c>r(η)x</c> to the true score.
/// The sampled difference, scaled up, estimates the score that one pass has left over, and so the step that is missing to the maximum likelihood
/// estimate. Models with one linear predictor only.
/// Every <see cref="Stride"/>-th row is kept; when the sample is full every other one is dropped and the stride doubles.
/// </remarks>
sealed class Audit(Block layout)
{
    const int Bytes = 2 << 20;
    const int MostRows = 8192;
    const int FewestRows = 256;
    const int NumbersPerRow = 4;   // η, score, weight, deviance at the fold

    RowBuffer _rows = new(RowBuffer.CreateLike(layout, 0));
    readonly int _most = Math.Clamp(Bytes / RowBuffer.BytesPerRow(layout), FewestRows, MostRows);
    List<double> _folds = [];      // [rows, NumbersPerRow]
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
            _folds.AddRange(Predictor(block, i, theta), working.Scores[0], working.Weights[0], sums.Deviance);
            if (Count >= _most) { Thin(); }
        }
    }

    /// <summary>Compares truth and quadratic at θ <c>[d]</c> over all folded rows, by the sample scaled up.</summary>
    public Remainder Compare(IModel model, in ModelShape shape, double[] theta, double auxiliary, Workspace workspace)
    {
        var block = _rows.Rows;
        var (score, deviance, errors) = (new double[theta.Length], 0.0, new double[Count]);
        for (var i = 0; i < Count; i++)
        {
            var sums = default(FitSums);
            var working = model.Work(block, i, 1, shape, theta, auxiliary, default, ref sums, workspace);
            var (r, w) = (_folds[i * NumbersPerRow + 1], _folds[i * NumbersPerRow + 2]);
            var move = Predictor(block, i, theta) - _folds[i * NumbersPerRow];
            errors[i] = Stride * (working.Scores[0] - r + w * move);
            deviance += Stride * (sums.Deviance - _folds[i * NumbersPerRow + 3] + 2 * r * move - w * move * move);
            for (var j = 0; j < block.DenseColumns; j++) { score[j] += errors[i] * block.Dense[i * block.DenseColumns + j]; }
            for (var s = i * block.Slots; s < (i + 1) * block.Slots; s++)
            {
                if (block.Indices[s] >= 0) { score[block.Indices[s]] += block.HasValues ? errors[i] * block.Values[s] : errors[i]; }
            }
        }
        return new(score, deviance, errors);
    }

    /// <summary>Variance of <c>I⁻¹Δs</c> that comes of looking at a sample only, for every kept parameter <c>[k]</c>, and of its length in units of information.</summary>
    public (double[] Variances, double Gauge) SamplingError(in Remainder remainder, Factor factor)
    {
        var share = 1 - 1.0 / Stride;
        var variances = new double[factor.Rank];
        if (share == 0) { return (variances, 0); }
        var inverse = factor.Inverse();
        var place = new int[factor.Dimension];
        Array.Fill(place, -1);
        for (var k = 0; k < factor.Rank; k++) { place[factor.Kept[k]] = k; }
        var (block, move, gauge) = (_rows.Rows, new double[factor.Rank], 0.0);
        for (var i = 0; i < Count; i++)
        {
            if (remainder.Errors[i] == 0) { continue; }
            Array.Clear(move);
            for (var j = 0; j < block.DenseColumns; j++) { AddColumn(move, inverse, place[j], block.Dense[i * block.DenseColumns + j]); }
            for (var s = i * block.Slots; s < (i + 1) * block.Slots; s++)
            {
                if (block.Indices[s] >= 0) { AddColumn(move, inverse, place[block.Indices[s]], block.HasValues ? block.Values[s] : 1); }
            }
            var square = share * remainder.Errors[i] * remainder.Errors[i];
            for (var k = 0; k < variances.Length; k++) { variances[k] += square * move[k] * move[k]; }
            gauge += square * Product(block, i, move, place);
        }
        return (variances, gauge);
    }

    static void AddColumn(double[] move, double[] inverse, int column, double value)
    {
        if (column >= 0) { TensorPrimitives.MultiplyAdd(inverse.AsSpan(column * move.Length, move.Length), value, move, move); }
    }

    /// <summary><c>xᵢᵀv</c> over the kept parameters.</summary>
    static double Product(Block block, int row, double[] vector, int[] place)
    {
        var sum = 0.0;
        for (var j = 0; j < block.DenseColumns; j++) { sum += place[j] < 0 ? 0 : vector[place[j]] * block.Dense[row * block.DenseColumns + j]; }
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            var k = block.Indices[s] < 0 ? -1 : place[block.Indices[s]];
            if (k >= 0) { sum += vector[k] * (block.HasValues ? block.Values[s] : 1); }
        }
        return sum;
    }

    /// <summary>Takes over another sample, whose columns were renamed to these.</summary>
    public void Merge(Audit other, ReadOnlySpan<int> columns, ReadOnlySpan<int> outcomes, ReadOnlySpan<int> clusters, in ModelShape shape)
    {
        var rows = other.Copy();
        rows._rows.Rename(columns, outcomes, clusters, shape);
        while (rows.Stride < Stride) { rows.Thin(); }
        while (Stride < rows.Stride) { Thin(); }
        _rows.Append(rows._rows.Rows, 0, rows.Count);
        _folds.AddRange(rows._folds);
        _seen += rows._seen;
        while (Count >= _most) { Thin(); }
    }

    /// <summary>A copy with its own storage.</summary>
    public Audit Copy()
    {
        var copy = new Audit(_rows.Rows) { _rows = _rows.Copy(), _seen = _seen, Stride = Stride };
        copy._folds.AddRange(_folds);
        return copy;
    }

    /// <summary>Writes the sample, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_seen);
        writer.Write(Stride);
        _rows.Save(writer);
        writer.Write([.. _folds]);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static Audit Load(StateReader reader, Block layout)
    {
        var audit = new Audit(layout) { _seen = reader.ReadInt64(), Stride = reader.ReadInt64(), _rows = RowBuffer.Load(reader, layout) };
        audit._folds.AddRange(reader.ReadDoubles());
        return audit._folds.Count == NumbersPerRow * audit.Count && audit.Stride > 0 ? audit : throw new InvalidDataException("the audited rows do not match their folds");
    }

    void Thin()
    {
        var odd = new bool[Count];
        for (var i = 1; i < odd.Length; i += 2) { odd[i] = true; }
        _rows.MoveBack(odd);
        var kept = (Count + 1) / 2;
        _rows.Rows.Count = kept;
        _folds = [.. _folds.Where((_, i) => i / NumbersPerRow % 2 == 0)];
        Stride *= 2;
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

/// <summary>How far the quadratic of folded rows is from the truth at some θ, by a sample scaled up.</summary>
/// <param name="Score">True score less the quadratic's, <c>[d]</c>.</param>
/// <param name="Deviance">True deviance less the quadratic's.</param>
/// <param name="Errors">The scaled error of every sampled row's score factor.</param>
readonly record struct Remainder(double[] Score, double Deviance, double[] Errors);
