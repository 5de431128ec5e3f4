using FisherFlow.Information;

namespace FisherFlow.Tests.Laws;

/// <summary>How a structure behaves: failures are answers, questions leave no trace, states come back.</summary>
public abstract partial class InformationLaws<T>
{
    [Theory, Seeds(100)]
    public void A_singular_information_is_a_status_and_leaves_outputs_untouched(int seed)
    {
        const int Dimension = 6;
        var information = Create(Dimension);
        // One row that leaves out a parameter: nothing can be known of that one, whatever the shape.
        var missing = seed % Dimension;
        var row = new double[Dimension];
        if (seed % 2 == 0) { row[(missing + 1) % Dimension] = 0.5 + seed; }
        if (information.Trace() == 0 && UniformInformation(row)) { row.AsSpan().Clear(); }
        information.Add(row, 1.5);
        double[] b = RowSet.Normals(new(seed), Dimension), x = RowSet.Normals(new(seed + 1), Dimension);
        var before = (double[])x.Clone();
        foreach (var status in (SolveStatus[])[information.Solve(b, x, 0), information.SolveSquareRoot(b, x, 0), information.InverseDiagonal(x, 0), information.Sample(b, x, 0)])
        {
            Assert.False(status.IsSolved);
            Assert.InRange(status.FailedPivot!.Value, 0, Dimension - 1);
            Assert.Equal(before, x);
        }
        Assert.Equal(double.NegativeInfinity, information.LogDeterminant(0));
        Assert.True(information.Solve(b, x, 0.1).IsSolved);
        Close.Vectors(Dense(information, 0.1).Solve(MathNet.Numerics.LinearAlgebra.Vector<double>.Build.DenseOfArray(b)).AsArray(), x, Solved);
    }

    /// <summary>Whether any evidence at all makes the structure regular.</summary>
    protected virtual bool UniformInformation(double[] row) => false;

    [Fact]
    public void Without_evidence_a_pivot_fails_and_damping_alone_answers()
    {
        var nothing = Create(3);
        Assert.InRange(nothing.Solve(new double[3], new double[3], damping: 0).FailedPivot!.Value, 0, 2);
        Assert.Equal(0, nothing.Trace());
        var x = new double[3];
        Assert.True(nothing.Solve([1, 2, 4], x, damping: 0.5).IsSolved);
        Close.Vectors([2, 4, 8], x, 1e-14);
        Assert.True(nothing.SolveSquareRoot([1, 2, 4], x, damping: 0.25).IsSolved);
        Close.Vectors([2, 4, 8], x, 1e-13);
        Close.Numbers(3 * Math.Log(0.5), nothing.LogDeterminant(0.5), 1e-14);
    }

    [Fact]
    public void A_structure_of_no_parameters_is_legal()
    {
        var empty = Create(0);
        Assert.Equal(0, empty.Trace());
        Assert.Equal(0, empty.LogDeterminant(0));
        Assert.True(empty.Solve([], [], 0).IsSolved);
        Assert.True(empty.SolveSquareRoot([], [], 0).IsSolved);
        Assert.Empty(empty.ToDense());
    }

    [Theory, Seeds(100)]
    public void Questions_leave_no_trace(int seed)
    {
        var (information, damping) = Damped(seed);
        var twin = information.Copy();
        var bits = Bits(information);
        double[] b = RowSet.Normals(new(seed), information.Dimension), x = new double[b.Length];
        var kept = (double[])b.Clone();
        information.Multiply(b, x);
        information.Solve(b, x, damping);
        information.SolveSquareRoot(b, x, damping);
        information.Sample(b, x, damping);
        information.InverseDiagonal(x, damping);
        information.CopyDiagonal(x);
        information.LogDeterminant(damping);
        information.Trace();
        information.ToDense();
        Assert.Equal(bits, Bits(information));
        Assert.Equal(kept, b);
        var more = Rows(seed);
        information.Add(more.Rows, more.Weights);
        twin.Add(more.Rows, more.Weights);
        Assert.Equal(Bits(twin), Bits(information));
    }

    [Theory, Seeds(100)]
    public void A_snapshot_comes_back_to_the_bit_and_goes_on_to_the_same_bits(int seed)
    {
        var rows = Rows(seed);
        var information = From(rows);
        var loaded = T.Load(new(Bits(information)));
        Assert.Equal(Bits(information), Bits(loaded));
        Assert.Equal(information.ToDense(), loaded.ToDense());
        for (var round = 0; round < 3; round++)
        {
            information *= 0.9;
            loaded *= 0.9;
            information.Add(rows.Rows, rows.Weights);
            loaded.Add(rows.Rows, rows.Weights);
        }
        information += From(rows);
        loaded += From(rows);
        Assert.Equal(Bits(information), Bits(loaded));
    }

    /// <summary>Whether the number of parameters shows in what a state holds.</summary>
    protected virtual bool HasLength => true;

    [Theory, Seeds(20)]
    public void A_damaged_snapshot_is_refused(int seed)
    {
        var bits = Bits(From(Rows(seed)));
        var more = (byte[])bits.Clone();
        more[0]++;   // one parameter more than there are numbers
        var negative = (byte[])bits.Clone();
        negative[3] = 0x80;   // a negative number of parameters
        foreach (var damaged in (byte[][])[.. HasLength ? (byte[][])[more] : [], negative, bits[..^3], bits[..(bits.Length / 2)], []])
        {
            Assert.Throws<InvalidDataException>(() => T.Load(new(damaged)));
        }
    }

    [Theory, Seeds(20)]
    public void A_copy_stands_alone_and_an_empty_one_has_the_same_shape(int seed)
    {
        var rows = Rows(seed);
        var information = From(rows);
        var bits = Bits(information);
        var copy = information.Copy();
        Assert.Equal(bits, Bits(copy));
        copy.Add(rows.Rows, rows.Weights);
        copy *= 0.25;
        Assert.Equal(bits, Bits(information));
        Assert.NotEqual(bits, Bits(copy));
        var empty = information.CreateEmpty();
        Assert.Equal(Bits(Create(rows.Dimension)), Bits(empty));
        empty.Add(rows.Rows, rows.Weights);
        Assert.Equal(bits, Bits(empty));
    }

    [Theory, Seeds(20)]
    public void Rows_are_added_without_allocation_and_left_as_they_were(int seed)
    {
        var rows = Rows(seed);
        var before = (Dense: (double[])rows.Dense.Clone(), Indices: (int[])rows.Indices.Clone(), Values: (double[])rows.Values.Clone(), Weights: (double[])rows.Weights.Clone());
        var a = rows.AsDense().Dense[..rows.Dimension];
        var information = From(rows);
        for (var warm = 0; warm < 3; warm++) { AddAll(); }
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        AddAll();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - bytes, 0, AllocationBound(rows.Dimension));
        Assert.Equal(before.Dense, rows.Dense);
        Assert.Equal(before.Indices, rows.Indices);
        Assert.Equal(before.Values, rows.Values);
        Assert.Equal(before.Weights, rows.Weights);

        void AddAll()
        {
            information.Add(rows.Rows, rows.Weights);
            information.Add(a, 0.5);
        }
    }

    [Theory, Seeds(20)]
    public void Poisonous_rows_are_refused_as_a_whole_and_leave_no_trace(int seed)
    {
        var rows = RowSet.Random(seed, 9, 30, 4, 2) with { Values = [.. Enumerable.Repeat(1.0, 60)] };
        var information = From(rows);
        var bits = Bits(information);
        double[] bad = [double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        var poison = bad[seed % 3];
        RowSet[] damaged =
        [
            rows with { Dense = [.. rows.Dense[..^1], poison] },
            rows with { Dense = [1e200, .. rows.Dense[1..]] },   // finite, but its square is not
            rows with { Values = [.. rows.Values[..17], poison, .. rows.Values[18..]] },
            rows with { Weights = [.. rows.Weights[..^1], poison] },
            rows with { Weights = [.. rows.Weights[..^1], -1] },
            rows with { Indices = [.. rows.Indices[..^1], 9] },
            rows with { Indices = [.. rows.Indices[..^1], -2] },
            rows with { Weights = rows.Weights[1..] },
        ];
        foreach (var set in damaged)
        {
            Assert.Throws<ArgumentException>(() => information.Add(set.Rows, set.Weights));
            Assert.Equal(bits, Bits(information));
        }
        var row = new double[9];
        row[^1] = poison;
        Assert.Throws<ArgumentException>(() => information.Add(row, 1));
        row[^1] = 1;
        Assert.Throws<ArgumentException>(() => information.Add(row, poison));
        Assert.Throws<ArgumentException>(() => information.Add(row, -1));
        Assert.Equal(bits, Bits(information));
        information.Add(row, 0);
        information.Add(rows.Rows, new double[rows.Count]);
        Assert.Equal(bits, Bits(information));
    }

    [Fact]
    public void A_wrong_dimension_names_both_shapes()
    {
        var six = From(RowSet.Random(1, 6, 60, 6, 0));
        var bits = Bits(six);
        double[] right = new double[6], wrong = new double[5];
        foreach (var attempt in (Action[])[
            () => six.Add(wrong, 1),
            () => six.Multiply(wrong, right),
            () => six.Multiply(right, wrong),
            () => six.Solve(wrong, right, 1),
            () => six.Solve(right, wrong, 1),
            () => six.SolveSquareRoot(wrong, right, 1),
            () => six.SolveSquareRoot(right, wrong, 1),
            () => six.InverseDiagonal(wrong, 1),
            () => six.CopyDiagonal(wrong),
            () => six.Sample(wrong, right, 1),
            () => six.Sample(right, wrong, 1)])
        {
            var message = Assert.Throws<ArgumentException>(attempt).Message;
            Assert.Contains("[5]", message, StringComparison.Ordinal);
            Assert.Contains("[6]", message, StringComparison.Ordinal);
        }
        var merged = Assert.Throws<ArgumentException>(() => six += Create(5)).Message;
        Assert.Contains("5", merged, StringComparison.Ordinal);
        Assert.Contains("6", merged, StringComparison.Ordinal);
        Assert.Contains("7", Assert.Throws<ArgumentException>(() => six.Add(new DesignRows(1, 7, new double[7], 0, default, default), [1.0])).Message, StringComparison.Ordinal);
        Assert.Equal(bits, Bits(six));
    }

    [Theory]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_retention_that_is_no_factor_is_refused(double retention)
    {
        var three = Create(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => { three *= retention; });
    }

    [Fact]
    public virtual void A_map_that_loses_a_parameter_is_refused()
    {
        var three = Create(3);
        Assert.Throws<ArgumentException>(() => three.Remap([0, 1], 3));
        Assert.Throws<ArgumentException>(() => three.Remap([0, 1, 1], 3));
        Assert.Throws<ArgumentException>(() => three.Remap([0, 1, 3], 3));
        Assert.Throws<ArgumentException>(() => three.Remap([0, -1, 2], 3));
    }

    [Fact]
    public void A_structure_has_a_name() => Assert.Matches("^[a-z][a-z-]+$", T.Name);
}
