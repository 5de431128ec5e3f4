using FisherFlow.Information;

namespace FisherFlow.Tests.Laws;

/// <summary>What every structure of information must obey; its own dense form is the oracle.</summary>
public abstract class InformationLaws<T> where T : class, IInformation<T>
{
    protected abstract T From(RowSet rows);

    [Theory, Seeds(100)]
    public void Solving_undoes_multiplying(int seed)
    {
        var rows = RowSet.Rich(seed);
        var information = From(rows);
        var random = new Random(seed);
        var damping = seed % 3 == 0 ? 0 : random.NextDouble();
        var x = RowSet.Normals(random, rows.Dimension);
        double[] y = new double[rows.Dimension], back = new double[rows.Dimension];
        information.Multiply(x, y);
        for (var i = 0; i < y.Length; i++) { y[i] += damping * x[i]; }
        Assert.True(information.Solve(y, back, damping).IsSolved);
        Close.Vectors(x, back, 1e-7);
    }

    [Fact]
    public void Without_evidence_the_first_pivot_fails() =>
        Assert.Equal(0, T.Create(3).Solve(new double[3], new double[3], damping: 0).FailedPivot);
}
