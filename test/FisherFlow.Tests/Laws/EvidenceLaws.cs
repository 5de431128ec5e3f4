using FisherFlow.Information;
using FisherFlow.Snapshots;

namespace FisherFlow.Tests.Laws;

/// <summary>What every structure that keeps information and score must obey, whatever rows come.</summary>
public abstract class EvidenceLaws<T> : InformationLaws<T> where T : class, IEvidence<T>
{
    [Theory, Seeds(100)]
    public void Evidence_may_be_split_anywhere_and_merged_in_any_order(int seed)
    {
        var rows = RowSet.Rich(seed);
        var whole = rows.Into(T.Create(rows.Dimension));
        var cut = new Random(seed).Next(rows.Count + 1);
        var other = new Random(seed).Next(cut + 1);
        RowSet[] parts = [rows.Slice(0, other), rows.Slice(other, cut - other), rows.Slice(cut, rows.Count - cut)];
        foreach (var order in (int[][])[[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]])
        {
            var merged = parts[order[0]].Into(T.Create(rows.Dimension));
            merged += parts[order[1]].Into(T.Create(rows.Dimension));
            merged += parts[order[2]].Into(T.Create(rows.Dimension));
            AssertSame(whole, merged, 1e-10);
        }
    }

    [Theory, Seeds(100)]
    public void Mixed_rows_are_the_dense_rows_that_they_stand_for(int seed)
    {
        var rows = RowSet.Rich(seed);
        var mixed = rows.Into(T.Create(rows.Dimension));
        AssertSame(rows.AsDense().Into(T.Create(rows.Dimension)), mixed, 1e-11);
        Close.Matrices(rows.Gram(), mixed.ToDense(), 1e-11);
        Close.Vectors(rows.Score(new double[rows.Dimension]), Score(mixed), 1e-11);
        Close.Numbers(rows.Residual(new double[rows.Dimension]), mixed.ResidualSum, 1e-11);
    }

    [Theory, Seeds(100)]
    public void A_shift_moves_score_and_residual_as_recomputing_them_would(int seed)
    {
        var rows = RowSet.Rich(seed);
        var delta = RowSet.Normals(new(seed), rows.Dimension);
        var moved = rows.Into(T.Create(rows.Dimension));
        moved.Shift(delta);
        Close.Vectors(rows.Score(delta), Score(moved), 1e-10);
        Close.Numbers(rows.Residual(delta), moved.ResidualSum, 1e-10, rows.Residual(new double[rows.Dimension]));
        moved.Shift([.. delta.Select(x => -x)]);
        AssertSame(rows.Into(T.Create(rows.Dimension)), moved, 1e-10);
    }

    [Theory, Seeds(100)]
    public void A_step_takes_the_score_to_zero(int seed)
    {
        var rows = RowSet.Rich(seed);
        var evidence = rows.Into(T.Create(rows.Dimension));
        var scale = Score(evidence).Max(Math.Abs);
        var factor = evidence.Factorise(Identity(rows.Dimension), default, default);
        Assert.Empty(factor.Aliased);
        evidence.Shift(factor.Step.Span);
        Assert.All(Score(evidence), s => Assert.True(Math.Abs(s) <= 1e-9 * scale, $"{s} is left of {scale}"));
    }

    [Theory, Seeds(100)]
    public void A_snapshot_comes_back_to_the_bit(int seed)
    {
        var rows = RowSet.Rich(seed);
        var evidence = rows.Into(T.Create(rows.Dimension));
        var writer = new StateWriter();
        evidence.Save(writer);
        var loaded = T.Load(new(writer.Written.ToArray()));
        rows.Into(loaded);
        rows.Into(evidence);
        Assert.Equal(Bits(evidence), Bits(loaded));
        Assert.Equal(Bits(evidence), Bits(evidence.Copy()));
    }

    protected static byte[] Bits(T evidence)
    {
        var writer = new StateWriter();
        evidence.Save(writer);
        return writer.Written.ToArray();
    }

    protected static double[] Score(T evidence)
    {
        var score = new double[evidence.Dimension];
        evidence.CopyScore(score);
        return score;
    }

    protected static int[] Identity(int n) => [.. Enumerable.Range(0, n)];

    protected static void AssertSame(T expected, T actual, double relative)
    {
        Close.Matrices(expected.ToDense(), actual.ToDense(), relative);
        Close.Vectors(Score(expected), Score(actual), relative, "score");
        Close.Numbers(expected.ResidualSum, actual.ResidualSum, relative);
    }

    protected override T From(RowSet rows) => rows.Into(T.Create(rows.Dimension));
}
