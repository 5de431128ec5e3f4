using FisherFlow.Memory;

namespace FisherFlow.Tests.Memory;

public sealed class CusumTests
{
    /// <summary>Page's integral equation against Brook and Evans' Markov chain of 400 states, whose error is of the order of 1/400².</summary>
    [Theory]
    [InlineData(0.5, 5, 0)]
    [InlineData(0.5, 5, 1)]
    [InlineData(0.25, 8, 0.3)]
    [InlineData(1, 2.5, -0.2)]
    public void The_integral_equation_and_a_Markov_chain_give_the_same_run_length(double k, double h, double shift) =>
        Assert.Equal(1, MarkovChain(k, h, shift, 400) / CusumRunLength.OneSided(k, h, shift), 3e-4);

    /// <summary>The textbook's numbers (Montgomery; Lucas &amp; Crosier 1982): 465 steps to a false alarm, 10.4 to a shift of one standard deviation.</summary>
    [Fact]
    public void The_classic_chart_has_the_run_lengths_of_the_textbook()
    {
        Assert.Equal(465, CusumRunLength.TwoSided(0.5, 5), 0.5);
        Assert.Equal(10.4, CusumRunLength.TwoSided(0.5, 5, 1), 0.05);
        Assert.Equal(38.0, CusumRunLength.TwoSided(0.5, 5, 0.5), 0.1);
    }

    [Theory]
    [InlineData(2, 1, Side.Both)]
    [InlineData(100, 0.2, Side.Upper)]
    [InlineData(465, 1, Side.Both)]
    [InlineData(1e6, 1, Side.Both)]
    [InlineData(1e9, 2, Side.Lower)]
    public void A_detector_made_for_a_run_length_has_it(double target, double shift, Side side)
    {
        var detector = new PageCusum(target, shift, side);
        var (k, h) = (detector.Allowance, detector.Threshold);
        Assert.Equal(1, (side == Side.Both ? CusumRunLength.TwoSided(k, h) : CusumRunLength.OneSided(k, h)) / target, 1e-6);
    }

    [Fact]
    public void The_change_point_is_where_the_sum_was_last_nothing()
    {
        var detector = new PageCusum(1000);
        double[] values = [.. Enumerable.Repeat(0.0, 20), .. Enumerable.Repeat(-2.0, 5)];
        Assert.Equal(23, Array.FindIndex(values, detector.Observe));
        Assert.Equal(20, detector.ChangePoint);
        detector.Reset();
        Assert.False(detector.IsAlarmed);
        Assert.Throws<ArgumentOutOfRangeException>(() => detector.Observe(double.NaN));
        Assert.Equal(0, detector.Count);
    }

    static double MarkovChain(double k, double h, double shift, int states)
    {
        var width = 2 * h / (2 * states - 1);
        var ones = Enumerable.Repeat(1.0, states).ToArray();
        var matrix = new double[states, states];
        for (var i = 0; i < states; i++)
        {
            for (var j = 0; j < states; j++)
            {
                var upper = StandardNormal.Lower((j - i + 0.5) * width + k - shift);
                matrix[i, j] = (i == j ? 1 : 0) - (j == 0 ? upper : upper - StandardNormal.Lower((j - i - 0.5) * width + k - shift));
            }
        }
        return MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(matrix)
            .Solve(MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(ones))[0];
    }
}
