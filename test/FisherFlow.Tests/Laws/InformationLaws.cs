using FisherFlow.Information;
using MathNet.Numerics.LinearAlgebra;

namespace FisherFlow.Tests.Laws;

/// <summary>What every structure of information must obey; its own dense form is the oracle.</summary>
public abstract class InformationLaws<T> where T : class, IInformation<T>
{
    /// <summary>Random designs are conditioned to about 1e4 at worst, squared in a Gram matrix: 1e-16 · 1e8.</summary>
    protected const double Solved = 1e-8;

    /// <summary>Sums of a few hundred terms in another order.</summary>
    protected const double Summed = 1e-11;

    protected static T From(RowSet rows)
    {
        var information = T.Create(rows.Dimension);
        var x = rows.Densified();
        for (var r = 0; r < rows.Count; r++) { information.Add(x.AsSpan(r * rows.Dimension, rows.Dimension), rows.Weights[r]); }
        return information;
    }

    [Theory, Seeds(100)]
    public void Rows_add_up_to_their_weighted_outer_products(int seed)
    {
        if (T.Merging != Exactness.Exact) { return; }
        var rows = RowSet.Rich(seed);
        Close.Matrices(rows.Gram(), From(rows).ToDense(), Summed);
    }

    [Theory, Seeds(100)]
    public void Multiplying_is_the_dense_product(int seed)
    {
        var rows = RowSet.Rich(seed);
        var information = From(rows);
        var x = RowSet.Normals(new(seed), rows.Dimension);
        var y = new double[rows.Dimension];
        information.Multiply(x, y);
        Close.Vectors((Dense(information, 0) * Vector<double>.Build.DenseOfArray(x)).AsArray(), y, Summed);
    }

    [Theory, Seeds(100)]
    public void Solving_undoes_multiplying(int seed)
    {
        var (rows, information, damping) = Damped(seed);
        var x = RowSet.Normals(new(seed), rows.Dimension);
        double[] y = new double[rows.Dimension], back = new double[rows.Dimension];
        information.Multiply(x, y);
        for (var i = 0; i < y.Length; i++) { y[i] += damping * x[i]; }
        Assert.True(information.Solve(y, back, damping).IsSolved);
        Close.Vectors(x, back, Solved);
    }

    [Theory, Seeds(100)]
    public void Inverse_diagonal_log_determinant_and_trace_are_those_of_the_dense_form(int seed)
    {
        var (rows, information, damping) = Damped(seed);
        var dense = Dense(information, damping);
        var diagonal = new double[rows.Dimension];
        Assert.True(information.InverseDiagonal(diagonal, damping).IsSolved);
        Close.Vectors(dense.Inverse().Diagonal().AsArray(), diagonal, Solved);
        Close.Numbers(dense.Evd(Symmetricity.Symmetric).EigenValues.Sum(value => Math.Log(value.Real)), information.LogDeterminant(damping), Solved, 1);
        Close.Numbers(Dense(information, 0).Trace(), information.Trace(), Summed);
    }

    [Theory, Seeds(100)]
    public void A_sample_is_a_root_of_the_inverse_times_the_normals(int seed)
    {
        var (rows, information, damping) = Damped(seed);
        var root = Matrix<double>.Build.Dense(rows.Dimension, rows.Dimension);
        var x = new double[rows.Dimension];
        for (var j = 0; j < rows.Dimension; j++)
        {
            var unit = new double[rows.Dimension];
            unit[j] = 1;
            Assert.True(information.Sample(unit, x, damping).IsSolved);
            root.SetColumn(j, x);
        }
        Close.Matrices(Dense(information, damping).Inverse().ToArray(), (root * root.Transpose()).ToArray(), Solved);
    }

    [Theory, Seeds(4)]
    public void The_covariance_of_samples_is_the_inverse(int seed)
    {
        const int Draws = 20_000;
        var (rows, information, damping) = Damped(seed);
        var inverse = Dense(information, damping).Inverse();
        var sum = Matrix<double>.Build.Dense(rows.Dimension, rows.Dimension);
        var random = new Random(seed);
        var x = new double[rows.Dimension];
        for (var draw = 0; draw < Draws; draw++)
        {
            information.Sample(RowSet.Normals(random, rows.Dimension), x, damping);
            var v = Vector<double>.Build.DenseOfArray(x);
            sum += v.OuterProduct(v);
        }
        for (var i = 0; i < rows.Dimension; i++)
        {
            for (var j = 0; j < rows.Dimension; j++)
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
        var (dimension, dense, slots) = RowSet.Sizes(seed);
        var information = From(RowSet.Random(seed, dimension, 1 + seed % 10, dense, slots));   // often fewer rows than parameters
        var lowest = Dense(information, 0).Evd(Symmetricity.Symmetric).EigenValues.Min(value => value.Real);
        Assert.True(lowest >= -1e-13 * information.Trace(), $"an eigenvalue is {lowest} at a trace of {information.Trace()}");
    }

    [Theory, Seeds(100)]
    public void Retention_scales(int seed)
    {
        var information = From(RowSet.Rich(seed));
        var expected = (Dense(information, 0) * 0.37).ToArray();
        information *= 0.37;
        Close.Matrices(expected, information.ToDense(), Summed);
    }

    [Theory, Seeds(100)]
    public void Merging_adds(int seed)
    {
        var rows = RowSet.Rich(seed);
        var (first, second) = (From(rows.Slice(0, rows.Count / 3)), From(rows.Slice(rows.Count / 3, rows.Count - rows.Count / 3)));
        var untouched = second.ToDense();
        first += second;
        Close.Matrices(From(rows).ToDense(), first.ToDense(), 1e-10);
        Assert.Equal(untouched, second.ToDense());
    }

    [Theory, Seeds(100)]
    public void Fewer_rows_than_parameters_name_a_pivot_and_damping_heals_them(int seed)
    {
        const int Dimension = 7;
        var rows = RowSet.Random(seed, Dimension, 1 + seed % 6, Dimension, 0) with { Weights = [.. Enumerable.Repeat(1.0, 1 + seed % 6)] };
        var information = From(rows);
        double[] b = RowSet.Normals(new(seed), Dimension), x = new double[Dimension];
        Assert.Equal(rows.Count, information.Solve(b, x, 0).FailedPivot);
        Assert.False(information.InverseDiagonal(x, 0).IsSolved);
        Assert.False(information.Sample(b, x, 0).IsSolved);
        Assert.Equal(double.NegativeInfinity, information.LogDeterminant(0));
        Assert.True(information.Solve(b, x, 0.1).IsSolved);
        Close.Vectors(Dense(information, 0.1).Solve(Vector<double>.Build.DenseOfArray(b)).AsArray(), x, Solved);
    }

    [Fact]
    public void Without_evidence_the_first_pivot_fails() =>
        Assert.Equal(0, T.Create(3).Solve(new double[3], new double[3], damping: 0).FailedPivot);

    [Fact]
    public void A_structure_of_no_parameters_is_legal()
    {
        var empty = T.Create(0);
        Assert.Equal(0, empty.Trace());
        Assert.Equal(0, empty.LogDeterminant(0));
        Assert.True(empty.Solve([], [], 0).IsSolved);
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(1, double.NaN)]
    [InlineData(1, -1)]
    public void A_poisonous_row_is_refused_and_leaves_no_trace(double x, double weight)
    {
        var information = From(RowSet.Rich(3));
        var before = information.ToDense();
        var row = new double[information.Dimension];
        row[^1] = x;
        Assert.Throws<ArgumentException>(() => information.Add(row, weight));
        Assert.Equal(before, information.ToDense());
    }

    [Fact]
    public void Unlike_dimensions_do_not_merge()
    {
        var three = T.Create(3);
        Assert.Throws<ArgumentException>(() => { three += T.Create(4); });
    }

    [Theory]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_retention_that_is_no_factor_is_refused(double retention)
    {
        var three = T.Create(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => { three *= retention; });
    }

    protected static Matrix<double> Dense(T information, double damping) =>
        Matrix<double>.Build.DenseOfArray(information.ToDense()) + damping * Matrix<double>.Build.DenseIdentity(information.Dimension);

    static (RowSet Rows, T Information, double Damping) Damped(int seed)
    {
        var rows = RowSet.Rich(seed);
        return (rows, From(rows), seed % 3 == 0 ? 0 : new Random(seed).NextDouble());
    }
}
