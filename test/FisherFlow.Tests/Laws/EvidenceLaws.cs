using FisherFlow.Information;
using FisherFlow.Snapshots;
using MathNet.Numerics.LinearAlgebra;

namespace FisherFlow.Tests.Laws;

/// <summary>What every structure that keeps information and score must obey, whatever rows come.</summary>
public abstract class EvidenceLaws<T> : InformationLaws<T> where T : class, IEvidence<T>
{
    protected override T Create(int dimension) => T.Create(dimension);

    protected override double[,] Projection(RowSet rows) => rows.Gram();

    [Theory, Seeds(100)]
    public void Fewer_rows_than_parameters_name_the_first_pivot_beyond_them(int seed)
    {
        const int Dimension = 7;
        var count = 1 + seed % 6;
        var rows = RowSet.Random(seed, Dimension, count, Dimension, 0) with { Weights = [.. Enumerable.Repeat(1.0, count)] };
        double[] b = RowSet.Normals(new(seed), Dimension), x = new double[Dimension];
        Assert.Equal(count, Into(rows).Solve(b, x, 0).FailedPivot);
    }

    [Fact]
    public void Without_evidence_the_first_pivot_fails() =>
        Assert.Equal(0, T.Create(3).Solve(new double[3], new double[3], damping: 0).FailedPivot);

    [Theory, Seeds(100)]
    public void Evidence_may_be_split_anywhere_and_merged_in_any_order(int seed)
    {
        var rows = RowSet.Rich(seed);
        var whole = Into(rows);
        var cut = new Random(seed).Next(rows.Count + 1);
        var other = new Random(seed).Next(cut + 1);
        RowSet[] parts = [rows.Slice(0, other), rows.Slice(other, cut - other), rows.Slice(cut, rows.Count - cut)];
        foreach (var order in (int[][])[[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]])
        {
            var merged = Into(parts[order[0]]);
            merged += Into(parts[order[1]]);
            merged += Into(parts[order[2]]);
            AssertSame(whole, merged, 1e-10);
        }
    }

    [Theory, Seeds(100)]
    public void Mixed_rows_are_the_dense_rows_that_they_stand_for(int seed)
    {
        var rows = RowSet.Rich(seed);
        var mixed = Into(rows);
        AssertSame(Into(rows.AsDense()), mixed, Summed);
        Close.Matrices(rows.Gram(), mixed.ToDense(), Summed);
        Close.Vectors(rows.Score(new double[rows.Dimension]), Score(mixed), Summed);
        Close.Numbers(rows.Residual(new double[rows.Dimension]), mixed.ResidualSum, Summed);
        var diagonal = new double[rows.Dimension];
        mixed.CopyDiagonal(diagonal);
        Close.Vectors(Dense(mixed, 0).Diagonal().AsArray(), diagonal, Summed);
    }

    [Theory, Seeds(30)]
    public void Large_blocks_of_wide_rows_are_the_dense_rows_that_they_stand_for(int seed)
    {
        var random = new Random(seed);
        var (dense, slots) = (random.Next(0, 40), random.Next(0, 5));
        var rows = RowSet.Random(seed, dense + 30, 600 + random.Next(300), dense, slots);
        AssertSame(Into(rows.AsDense()), Into(rows), Summed);
        Close.Matrices(rows.Gram(), Into(rows).ToDense(), Summed);
    }

    [Theory, Seeds(30)]
    public void A_slot_may_name_a_dense_column_too(int seed)
    {
        var rows = RowSet.Random(seed, 6 + seed % 4, 50, seed % 6, 3);
        var random = new Random(seed);
        for (var i = 0; i < rows.Indices.Length; i++) { rows.Indices[i] = random.Next(-1, rows.Dimension); }
        AssertSame(Into(rows.AsDense()), Into(rows), Summed);
        Close.Matrices(rows.Gram(), Into(rows).ToDense(), Summed);
    }

    [Theory, Seeds(100)]
    public void A_shift_moves_score_and_residual_as_recomputing_them_would(int seed)
    {
        var rows = RowSet.Rich(seed);
        var delta = RowSet.Normals(new(seed), rows.Dimension);
        var moved = Into(rows);
        moved.Shift(delta);
        Close.Vectors(rows.Score(delta), Score(moved), 1e-10);
        Close.Numbers(rows.Residual(delta), moved.ResidualSum, 1e-10, rows.Residual(new double[rows.Dimension]));
        moved.Shift([.. delta.Select(x => -x)]);
        AssertSame(Into(rows), moved, 1e-10);
    }

    [Theory, Seeds(100)]
    public void A_step_takes_the_score_to_zero(int seed)
    {
        var rows = RowSet.Rich(seed);
        var evidence = Into(rows);
        var scale = Score(evidence).Max(Math.Abs);
        var factor = evidence.Factorise(Identity(rows.Dimension), default, default);
        Assert.Empty(factor.Aliased);
        evidence.Shift(factor.Step.Span);
        Assert.All(Score(evidence), s => Assert.True(Math.Abs(s) <= 1e-9 * scale, $"{s} is left of {scale}"));
    }

    [Theory, Seeds(100)]
    public void A_step_weighs_evidence_against_the_prior(int seed)
    {
        var rows = RowSet.Rich(seed);
        var random = new Random(seed);
        var evidence = Into(rows);
        var before = Bits(evidence);
        var order = Shuffled(random, rows.Dimension)[..random.Next(1, rows.Dimension + 1)];
        double[] precision = [.. RowSet.Normals(random, rows.Dimension).Select(Math.Abs)], mean = seed % 4 == 0 ? [] : RowSet.Normals(random, rows.Dimension);
        precision[0] = 0;
        var factor = evidence.Factorise(order, precision, mean);

        Assert.Equal(order, factor.Kept);
        var posterior = Restrict(Dense(evidence, 0) + Matrix<double>.Build.DenseOfDiagonalArray(precision), order);
        var right = Vector<double>.Build.Dense(order.Length, i => Score(evidence)[order[i]] + (mean.Length == 0 ? 0 : precision[order[i]] * mean[order[i]]));
        var step = new double[rows.Dimension];
        var solution = posterior.Solve(right);
        for (var i = 0; i < order.Length; i++) { step[order[i]] = solution[i]; }
        Close.Vectors(step, factor.Step.Span, Solved);
        var r = Upper(factor);
        Close.Matrices(posterior.ToArray(), (r.Transpose() * r).ToArray(), 1e-10);
        Assert.Equal(before, Bits(evidence));
    }

    [Theory, Seeds(100)]
    public void Dependent_columns_are_named_and_the_others_solved_for(int seed)
    {
        // 0: one; 1, 2: numbers; 3: their sum; 4: a copy of 1; 5: nothing; 6, 7, 8: levels that sum to one; 9: a number.
        var random = new Random(seed);
        const int Count = 60;
        var x = new double[Count * 10];
        for (var r = 0; r < Count; r++)
        {
            var row = x.AsSpan(r * 10, 10);
            // Whole numbers and eighths: their sum is exact, and so is the dependence.
            (row[0], row[1], row[2], row[9]) = (1, Math.Round(100 * RowSet.Normal(random)), Math.Round(8 * RowSet.Normal(random)) / 8, 1e-6 * RowSet.Normal(random));
            (row[3], row[4]) = (row[1] + row[2], row[1]);
            row[6 + r % 3] = 1;
        }
        var rows = RowSet.Random(seed, 10, Count, 10, 0) with { Dense = x };
        var evidence = Into(rows);
        var factor = evidence.Factorise(Identity(10), default, default);
        Assert.Equal([3, 4, 5, 8], factor.Aliased);
        Assert.Equal([0, 1, 2, 6, 7, 9], factor.Kept);
        Assert.Equal(6, factor.Rank);

        int[] other = [8, 5, 4, 9, 0, 7, 3, 6, 2, 1];
        var reordered = evidence.Factorise(other, default, default);
        Assert.Equal([5, 6, 2, 1], reordered.Aliased);
        foreach (var step in new[] { factor.Step, reordered.Step })
        {
            var moved = evidence.Copy();
            moved.Shift(step.Span);
            double[] diagonal = new double[10], score = Score(moved);
            evidence.CopyDiagonal(diagonal);
            for (var i = 0; i < 10; i++)
            {
                // Each score in its own units: √Iᵢᵢ times the root of the residual sum; columns differ by six orders of magnitude.
                Assert.True(Math.Abs(score[i]) <= 1e-7 * Math.Sqrt(diagonal[i] * evidence.ResidualSum), $"{score[i]} is left at {i}");
            }
        }
    }

    [Theory, Seeds(100)]
    public void A_renamed_parameter_takes_its_score_along(int seed)
    {
        var rows = RowSet.Rich(seed);
        var random = new Random(seed);
        var dimension = rows.Dimension + random.Next(4);
        var map = Shuffled(random, dimension)[..rows.Dimension];
        if (seed % 3 == 0) { Array.Sort(map); }
        var evidence = Into(rows);
        var score = Score(evidence);
        var (dense, residual) = (Dense(evidence, 0), evidence.ResidualSum);
        evidence.Remap(map, dimension);

        var expected = Matrix<double>.Build.Dense(dimension, dimension);
        var expectedScore = new double[dimension];
        for (var i = 0; i < map.Length; i++)
        {
            expectedScore[map[i]] = score[i];
            for (var j = 0; j < map.Length; j++) { expected[map[i], map[j]] = dense[i, j]; }
        }
        Close.Matrices(expected.ToArray(), evidence.ToDense(), Summed);
        Close.Vectors(expectedScore, Score(evidence), Summed);
        Close.Numbers(residual, evidence.ResidualSum, Summed);
        // And it goes on as if it had been so from the start.
        var permuted = rows.AsDense();
        var x = new double[rows.Count * dimension];
        for (var r = 0; r < rows.Count; r++)
        {
            for (var i = 0; i < map.Length; i++) { x[r * dimension + map[i]] = permuted.Dense[r * rows.Dimension + i]; }
        }
        permuted = permuted with { Dimension = dimension, DenseColumns = dimension, Dense = x };
        evidence.Add(permuted.Rows, permuted.Weights, permuted.Scores);
        var twice = Into(permuted);
        twice += Into(permuted);
        AssertSame(twice, evidence, 1e-10);
    }

    [Theory, Seeds(100)]
    public void Retention_fades_score_and_residual_too(int seed)
    {
        var rows = RowSet.Rich(seed);
        var evidence = Into(rows);
        evidence *= 0.25;
        Close.Vectors([.. rows.Score(new double[rows.Dimension]).Select(s => s / 4)], Score(evidence), Summed);
        Close.Numbers(rows.Residual(new double[rows.Dimension]) / 4, evidence.ResidualSum, Summed);
    }

    [Fact]
    public void A_triangle_that_is_not_a_number_is_refused()
    {
        var nan = Bits(Into(RowSet.Rich(5)));
        Array.Fill(nan, (byte)0xFF, 8, 8);   // the first number of the triangle
        Assert.Throws<InvalidDataException>(() => T.Load(new(nan)));
    }

    [Fact]
    public void A_copy_and_a_cleared_structure_stand_alone()
    {
        var rows = RowSet.Rich(11);
        var evidence = Into(rows);
        var bits = Bits(evidence);
        var copy = evidence.Copy();
        Assert.Equal(bits, Bits(copy));
        copy.Clear();
        Assert.Equal(bits, Bits(evidence));
        Assert.Equal(Bits(T.Create(rows.Dimension)), Bits(copy));
    }

    [Theory, Seeds(20)]
    public void Rows_with_scores_are_added_without_allocation_and_left_as_they_were(int seed)
    {
        var rows = RowSet.Rich(seed);
        var before = (Dense: (double[])rows.Dense.Clone(), Indices: (int[])rows.Indices.Clone(), Values: (double[])rows.Values.Clone(), Weights: (double[])rows.Weights.Clone(), Scores: (double[])rows.Scores.Clone());
        var row = rows.Slice(0, 1);
        var a = rows.AsDense().Dense[..rows.Dimension];
        var evidence = Into(rows);
        for (var warm = 0; warm < 3; warm++) { AddAll(); }
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        AddAll();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - bytes);
        Assert.Equal(before.Dense, rows.Dense);
        Assert.Equal(before.Indices, rows.Indices);
        Assert.Equal(before.Values, rows.Values);
        Assert.Equal(before.Weights, rows.Weights);
        Assert.Equal(before.Scores, rows.Scores);

        void AddAll()
        {
            evidence.Add(rows.Rows, rows.Weights, rows.Scores);
            evidence.Add(row.Rows, row.Weights, row.Scores);
            evidence.Add(a, 0.5);
        }
    }

    [Fact]
    public void A_row_of_weight_zero_adds_nothing()
    {
        var rows = RowSet.Rich(7);
        var evidence = Into(rows);
        var dense = evidence.ToDense();
        var score = Score(evidence);
        evidence.Add(rows.Rows, new double[rows.Count], rows.Scores);
        Assert.Equal(dense, evidence.ToDense());
        Assert.Equal(score, Score(evidence));
    }

    [Theory, Seeds(20)]
    public void Poisonous_rows_with_scores_are_refused_as_a_whole_and_leave_no_trace(int seed)
    {
        var rows = RowSet.Random(seed, 9, 30, 4, 2) with { Values = [.. Enumerable.Repeat(1.0, 60)] };
        var evidence = Into(rows);
        var bits = Bits(evidence);
        double[] bad = [double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        var poison = bad[seed % 3];
        RowSet[] damaged =
        [
            rows with { Dense = [.. rows.Dense[..^1], poison] },
            rows with { Dense = [1e200, .. rows.Dense[1..]] },   // finite, but its square is not
            rows with { Values = [.. rows.Values[..17], poison, .. rows.Values[18..]] },
            rows with { Weights = [.. rows.Weights[..^1], poison] },
            rows with { Weights = [.. rows.Weights[..^1], -1] },
            rows with { Scores = [poison, .. rows.Scores[1..]] },
            rows with { Indices = [.. rows.Indices[..^1], 9] },
            rows with { Indices = [.. rows.Indices[..^1], -2] },
            rows with { Weights = rows.Weights[1..] },
            rows with { Scores = [.. rows.Scores, 1] },
        ];
        foreach (var set in damaged)
        {
            Assert.Throws<ArgumentException>(() => evidence.Add(set.Rows, set.Weights, set.Scores));
            Assert.Equal(bits, Bits(evidence));
        }
    }

    protected static T Into(RowSet rows)
    {
        var evidence = T.Create(rows.Dimension);
        evidence.Add(rows.Rows, rows.Weights, rows.Scores);
        return evidence;
    }

    protected static double[] Score(T evidence)
    {
        var score = new double[evidence.Dimension];
        evidence.CopyScore(score);
        return score;
    }

    protected static int[] Identity(int n) => [.. Enumerable.Range(0, n)];

    static int[] Shuffled(Random random, int n)
    {
        var order = Identity(n);
        random.Shuffle(order);
        return order;
    }

    static Matrix<double> Restrict(Matrix<double> m, int[] order) =>
        Matrix<double>.Build.Dense(order.Length, order.Length, (i, j) => m[order[i], order[j]]);

    static Matrix<double> Upper(Factor factor)
    {
        var upper = factor.Upper.ToArray();
        return Matrix<double>.Build.Dense(factor.Rank, factor.Rank, (i, j) => j < i ? 0 : upper[i * factor.Rank + j]);
    }

    static void AssertSame(T expected, T actual, double relative)
    {
        Close.Matrices(expected.ToDense(), actual.ToDense(), relative);
        Close.Vectors(Score(expected), Score(actual), relative, "score");
        Close.Numbers(expected.ResidualSum, actual.ResidualSum, relative);
    }
}
