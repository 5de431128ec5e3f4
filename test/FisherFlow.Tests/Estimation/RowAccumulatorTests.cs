using FisherFlow.Estimation;
using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Tests.Estimation;

public sealed class RowAccumulatorTests
{
    [Theory]
    [InlineData("gumbel", 650)]             // e^650: far above 1e140 with a negative sign
    [InlineData("smallest-extreme", -650)]  // and with a positive one
    public void Numbers_too_large_to_be_added_up_make_the_deviance_infinite_whatever_their_sign(string distribution, double location)
    {
        var model = ModelFactory.Create(new() { Family = Family.Distributional, Distribution = distribution });
        var block = new Block(1, 1, 0, false, false, false) { Count = 1 };
        (block.Dense[0], block.Weight[0]) = (1, 1);
        var accumulator = new RowAccumulator<FullInformation>(model, threads: 1);
        var sums = default(FitSums);

        accumulator.Add(block, 0, 1, new(new(1, 1, 2), [location, 0], 0), new FullInformation(2), ref sums);

        Assert.Equal(double.PositiveInfinity, sums.Deviance);
    }
}
