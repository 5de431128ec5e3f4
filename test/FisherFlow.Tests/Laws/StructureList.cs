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

    /// <summary>A layer of as many inputs and outputs as divide the parameters most evenly.</summary>
    public static KroneckerInformation Kronecker(int dimension)
    {
        var inputs = Enumerable.Range(1, Math.Max(1, dimension)).Last(m => dimension % m == 0 && m * m <= Math.Max(1, dimension));
        return new(inputs, dimension / inputs);
    }

    /// <summary>The same with evidence enough for a basis of its own.</summary>
    public static KroneckerInformation KroneckerBasis(int dimension)
    {
        var basis = Kronecker(dimension);
        var rows = RowSet.Random(dimension, dimension, 3 * dimension + 5, dimension, 0);
        basis.Add(rows.Rows, rows.Weights);
        return basis;
    }

    /// <summary>Eigenvectors of a Kronecker product, one a row.</summary>
    public static Matrix<double> Directions(KroneckerInformation information)
    {
        var (m, p) = (information.Inputs, information.Outputs);
        var (a, b) = (information.Basis.Left, information.Basis.Right);
        return Matrix<double>.Build.Dense(m * p, m * p, (row, column) => a[row / p * m + column / p] * b[row % p * p + column % p]);
    }

    /// <summary><c>tr_B F ⊗ tr_A F / tr F</c>, by the definition.</summary>
    public static double[,] PartialTraces(RowSet rows)
    {
        var gram = rows.Gram();
        var (m, p) = (Kronecker(rows.Dimension).Inputs, Kronecker(rows.Dimension).Outputs);
        double[,] a = new double[m, m], b = new double[p, p], product = new double[rows.Dimension, rows.Dimension];
        var trace = 0.0;
        for (var j = 0; j < m; j++) { for (var l = 0; l < m; l++) { for (var i = 0; i < p; i++) { a[j, l] += gram[j * p + i, l * p + i]; } } }
        for (var i = 0; i < p; i++) { for (var k = 0; k < p; k++) { for (var j = 0; j < m; j++) { b[i, k] += gram[j * p + i, j * p + k]; } } }
        for (var j = 0; j < m; j++) { trace += a[j, j]; }
        for (var r = 0; r < rows.Dimension; r++) { for (var c = 0; c < rows.Dimension; c++) { product[r, c] = a[r / p, c / p] * b[r % p, c % p] / trace; } }
        return product;
    }

    public static void AssertNotRenamed<T>(T information) where T : class, IInformation<T>
    {
        var same = Enumerable.Range(0, information.Dimension).ToArray();
        information.Remap(same, same.Length);
        Assert.Throws<NotSupportedException>(() => information.Remap(same, same.Length + 1));
        if (same.Length > 1) { Assert.Throws<NotSupportedException>(() => information.Remap([.. same.Reverse()], same.Length)); }
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

public sealed class FrequentDirectionsInformationTests : InformationLaws<FrequentDirectionsInformation>
{
    protected override FrequentDirectionsInformation Create(int dimension) => new(dimension, 4);

    protected override double[,]? Projection(RowSet rows) => null;

    protected override bool KeepsTrace => false;

    protected override (FrequentDirectionsInformation Information, double Damping) Damped(int seed) => (From(Rows(seed)), 0.05 + new Random(seed).NextDouble());

    protected override void AssertSameEvidence(FrequentDirectionsInformation expected, FrequentDirectionsInformation actual, RowSet rows)
    {
        StructureList.AssertWithin(expected.ErrorBound, rows, expected);
        StructureList.AssertWithin(actual.ErrorBound, rows, actual);
    }
}

public sealed class ScalarInformationTests : InformationLaws<ScalarInformation>
{
    protected override ScalarInformation Create(int dimension) => new(dimension);

    protected override double[,] Projection(RowSet rows)
    {
        var gram = rows.Gram();
        var mean = Enumerable.Range(0, rows.Dimension).Sum(i => gram[i, i]) / rows.Dimension;
        for (var i = 0; i < rows.Dimension; i++) { for (var j = 0; j < rows.Dimension; j++) { gram[i, j] = i == j ? mean : 0; } }
        return gram;
    }

    protected override bool UniformInformation(double[] row) => true;

    protected override bool HasLength => false;

    protected override void AssertRemapped(ScalarInformation information, int[] map, int dimension)
    {
        var trace = information.Trace();
        information.Remap(map, dimension);
        Assert.Equal(dimension, information.Dimension);
        Assert.Equal(trace, information.Trace());
    }
}

public sealed class BlockDiagonalInformationTests : InformationLaws<BlockDiagonalInformation>
{
    // Groups that are not consecutive: parameter i is in group i mod 3.
    protected override BlockDiagonalInformation Create(int dimension) => new([.. Enumerable.Range(0, dimension).Select(i => $"g{i % 3}")]);

    protected override double[,] Projection(RowSet rows) => StructureList.Keep(rows, (i, j) => i % 3 == j % 3);
}

public sealed class KroneckerInformationTests : InformationLaws<KroneckerInformation>
{
    protected override KroneckerInformation Create(int dimension) => StructureList.Kronecker(dimension);

    protected override double[,] Projection(RowSet rows) => StructureList.PartialTraces(rows);

    protected override void AssertRemapped(KroneckerInformation information, int[] map, int dimension) => StructureList.AssertNotRenamed(information);
}

public sealed class CorrectedKroneckerInformationTests : InformationLaws<CorrectedKroneckerInformation>
{
    protected override CorrectedKroneckerInformation Create(int dimension) => new(StructureList.KroneckerBasis(dimension));

    protected override double[,] Projection(RowSet rows)
    {
        var q = StructureList.Directions(StructureList.KroneckerBasis(rows.Dimension));
        var scales = (q * Matrix<double>.Build.DenseOfArray(rows.Gram()) * q.Transpose()).Diagonal();
        return (q.Transpose() * Matrix<double>.Build.DenseOfDiagonalVector(scales) * q).ToArray();
    }

    protected override bool UniformInformation(double[] row) => true;

    protected override void AssertRemapped(CorrectedKroneckerInformation information, int[] map, int dimension) => StructureList.AssertNotRenamed(information);
}

public sealed class SparseInformationTests : InformationLaws<SparseInformation>
{
    protected override SparseInformation Create(int dimension) => new(dimension);

    protected override double[,] Projection(RowSet rows) => rows.Gram();
}
