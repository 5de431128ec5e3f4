using FisherFlow.Information;
using FisherFlow.Snapshots;
using MathNet.Numerics.LinearAlgebra;

namespace FisherFlow.Tests.Laws;

/// <summary>What every structure of information must obey; its own dense form is the oracle.</summary>
/// <remarks>A structure is tested by one line in <see cref="StructureList"/>: how it is made, and what it should hold of the full information.</remarks>
public abstract partial class InformationLaws<T> where T : class, IInformation<T>
{
    /// <summary>Random designs are conditioned to about 1e4 at worst, squared in a Gram matrix: 1e-16 · 1e8.</summary>
    protected const double Solved = 1e-8;

    /// <summary>Sums of a few hundred terms in another order.</summary>
    protected const double Summed = 1e-11;

    /// <summary>Sums of sums in another order, where the structure's merge is exact.</summary>
    protected const double Merged = 1e-10;

    /// <summary>The structure without evidence.</summary>
    protected abstract T Create(int dimension);

    /// <summary>What the structure should hold of rows; null when that is not a function of the rows alone.</summary>
    protected abstract double[,]? Projection(RowSet rows);

    /// <summary>Rows that identify what the structure keeps.</summary>
    protected virtual RowSet Rows(int seed) => RowSet.Rich(seed);

    /// <summary>Bytes that adding a few blocks may allocate once warm: zero but where a buffer is compressed.</summary>
    protected virtual long AllocationBound(int dimension) => 0;

    /// <summary>Whether two states agree: to rounding where the merge is exact.</summary>
    protected virtual void AssertSameEvidence(T expected, T actual, RowSet rows) => Close.Matrices(expected.ToDense(), actual.ToDense(), Merged);

    protected T From(RowSet rows)
    {
        var information = Create(rows.Dimension);
        information.Add(rows.Rows, rows.Weights);
        return information;
    }

    [Theory, Seeds(100)]
    public void Rows_add_up_to_what_the_structure_keeps_of_their_outer_products(int seed)
    {
        var rows = Rows(seed);
        if (Projection(rows) is { } expected) { Close.Matrices(expected, From(rows).ToDense(), Summed); }
    }

    [Theory, Seeds(100)]
    public void Rows_may_come_one_by_one_in_blocks_in_any_order_dense_or_sparse(int seed)
    {
        var rows = Rows(seed);
        var whole = From(rows);
        var single = Create(rows.Dimension);
        var x = rows.Densified();
        var order = Enumerable.Range(0, rows.Count).ToArray();
        new Random(seed).Shuffle(order);
        foreach (var r in order) { single.Add(x.AsSpan(r * rows.Dimension, rows.Dimension), rows.Weights[r]); }
        AssertSameEvidence(whole, single, rows);
        AssertSameEvidence(whole, From(rows.AsDense()), rows);
        var halves = Create(rows.Dimension);
        halves.Add(rows.Slice(rows.Count / 2, rows.Count - rows.Count / 2).Rows, rows.Weights.AsSpan(rows.Count / 2));
        halves.Add(rows.Slice(0, rows.Count / 2).Rows, rows.Weights.AsSpan(0, rows.Count / 2));
        AssertSameEvidence(whole, halves, rows);
    }

    [Theory, Seeds(100)]
    public void Multiplying_is_the_dense_product(int seed)
    {
        var information = From(Rows(seed));
        var x = RowSet.Normals(new(seed), information.Dimension);
        var y = new double[information.Dimension];
        information.Multiply(x, y);
        Close.Vectors((Dense(information, 0) * Vector<double>.Build.DenseOfArray(x)).AsArray(), y, Summed);
    }

    [Theory, Seeds(100)]
    public void Solving_undoes_multiplying_and_damping_is_what_it_says(int seed)
    {
        var (information, damping) = Damped(seed);
        var x = RowSet.Normals(new(seed), information.Dimension);
        double[] y = new double[x.Length], back = new double[x.Length];
        information.Multiply(x, y);
        for (var i = 0; i < y.Length; i++) { y[i] += damping * x[i]; }
        Assert.True(information.Solve(y, back, damping).IsSolved);
        Close.Vectors(x, back, Solved);
        Assert.True(information.Solve(y, y, damping).IsSolved);
        Assert.Equal(back, y);
    }

    [Theory, Seeds(100)]
    public void The_square_root_is_symmetric_and_twice_it_is_a_solve(int seed)
    {
        var (information, damping) = Damped(seed);
        var b = RowSet.Normals(new(seed), information.Dimension);
        double[] once = new double[b.Length], twice = new double[b.Length], solved = new double[b.Length];
        Assert.True(information.SolveSquareRoot(b, once, damping).IsSolved);
        Assert.True(information.SolveSquareRoot(once, twice, damping).IsSolved);
        Assert.True(information.Solve(b, solved, damping).IsSolved);
        Close.Vectors(solved, twice, Solved);
        var spectrum = Dense(information, damping).Evd(Symmetricity.Symmetric);
        var root = spectrum.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(spectrum.EigenValues.Map(value => 1 / Math.Sqrt(value.Real))) * spectrum.EigenVectors.Transpose();
        Close.Vectors((root * Vector<double>.Build.DenseOfArray(b)).AsArray(), once, Solved);
        Assert.True(information.SolveSquareRoot(b, b, damping).IsSolved);
        Assert.Equal(once, b);
    }

    [Theory, Seeds(100)]
    public void Diagonals_log_determinant_and_trace_are_those_of_the_dense_form(int seed)
    {
        var (information, damping) = Damped(seed);
        var dense = Dense(information, damping);
        var diagonal = new double[information.Dimension];
        Assert.True(information.InverseDiagonal(diagonal, damping).IsSolved);
        Close.Vectors(dense.Inverse().Diagonal().AsArray(), diagonal, Solved);
        information.CopyDiagonal(diagonal);
        Close.Vectors(Dense(information, 0).Diagonal().AsArray(), diagonal, Summed);
        Close.Numbers(dense.Evd(Symmetricity.Symmetric).EigenValues.Sum(value => Math.Log(value.Real)), information.LogDeterminant(damping), Solved, 1);
        Close.Numbers(Dense(information, 0).Trace(), information.Trace(), Summed);
    }

    [Theory, Seeds(100)]
    public void A_sample_is_a_root_of_the_inverse_times_the_normals(int seed)
    {
        var (information, damping) = Damped(seed);
        var d = information.Dimension;
        var root = Matrix<double>.Build.Dense(d, d);
        var x = new double[d];
        for (var j = 0; j < d; j++)
        {
            var unit = new double[d];
            unit[j] = 1;
            Assert.True(information.Sample(unit, x, damping).IsSolved);
            root.SetColumn(j, x);
        }
        Close.Matrices(Dense(information, damping).Inverse().ToArray(), (root * root.Transpose()).ToArray(), Solved);
    }

    [Theory, Seeds(2)]
    public void The_covariance_of_samples_is_the_inverse(int seed)
    {
        const int Draws = 20_000;
        var (information, damping) = Damped(seed);
        var inverse = Dense(information, damping).Inverse();
        var d = information.Dimension;
        var sum = Matrix<double>.Build.Dense(d, d);
        var random = new Random(seed);
        var x = new double[d];
        for (var draw = 0; draw < Draws; draw++)
        {
            information.Sample(RowSet.Normals(random, d), x, damping);
            for (var i = 0; i < d; i++) { for (var j = 0; j < d; j++) { sum[i, j] += x[i] * x[j]; } }
        }
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
            {
                // Var(xᵢxⱼ) = CᵢᵢCⱼⱼ + Cᵢⱼ² for normals; five standard errors, as up to 200 entries are looked at together.
                var error = Math.Sqrt((inverse[i, i] * inverse[j, j] + inverse[i, j] * inverse[i, j]) / Draws);
                Assert.InRange(sum[i, j] / Draws, inverse[i, j] - 5 * error, inverse[i, j] + 5 * error);
            }
        }
    }

    [Theory, Seeds(100)]
    public void Information_is_never_negative(int seed)
    {
        var rows = Rows(seed);
        var information = From(rows.Slice(0, 1 + seed % Math.Min(10, rows.Count)));   // often fewer rows than parameters
        var lowest = Dense(information, 0).Evd(Symmetricity.Symmetric).EigenValues.Min(value => value.Real);
        Assert.True(lowest >= -1e-13 * information.Trace(), $"an eigenvalue is {lowest} at a trace of {information.Trace()}");
    }

    [Theory, Seeds(100)]
    public void Retention_scales_every_answer(int seed)
    {
        const double Kept = 0.37;
        var (information, damping) = Damped(seed);
        var faded = information.Copy();
        faded *= Kept;
        Close.Matrices((Dense(information, 0) * Kept).ToArray(), faded.ToDense(), Summed);
        Close.Numbers(information.Trace() * Kept, faded.Trace(), Summed);
        var b = RowSet.Normals(new(seed), information.Dimension);
        double[] before = new double[b.Length], after = new double[b.Length];
        information.Solve(b, before, damping);
        faded.Solve(b, after, damping * Kept);
        Close.Vectors([.. before.Select(x => x / Kept)], after, Solved);
        faded *= 0;
        Assert.Equal(0, faded.Trace());
    }

    [Theory, Seeds(100)]
    public void Merging_is_one_stream_in_any_order_and_grouping(int seed)
    {
        var rows = Rows(seed);
        var random = new Random(seed);
        var cut = random.Next(rows.Count + 1);
        var other = random.Next(cut + 1);
        T[] parts = [From(rows.Slice(0, other)), From(rows.Slice(other, cut - other)), From(rows.Slice(cut, rows.Count - cut))];
        var before = parts.Select(Bits).ToArray();
        var whole = From(rows);
        foreach (var order in (int[][])[[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]])
        {
            var left = parts[order[0]].Copy();
            left += parts[order[1]];
            left += parts[order[2]];
            AssertSameEvidence(whole, left, rows);
            var right = parts[order[1]].Copy();
            right += parts[order[2]];
            var outer = parts[order[0]].Copy();
            outer += right;
            AssertSameEvidence(whole, outer, rows);
        }
        Assert.Equal(before, parts.Select(Bits));
        var nothing = whole.CreateEmpty();
        nothing += whole;
        AssertSameEvidence(whole, nothing, rows);
    }

    [Theory, Seeds(100)]
    public void A_renamed_parameter_takes_its_evidence_along(int seed)
    {
        var rows = Rows(seed);
        var random = new Random(seed);
        var map = Enumerable.Range(0, rows.Dimension + random.Next(4)).ToArray();
        var dimension = map.Length;
        random.Shuffle(map);
        if (seed % 3 == 0) { Array.Sort(map); }
        map = map[..rows.Dimension];
        var information = From(rows);
        AssertRemapped(information, map, dimension);
    }

    /// <summary>What <see cref="A_renamed_parameter_takes_its_evidence_along"/> asks; structures that cannot be renamed answer by their exception.</summary>
    protected virtual void AssertRemapped(T information, int[] map, int dimension)
    {
        var dense = information.ToDense();
        information.Remap(map, dimension);
        var expected = new double[dimension, dimension];
        for (var i = 0; i < map.Length; i++)
        {
            for (var j = 0; j < map.Length; j++) { expected[map[i], map[j]] = dense[i, j]; }
        }
        Assert.Equal(dimension, information.Dimension);
        Close.Matrices(expected, information.ToDense(), Summed);
        var row = RowSet.Normals(new(dimension), dimension);
        var trace = information.Trace();
        information.Add(row, 2);
        if (KeepsTrace) { Close.Numbers(trace + 2 * row.Sum(x => x * x), information.Trace(), Summed); }
    }

    /// <summary>Whether the trace is that of all rows, whatever is dropped.</summary>
    protected virtual bool KeepsTrace => true;

    protected static byte[] Bits(T information)
    {
        var writer = new StateWriter();
        information.Save(writer);
        return writer.Written.ToArray();
    }

    protected static Matrix<double> Dense(T information, double damping) =>
        Matrix<double>.Build.DenseOfArray(information.ToDense()) + damping * Matrix<double>.Build.DenseIdentity(information.Dimension);

    /// <summary>A structure with evidence, and a damping that it can be asked with.</summary>
    protected virtual (T Information, double Damping) Damped(int seed) => (From(Rows(seed)), seed % 3 == 0 ? 0 : new Random(seed).NextDouble());
}
