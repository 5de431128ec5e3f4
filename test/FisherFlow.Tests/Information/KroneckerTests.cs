using FisherFlow.Information;
using FisherFlow.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;

namespace FisherFlow.Tests.Information;

/// <summary>Layers: when a Kronecker product is exact, what damping means, and that corrected eigenvalues are never worse (CK-41).</summary>
public sealed class KroneckerTests
{
    [Theory, Seeds(100)]
    public void Corrected_eigenvalues_are_never_farther_than_the_product(int seed)
    {
        var (m, p, inputs, gradients, weights) = Layer(seed, 5 + seed % 30);
        var kronecker = new KroneckerInformation(m, p);
        kronecker.AddPairs(inputs, gradients, weights);
        var corrected = new CorrectedKroneckerInformation(kronecker);
        corrected.AddPairs(inputs, gradients, weights);
        var full = Matrix<double>.Build.DenseOfArray(Full(m, p, inputs, gradients, weights).ToDense());
        var (product, better) = (Gap(kronecker), Gap(corrected));
        Assert.True(better <= product + 1e-12 * full.Trace(), $"{better} after correction, {product} before");
        Close.Numbers(full.Trace(), kronecker.Trace(), 1e-12);
        Close.Numbers(full.Trace(), corrected.Trace(), 1e-12);

        double Gap<T>(T information) where T : class, IInformation<T> => (Matrix<double>.Build.DenseOfArray(information.ToDense()) - full).FrobeniusNorm();
    }

    [Theory, Seeds(20)]
    public void Pairs_are_rows_that_are_matrices(int seed)
    {
        var (m, p, inputs, gradients, weights) = Layer(seed, 40);
        var full = Full(m, p, inputs, gradients, weights);
        var (byPairs, byRows) = (new KroneckerInformation(m, p), new KroneckerInformation(m, p));
        byPairs.AddPairs(inputs, gradients, weights);
        var (correctedPairs, correctedRows) = (new CorrectedKroneckerInformation(byPairs), new CorrectedKroneckerInformation(byPairs));
        correctedPairs.AddPairs(inputs, gradients, weights);
        for (var r = 0; r < weights.Length; r++)
        {
            var row = Row(m, p, inputs, gradients, r);
            byRows.Add(row, weights[r]);
            correctedRows.Add(row, weights[r]);
        }
        Close.Matrices(byPairs.ToDense(), byRows.ToDense(), 1e-12);
        Close.Matrices(correctedPairs.ToDense(), correctedRows.ToDense(), 1e-12);
        Assert.Equal(m * p, full.Dimension);
    }

    [Theory, Seeds(20)]
    public void The_product_is_exact_for_one_observation_for_one_direction_and_for_a_linear_layer(int seed)
    {
        var (m, p, inputs, gradients, _) = Layer(seed, 6);
        AssertExact(inputs[..m], gradients[..p], [2.0]);
        // One gradient for all inputs.
        AssertExact(inputs, [.. Enumerable.Repeat(gradients[..p], 6).SelectMany(g => g)], [1, 2, 3, 4, 5, 6]);
        // Gaussian errors: the curvature at the outputs is the same whatever the input, so that every input meets every gradient.
        var all = Enumerable.Range(0, 6).SelectMany(a => Enumerable.Range(0, 6).Select(g => (a, g))).ToArray();
        AssertExact([.. all.SelectMany(pair => inputs.Skip(pair.a * m).Take(m))], [.. all.SelectMany(pair => gradients.Skip(pair.g * p).Take(p))], [.. all.Select(_ => 1.0)]);

        void AssertExact(double[] a, double[] g, double[] w)
        {
            var kronecker = new KroneckerInformation(m, p);
            kronecker.AddPairs(a, g, w);
            Close.Matrices(Full(m, p, a, g, w).ToDense(), kronecker.ToDense(), 1e-12);
        }
    }

    [Fact]
    public void Two_unlike_observations_are_beyond_every_product()
    {
        double[] units = [1, 0, 0, 1], weights = [0.5, 0.5];
        var kronecker = new KroneckerInformation(2, 2);
        kronecker.AddPairs(units, units, weights);
        var full = Full(2, 2, units, units, weights);
        Assert.Equal([0.5, 0, 0, 0.5], Enumerable.Range(0, 4).Select(i => full.ToDense()[i, i]));
        Assert.Equal([0.25, 0.25, 0.25, 0.25], Enumerable.Range(0, 4).Select(i => kronecker.ToDense()[i, i]));
        var (f, k) = (Matrix<double>.Build.DenseOfArray(full.ToDense()), Matrix<double>.Build.DenseOfArray(kronecker.ToDense()));
        Close.Numbers(Math.Sqrt(0.5), (k - f).FrobeniusNorm() / f.FrobeniusNorm(), 1e-14);
        var corrected = new CorrectedKroneckerInformation(kronecker);
        corrected.AddPairs(units, units, weights);
        Close.Matrices(full.ToDense(), corrected.ToDense(), 1e-14);   // diagonal in the basis of the units: nothing is lost
    }

    [Theory, Seeds(20)]
    public void Vectors_are_matrices_column_by_column(int seed)
    {
        var (m, p, inputs, gradients, weights) = Layer(seed, 30);
        var kronecker = new KroneckerInformation(m, p);
        kronecker.AddPairs(inputs, gradients, weights);
        var full = Full(m, p, inputs, gradients, weights).ToDense();
        // (A ⊗ B) vec(X) = vec(B X Aᵀ), with the partial traces taken from the full information.
        var a = Matrix<double>.Build.Dense(m, m, (j, l) => Enumerable.Range(0, p).Sum(i => full[j * p + i, l * p + i]));
        var b = Matrix<double>.Build.Dense(p, p, (i, k) => Enumerable.Range(0, m).Sum(j => full[j * p + i, j * p + k]));
        var x = Matrix<double>.Build.DenseOfColumnMajor(p, m, RowSet.Normals(new(seed), m * p));
        var y = new double[m * p];
        kronecker.Multiply(x.AsColumnMajorArray(), y);
        Close.Vectors((b * x * a.Transpose() / a.Trace()).AsColumnMajorArray(), y, 1e-12);
        var tau = a.Trace();
        Close.Numbers(m * Math.Log(b.Determinant()) + p * Math.Log(a.Determinant()) - m * p * Math.Log(tau), kronecker.LogDeterminant(0), 1e-8, 1);
    }

    [Theory, Seeds(20)]
    public void Factored_damping_damps_both_factors_and_more_than_it_says(int seed)
    {
        const double Damping = 0.7;
        var (m, p, inputs, gradients, weights) = Layer(seed, 30);
        var kronecker = new KroneckerInformation(m, p);
        kronecker.AddPairs(inputs, gradients, weights);
        var dense = Matrix<double>.Build.DenseOfArray(kronecker.ToDense());
        var trace = dense.Trace();
        var a = Matrix<double>.Build.Dense(m, m, (j, l) => Enumerable.Range(0, p).Sum(i => dense[j * p + i, l * p + i])) / Math.Sqrt(trace);
        var b = Matrix<double>.Build.Dense(p, p, (i, k) => Enumerable.Range(0, m).Sum(j => dense[j * p + i, j * p + k])) / Math.Sqrt(trace);
        var pi = Math.Sqrt(a.Trace() / m / (b.Trace() / p));
        a += pi * Math.Sqrt(Damping) * Matrix<double>.Build.DenseIdentity(m);
        b += Math.Sqrt(Damping) / pi * Matrix<double>.Build.DenseIdentity(p);
        var damped = a.KroneckerProduct(b);
        double[] right = RowSet.Normals(new(seed), m * p), x = new double[m * p];
        Assert.True(kronecker.SolveFactored(right, x, Damping).IsSolved);
        Close.Vectors(damped.Solve(Vector<double>.Build.DenseOfArray(right)).AsArray(), x, 1e-9);
        var excess = damped - dense - Damping * Matrix<double>.Build.DenseIdentity(m * p);
        Assert.True(excess.Evd(Symmetricity.Symmetric).EigenValues.Min(value => value.Real) >= -1e-10 * trace);
        // Without damping the two are the same.
        var exact = new double[m * p];
        kronecker.SolveFactored(right, x, 0);
        kronecker.Solve(right, exact, 0);
        Close.Vectors(exact, x, 1e-7);
    }

    [Theory, Seeds(20)]
    public void Another_basis_keeps_the_trace_and_the_own_one_changes_nothing(int seed)
    {
        var (m, p, inputs, gradients, weights) = Layer(seed, 30);
        var kronecker = new KroneckerInformation(m, p);
        kronecker.AddPairs(inputs, gradients, weights);
        var corrected = new CorrectedKroneckerInformation(kronecker);
        corrected.AddPairs(inputs, gradients, weights);
        Close.Matrices(corrected.ToDense(), corrected.Rebase(kronecker).ToDense(), 1e-11);
        var other = new KroneckerInformation(m, p);
        var (_, _, a, g, w) = Layer(seed + 20, 30);
        other.AddPairs(a.AsSpan(0, Math.Min(a.Length, 30) / m * m), g.AsSpan(0, Math.Min(a.Length, 30) / m * p), w.AsSpan(0, Math.Min(a.Length, 30) / m));
        var elsewhere = corrected.Rebase(other);
        Close.Numbers(corrected.Trace(), elsewhere.Trace(), 1e-12);
        if (m * p > 1) { Assert.Throws<ArgumentException>(() => elsewhere += corrected); }
        // The nearest diagonal there: its scales are those of the dense form.
        var q = StructureList.Directions(other);
        var expected = (q * Matrix<double>.Build.DenseOfArray(corrected.ToDense()) * q.Transpose()).Diagonal();
        var actual = (q * Matrix<double>.Build.DenseOfArray(elsewhere.ToDense()) * q.Transpose()).Diagonal();
        Close.Vectors(expected.AsArray(), actual.AsArray(), 1e-11);
    }

    [Fact]
    public void Poisonous_pairs_are_refused_as_a_whole()
    {
        var kronecker = new KroneckerInformation(2, 3);
        kronecker.AddPairs([1, 2], [1, 2, 3], [1]);
        var before = kronecker.ToDense();
        Assert.Throws<ArgumentException>(() => kronecker.AddPairs([1, double.NaN], [1, 2, 3], [1]));
        Assert.Throws<ArgumentException>(() => kronecker.AddPairs([1, 2], [1, 2, double.PositiveInfinity], [1]));
        Assert.Throws<ArgumentException>(() => kronecker.AddPairs([1e100, 2], [1e100, 2, 3], [1]));   // their product has no square
        Assert.Throws<ArgumentException>(() => kronecker.AddPairs([1, 2], [1, 2, 3], [-1]));
        Assert.Contains("[3]", Assert.Throws<ArgumentException>(() => kronecker.AddPairs([1, 2, 3], [1, 2, 3], [1])).Message, StringComparison.Ordinal);
        Assert.Equal(before, kronecker.ToDense());
    }

    static (int Inputs, int Outputs, double[] A, double[] G, double[] Weights) Layer(int seed, int rows)
    {
        var random = new Random(seed);
        var (m, p) = (1 + seed % 4, 1 + seed / 4 % 5);
        return (m, p, RowSet.Normals(random, rows * m), RowSet.Normals(random, rows * p), [.. RowSet.Normals(random, rows).Select(Math.Abs)]);
    }

    static double[] Row(int m, int p, double[] inputs, double[] gradients, int r)
    {
        var row = new double[m * p];
        for (var k = 0; k < row.Length; k++) { row[k] = inputs[r * m + k / p] * gradients[r * p + k % p]; }
        return row;
    }

    static FullInformation Full(int m, int p, double[] inputs, double[] gradients, double[] weights)
    {
        var full = new FullInformation(m * p);
        for (var r = 0; r < weights.Length; r++) { full.Add(Row(m, p, inputs, gradients, r), weights[r]); }
        return full;
    }
}
