using FisherFlow.Models;

namespace FisherFlow.Tests.Models;

public sealed class LinearPredictorTests
{
    [Theory, InlineData(0, 2, true), InlineData(1, 0, false), InlineData(3, 1, false), InlineData(7, 3, true), InlineData(8, 2, false)]
    public void It_is_the_offset_and_the_dense_design_times_the_parameters(int dense, int slots, bool hasValues)
    {
        var random = new Random(6);
        var block = new Block(9, dense, slots, hasValues, hasTrials: false, hasClusters: false) { Count = 9, Columns = dense + 4 };
        for (var i = 0; i < block.Dense.Length; i++) { block.Dense[i] = random.NextDouble() - 0.5; }
        for (var i = 0; i < block.Indices.Length; i++) { block.Indices[i] = random.Next(5) == 0 ? -1 : dense + random.Next(4); }
        for (var i = 0; i < block.Values.Length; i++) { block.Values[i] = random.NextDouble(); }
        for (var i = 0; i < 9; i++) { block.Offset[i] = random.NextDouble(); }
        var theta = Enumerable.Range(0, block.Columns).Select(_ => random.NextDouble() - 0.5).ToArray();
        var (eta, design) = (new double[6], new double[block.Columns]);
        LinearPredictor.Fill(block.Rows(2, 6), theta, block.Offset.AsSpan(2, 6), eta);
        for (var i = 0; i < 6; i++)
        {
            Array.Clear(design);
            DesignVector.Add(block, i + 2, 1, design);
            Assert.Equal(block.Offset[i + 2] + design.Zip(theta, (x, t) => x * t).Sum(), eta[i], 1e-14);
        }
    }
}
