using FisherFlow.Models;

namespace FisherFlow.Tests.Optimisation;

/// <summary>Random numbers and small data for tests of steps, the same for the same seed.</summary>
sealed class Draws(int seed)
{
    readonly Random _random = new(seed);

    public double Uniform() => _random.NextDouble();

    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    public double[] Normals(int count) => [.. Enumerable.Range(0, count).Select(_ => Normal())];

    /// <summary>Rows of an intercept and normals, <c>[n][d]</c>.</summary>
    public double[][] Design(int rows, int dimension) => [.. Enumerable.Range(0, rows).Select(_ => (double[])[1, .. Normals(dimension - 1)])];

    /// <summary>Linear responses with unit noise.</summary>
    public double[] Linear(double[][] rows, double[] theta) => [.. rows.Select(x => Inner(x, theta) + Normal())];

    /// <summary>Logistic responses.</summary>
    public double[] Logistic(double[][] rows, double[] theta) => [.. rows.Select(x => Uniform() < 1 / (1 + Math.Exp(-Inner(x, theta))) ? 1.0 : 0)];

    public static double Inner(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) { sum += a[i] * b[i]; }
        return sum;
    }

    public static IModel Gaussian { get; } = ModelFactory.Create(new());

    public static IModel Binomial { get; } = ModelFactory.Create(new() { Family = Family.Binomial });

    public static IModel Poisson { get; } = ModelFactory.Create(new() { Family = Family.Poisson });

    /// <summary>Solves a small positive definite system by Gaussian elimination, far from the house's own kernels.</summary>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        var n = right.Length;
        var (a, b) = ((double[,])matrix.Clone(), (double[])right.Clone());
        for (var k = 0; k < n; k++)
        {
            for (var i = k + 1; i < n; i++)
            {
                var factor = a[i, k] / a[k, k];
                for (var j = k; j < n; j++) { a[i, j] -= factor * a[k, j]; }
                b[i] -= factor * b[k];
            }
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < n; j++) { b[i] -= a[i, j] * b[j]; }
            b[i] /= a[i, i];
        }
        return b;
    }

    /// <summary><c>Σ w xxᵀ + ridge</c>.</summary>
    public static double[,] Gram(double[][] rows, Func<int, double>? weight = null, double ridge = 0)
    {
        var d = rows[0].Length;
        var gram = new double[d, d];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var a = 0; a < d; a++)
            {
                for (var b = 0; b < d; b++) { gram[a, b] += (weight?.Invoke(i) ?? 1) * rows[i][a] * rows[i][b]; }
            }
        }
        for (var a = 0; a < d; a++) { gram[a, a] += ridge; }
        return gram;
    }

    /// <summary><c>Σ r x</c>.</summary>
    public static double[] Cross(double[][] rows, Func<int, double> factor)
    {
        var cross = new double[rows[0].Length];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var a = 0; a < cross.Length; a++) { cross[a] += factor(i) * rows[i][a]; }
        }
        return cross;
    }

    /// <summary>Asserts that numbers agree to a share of the larger one, or of one.</summary>
    public static void Close(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"[{i}]: expected {expected[i]:R}, was {actual[i]:R}, off by {Math.Abs(expected[i] - actual[i]):E2}");
        }
    }
}
