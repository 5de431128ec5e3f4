using FisherFlow.Information;
using MathNet.Numerics.LinearAlgebra;

namespace FisherFlow.Tests.Laws;

/// <summary>The structures under the laws, one class each; a structure that is missing here fails <see cref="StructuresAreListedTests"/>.</summary>
public static class StructureList
{
    /// <summary>The Gram matrix with everything that <paramref name="keep"/> denies set to zero.</summary>
    public static double[,] Keep(RowSet rows, Func<int, int, bool> keep)
    {
        var gram = rows.Gram();
        for (var i = 0; i < rows.Dimension; i++) { for (var j = 0; j < rows.Dimension; j++) { gram[i, j] *= keep(i, j) ? 1 : 0; } }
        return gram;
    }

    /// <summary>Fails unless a sketch is within its own certificate of the full information: <c>‖Ĩ − I‖₂ ≤ bound</c>.</summary>
    public static void AssertWithin<T>(double bound, RowSet rows, T sketch) where T : class, IInformation<T>
    {
        var full = Matrix<double>.Build.DenseOfArray(rows.Gram());
        var gap = (Matrix<double>.Build.DenseOfArray(sketch.ToDense()) - full).Evd(Symmetricity.Symmetric).EigenValues.AbsoluteMaximum().Magnitude;
        Assert.True(gap <= bound + 1e-10 * full.Trace(), $"the sketch is {gap} away; its bound is {bound}");
    }
}

public sealed class FullInformationTests : EvidenceLaws<FullInformation>;

public sealed class SquareRootInformationTests : EvidenceLaws<SquareRootInformation>;

public sealed class DiagonalInformationTests : InformationLaws<DiagonalInformation>
{
    protected override DiagonalInformation Create(int dimension) => new(dimension);
    protected override double[,] Projection(RowSet rows) => StructureList.Keep(rows, (i, j) => i == j);
}

public sealed class LowRankInformationTests : InformationLaws<LowRankInformation>
{
    protected override LowRankInformation Create(int dimension) => new(dimension, rank: 2);

    protected override double[,]? Projection(RowSet rows) => null;

    protected override void AssertSameEvidence(LowRankInformation expected, LowRankInformation actual, RowSet rows)
    {
        StructureList.AssertWithin(expected.ErrorBound, rows, expected);
        StructureList.AssertWithin(actual.ErrorBound, rows, actual);
        double[] diagonal = new double[rows.Dimension], gram = [.. Enumerable.Range(0, rows.Dimension).Select(i => rows.Gram()[i, i])];
        actual.CopyDiagonal(diagonal);
        Close.Vectors(gram, diagonal, Merged);
    }
}

/// <summary>Room for every row: nothing is ever dropped, and the structure is the full information.</summary>
public sealed class LowRankOfAmpleRankTests : InformationLaws<LowRankInformation>
{
    protected override LowRankInformation Create(int dimension) => new(dimension, Math.Max(1, dimension));

    protected override double[,] Projection(RowSet rows) => rows.Gram();
}
