using FisherFlow.Information;
using FisherFlow.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;

namespace FisherFlow.Tests.Information;

/// <summary>A factor against the dense matrix that it factors.</summary>
public sealed class FactorTests
{
    const double Solved = 1e-8;   // as in the laws: designs are conditioned to 1e4 at worst

    [Theory, Seeds(50)]
    public void Solutions_inverse_and_determinant_are_those_of_the_kept_block(int seed)
    {
        var (rows, factor, dense) = Case(seed);
        var inverse = dense.Inverse();
        var k = factor.Rank;
        Close.Matrices(inverse.ToArray(), Matrix<double>.Build.DenseOfRowMajor(k, k, factor.Inverse()).ToArray(), Solved);
        var diagonal = new double[k];
        factor.InverseDiagonal(diagonal);
        Close.Vectors(inverse.Diagonal().AsArray(), diagonal, Solved);
        Close.Numbers(dense.Evd(Symmetricity.Symmetric).EigenValues.Sum(value => Math.Log(value.Real)), factor.LogDeterminant, Solved, 1);

        var b = RowSet.Normals(new(seed), rows.Dimension);
        var x = new double[rows.Dimension];
        factor.Solve(b, x);
        var kept = dense.Solve(Vector<double>.Build.Dense(k, i => b[factor.Kept[i]]));
        var expected = new double[rows.Dimension];
        for (var i = 0; i < k; i++) { expected[factor.Kept[i]] = kept[i]; }
        Close.Vectors(expected, x, Solved);

        var u = new double[k];
        factor.Whiten(b, u);
        Close.Numbers(factor.Kept.Sum(i => b[i] * expected[i]), factor.QuadraticForm(b), Solved);
        Close.Numbers(u.Sum(value => value * value), factor.QuadraticForm(b), 1e-13);
    }

    [Theory, Seeds(50)]
    public void Leverages_are_quadratic_forms_of_the_rows_they_stand_for(int seed)
    {
        var (rows, factor, _) = Case(seed);
        double[] mixed = new double[rows.Count], dense = new double[rows.Count];
        factor.Leverages(rows.Rows, mixed);
        factor.Leverages(rows.AsDense().Rows, dense);
        Close.Vectors(dense, mixed, Solved);
        var x = rows.Densified();
        for (var r = 0; r < rows.Count; r++) { Close.Numbers(factor.QuadraticForm(x.AsSpan(r * rows.Dimension, rows.Dimension)), dense[r], 1e-10, 1e-12); }
        if (factor.Rank < rows.Dimension) { return; }
        // Σ wᵢ xᵢᵀI⁻¹xᵢ is the trace of I⁻¹I.
        Close.Numbers(rows.Dimension, mixed.Select((h, r) => h * rows.Weights[r]).Sum(), Solved);
    }

    [Theory, Seeds(50)]
    public void The_condition_number_is_that_of_the_scaled_columns(int seed)
    {
        var (_, factor, dense) = Case(seed);
        var scale = Matrix<double>.Build.DenseOfDiagonalVector(dense.Diagonal().Map(value => 1 / Math.Sqrt(value)));
        var values = (scale * dense * scale).Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).ToArray();
        Close.Numbers(Math.Sqrt(values.Max() / values.Min()), factor.ConditionNumber, 1e-6);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(150)]
    [InlineData(300)]
    public void The_condition_number_of_a_known_spectrum_is_found(int n)
    {
        // R = [[1, c·1ᵀ], [0, I]] with unit columns has RᵀR − 1 of rank two; its extreme singular values follow from t = c²(n − 1).
        const double C = 0.9999;
        var upper = new double[n * n];
        for (var i = 0; i < n; i++) { upper[i * n + i] = i == 0 ? 1 : Math.Sqrt(1 - C * C); }
        for (var j = 1; j < n; j++) { upper[j] = C; }
        var factor = new Factor(n, [.. Enumerable.Range(0, n)], [], upper, new double[n]);
        // RᵀR has ones on the diagonal, c beside the first and c² elsewhere: 1 − c² repeated, and the roots of a 2 × 2 block.
        var (trace, determinant) = (2 + C * C * (n - 2), 1 + C * C * (n - 2) - C * C * (n - 1));
        var largest = (trace + Math.Sqrt(trace * trace - 4 * determinant)) / 2;
        Close.Numbers(Math.Sqrt(largest / Math.Min(determinant / largest, 1 - C * C)), factor.ConditionNumber, 1e-6);
    }

    [Fact]
    public void Nothing_kept_is_a_legal_answer()
    {
        var factor = FullInformation.Create(3).Factorise([0, 2], default, default);
        Assert.Equal([0, 2], factor.Aliased);
        Assert.Equal(0, factor.Rank);
        Assert.Equal(0, factor.LogDeterminant);
        Assert.Equal(1, factor.ConditionNumber);
        Assert.Equal(0, factor.QuadraticForm([1, 1, 1]));
        Assert.Empty(factor.Inverse());
        Assert.Equal([0, 0, 0], factor.Step.ToArray());
    }

    /// <summary>Rich rows, and their factor over a random choice of parameters in random order.</summary>
    static (RowSet Rows, Factor Factor, Matrix<double> Dense) Case(int seed)
    {
        var rows = RowSet.Rich(seed);
        var order = Enumerable.Range(0, rows.Dimension).ToArray();
        var random = new Random(seed);
        random.Shuffle(order);
        if (seed % 2 == 0) { order = order[..random.Next(1, order.Length + 1)]; }
        var evidence = FullInformation.Create(rows.Dimension);
        evidence.Add(rows.Rows, rows.Weights, rows.Scores);
        var all = evidence.ToDense();
        return (rows, evidence.Factorise(order, default, default), Matrix<double>.Build.Dense(order.Length, order.Length, (i, j) => all[order[i], order[j]]));
    }
}
