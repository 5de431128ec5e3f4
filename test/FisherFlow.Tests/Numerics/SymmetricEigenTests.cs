using FisherFlow.Numerics;

namespace FisherFlow.Tests.Numerics;

public sealed class SymmetricEigenTests
{
    static (double[] Values, double[] Vectors) Decompose(double[] a, int n, int stride)
    {
        double[] values = new double[n], vectors = new double[n * n];
        Assert.True(Kernels.SymmetricEigen(a, stride, n, values, vectors, n));
        return (values, vectors);
    }

    static void Check(double[] a, int n, int stride)
    {
        var (values, v) = Decompose(a, n, stride);
        var norm = values.Length == 0 ? 0 : values.Max(Math.Abs);
        for (var i = 0; i < n; i++)
        {
            if (i > 0) { Assert.True(values[i - 1] <= values[i]); }
            for (var j = i; j < n; j++)
            {
                double dot = 0, back = 0;
                for (var k = 0; k < n; k++)
                {
                    dot += v[i * n + k] * v[j * n + k];
                    back += values[k] * v[k * n + i] * v[k * n + j];
                }
                // Orthogonality and backward error of QL after Householder: a modest polynomial in n times u (Golub & Van Loan 2013, §8.3.5); 10(n + 2)u is about ten times what is seen.
                Assert.Equal(i == j ? 1 : 0, dot, 10 * (n + 2) * Oracle.U);
                Assert.True(Math.Abs(back - a[i * stride + j]) <= 10 * (n + 2) * Oracle.U * norm, $"n={n} ({i},{j}): {back} instead of {a[i * stride + j]}");
            }
        }
    }

    [Fact]
    public void The_parts_multiply_back_to_the_matrix_and_the_vectors_are_orthonormal()
    {
        var random = new Random(31);
        foreach (var n in (int[])[.. Enumerable.Range(0, 40), 64, 101])
        {
            Check(Oracle.Definite(random, n, n + 2, guard: 3), n, n + 2);
            var indefinite = Oracle.Matrix(random, n, n, n);
            Check(indefinite, n, n);
        }
    }

    [Fact]
    public void Diagonal_repeated_and_rank_one_matrices_come_out_right()
    {
        foreach (var n in (int[])[1, 2, 5, 16, 33])
        {
            var a = new double[n * n];
            Check(a, n, n);
            for (var i = 0; i < n; i++) { a[i * n + i] = i % 3 - 1; }
            Check(a, n, n);
            Array.Fill(a, 1.0);
            Check(a, n, n);
            var (values, _) = Decompose(a, n, n);
            Assert.Equal(n, values[^1], 10 * n * n * Oracle.U);
        }
    }

    [Fact]
    public void The_second_difference_matrix_has_the_eigenvalues_of_the_vibrating_string()
    {
        const int n = 50;
        var a = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            a[i * n + i] = 2;
            if (i > 0) { a[(i - 1) * n + i] = -1; }
        }
        var (values, _) = Decompose(a, n, n);
        for (var k = 1; k <= n; k++)
        {
            var exact = 4 * Math.Pow(Math.Sin(k * Math.PI / (2 * (n + 1))), 2);
            Assert.Equal(exact, values[k - 1], 10 * n * Oracle.U * 4);
        }
    }

    [Theory, InlineData(1e-300), InlineData(1e300), InlineData(1e-160), InlineData(1e160)]
    public void Scale_does_not_matter(double scale)
    {
        var random = new Random(32);
        const int n = 17;
        double[] a = Oracle.Matrix(random, n, n, n), b = [.. a.Select(x => x * scale)];
        var (plain, _) = Decompose(a, n, n);
        var (scaled, _) = Decompose(b, n, n);
        for (var i = 0; i < n; i++) { Assert.Equal(plain[i], scaled[i] / scale, 20 * n * Oracle.U * n); }
    }

    [Fact]
    public void What_is_not_finite_is_refused()
    {
        double[] a = [1, double.NaN, 0, 1];
        Assert.False(Kernels.SymmetricEigen(a, 2, 2, new double[2], new double[4], 2));
    }

    [Fact]
    public void The_vectors_may_replace_the_matrix()
    {
        var random = new Random(33);
        const int n = 23;
        var a = Oracle.Matrix(random, n, n, n);
        var (values, vectors) = Decompose(a, n, n);
        var again = new double[n];
        Assert.True(Kernels.SymmetricEigen(a, n, n, again, a, n));
        Assert.Equal(values, again);
        Assert.Equal(vectors, a);
    }
}
