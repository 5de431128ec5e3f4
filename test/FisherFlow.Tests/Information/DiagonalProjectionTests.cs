using FisherFlow.Information;
using FisherFlow.Tests.Laws;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace FisherFlow.Tests.Information;

/// <summary>What a diagonal keeps of the full information, and what that is worth (CK-28, CK-38 to CK-40 of the mathematics).</summary>
public sealed class DiagonalProjectionTests
{
    [Theory, Seeds(100)]
    public void Each_projection_minimises_its_divergence(int seed)
    {
        var rows = RowSet.Random(seed, 2 + seed % 5, 60, 2 + seed % 5, 0);
        var full = Full(rows);
        var dense = Matrix<double>.Build.DenseOfArray(full.ToDense());
        foreach (var (projection, divergence) in new (DiagonalProjection, Func<Matrix<double>, double>)[]
        {
            (DiagonalProjection.Frobenius, m => (m - dense).FrobeniusNorm()),
            (DiagonalProjection.MeanField, m => Divergence(m, dense)),
            (DiagonalProjection.Marginal, m => Divergence(dense, m)),
        })
        {
            Assert.True(DiagonalInformation.Project(full, projection, out var diagonal).IsSolved);
            var least = divergence(Matrix<double>.Build.DenseOfArray(diagonal!.ToDense()));
            for (var i = 0; i < rows.Dimension; i++)
            {
                foreach (var factor in (double[])[0.9, 0.999, 1.001, 1.1])
                {
                    var moved = Matrix<double>.Build.DenseOfArray(diagonal.ToDense());
                    moved[i, i] *= factor;
                    Assert.True(divergence(moved) > least, $"{projection}: moving entry {i} by {factor} gives {divergence(moved)}, below {least}");
                }
            }
        }
    }

    [Fact]
    public void The_two_directions_of_the_divergence_give_conditional_and_marginal_variances()
    {
        var full = Correlated(0.9);
        DiagonalInformation.Project(full, DiagonalProjection.MeanField, out var conditional);
        DiagonalInformation.Project(full, DiagonalProjection.Marginal, out var marginal);
        Assert.Equal(1, conditional!.Diagonal[0]);
        Close.Numbers(1 / 5.263158, marginal!.Diagonal[0], 1e-7);   // CK-09: 1/(1 − ρ²)
    }

    [Fact]
    public void A_marginal_projection_of_singular_information_is_a_status()
    {
        var full = new FullInformation(2);
        full.Add([1, 1], 1);
        Assert.Equal(1, DiagonalInformation.Project(full, DiagonalProjection.Marginal, out var none).FailedPivot);
        Assert.Null(none);
        Assert.True(DiagonalInformation.Project(full, DiagonalProjection.MeanField, out var some).IsSolved);
        Assert.Equal([1.0, 1], some!.Diagonal.ToArray());
    }

    [Theory]
    [InlineData(0.5, 0.9104)]
    [InlineData(0.9, 0.6071)]
    [InlineData(0.99, 0.2178)]
    public void Intervals_from_the_diagonal_cover_less_than_they_say(double correlation, double coverage)
    {
        var full = Correlated(correlation);
        DiagonalInformation.Project(full, DiagonalProjection.MeanField, out var diagonal);
        double[] true0 = new double[2], said = new double[2];
        full.InverseDiagonal(true0, 0);
        diagonal!.InverseDiagonal(said, 0);
        var reach = Normal.InvCDF(0, 1, 0.975) * Math.Sqrt(said[0] / true0[0]);
        Assert.Equal(coverage, 2 * Normal.CDF(0, 1, reach) - 1, 4);
        Assert.True(DiagonalInformation.UnderstatesVariance);
        DiagonalInformation.Project(full, DiagonalProjection.Marginal, out var marginal);
        marginal!.InverseDiagonal(said, 0);
        Close.Vectors(true0, said, 1e-12);
    }

    [Fact]
    public void No_diagonal_is_near_equally_correlated_parameters()
    {
        const int Dimension = 10;
        var full = new FullInformation(Dimension);
        for (var i = 0; i < Dimension; i++)
        {
            var unit = new double[Dimension];
            unit[i] = 1;
            full.Add(unit, 1 - 0.9);
        }
        full.Add([.. Enumerable.Repeat(1.0, Dimension)], 0.9);
        DiagonalInformation.Project(full, DiagonalProjection.Frobenius, out var diagonal);
        var error = StructureError.Of(diagonal!, full)!.Value;
        Close.Numbers(91, (1 + error.Highest) / (1 + error.Lowest), 1e-10);   // CK-28: (1 + (d − 1)ρ)/(1 − ρ)
    }

    [Fact]
    public void The_inverse_diagonal_is_as_near_as_the_two_bounds_say()
    {
        var random = new Random(39);
        var worst = 0.0;
        for (var trial = 0; trial < 3000; trial++)
        {
            var d = 2 + trial % 5;
            var rows = RowSet.Random(trial, d, d + 1 + random.Next(5), d, 0) with { Weights = [.. Enumerable.Repeat(1.0, d + 6)] };
            var full = Matrix<double>.Build.DenseOfArray((rows with { Weights = rows.Weights[..rows.Count] }).Gram());
            var diagonal = Matrix<double>.Build.DenseOfDiagonalVector(full.Diagonal());
            var lowest = full.Evd(Symmetricity.Symmetric).EigenValues.Min(value => value.Real);
            var gap = (full.Inverse() - diagonal.Inverse()).FrobeniusNorm();
            var apart = (full - diagonal).FrobeniusNorm();
            Assert.True(gap <= apart / (lowest * full.Diagonal().Minimum()) * (1 + 1e-9));
            worst = Math.Max(worst, gap * lowest * lowest / apart);
        }
        Assert.InRange(worst, 0.5, 1);   // CK-39: the looser bound holds too, and is nearly reached
        Close.Numbers(9.012457, (Matrix<double>.Build.DenseOfArray(Correlated(0.9).ToDense()).Inverse() - Matrix<double>.Build.DenseIdentity(2)).FrobeniusNorm(), 1e-7);
    }

    static FullInformation Correlated(double correlation)
    {
        var full = new FullInformation(2);
        full.Add([1, correlation], 1);
        full.Add([0, 1], 1 - correlation * correlation);
        return full;
    }

    static FullInformation Full(RowSet rows)
    {
        var full = new FullInformation(rows.Dimension);
        full.Add(rows.Rows, rows.Weights);
        return full;
    }

    /// <summary><c>KL(N(0, P⁻¹) ‖ N(0, Q⁻¹))</c> of precisions.</summary>
    static double Divergence(Matrix<double> p, Matrix<double> q) =>
        0.5 * ((q * p.Inverse()).Trace() - p.RowCount - Math.Log(q.Determinant() / p.Determinant()));
}
