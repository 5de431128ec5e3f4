using FisherFlow.Information;

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
}

public sealed class FullInformationTests : EvidenceLaws<FullInformation>;

public sealed class SquareRootInformationTests : EvidenceLaws<SquareRootInformation>;

public sealed class DiagonalInformationTests : InformationLaws<DiagonalInformation>
{
    protected override DiagonalInformation Create(int dimension) => new(dimension);
    protected override double[,] Projection(RowSet rows) => StructureList.Keep(rows, (i, j) => i == j);
}
