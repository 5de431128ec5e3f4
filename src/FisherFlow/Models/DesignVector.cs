using System.Numerics.Tensors;

namespace FisherFlow.Models;

/// <summary>A row's design as a dense vector over the design columns.</summary>
static class DesignVector
{
    /// <summary>Adds a row times a factor to <paramref name="design"/>, <c>[p]</c> over design columns.</summary>
    public static void Add(Block block, int row, double factor, Span<double> design)
    {
        var k = block.DenseColumns;
        TensorPrimitives.MultiplyAdd(block.Dense.AsSpan(row * k, k), factor, design[..k], design[..k]);
        for (var s = row * block.Slots; s < (row + 1) * block.Slots; s++)
        {
            if (block.Indices[s] >= 0) { design[block.Indices[s]] += factor * (block.Values.Length == 0 ? 1 : block.Values[s]); }
        }
    }
}
