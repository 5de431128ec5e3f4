using FisherFlow.Information;
using FisherFlow.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;

namespace FisherFlow.Tests.Information;

/// <summary>Checks of the mathematics on structures themselves: sums, fusion, errors, groups and sparse factors.</summary>
public sealed class StructureTests
{
    [Fact]
    public void Weighted_means_are_fused_information()
    {
        // CK-08: 500 ± 50, 450 ± 100 and 480 ± 30.
        var information = new DiagonalInformation(1);
        var score = 0.0;
        foreach (var (mean, deviation) in ((double, double)[])[(500, 50), (450, 100), (480, 30)])
        {
            information.Add([1], 1 / (deviation * deviation));
            score += mean / (deviation * deviation);
        }
        double[] fused = [0], variance = [0];
        information.Solve([score], fused, 0);
        information.InverseDiagonal(variance, 0);
        Assert.Equal(483.103448, fused[0], 6);
        Assert.Equal(24.913644, Math.Sqrt(variance[0]), 6);
    }

    [Theory, Seeds(20)]
    public void Two_least_squares_fits_fused_are_the_pooled_fit(int seed)
    {
        // CK-04, CK-13: fuse (θ, I) of two halves; the pooled fit solves all rows at once.
        var rows = RowSet.Random(seed, 5, 400, 5, 0);
        var (first, second, pooled) = (Fit(rows.Slice(0, 170)), Fit(rows.Slice(170, 230)), Fit(rows));
        double[] right = new double[5], part = new double[5], theta = new double[5];
        first.Information.Multiply(first.Theta, right);
        second.Information.Multiply(second.Theta, part);
        for (var i = 0; i < 5; i++) { right[i] += part[i]; }
        var fused = first.Information.Copy();
        fused += second.Information;
        fused.Solve(right, theta, 0);
        Close.Vectors(pooled.Theta, theta, 1e-11);

        static (FullInformation Information, double[] Theta) Fit(RowSet rows)
        {
            var information = new FullInformation(5);
            information.Add(rows.Rows, rows.Weights, rows.Scores);
            double[] score = new double[5], theta = new double[5];
            information.CopyScore(score);
            information.Solve(score, theta, 0);
            return (information, theta);
        }
    }

    [Theory, Seeds(10)]
    public void Recursive_least_squares_is_the_normal_equations(int seed)
    {
        // CK-04: P ← P − Pxxᵀ P/(1/w + xᵀPx) from the prior P₀ = 1/δ, against adding rows and solving with damping δ.
        const double Damping = 0.1;
        var rows = RowSet.Random(seed, 5, 400, 5, 0);
        var covariance = Matrix<double>.Build.DenseIdentity(5) / Damping;
        var theta = Vector<double>.Build.Dense(5);
        var full = new FullInformation(5);
        full.Add(rows.Rows, rows.Weights, rows.Scores);
        for (var r = 0; r < rows.Count; r++)
        {
            if (rows.Weights[r] == 0) { continue; }
            var x = Vector<double>.Build.DenseOfArray(rows.Dense[(5 * r)..(5 * r + 5)]);
            var gain = covariance * x / (1 / rows.Weights[r] + x.DotProduct(covariance * x));
            theta += gain * (rows.Scores[r] / rows.Weights[r] - x.DotProduct(theta));
            covariance -= gain.OuterProduct(covariance * x);
        }
        double[] score = new double[5], solution = new double[5], variances = new double[5];
        full.CopyScore(score);
        full.Solve(score, solution, Damping);
        full.InverseDiagonal(variances, Damping);
        Close.Vectors(theta.AsArray(), solution, 1e-10);
        Close.Vectors(covariance.Diagonal().AsArray(), variances, 1e-10);
    }

    [Fact]
    public void Counts_say_what_the_draws_say()
    {
        // CK-26: a hundred draws of two kinds, or each kind once with its count.
        var (raw, counted) = (new KroneckerInformation(1, 2), new KroneckerInformation(1, 2));
        for (var draw = 0; draw < 100; draw++) { raw.Add(draw % 4 == 0 ? [1, 2] : [1, -1], 0.21); }
        counted.Add([1, 2], 25 * 0.21);
        counted.Add([1, -1], 75 * 0.21);
        Close.Matrices(counted.ToDense(), raw.ToDense(), 1e-12);
    }

    [Theory, Seeds(20)]
    public void Directions_do_not_depend_on_the_coordinates(int seed)
    {
        // CK-12: rows in coordinates φ = Jθ are J⁻ᵀx, scores J⁻ᵀs; the direction I⁻¹s is pushed forward by J.
        var random = new Random(seed);
        var rows = RowSet.Random(seed, 4, 60, 4, 0);
        var j = Matrix<double>.Build.Dense(4, 4, (_, _) => RowSet.Normal(random)) + 3 * Matrix<double>.Build.DenseIdentity(4);
        var back = j.Inverse().Transpose();
        var (plain, other) = (new FullInformation(4), new FullInformation(4));
        for (var r = 0; r < rows.Count; r++)
        {
            var x = Vector<double>.Build.DenseOfArray(rows.Dense[(r * 4)..(r * 4 + 4)]);
            plain.Add(x.AsArray(), rows.Weights[r]);
            other.Add((back * x).AsArray(), rows.Weights[r]);
        }
        var score = Vector<double>.Build.DenseOfArray(RowSet.Normals(random, 4));
        double[] direction = new double[4], moved = new double[4];
        plain.Solve(score.AsArray(), direction, 0);
        other.Solve((back * score).AsArray(), moved, 0);
        Close.Vectors((j * Vector<double>.Build.DenseOfArray(direction)).AsArray(), moved, 1e-10);
    }

    [Fact]
    public void Doubling_the_data_gains_half_a_log_two_a_parameter()
    {
        var rows = RowSet.Random(29, 5, 100, 5, 0);
        var information = new SparseInformation(5);
        information.Add(rows.Rows, rows.Weights);
        var twice = information.Copy();
        twice += information;
        Close.Numbers(1.7329, (twice.LogDeterminant(0) - information.LogDeterminant(0)) / 2, 1e-4);   // CK-29
    }

    [Theory]
    [InlineData(-0.5, 4.0 / 3)]
    [InlineData(0.2, 1.041667)]
    [InlineData(-0.2, 1.041667)]
    public void The_error_of_a_structure_is_what_one_pass_pays_for_it(double epsilon, double variance)
    {
        // CK-20: θ ← θ + s/Ĩₜ with Ĩ = (1 + ε)I on a Gaussian mean; the weights of the observations, and so the variance, are exact.
        const int Count = 4000;
        var (full, approximation) = (new DiagonalInformation(1), new DiagonalInformation(1));
        var weights = new double[Count];
        for (var t = 0; t < Count; t++)
        {
            full.Add([1], 1);
            approximation.Add([1], 1 + epsilon);
            var gain = new double[1];
            approximation.Solve([1], gain, 0);
            for (var s = 0; s < t; s++) { weights[s] *= 1 - gain[0]; }
            weights[t] = gain[0];
        }
        Close.Numbers(Math.Abs(epsilon), StructureError.Of(approximation, full)!.Value.Epsilon, 1e-12);
        Close.Numbers(1 / (1 - epsilon * epsilon), variance, 1e-6);
        Close.Numbers(variance, Count * weights.Sum(w => w * w), 0.002);   // its own limit is 1/(1 − ε²)
    }

    [Theory, Seeds(20)]
    public void The_error_of_a_structure_is_in_units_of_the_information(int seed)
    {
        var rows = RowSet.Random(seed, 6, 80, 6, 0);
        var (full, block) = (new FullInformation(6), new BlockDiagonalInformation(2, 3, 1));
        full.Add(rows.Rows, rows.Weights);
        block.Add(rows.Rows, rows.Weights);
        var error = StructureError.Of(block, full)!.Value;
        Assert.InRange(error.Lowest, -1, 0);
        Assert.InRange(error.Highest, 0, double.MaxValue);
        // No direction is outside, and other units of the parameters change nothing.
        var random = new Random(seed);
        for (var trial = 0; trial < 50; trial++)
        {
            var v = RowSet.Normals(random, 6);
            var ratio = Form(block, v) / Form(full, v) - 1;
            Assert.InRange(ratio, error.Lowest - 1e-10, error.Highest + 1e-10);
        }
        double[] units = [1e-3, 1, 20, 1e4, 1, 0.5];
        var scaled = rows with { Dense = [.. rows.Dense.Select((x, i) => x * units[i % 6])] };
        var (scaledFull, scaledBlock) = (new FullInformation(6), new BlockDiagonalInformation(2, 3, 1));
        scaledFull.Add(scaled.Rows, scaled.Weights);
        scaledBlock.Add(scaled.Rows, scaled.Weights);
        Close.Numbers(error.Epsilon, StructureError.Of(scaledBlock, scaledFull)!.Value.Epsilon, 1e-9);
        Close.Numbers(0, StructureError.Of(full, full)!.Value.Epsilon, 1e-12, 1);
        Assert.Null(StructureError.Of(full, new FullInformation(6)));

        static double Form<T>(T information, double[] v) where T : class, IInformation<T>
        {
            var product = new double[v.Length];
            information.Multiply(v, product);
            return v.Zip(product, (a, b) => a * b).Sum();
        }
    }

    [Fact]
    public void Intersection_claims_no_more_than_correlated_sources_allow()
    {
        // CK-14: variances (1, 4) and (4, 1) give 1.6 each, where adding the information would claim 0.8.
        var (first, second) = (new FullInformation(2), new FullInformation(2));
        first.Add([1, 0], 1);
        first.Add([0, 1], 0.25);
        second.Add([1, 0], 0.25);
        second.Add([0, 1], 1);
        var fused = CovarianceIntersection.Of(first, [1, 2], second, [3, 0])!;
        var variance = new double[2];
        fused.Information.InverseDiagonal(variance, 0);
        Close.Numbers(0.5, fused.Weight, 1e-12);
        Close.Vectors([1.6, 1.6], variance, 1e-12);
        Close.Vectors([1.4, 0.4], fused.Theta, 1e-12);
        Assert.Null(CovarianceIntersection.Of(new(2), [0, 0], new(2), [0, 0]));
    }

    [Theory, Seeds(20)]
    public void Intersection_never_says_less_than_the_variance_under_any_shared_noise(int seed)
    {
        var random = new Random(seed);
        var (a, b) = (Covariance(random), Covariance(random));
        var fused = CovarianceIntersection.Of(Precision(a), new double[3], Precision(b), new double[3])!;
        var information = Matrix<double>.Build.DenseOfArray(fused.Information.ToDense());
        var (left, right) = (information.Inverse() * fused.Weight * a.Inverse(), information.Inverse() * (1 - fused.Weight) * b.Inverse());
        for (var trial = 0; trial < 20; trial++)
        {
            // Any cross-covariance is L K Mᵀ with ‖K‖ ≤ 1; an orthogonal K shares all noise.
            var k = Matrix<double>.Build.Dense(3, 3, (_, _) => RowSet.Normal(random)).QR().Q * (trial % 4 / 3.0);
            var cross = a.Cholesky().Factor * k * b.Cholesky().Factor.Transpose();
            var truth = left * a * left.Transpose() + right * b * right.Transpose() + left * cross * right.Transpose() + right * cross.Transpose() * left.Transpose();
            var slack = information.Inverse() - truth;
            Assert.True(((slack + slack.Transpose()) / 2).Evd(Symmetricity.Symmetric).EigenValues.Min(value => value.Real) >= -1e-10);
        }

        static Matrix<double> Covariance(Random random)
        {
            var x = Matrix<double>.Build.Dense(6, 3, (_, _) => RowSet.Normal(random));
            return x.TransposeThisAndMultiply(x);
        }

        static FullInformation Precision(Matrix<double> covariance)
        {
            var (root, full) = (covariance.Inverse().Cholesky().Factor, new FullInformation(3));
            for (var j = 0; j < 3; j++) { full.Add(root.Column(j).AsArray(), 1); }
            return full;
        }
    }

    [Fact]
    public void Groups_have_names_and_new_parameters_may_join_them()
    {
        var block = new BlockDiagonalInformation(["origin", "carrier", "origin"]);
        block.Add([1, 2, 3], 1);
        Assert.Equal(["origin", "carrier"], block.Groups);
        Assert.Equal([0, 2], block.Members(0).ToArray());
        block.Remap([0, 2, 3], ["origin", "origin", "carrier", "origin"]);
        Assert.Equal([0, 1, 3], block.Members(0).ToArray());
        Assert.Equal(3, block.ToDense()[0, 3]);
        block.Add([1, 1, 0, 0], 1);
        Assert.Equal(1, block.ToDense()[0, 1]);
        Assert.Throws<ArgumentException>(() => block.Remap([0, 1, 2, 3], ["carrier", "origin", "carrier", "origin"]));
        Assert.Throws<ArgumentException>(() => block += new BlockDiagonalInformation(4));
    }

    [Fact]
    public void A_grid_is_factored_with_little_fill_and_its_variances_are_those_of_the_inverse()
    {
        const int Side = 20;
        var grid = new SparseInformation(Side * Side);
        for (var i = 0; i < Side * Side; i++)
        {
            Edge(i, i % Side < Side - 1 ? i + 1 : -1);
            Edge(i, i + Side < Side * Side ? i + Side : -1);
        }
        Assert.True(grid.FactorEntries < Side * Side * Side / 2, $"{grid.FactorEntries} entries; row by row it would be {Side * Side * Side}");
        var dense = Matrix<double>.Build.DenseOfArray(grid.ToDense()) + 0.01 * Matrix<double>.Build.DenseIdentity(Side * Side);
        var diagonal = new double[Side * Side];
        Assert.True(grid.InverseDiagonal(diagonal, 0.01).IsSolved);
        Close.Vectors(dense.Inverse().Diagonal().AsArray(), diagonal, 1e-10);
        Assert.False(grid.Solve(new double[Side * Side], diagonal, 0).IsSolved);   // differences alone do not know the level
        Close.Numbers(2 * dense.Cholesky().Factor.Diagonal().Sum(Math.Log), grid.LogDeterminant(0.01), 1e-10);

        void Edge(int from, int to)
        {
            if (to >= 0) { grid.Add(new DesignRows(1, 0, default, 2, [from, to], [1.0, -1]), [2.0]); }
        }
    }

    [Fact]
    public void A_fixed_pattern_refuses_pairs_beyond_it()
    {
        var chain = new SparseInformation(4, [(0, 1), (2, 1), (3, 2)]);
        chain.Add(new DesignRows(2, 0, default, 2, [0, 1, 2, 3], default), [1.0, 2]);
        var before = chain.ToDense();
        var message = Assert.Throws<ArgumentException>(() => chain.Add(new DesignRows(2, 0, default, 2, [0, 1, 1, 3], default), [1.0, 1])).Message;
        Assert.Contains("1 and 3", message, StringComparison.Ordinal);
        var free = new SparseInformation(4);
        free.Add([1, 0, 0, 1], 1);
        Assert.Throws<ArgumentException>(() => chain += free);
        Assert.Equal(before, chain.ToDense());
        Assert.Equal(3, chain.CreateEmpty().Pairs);
    }
}
