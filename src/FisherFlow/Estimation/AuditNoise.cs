using System.Numerics.Tensors;
using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Estimation;

/// <summary>What an audit cannot know because it looks at a sample: the variance of <c>I⁻¹Δs</c>, unbiased under Poisson sampling (Horvitz &amp; Thompson 1952).</summary>
/// <param name="Variances">Of every kept parameter, <c>[k]</c>.</param>
/// <param name="Gauge">Their sum in units of information: the expected <c>ΔsᵀI⁻¹Δs</c> if nothing were wrong.</param>
readonly record struct AuditNoise(double[] Variances, double Gauge)
{
    /// <summary>Measures the noise of a comparison; <c>O(k)</c> for every non-zero of every sampled row.</summary>
    public static AuditNoise Of(Audit audit, in Remainder remainder, Factor factor)
    {
        var inverse = factor.Inverse();
        var place = new int[factor.Dimension];
        Array.Fill(place, -1);
        for (var k = 0; k < factor.Rank; k++) { place[factor.Kept[k]] = k; }
        var (variances, move, gauge) = (new double[factor.Rank], new double[factor.Rank], 0.0);
        for (var i = 0; i < audit.Count; i++)
        {
            var share = 1 - 1 / audit.Scale(i);
            if (remainder.Errors[i] == 0 || share == 0) { continue; }
            Array.Clear(move);
            AddRow(audit.Rows, i, inverse, place, move);
            var square = share * remainder.Errors[i] * remainder.Errors[i];
            for (var k = 0; k < variances.Length; k++) { variances[k] += square * move[k] * move[k]; }
            gauge += square * Product(audit.Rows, i, move, place);
        }
        return new(variances, gauge);
    }

    /// <summary><c>v ← v + I⁻¹xᵢ</c>.</summary>
    static void AddRow(Block block, int row, double[] inverse, int[] place, double[] move)
    {
        for (var j = 0; j < block.DenseColumns; j++) { AddColumn(move, inverse, place[j], block.Dense[row * block.DenseColumns + j]); }
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            if (block.Indices[s] >= 0) { AddColumn(move, inverse, place[block.Indices[s]], block.HasValues ? block.Values[s] : 1); }
        }
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
}
